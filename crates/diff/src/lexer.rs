//! Cuts a text into words, numbers and signs.

use unicode_normalization::char::is_combining_mark;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters.
    Word,
    /// Digits, with what stands between digits: `1,000.50`, `10:15`, `05/03/2024`.
    Number,
    /// Anything else, one character each.
    Sign,
}

/// A piece of text that is compared as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexeme<'a> {
    /// The white space before it.
    pub before: &'a str,
    /// The piece.
    pub text: &'a str,
    /// What it is.
    pub kind: Kind,
}

/// The pieces of a text, in order. White space is no piece: it stands before one, or at the end.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// What is not cut yet; when nothing more comes, the white space at the end.
    pub fn rest(&self) -> &'a str {
        self.rest
    }

    /// Takes the white space that is next.
    pub fn space(&mut self) -> &'a str {
        self.cut(self.rest.len() - self.rest.trim_start().len())
    }

    /// Takes so many bytes, whatever they are.
    pub fn cut(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    /// Takes the piece that begins here, behind the white space that is taken already.
    pub fn piece(&mut self, before: &'a str) -> Option<Lexeme<'a>> {
        let first = self.rest.chars().next()?;
        let (kind, length) = if first.is_ascii_digit() {
            (Kind::Number, number(self.rest))
        } else if stands_alone(first) {
            (Kind::Word, first.len_utf8() + marks(&self.rest[first.len_utf8()..]))
        } else if is_letter(first) {
            (Kind::Word, self.rest.find(|c| !is_letter(c) || stands_alone(c)).unwrap_or(self.rest.len()))
        } else {
            (Kind::Sign, first.len_utf8())
        };
        Some(Lexeme { before, text: self.cut(length), kind })
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Lexeme<'a>;

    fn next(&mut self) -> Option<Lexeme<'a>> {
        let blank = self.rest.len() - self.rest.trim_start().len();
        if blank == self.rest.len() {
            return None;
        }
        let before = self.cut(blank);
        self.piece(before)
    }
}

/// How many bytes of a number there are. What stands between digits belongs to it, what follows the last one does not.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut length = 0;
    loop {
        while bytes.get(length).is_some_and(u8::is_ascii_digit) {
            length += 1;
        }
        let joins = matches!(bytes.get(length), Some(b'.' | b',' | b':' | b'/'));
        if !joins || !bytes.get(length + 1).is_some_and(u8::is_ascii_digit) {
            return length;
        }
        length += 1;
    }
}

/// Letters of all scripts with their marks. Raised digits and fractions are no digits: 10² is not 102.
fn is_letter(c: char) -> bool {
    c == '_' || c.is_alphabetic() || (c.is_numeric() && !c.is_ascii()) || is_combining_mark(c)
}

fn marks(text: &str) -> usize {
    text.find(|c| !is_combining_mark(c)).unwrap_or(text.len())
}

/// Scripts that put no spaces between words are compared letter by letter: Han, Kana, Thai, Lao, Khmer, Myanmar.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c),
        0x3041..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x323af
        | 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff)
        && !is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_signs_are_pieces() {
        let cases: [(&str, &[&str]); 9] = [
            ("The fee is 5 €.", &["The", "fee", "is", "5", "€", "."]),
            ("1,000.50, 10:15; 5.", &["1,000.50", ",", "10:15", ";", "5", "."]),
            ("5kg -5 10–15", &["5", "kg", "-", "5", "10", "–", "15"]),
            ("don't max_age", &["don", "'", "t", "max_age"]),
            ("10² 5½", &["10", "²", "5", "½"]),
            ("退款需要30天", &["退", "款", "需", "要", "30", "天"]),
            ("Zu\u{308}rich हिन्दी", &["Zu\u{308}rich", "हिन्दी"]),
            ("が\u{3099}な", &["が\u{3099}", "な"]),
            ("  ", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(Lexer::new(text).map(|piece| piece.text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_of_the_text_is_lost() {
        let text = " a\n b, 5 € \t";
        let mut lexer = Lexer::new(text);
        let mut whole: String = lexer.by_ref().flat_map(|piece| [piece.before, piece.text]).collect();
        whole.push_str(lexer.rest());
        assert_eq!(whole, text);
    }
}
