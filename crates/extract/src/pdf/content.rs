//! Takes the instructions of a page apart: operands, and the operator that they stand before. Whatever is damaged is
//! skipped, and no byte is looked at more than a few times.

use std::borrow::Cow;

/// More operands of one operator are forgotten.
const MAX_OPERANDS: usize = 65_536;

/// A longer property list is none, in bytes.
const MAX_DICTIONARY: usize = 256 * 1024;

/// More words than the description of an inline picture has.
const MAX_DESCRIPTION: usize = 200;

/// An operand. Arrays are only the operands in them.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand<'c> {
    Number(f64),
    Name(Cow<'c, [u8]>),
    Text(Cow<'c, [u8]>),
    /// A dictionary as it is written.
    Dictionary(&'c [u8]),
}

/// The instructions of a page, a form or a glyph.
pub struct Content<'c> {
    bytes: &'c [u8],
    at: usize,
    operands: Vec<Operand<'c>>,
    /// Whether a dictionary, or a picture, was looked for its end in vain: there is no other end either.
    has_open_dictionary: bool,
    has_open_picture: bool,
}

/// What an inline picture is called as an operator.
pub const PICTURE: &[u8] = b"BI";

impl<'c> Content<'c> {
    pub fn new(bytes: &'c [u8]) -> Self {
        Self { bytes, at: 0, operands: Vec::new(), has_open_dictionary: false, has_open_picture: false }
    }

    /// The operands of the last operator.
    pub fn operands(&self) -> &[Operand<'c>] {
        &self.operands
    }

    /// The next operator.
    pub fn next_operator(&mut self) -> Option<&'c [u8]> {
        self.operands.clear();
        loop {
            match *self.bytes.get(self.at)? {
                byte if is_space(byte) => self.at += 1,
                b'%' => self.skip_comment(),
                b'/' => {
                    self.at += 1;
                    let name = self.word();
                    self.push(Operand::Name(unescaped(name)));
                }
                b'(' => {
                    let text = self.text();
                    self.push(Operand::Text(text));
                }
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dictionary(),
                b'<' => {
                    let text = self.hexadecimal();
                    self.push(Operand::Text(Cow::Owned(text)));
                }
                b'[' | b']' | b'{' | b'}' | b'>' | b')' => self.at += 1,
                first => {
                    let word = self.word();
                    if let Some(number) = number(word).filter(|_| is_numeric(first)) {
                        self.push(Operand::Number(number));
                    } else if word == PICTURE {
                        self.skip_picture();
                        return Some(PICTURE);
                    } else if !matches!(word, b"true" | b"false" | b"null") {
                        return Some(word);
                    }
                }
            }
        }
    }

    fn push(&mut self, operand: Operand<'c>) {
        if self.operands.len() < MAX_OPERANDS {
            self.operands.push(operand);
        }
    }

    fn word(&mut self) -> &'c [u8] {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
    }

    /// A text in brackets, which may hold brackets in pairs. One without an end reaches to the end of all.
    fn text(&mut self) -> Cow<'c, [u8]> {
        self.at += 1;
        let rest = &self.bytes[self.at..];
        let plain = rest.iter().position(|byte| matches!(byte, b'(' | b')' | b'\\' | b'\r')).unwrap_or(rest.len());
        if rest.get(plain).is_none_or(|byte| *byte == b')') {
            self.at += (plain + 1).min(rest.len());
            return Cow::Borrowed(&rest[..plain]);
        }
        let mut text = rest[..plain].to_vec();
        let mut depth = 0_usize;
        self.at += plain;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            match byte {
                b'\\' => self.escape(&mut text),
                b')' if depth == 0 => break,
                b'\r' => {
                    text.push(b'\n');
                    self.at += usize::from(self.bytes.get(self.at) == Some(&b'\n'));
                }
                byte => {
                    depth = match byte {
                        b'(' => depth + 1,
                        b')' => depth - 1,
                        _ => depth,
                    };
                    text.push(byte);
                }
            }
        }
        Cow::Owned(text)
    }

    /// What stands behind a backslash (ISO 32000-2, table 3).
    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.bytes.get(self.at).copied() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => self.at += usize::from(self.bytes.get(self.at) == Some(&b'\n')),
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = byte - b'0';
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.bytes.get(self.at).copied() else { break };
                    // Larger codes lose what does not fit.
                    code = code.wrapping_mul(8).wrapping_add(digit - b'0');
                    self.at += 1;
                }
                text.push(code);
            }
            byte => text.push(byte),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        let rest = &self.bytes[self.at + 1..];
        let length = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
        self.at += 1 + (length + 1).min(rest.len());
        let digits: Vec<u8> = rest[..length].iter().filter_map(|byte| digit(*byte)).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
    }

    /// A dictionary, whose values the interpreter looks at when it wants them.
    fn dictionary(&mut self) {
        let rest = &self.bytes[self.at..];
        let end = if self.has_open_dictionary { None } else { dictionary_end(&rest[..rest.len().min(MAX_DICTIONARY)]) };
        if let Some(end) = end {
            self.push(Operand::Dictionary(&rest[..end]));
            self.at += end;
        } else {
            self.has_open_dictionary = true;
            self.at += 2;
        }
    }

    /// Skips a picture that stands among the instructions: its description up to `ID`, its data up to `EI`.
    fn skip_picture(&mut self) {
        let start = self.at;
        if self.has_open_picture || !self.skip_description() {
            self.at = start;
            return;
        }
        let data = &self.bytes[self.at..];
        if let Some(end) = picture_end(data) {
            self.at += end;
        } else {
            self.has_open_picture = true;
            self.at = start;
        }
    }

    fn skip_description(&mut self) -> bool {
        for _ in 0..MAX_DESCRIPTION {
            match self.bytes.get(self.at).copied() {
                None => return false,
                Some(b'(') => drop(self.text()),
                Some(b'/') => {
                    self.at += 1;
                    self.word();
                }
                Some(byte) if is_regular(byte) => match self.word() {
                    b"ID" => {
                        self.at = (self.at + 1).min(self.bytes.len());
                        return true;
                    }
                    b"EI" | PICTURE => return false,
                    _ => {}
                },
                Some(_) => self.at += 1,
            }
        }
        false
    }
}

