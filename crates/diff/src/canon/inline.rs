//! Reads a line of Markdown into tokens: words, numbers and signs, code, and the addresses of links.

use std::borrow::Cow;

use super::link;
use crate::lexer::{self, Lexer};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    Sign,
    Code,
    /// The address of a link, behind the words that carry it.
    Link,
}

/// A piece of a line that is compared as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: Cow<'a, str>,
    pub kind: Kind,
    /// Whether white space stands before it.
    pub is_spaced: bool,
    /// Whether one follows a link by it.
    pub is_linked: bool,
}

impl Token<'_> {
    /// A sign that is not in the text.
    pub fn sign(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), kind: Kind::Sign, is_spaced: false, is_linked: false }
    }
}

/// The tokens of a line. Emphasis leaves none.
pub fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut reader = Reader { lexer: Lexer::new(line), tokens: Vec::new(), brackets: Vec::new(), drops: Vec::new() };
    while reader.step() {}
    let emphasis = emphasis(&reader.tokens);
    let mut is_dropped = vec![false; reader.tokens.len()];
    reader.drops.into_iter().chain(emphasis).for_each(|at| is_dropped[at] = true);
    let kept = reader.tokens.into_iter().zip(is_dropped).filter(|(_, is_dropped)| !is_dropped);
    kept.map(|(token, _)| token).collect()
}

/// Code is enclosed by at most so many backticks: longer runs are looked for in vain again and again.
const LONGEST_RUN: usize = 16;
/// The longest address that is read as one, in bytes.
const LONGEST_ADDRESS: usize = 2_048;

struct Reader<'a> {
    lexer: Lexer<'a>,
    tokens: Vec<Token<'a>>,
    /// Where the brackets are that are open.
    brackets: Vec<usize>,
    /// Tokens that only mark.
    drops: Vec<usize>,
}

impl<'a> Reader<'a> {
    /// Reads one token; false at the end.
    fn step(&mut self) -> bool {
        let before = self.lexer.space();
        let (rest, is_spaced) = (self.lexer.rest(), !before.is_empty());
        match rest.as_bytes() {
            [] => return false,
            [b'`', ..] => self.code(is_spaced),
            [b']', b'(', ..] if self.link(is_spaced) => {}
            [b'h', b't', b't', b'p', ..] if self.address(is_spaced) => {}
            [b'\\', sign, ..] if sign.is_ascii_punctuation() => {
                self.lexer.cut(1);
                let text = self.lexer.cut(1);
                // It is what it is, and no mark.
                self.push(Cow::Borrowed(text), Kind::Code, is_spaced);
            }
            _ => self.plain(before),
        }
        true
    }

    fn push(&mut self, text: Cow<'a, str>, kind: Kind, is_spaced: bool) {
        self.tokens.push(Token { text, kind, is_spaced, is_linked: false });
    }

    fn plain(&mut self, before: &'a str) {
        let Some(piece) = self.lexer.piece(before) else { return };
        let kind = match piece.kind {
            lexer::Kind::Word => Kind::Word,
            lexer::Kind::Number => Kind::Number,
            lexer::Kind::Sign => Kind::Sign,
        };
        if piece.text == "[" {
            self.brackets.push(self.tokens.len());
        }
        self.push(Cow::Borrowed(piece.text), kind, !piece.before.is_empty());
    }

    /// `code`, whatever the number of backticks around it; or as many backticks, where no others close it.
    fn code(&mut self, is_spaced: bool) {
        let rest = self.lexer.rest();
        let inside = rest.trim_start_matches('`');
        let length = rest.len() - inside.len();
        if let Some(end) = (length <= LONGEST_RUN).then(|| closing(inside, length)).flatten() {
            self.lexer.cut(length + end + length);
            self.push(Cow::Borrowed(inside[..end].trim()), Kind::Code, is_spaced);
        } else {
            let backticks = self.lexer.cut(length);
            self.push(Cow::Borrowed(backticks), Kind::Sign, is_spaced);
        }
    }

