//! Says in one line what changed.

use std::cmp::Reverse;

use crate::comparison::{Comparison, Row, RowKind, Run, RunKind};
use crate::lexer::{Kind, Lexeme, Lexer};

/// So many edits are quoted.
const QUOTED: usize = 3;
/// Edits of more words than that are for the reviewer to read.
const LONGEST_EDIT: usize = 6;
/// Longer words, in characters, are no words for a line.
const LONGEST_WORD: usize = 40;

impl Comparison {
    /// One line for people: what happened to how many paragraphs, then the first edits of a few words, numbers first.
    ///
    /// ```
    /// let summary = |old: &[&str], new: &[&str]| diff::compare(old, new).summary();
    /// assert_eq!(summary(&["You may cancel."], &["You may not cancel."]), "1 paragraph edited; may → may not");
    /// assert_eq!(summary(&["One."], &["One.", "Two.", "Three."]), "2 paragraphs added");
    /// assert_eq!(summary(&["“One”"], &["\"One\""]), "nothing that matters: 1 paragraph in another look");
    /// assert_eq!(summary(&["One."], &["One."]), "no change");
    /// ```
    pub fn summary(&self) -> String {
        if self.is_empty() {
            return "no change".to_owned();
        }
        if !self.is_material() {
            let count = self.rows().iter().filter(|row| row.kind != RowKind::Same).count();
            return format!("nothing that matters: {} in another look", paragraphs(count));
        }
        let edits = edits(self);
        let counted = counted(self);
        if edits.is_empty() { counted } else { format!("{counted}; {}", edits.join(", ")) }
    }
}

fn paragraphs(count: usize) -> String {
    if count == 1 { "1 paragraph".to_owned() } else { format!("{count} paragraphs") }
}

/// How many paragraphs of each kind changed so that it matters.
fn counted(comparison: &Comparison) -> String {
    let kinds = [
        (RowKind::Edited, "edited"),
        (RowKind::Added, "added"),
        (RowKind::Removed, "removed"),
        (RowKind::Moved, "moved"),
    ];
    let count = |kind| comparison.rows().iter().filter(|row| row.kind == kind && row.is_material).count();
    let counts = kinds.into_iter().map(|(kind, word)| (count(kind), word)).filter(|(count, _)| *count > 0);
    let texts = counts.enumerate().map(|(at, (count, word))| {
        let what = if at == 0 { paragraphs(count) } else { count.to_string() };
        format!("{what} {word}")
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// The first short edits, those with numbers first.
fn edits(comparison: &Comparison) -> Vec<String> {
    let mut found: Vec<(Reverse<bool>, String)> = Vec::new();
    for row in comparison.rows().iter().filter(|row| row.is_material) {
        for edit in edits_of(row) {
            if !found.contains(&edit) {
                found.push(edit);
            }
        }
        if found.iter().filter(|(has_number, _)| has_number.0).count() >= QUOTED {
            break;
        }
        found.sort_by_key(|(has_number, _)| *has_number);
        found.truncate(QUOTED);
    }
    found.sort_by_key(|(has_number, _)| *has_number);
    found.into_iter().take(QUOTED).map(|(_, text)| text).collect()
}

/// The short edits of a paragraph, and whether each is about a number.
fn edits_of(row: &Row) -> impl Iterator<Item = (Reverse<bool>, String)> {
    let starts = (0..row.runs.len())
        .filter(|at| row.runs[*at].kind != RunKind::Kept && (*at == 0 || row.runs[at - 1].kind == RunKind::Kept));
    let is_whole = row.runs.len() < 2;
    starts.filter(move |_| !is_whole).filter_map(|at| edit(&row.runs, at)).take(QUOTED)
}

fn edit(runs: &[Run], at: usize) -> Option<(Reverse<bool>, String)> {
    let of = |kind| runs[at..].iter().take_while(|run| run.kind != RunKind::Kept).find(|run| run.kind == kind);
    let removed: Vec<Lexeme<'_>> = pieces(of(RunKind::Removed));
    let added: Vec<Lexeme<'_>> = pieces(of(RunKind::Added));
    let all = || removed.iter().chain(&added);
    let is_long = all().any(|piece| piece.text.chars().count() > LONGEST_WORD);
    if all().next().is_none() || removed.len().max(added.len()) > LONGEST_EDIT || is_long {
        return None;
    }
    let before = at.checked_sub(1).and_then(|before| pieces(runs.get(before)).pop());
    let after = runs[at..].iter().find(|run| run.kind == RunKind::Kept).and_then(|run| Lexer::new(&run.text).next());
    let has_number = all().any(|piece| piece.kind == Kind::Number);
    let is_money = |piece: &Lexeme<'_>| matches!(piece.text, "$" | "€" | "£" | "¥" | "₹");
    let is_price = before.as_ref().is_some_and(is_money);
    let leans_on_before = removed.is_empty() || added.is_empty() || is_price;
    let before = before.filter(|piece| leans_on_before && (piece.kind != Kind::Sign || is_money(piece)));
    let needs_after = (has_number && !is_price) || (leans_on_before && before.is_none());
    let is_short = |piece: &Lexeme<'_>| piece.text.chars().count() <= LONGEST_WORD;
    let after = after.filter(|piece| {
        needs_after && is_short(piece) && (piece.kind != Kind::Sign || is_money(piece) || piece.text == "%")
    });
    let side = |words: &[Lexeme<'_>]| shown(before.as_ref().into_iter().chain(words).chain(after.as_ref()));
    let (old, new) = (side(&removed), side(&added));
    let text = match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("+ {new}"),
        (_, true) => format!("− {old}"),
        _ => format!("{old} → {new}"),
    };
    Some((Reverse(has_number), text))
}

fn pieces(run: Option<&Run>) -> Vec<Lexeme<'_>> {
    run.map(|run| Lexer::new(&run.text).collect()).unwrap_or_default()
}

/// The pieces with the white space between them, of which one space is left.
fn shown<'a, 'b: 'a>(pieces: impl Iterator<Item = &'a Lexeme<'b>>) -> String {
    let mut text = String::new();
    for piece in pieces {
        if !text.is_empty() && !piece.before.is_empty() {
            text.push(' ');
        }
        text.push_str(piece.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::compare;

    #[test]
    fn the_line_names_the_words_that_count() {
        let cases: [(&[&str], &[&str], &str); 8] = [
            (&["Refunds take 30 days."], &["Refunds take 14 days."], "1 paragraph edited; 30 days → 14 days"),
            (&["It costs $5 a month."], &["It costs $6 a month."], "1 paragraph edited; $5 → $6"),
            (&["Save 10% now."], &["Save 20% now."], "1 paragraph edited; 10% → 20%"),
            (&["You must not go."], &["You must go."], "1 paragraph edited; must not → must"),
            (&["Never go there."], &["Go there."], "1 paragraph edited; Never go → Go"),
            (&["One.", "Two."], &["Two.", "One."], "1 paragraph moved"),
            (&["One.", "Two."], &["Two."], "1 paragraph removed"),
            (
                &["Wait 5 days in May.", "Ask Ann."],
                &["Wait 6 days in June.", "Ask Bob."],
                "2 paragraphs edited; 5 days → 6 days, May → June, Ann → Bob",
            ),
        ];
        for (old, new, expected) in cases {
            assert_eq!(compare(old, new).summary(), expected);
        }
    }
}
