//! Leaves out what changes by itself: when a page was updated, how often it was read, who looks at it, until when it is copyrighted.
//!
//! Only a part of a line that is nothing else is left out: a date inside of a sentence says what holds.

mod date;
mod vocabulary;

use super::inline::{Kind, Token};
use vocabulary::{COUNTED, COUNTING, READ_UNITS, READING, SESSIONS, UPDATES, Words, starts_with_any};

/// A part of a line longer than so many tokens is not looked at to its end.
const LONGEST: usize = 40;

/// The part of a line without what changes by itself. Counters are looked for in running text only: `10,000 views` in a list is
/// what a plan includes.
pub fn without(mut tokens: Vec<Token<'_>>, is_prose: bool) -> Vec<Token<'_>> {
    let words: Vec<String> = tokens.iter().take(LONGEST).map(|token| token.text.to_lowercase()).collect();
    if let Some(length) = updated(&tokens, &words) {
        let rest = tokens
            .iter()
            .skip(length)
            .position(|token| !matches!(&*token.text, "." | "," | ";" | "-" | "/" | "|" | ")"));
        tokens.drain(..rest.map_or(tokens.len(), |rest| length + rest));
    } else if tokens.len() < LONGEST && ((is_prose && is_count(&tokens, &words)) || is_session(&tokens, &words)) {
        tokens.clear();
    }
    tokens
}

/// How many tokens say when the text was updated last.
fn updated(tokens: &[Token<'_>], words: &[String]) -> Option<usize> {
    let marker = starts_with_any(words, &UPDATES)?;
    let length = marker + date::length(&tokens[marker..words.len()], &words[marker..])?;
    let ends = tokens.get(length).is_none_or(|next| {
        matches!(
            &*next.text,
            "." | "," | ";" | "(" | ")" | "-" | "/" | "|" | "by" | "von" | "par" | "por" | "da" | "door"
        )
    });
    ends.then_some(length)
}

/// Whether it says how often or how long the text is read, and nothing else.
fn is_count(tokens: &[Token<'_>], words: &[String]) -> bool {
    let has_number = tokens.iter().any(|token| token.kind == Kind::Number);
    let has_unit = || words.iter().any(|word| READ_UNITS.contains(word.as_str()));
    let is_counter = says_only(tokens, words, [&COUNTED, &COUNTING]);
    has_number && (is_counter || (says_only(tokens, words, [&READING, &READ_UNITS]) && has_unit()))
}

/// Whether there is at least one word of the first list, and none that is in neither.
fn says_only(tokens: &[Token<'_>], words: &[String], [first, second]: [&Words; 2]) -> bool {
    let fits = |(token, word): (&Token<'_>, &String)| match token.kind {
        Kind::Number => true,
        Kind::Sign => matches!(word.as_str(), "." | ":" | "," | "(" | ")" | "~" | "/" | "+"),
        Kind::Word => first.contains(word.as_str()) || second.contains(word.as_str()),
        Kind::Code | Kind::Link => false,
    };
    words.iter().any(|word| first.contains(word.as_str())) && tokens.iter().zip(words).all(fits)
}

/// Whether it shows the number of the reader's session or request.
fn is_session(tokens: &[Token<'_>], words: &[String]) -> bool {
    let Some(marker) = starts_with_any(words, &SESSIONS) else { return false };
    let colon = usize::from(words.get(marker).is_some_and(|word| word == ":" || word == "#"));
    let id = &tokens[marker + colon..];
    let letters: usize = id.iter().map(|token| token.text.len()).sum();
    let is_one = id.iter().skip(1).all(|token| !token.is_spaced);
    let fits = |token: &Token<'_>| matches!(token.kind, Kind::Word | Kind::Number) || token.text == "-";
    letters >= 8 && is_one && id.iter().all(fits) && id.iter().any(|token| token.kind == Kind::Number)
}

/// A line of which the copyright has no years: `© 2019–2025 Acme` and `© Acme 2025` say what `© Acme` says.
pub fn without_years(mut tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let Some(start) = tokens.iter().position(is_copyright_word) else { return tokens };
    let mut end = start;
    let mut has_sign = false;
    while let Some(length) = copyright_mark(&tokens[end..]) {
        has_sign |= tokens[end].text == "©";
        end += length;
    }
    let after = end;
    while tokens.get(end).is_some_and(is_year) {
        end += 1;
        if matches!(tokens.get(end).map(|token| &*token.text), Some("-" | ","))
            && tokens.get(end + 1).is_some_and(is_year)
        {
            end += 1;
        }
    }
    let last =
        tokens.iter().rposition(|token| token.text != ".").filter(|last| *last >= end && is_year(&tokens[*last]));
    if end > after {
        tokens.splice(start..end, [Token::sign("©")]);
    } else if let (true, Some(last)) = (has_sign, last) {
        tokens.remove(last);
        tokens.splice(start..end, [Token::sign("©")]);
    }
    tokens
}

fn is_copyright_word(token: &Token<'_>) -> bool {
    token.text == "©" || token.text.eq_ignore_ascii_case("copyright")
}

/// How many tokens the mark at the start has: ©, (c), or the word.
fn copyright_mark(tokens: &[Token<'_>]) -> Option<usize> {
    let text = |at: usize| tokens.get(at).map(|token| &*token.text);
    let is_round = text(0) == Some("(") && matches!(text(1), Some("c" | "C")) && text(2) == Some(")");
    if is_round { Some(3) } else { tokens.first().filter(|token| is_copyright_word(token)).map(|_| 1) }
}

fn is_year(token: &Token<'_>) -> bool {
    token.kind == Kind::Number && date::is_year(&token.text)
}
