//! The page as the tokenizer reads it: without the crowd of attributes that a hostile tag has, and only as long as there is time.

use std::cell::Cell;
use std::rc::Rc;

use html5gum::{Readable, Reader, StringReader};

use crate::budget::Budget;

/// A page. Its end comes early when the time for reading runs out.
pub struct Input<'a> {
    page: &'a str,
    reader: StringReader<'a>,
    /// How much of the page was read, in bytes.
    at: usize,
    /// Set when the tag that is being read has had attributes enough: the tokenizer calls itself for each.
    is_crowded: Rc<Cell<bool>>,
    budget: &'a Budget<'a>,
}

impl<'a> Input<'a> {
    pub fn new(page: &'a str, is_crowded: Rc<Cell<bool>>, budget: &'a Budget<'a>) -> Self {
        Self { page, reader: page.to_reader(), at: 0, is_crowded, budget }
    }

    /// Whether the page ends here.
    #[inline]
    fn ends(&mut self) -> bool {
        if self.is_crowded.get() {
            self.is_crowded.set(false);
            self.at += end_of_tag(&self.page.as_bytes()[self.at..]);
            self.reader = self.page[self.at..].to_reader();
        }
        self.budget.ends_taking_in()
    }
}

/// How far it is to the `>` that ends the tag; one inside a quoted value ends nothing.
fn end_of_tag(rest: &[u8]) -> usize {
    let (mut quote, mut is_value) = (None, false);
    for (at, byte) in rest.iter().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at,
            (None, b'"' | b'\'') if is_value => quote = Some(*byte),
            (None, _) => is_value = *byte == b'=' || (is_value && byte.is_ascii_whitespace()),
        }
    }
    rest.len()
}

impl Reader for Input<'_> {
    type Error = <StringReader<'static> as Reader>::Error;

    #[inline]
    fn read_byte(&mut self) -> Result<Option<u8>, Self::Error> {
        if self.ends() {
            return Ok(None);
        }
        let byte = self.reader.read_byte()?;
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    #[inline]
    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, Self::Error> {
        let is_next = self.reader.try_read_string(text, case_sensitive)?;
        self.at += if is_next { text.len() } else { 0 };
        Ok(is_next)
    }

    #[inline]
    fn read_until<'b>(&'b mut self, needle: &[u8], buffer: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Self::Error> {
        if self.ends() {
            return Ok(None);
        }
        let chunk = self.reader.read_until(needle, buffer)?;
        self.at += chunk.map_or(0, <[u8]>::len);
        Ok(chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::end_of_tag;

    #[test]
    fn a_tag_ends_outside_of_quotes() {
        for (rest, end) in
            [("a>b", 1), ("a='>' b>", 7), ("a = \">\">", 7), ("a\"=b>c\"", 4), ("it's>", 4), ("a='>", 4), ("", 0)]
        {
            assert_eq!(end_of_tag(rest.as_bytes()), end, "{rest}");
        }
    }
}
