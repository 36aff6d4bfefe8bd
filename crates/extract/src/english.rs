//! The rules for English text: words rejoined across line ends, typographic ligatures and quotes made plain.

use std::collections::HashSet;

use model::{Block, Span};

/// Makes English text plain. Runs before line ends are settled, because it needs them.
pub fn normalise(blocks: &mut [Block]) {
    let mut texts: Vec<&mut String> = Vec::new();
    collect(blocks, &mut texts);
    let words = known_words(&texts);
    for text in texts {
        if text.contains(|sign| typed(sign).is_some()) {
            *text = plain(text);
        }
        if is_hyphenated(text) {
            *text = rejoined(text, &words);
        }
    }
}

fn collect<'a>(blocks: &'a mut [Block], texts: &mut Vec<&'a mut String>) {
    fn spans<'a>(spans: &'a mut [Span], texts: &mut Vec<&'a mut String>) {
        texts.extend(spans.iter_mut().filter(|span| !span.code).map(|span| &mut span.text));
    }
    for block in blocks {
        match block {
            Block::Heading { spans: run, .. } | Block::Paragraph { spans: run } => spans(run, texts),
            Block::List { items, .. } => items.iter_mut().for_each(|item| collect(item, texts)),
            Block::Quote { blocks } => collect(blocks, texts),
            Block::Table { header, rows } => {
                header.iter_mut().chain(rows.iter_mut().flatten()).for_each(|cell| spans(cell, texts));
            }
            Block::Code { .. } => {}
        }
    }
}

/// The text in signs that a reader types.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        match typed(sign) {
            Some(typed) => plain.push_str(typed),
            None => plain.push(sign),
        }
    }
    plain
}

/// What a reader types for a typographic sign; other signs stay as they are.
fn typed(sign: char) -> Option<&'static str> {
    Some(match sign {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => "\"",
        _ => return None,
    })
}

/// The words of the document, in lower case, when some line ends in a hyphen at all.
fn known_words(texts: &[&mut String]) -> HashSet<String> {
    if !texts.iter().any(|text| is_hyphenated(text)) {
        return HashSet::new();
    }
    let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '-'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Where the first line ends in a hyphen, and where the next line begins.
fn broken(text: &str) -> Option<(usize, usize)> {
    text.match_indices('\n').find_map(|(end, _)| {
        let hyphen = text[..end].chars().next_back().filter(|sign| matches!(sign, '-' | '\u{2010}'))?;
        Some((end - hyphen.len_utf8(), end + 1))
    })
}

/// Whether some line ends in a hyphen.
fn is_hyphenated(text: &str) -> bool {
    text.contains("-\n") || text.contains("\u{2010}\n")
}

/// Joins `infor-\nmation`. The hyphen stays when the document writes the word with it elsewhere, or the first part is one
/// that English joins with a hyphen.
fn rejoined(text: &str, words: &HashSet<String>) -> String {
    const KEEPS_HYPHEN: [&str; 14] =
        ["well", "self", "non", "ill", "all", "ex", "half", "high", "low", "long", "short", "cross", "mid", "two"];
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, after)) = broken(rest) {
        let head = rest[..at].rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let tail = rest[after..].split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        joined.push_str(&rest[..at]);
        let is_word = head.ends_with(char::is_lowercase) && tail.starts_with(char::is_lowercase);
        let (whole, parted) = (format!("{head}{tail}").to_lowercase(), format!("{head}-{tail}").to_lowercase());
        let keeps = words.contains(&parted) || KEEPS_HYPHEN.contains(&head.to_lowercase().as_str());
        if !is_word {
            joined.push_str(&rest[at..after]);
        } else if keeps && !words.contains(&whole) {
            joined.push('-');
        }
        rest = &rest[after..];
    }
    joined.push_str(rest);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut blocks = [Block::Paragraph { spans: vec![Span::plain(text)] }];
        normalise(&mut blocks);
        assert_eq!(blocks, [Block::Paragraph { spans: vec![Span::plain(expected)] }]);
    }

    #[test]
    fn typography_becomes_plain() {
        check(
            "\u{201c}Don\u{2019}t o\u{fb00}er a \u{fb01}le\u{201d} \u{2014} ok",
            "\"Don't offer a file\" \u{2014} ok",
        );
    }

    #[test]
    fn words_are_rejoined_across_line_ends() {
        check("the infor-\nmation is here", "the information is here");
        check("a well-\nknown fact", "a well-known fact");
        check("log-in works; you log-\nin here", "log-in works; you log-in here");
        check("the year 1990-\n2000 was", "the year 1990-\n2000 was");
        check("north-\nEast", "north-\nEast");
        check("a dash -\nhere", "a dash -\nhere");
        check("infor\u{2010}\nmation, and infor-\nmation", "information, and information");
    }

    #[test]
    fn code_stays_as_it_is() {
        let code = Span { code: true, ..Span::plain("\u{201c}x\u{201d}") };
        let mut blocks = [Block::Paragraph { spans: vec![code.clone()] }];
        normalise(&mut blocks);
        assert_eq!(blocks, [Block::Paragraph { spans: vec![code] }]);
    }
}
