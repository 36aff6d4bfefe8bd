//! Cuts RTF into groups, control words and bytes of text.

/// A piece of RTF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    Open,
    Close,
    /// A control word with its number, or a control sign.
    Control(&'a str, Option<i32>),
    /// A byte of text in the code page of the font.
    Byte(u8),
}

/// The pieces of a document.
pub fn tokens(bytes: &[u8]) -> Tokens<'_> {
    Tokens { bytes, at: 0 }
}

pub struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            return Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => return self.control(),
                b'\r' | b'\n' | 0 => continue,
                byte => Token::Byte(byte),
            });
        }
    }
}

impl<'a> Tokens<'a> {
    fn control(&mut self) -> Option<Token<'a>> {
        let rest = &self.bytes[self.at..];
        let letters = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            return self.sign();
        }
        let word = std::str::from_utf8(&rest[..letters]).ok()?;
        let after = &rest[letters..];
        let sign = usize::from(after.first() == Some(&b'-'));
        let digits = after.iter().skip(sign).take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let length = if digits == 0 { 0 } else { sign + digits };
        let number = std::str::from_utf8(&after[..length]).ok().and_then(|text| text.parse().ok());
        self.at += letters + length;
        self.at += usize::from(self.bytes.get(self.at) == Some(&b' '));
        // Bytes that are no text follow.
        if let ("bin", Some(count @ 1..)) = (word, number) {
            self.at = self.at.saturating_add(usize::try_from(count).unwrap_or(0)).min(self.bytes.len());
        }
        Some(Token::Control(word, number))
    }

    fn sign(&mut self) -> Option<Token<'a>> {
        let rest = &self.bytes[self.at..];
        let first = *rest.first()?;
        if first == b'\'' {
            let digits = rest.get(1..3).and_then(|digits| std::str::from_utf8(digits).ok());
            let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            self.at += if value.is_some() { 3 } else { 1 };
            return Some(value.map_or(Token::Control("'", None), Token::Byte));
        }
        self.at += 1;
        let sign = std::str::from_utf8(&rest[..1]).unwrap_or("");
        Some(if matches!(first, b'{' | b'}' | b'\\') { Token::Byte(first) } else { Token::Control(sign, None) })
    }
}