    /// The end of `[words](address "title")`. The brackets vanish, the address stays.
    fn link(&mut self, is_spaced: bool) -> bool {
        let rest = self.lexer.rest();
        let near = &rest[2..rest.floor_char_boundary(LONGEST_ADDRESS)];
        let Some(end) = near.find(')') else { return false };
        let Some(start) = self.brackets.pop() else { return false };
        let target = near[..end].split_whitespace().next().unwrap_or_default();
        let address = link::canonical(target.trim_matches(['<', '>']));
        self.lexer.cut(2 + end + 1);
        self.drops.push(start);
        let is_image = start > 0 && !self.tokens[start].is_spaced && self.tokens[start - 1].text == "!";
        self.drops.extend(is_image.then(|| start - 1));
        // A picture may stand in a link, and nothing else may stand in either; so each token is marked twice at most.
        let outer = if is_image { self.brackets.len().saturating_sub(1) } else { self.brackets.len() };
        self.brackets.drain(..outer);
        self.push(Cow::Owned(address), Kind::Link, is_spaced);
        self.tokens[start..].iter_mut().for_each(|token| token.is_linked = true);
        true
    }

    /// An address as it stands in the text, without the signs of the sentence behind it.
    fn address(&mut self, is_spaced: bool) -> bool {
        let rest = self.lexer.rest();
        if !rest.starts_with("http://") && !rest.starts_with("https://") {
            return false;
        }
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | ')' | ']' | '|');
        let address = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        self.lexer.cut(address.len());
        self.push(Cow::Owned(link::canonical(address)), Kind::Link, is_spaced);
        if let Some(token) = self.tokens.last_mut() {
            token.is_linked = true;
        }
        true
    }
}

/// Where the run of exactly so many backticks begins that closes code.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == length {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// The stars that are emphasis: beside a word, and as many that open as close. A single one may be a footnote or a product.
fn emphasis(tokens: &[Token<'_>]) -> Vec<usize> {
    let is_star = |at: usize| tokens[at].kind == Kind::Sign && tokens[at].text == "*";
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let start = at;
        at += 1;
        if !is_star(start) {
            continue;
        }
        while at < tokens.len() && is_star(at) && !tokens[at].is_spaced {
            at += 1;
        }
        if flanks(tokens, start, at) {
            found.push(start..at);
        }
    }
    let stars: usize = found.iter().map(ExactSizeIterator::len).sum();
    if stars.is_multiple_of(2) { found.into_iter().flatten().collect() } else { Vec::new() }
}

/// Whether a run of stars touches a word on one side, and white space, a sign or the end of the line on the other.
fn flanks(tokens: &[Token<'_>], start: usize, end: usize) -> bool {
    let touches_before = start > 0 && !tokens[start].is_spaced;
    let touches_after = tokens.get(end).is_some_and(|next| !next.is_spaced);
    let is_free_before = !touches_before || tokens[start - 1].kind == Kind::Sign;
    let is_free_after = !touches_after || tokens[end].kind == Kind::Sign;
    (touches_after && is_free_before) || (touches_before && is_free_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_vanish_and_addresses_stay() {
        let cases: [(&str, &[&str]); 13] = [
            ("Press **Save** to *finish*.", &["Press", "Save", "to", "finish", "."]),
            ("5 €* and 2 * 3", &["5", "€", "*", "and", "2", "*", "3"]),
            ("See [our terms](https://a.example/t).", &["See", "our", "terms", "//a.example/t", "."]),
            ("[a] (b) [c]", &["[", "a", "]", "(", "b", ")", "[", "c", "]"]),
            ("![plan](p.png \"A plan\")", &["plan", "p.png"]),
            ("[![plan](p.png)](q)", &["plan", "p.png", "q"]),
            ("Go to https://a.example/x?utm_source=b, now", &["Go", "to", "//a.example/x", ",", "now"]),
            ("set `a  b` or ``c`d``", &["set", "a  b", "or", "c`d"]),
            ("a ` b", &["a", "`", "b"]),
            ("\\*a\\*", &["*", "a", "*"]),
            ("~~5~~", &["~", "~", "5", "~", "~"]),
            ("[a](b", &["[", "a", "]", "(", "b"]),
            ("", &[]),
        ];
        for (line, expected) in cases {
            let found = tokens(line);
            assert_eq!(found.iter().map(|token| &*token.text).collect::<Vec<_>>(), expected, "{line:?}");
        }
    }

    #[test]
    fn what_carries_a_link_is_known() {
        let linked = |line| tokens(line).iter().all(|token| token.is_linked);
        assert!(linked("[a b](c)"));
        assert!(linked("https://a.example/"));
        assert!(!linked("see [a b](c)"));
    }
}
