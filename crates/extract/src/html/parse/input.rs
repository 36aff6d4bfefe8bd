//! The page as the tokenizer reads it: its end comes early when the time for reading runs out.

use html5gum::{Readable, Reader, StringReader};

use crate::budget::Budget;

/// A page that ends when its budget does.
pub struct Input<'a> {
    page: StringReader<'a>,
    budget: &'a Budget<'a>,
}

impl<'a> Input<'a> {
    pub fn new(page: &'a str, budget: &'a Budget<'a>) -> Self {
        Self { page: page.to_reader(), budget }
    }
}

impl Reader for Input<'_> {
    type Error = <StringReader<'static> as Reader>::Error;

    #[inline]
    fn read_byte(&mut self) -> Result<Option<u8>, Self::Error> {
        if self.budget.ends_taking_in() { Ok(None) } else { self.page.read_byte() }
    }

    #[inline]
    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, Self::Error> {
        self.page.try_read_string(text, case_sensitive)
    }

    #[inline]
    fn read_until<'b>(&'b mut self, needle: &[u8], buffer: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Self::Error> {
        if self.budget.ends_taking_in() { Ok(None) } else { self.page.read_until(needle, buffer) }
    }
}
