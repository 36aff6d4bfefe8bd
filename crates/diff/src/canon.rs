//! What a paragraph says once its look is taken away: two paragraphs say the same when this is the same.
//!
//! Only what is known not to matter is taken away; everything else is kept, so that a doubt counts as a change.

mod inline;
mod link;
mod unit;
mod volatile;

use self::inline::{Kind, Token};
pub use self::unit::Fence;
use self::unit::{Shape, Unit};
use crate::letters;

/// Ends each token. No text has it: it is a control character that readers drop.
const END: char = '\u{1f}';
const END_TEXT: &str = "\u{1f}";

/// What a paragraph says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Canon {
    /// Its tokens. Those of two paragraphs, one after the other, are those of a paragraph that holds both texts.
    pub text: String,
    /// Whether it only leads elsewhere, so that its place among the others says nothing.
    pub is_navigation: bool,
}

/// What a paragraph says.
pub fn of(paragraph: &str) -> Canon {
    let units: Vec<Said> = unit::units(paragraph).iter().map(said).filter(|said| !said.text.is_empty()).collect();
    let is_navigation = !units.is_empty() && units.iter().all(|said| said.leads_elsewhere);
    let mut text = String::with_capacity(paragraph.len() * 5 / 4);
    for list in units.chunk_by(|a, b| a.is_bullet && b.is_bullet) {
        let mut items: Vec<&str> = list.iter().map(|said| said.text.as_str()).collect();
        if list.iter().all(|said| said.is_label) {
            items.sort_unstable();
        }
        text.extend(items);
    }
    Canon { text, is_navigation }
}

/// What a unit says.
struct Said {
    text: String,
    is_bullet: bool,
    /// Whether its order among others of its kind says nothing.
    is_label: bool,
    leads_elsewhere: bool,
}

fn said(unit: &Unit<'_>) -> Said {
    let is_bullet = unit.shape == Shape::Bullet;
    match unit.shape {
        Shape::Code => {
            let text = unit.lines.iter().flat_map(|line| ["`", line, END_TEXT]).collect();
            Said { text, is_bullet, is_label: false, leads_elsewhere: false }
        }
        Shape::Row => {
            let line = letters::folded(unit.lines[0]);
            let text = if is_rule(&line) { String::new() } else { written(&inline::tokens(&line)) };
            Said { text, is_bullet, is_label: false, leads_elsewhere: false }
        }
        Shape::Heading => Said { text: heading(unit.lines[0]), is_bullet, is_label: false, leads_elsewhere: false },
        Shape::Prose | Shape::Bullet | Shape::Step(_) => running(unit),
    }
}

/// The line between the header of a table and its rows.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':') || c.is_whitespace())
}

/// Capitals in headlines are a matter of house style.
fn heading(line: &str) -> String {
    let line = letters::folded(line).to_lowercase();
    written(&ended(inline::tokens(&line)))
}

fn running(unit: &Unit<'_>) -> Said {
    let lines: Vec<_> = unit.lines.iter().map(|line| letters::folded(line)).collect();
    let is_prose = unit.shape == Shape::Prose;
    let mut segments: Vec<Vec<Token<'_>>> = Vec::new();
    let mut is_bar = is_prose && lines.len() == 1;
    for line in &lines {
        let tokens = volatile::without_years(inline::tokens(line));
        let parts = if is_prose { separated(tokens) } else { vec![tokens] };
        is_bar &= parts.len() >= 3;
        let stays = parts.into_iter().map(|part| volatile::without(part, is_prose)).filter(|part| !part.is_empty());
        let from = segments.len();
        segments.extend(stays);
        join_lines(&mut segments, from);
    }
    let is_label = segments.iter().all(|segment| is_label(segment));
    let leads_elsewhere = segments.iter().flatten().all(|token| token.is_linked) || (is_bar && is_label);
    let mut texts: Vec<String> = segments.into_iter().map(ended).map(|tokens| written(&tokens)).collect();
    if is_bar && is_label {
        texts.sort_unstable();
    }
    let mut text = texts.concat();
    if let Shape::Step(number) = unit.shape {
        text.insert_str(0, &format!("{number}{END}.{END}"));
    }
    Said { text, is_bullet: unit.shape == Shape::Bullet, is_label, leads_elsewhere }
}

/// A line that has no separator goes on where the one before ended.
fn join_lines(segments: &mut Vec<Vec<Token<'_>>>, from: usize) {
    if from > 0 && segments.len() == from + 1 {
        let line = segments.pop().unwrap_or_default();
        if let Some(last) = segments.last_mut() {
            last.extend(line);
        }
    }
}

/// The parts of a line of labels: `Home | Pricing · 5 min read`.
fn separated(tokens: Vec<Token<'_>>) -> Vec<Vec<Token<'_>>> {
    let is_separator = |at: usize| {
        let next_is_spaced = tokens.get(at + 1).is_none_or(|token| token.is_spaced);
        matches!(&*tokens[at].text, "|" | "·" | "•" | "∙" | "‧" | "⋅") && tokens[at].is_spaced && next_is_spaced
    };
    let ends: Vec<usize> = (0..tokens.len()).filter(|at| is_separator(*at)).collect();
    let mut parts = Vec::with_capacity(ends.len() + 1);
    let mut tokens = tokens.into_iter();
    let mut at = 0;
    for end in ends {
        parts.push(tokens.by_ref().take(end - at).collect());
        tokens.next();
        at = end + 1;
    }
    parts.push(tokens.collect());
    parts
}

/// Whether it is a name that one follows rather than a sentence: a link, or one or two words without numbers and signs.
fn is_label(tokens: &[Token<'_>]) -> bool {
    let is_link = !tokens.is_empty() && tokens.iter().all(|token| token.is_linked);
    let letters: usize = tokens.iter().map(|token| token.text.chars().count()).sum();
    let words = tokens.iter().skip(1).filter(|token| token.is_spaced).count() + 1;
    is_link || (words <= 2 && letters <= 40 && tokens.iter().all(|token| token.kind == Kind::Word))
}

/// With one full stop at its end, whatever sign stood there: the end of a paragraph ends a sentence.
fn ended(mut tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    while tokens.last().is_some_and(|token| matches!(&*token.text, "." | "," | ":" | ";")) {
        tokens.pop();
    }
    if tokens.last().is_some_and(|token| !matches!(&*token.text, "?" | "!")) {
        tokens.push(Token::sign("."));
    }
    tokens
}

fn written(tokens: &[Token<'_>]) -> String {
    let mut text = String::with_capacity(tokens.iter().map(|token| token.text.len() + 1).sum());
    for token in tokens {
        text.push_str(&token.text);
        text.push(END);
    }
    text
}

#[cfg(test)]
mod tests;