/// Where a dictionary ends.
fn dictionary_end(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'<', Some(b'<')) => {
                depth += 1;
                at += 2;
            }
            (b'>', Some(b'>')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            (b'<', _) => at += bytes[at..].iter().position(|byte| *byte == b'>')? + 1,
            (b'(', _) => at = text_end(bytes, at + 1)?,
            _ => at += 1,
        }
    }
    None
}

fn text_end(bytes: &[u8], from: usize) -> Option<usize> {
    let (mut at, mut depth) = (from, 1_usize);
    while depth > 0 {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    Some(at)
}

/// Where the data of an inline picture ends: at an `EI` that stands by itself, with instructions behind it.
fn picture_end(data: &[u8]) -> Option<usize> {
    let stands = |at: usize| {
        let is_apart = at == 0 || is_space(data[at - 1]);
        let after = &data[at + 2..];
        let is_end = after.first().is_none_or(|byte| is_space(*byte));
        is_apart && is_end && after.iter().take(16).all(|byte| is_space(*byte) || matches!(byte, b' '..=b'~'))
    };
    let found = data.windows(2).enumerate().find(|(at, pair)| *pair == b"EI" && stands(*at));
    found.map(|(at, _)| at + 2)
}

/// A name with the bytes that it writes in hexadecimal (ISO 32000-2, 7.3.5).
fn unescaped(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.contains(&b'#') {
        return Cow::Borrowed(name);
    }
    let mut found = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((first, after)) = rest.split_first() {
        let pair = after.first().copied().and_then(digit).zip(after.get(1).copied().and_then(digit));
        if let Some((high, low)) = pair.filter(|_| *first == b'#') {
            found.push(high << 4 | low);
            rest = &after[2..];
        } else {
            found.push(*first);
            rest = after;
        }
    }
    Cow::Owned(found)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A number; programs write signs twice and in the midst, and readers forgive it.
fn number(word: &[u8]) -> Option<f64> {
    let digits = word.iter().position(|byte| !matches!(byte, b'+' | b'-'))?;
    let is_negative = word[..digits].contains(&b'-');
    let (mut value, mut scale, mut is_fraction) = (0.0, 1.0, false);
    for byte in &word[digits..] {
        match byte {
            b'0'..=b'9' => {
                value = value * 10.0 + f64::from(byte - b'0');
                scale *= if is_fraction { 10.0 } else { 1.0 };
            }
            b'.' if !is_fraction => is_fraction = true,
            b'.' | b'-' => break,
            _ => return None,
        }
    }
    // A thousand digits are no number.
    let value = Some(value / scale).filter(|value: &f64| value.is_finite()).unwrap_or(0.0);
    Some(if is_negative { -value } else { value })
}

fn is_numeric(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.')
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests;
