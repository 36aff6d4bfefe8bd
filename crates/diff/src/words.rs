//! What differs inside of a paragraph, word by word.

use std::collections::HashMap;

use crate::comparison::{Run, RunKind};
use crate::lexer::{Lexeme, Lexer};
use crate::sequence;

/// The runs that lead from one text to the other: kept and removed ones are the old text, kept and added ones the new.
pub fn runs(old: &str, new: &str) -> Vec<Run> {
    let (before, after) = (Pieces::of(old), Pieces::of(new));
    let mut numbers = HashMap::new();
    let (a, b) = (before.numbered(&mut numbers), after.numbered(&mut numbers));
    let mut writer = Writer { runs: Vec::new(), removed: String::new(), added: String::new() };
    let (mut i, mut j) = (0, 0);
    for (gone, come) in sequence::differences(&a, &b) {
        while i < gone.start {
            writer.keep(before.pieces[i], after.pieces[j]);
            (i, j) = (i + 1, j + 1);
        }
        writer.removed.extend(before.pieces[gone.clone()].iter().flat_map(|piece| [piece.before, piece.text]));
        writer.added.extend(after.pieces[come.clone()].iter().flat_map(|piece| [piece.before, piece.text]));
        (i, j) = (gone.end, come.end);
    }
    while i < before.pieces.len() {
        writer.keep(before.pieces[i], after.pieces[j]);
        (i, j) = (i + 1, j + 1);
    }
    writer.space(before.tail, after.tail);
    writer.finish()
}

struct Pieces<'a> {
    pieces: Vec<Lexeme<'a>>,
    tail: &'a str,
}

impl<'a> Pieces<'a> {
    fn of(text: &'a str) -> Self {
        let mut lexer = Lexer::new(text);
        let pieces: Vec<Lexeme<'a>> = lexer.by_ref().collect();
        Self { pieces, tail: lexer.rest() }
    }

    fn numbered(&self, numbers: &mut HashMap<&'a str, u32>) -> Vec<u32> {
        self.pieces.iter().map(|piece| number(numbers, piece.text)).collect()
    }
}

/// The number of a text: the same for the same text.
pub fn number<'a>(numbers: &mut HashMap<&'a str, u32>, text: &'a str) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(text).or_insert(next)
}

/// Collects what is removed and added until something is kept.
struct Writer {
    runs: Vec<Run>,
    removed: String,
    added: String,
}

impl Writer {
    fn keep(&mut self, old: Lexeme<'_>, new: Lexeme<'_>) {
        self.space(old.before, new.before);
        self.flush();
        self.push(RunKind::Kept, new.text);
    }

    /// White space between two pieces. Between two edits it belongs to both, so that an edit of three words is one edit.
    fn space(&mut self, old: &str, new: &str) {
        if old != new {
            self.removed.push_str(old);
            self.added.push_str(new);
        } else if !old.is_empty() {
            self.flush();
            self.push(RunKind::Kept, old);
        }
    }

    fn flush(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        let shared = space_shared(&removed, &added);
        self.push(RunKind::Kept, &removed[..shared]);
        self.push(RunKind::Removed, &removed[shared..]);
        self.push(RunKind::Added, &added[shared..]);
    }

    fn push(&mut self, kind: RunKind, text: &str) {
        match self.runs.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => self.runs.push(Run { kind, text: text.to_owned() }),
        }
    }

    fn finish(mut self) -> Vec<Run> {
        self.flush();
        self.runs
    }
}

/// How many bytes of white space both texts begin with.
fn space_shared(a: &str, b: &str) -> usize {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b && a.is_whitespace());
    same.map(|(a, _)| a.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kept text as it is, edits as `[-old-]{+new+}`.
    fn shown(old: &str, new: &str) -> String {
        let show = |run: Run| match run.kind {
            RunKind::Kept => run.text,
            RunKind::Removed => format!("[-{}-]", run.text),
            RunKind::Added => format!("{{+{}+}}", run.text),
        };
        runs(old, new).into_iter().map(show).collect()
    }

    #[test]
    fn edits_are_whole_words() {
        let cases = [
            ("", "", ""),
            ("a b", "a b", "a b"),
            ("Wait 30 days.", "Wait 14 days.", "Wait [-30-]{+14+} days."),
            ("You may cancel.", "You may not cancel.", "You may{+ not+} cancel."),
            ("You may not cancel.", "You may cancel.", "You may[- not-] cancel."),
            ("one two three four", "one 2 3 four", "one [-two three-]{+2 3+} four"),
            ("a  b ", "a b", "a [- -]b[- -]"),
            ("", "new", "{+new+}"),
            ("需要30天。", "需要14天。", "需要[-30-]{+14+}天。"),
        ];
        for (old, new, expected) in cases {
            assert_eq!(shown(old, new), expected, "{old:?} {new:?}");
        }
    }
}
