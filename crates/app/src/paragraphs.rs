//! A difference between two texts for a terminal: paragraph by paragraph, with the words that changed in colour.

use std::fmt::Write;

use diff::{Comparison, Part, Row, RowKind, Run, RunKind};

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const BLUE: &str = "\x1b[34m";
const DIM: &str = "\x1b[2m";
const END: &str = "\x1b[0m";
/// How many unchanged paragraphs stand around what has changed.
const CONTEXT: usize = 1;

/// The difference as lines; with `all`, every unchanged paragraph, too.
pub fn shown(comparison: &Comparison, all: bool, in_colour: bool) -> String {
    let mut text = String::new();
    let context = if all { usize::MAX } else { CONTEXT };
    for part in comparison.with_context(context) {
        match part {
            Part::Skipped(count) => {
                let what = if count == 1 { "paragraph" } else { "paragraphs" };
                line(&mut text, ' ', &painted(&format!("… {count} unchanged {what}"), DIM, in_colour));
            }
            Part::Rows(rows) => rows.iter().for_each(|row| show(&mut text, row, in_colour)),
        }
    }
    text
}

fn show(text: &mut String, row: &Row, in_colour: bool) {
    match row.kind {
        RowKind::Same => line(text, ' ', &words(&row.runs, in_colour)),
        RowKind::Added => line(text, '+', &words(&row.runs, in_colour)),
        RowKind::Removed => line(text, '-', &words(&row.runs, in_colour)),
        RowKind::Edited => line(text, '~', &words(&row.runs, in_colour)),
        RowKind::Moved => {
            let note = painted("(moved) ", BLUE, in_colour);
            line(text, '>', &format!("{note}{}", words(&row.runs, in_colour)));
        }
    }
}

/// The runs one after the other; without colours, what went and what came is marked as people mark it in plain text.
fn words(runs: &[Run], in_colour: bool) -> String {
    let is_whole = runs.len() == 1;
    let run = |run: &Run| {
        let text = harmless(&run.text);
        match (run.kind, in_colour) {
            (RunKind::Kept, _) => text,
            (RunKind::Removed, true) => painted(&text, RED, true),
            (RunKind::Added, true) => painted(&text, GREEN, true),
            (_, false) if is_whole => text,
            (RunKind::Removed, false) => format!("[-{text}-]"),
            (RunKind::Added, false) => format!("{{+{text}+}}"),
        }
    };
    runs.iter().map(run).collect()
}

/// A text from outside without what drives a terminal.
pub fn harmless(text: &str) -> String {
    let drives = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    text.chars().map(|letter| if drives(letter) { '\u{fffd}' } else { letter }).collect()
}

fn painted(text: &str, colour: &str, in_colour: bool) -> String {
    if in_colour { format!("{colour}{text}{END}") } else { text.to_owned() }
}

/// One paragraph behind its sign; what of it is further lines stands under its beginning.
fn line(text: &mut String, sign: char, paragraph: &str) {
    for (at, part) in paragraph.lines().enumerate() {
        let sign = if at == 0 { sign } else { ' ' };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{sign} {part}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_marked_with_and_without_colours() {
        let old = ["Intro.", "One.", "Two.", "Refunds take 30 days.", "Gone."];
        let new = ["Intro.", "One.", "Two.", "Refunds take 14 days.", "New."];
        let comparison = diff::compare(&old, &new);
        let plain = shown(&comparison, false, false);
        assert!(plain.contains("~ Refunds take [-30-]{+14+} days."), "{plain}");
        assert!(plain.contains("… 2 unchanged paragraphs"), "{plain}");
        assert!(!plain.contains('\x1b'), "{plain}");
        assert_eq!(harmless("a\x1b[2Jb\nc"), "a\u{fffd}[2Jb\nc");
        let coloured = shown(&comparison, true, true);
        assert!(coloured.contains("\x1b[31m30\x1b[0m") && coloured.contains("  Intro."), "{coloured}");
    }
}
