//! Collects running text into spans: white space collapsed, neighbours of one look joined.

use std::rc::Rc;

use model::Span;

use crate::room::Room;

/// A line end that the source forces. Soft ones stay `\n` until the text is tidied, because words may be hyphenated there.
pub const HARD_BREAK: char = '\u{2028}';

/// How the text that comes next looks.
#[expect(clippy::struct_excessive_bools, reason = "each look comes with or without each other one")]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Where it links to; shared by all who are inside of the link.
    pub link: Option<Rc<str>>,
    /// Whether it is code.
    pub code: bool,
    /// Whether it is bold.
    pub strong: bool,
    /// Whether it is italic.
    pub emphasis: bool,
    /// Whether it is struck out.
    pub struck: bool,
}

impl Look {
    fn span(&self, text: String, room: &Room) -> Span {
        let Self { code, strong, emphasis, struck, .. } = *self;
        let link = self.link.as_ref().filter(|link| room.take(link.len())).map(|link| link.as_ref().to_owned());
        Span { text, link, code, strong, emphasis, struck, image: None }
    }

    fn fits(&self, span: &Span) -> bool {
        let same = span.code == self.code && span.strong == self.strong && span.emphasis == self.emphasis;
        same && span.struck == self.struck && span.image.is_none() && span.link.as_deref() == self.link.as_deref()
    }
}

/// A run of text that is being read.
#[derive(Debug, Default)]
pub struct Line {
    spans: Vec<Span>,
    /// White space that counts only if text follows.
    pending: Option<char>,
    room: Room,
}

impl Line {
    /// A line of a document that has this room for addresses.
    pub fn within(room: Room) -> Self {
        Self { spans: Vec::new(), pending: None, room }
    }

    /// The room for addresses.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Whether there is nothing in it to see.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Adds text, with every run of white space collapsed to one space or one line end.
    pub fn text(&mut self, text: &str, look: &Look) {
        let mut run = String::new();
        for c in text.chars() {
            if is_space(c) {
                self.push_run(&mut run, look);
                self.space(c);
            } else {
                if let Some(space) = self.pending.take() {
                    self.push_space(space, &mut run);
                }
                run.push(c);
            }
        }
        self.push_run(&mut run, look);
    }

    /// Ends the line by force.
    pub fn hard_break(&mut self) {
        self.space(HARD_BREAK);
    }

    /// Whether nothing has followed the last forced end yet.
    pub fn is_at_break(&self) -> bool {
        self.pending == Some(HARD_BREAK)
    }

    /// Adds an image.
    pub fn image(&mut self, image: Option<String>, alternative: &str, look: &Look) {
        if let Some(space) = self.pending.take() {
            self.push_run(&mut space.to_string(), &Look::default());
        }
        let image = image.filter(|address| self.room.take(address.len()));
        self.spans.push(Span { image, ..look.span(alternative.trim().to_owned(), &self.room) });
    }

    /// The spans so far; the line is empty afterwards.
    pub fn take(&mut self) -> Vec<Span> {
        self.pending = None;
        // Exactly as large as needed: texts of a million short lines are mostly spare room otherwise.
        self.spans.drain(..).collect()
    }

    /// A forced end beats a soft one beats a space; nothing counts at the start.
    fn space(&mut self, c: char) {
        let rank = |c: char| match c {
            HARD_BREAK => 2,
            '\n' => 1,
            _ => 0,
        };
        let c = if rank(c) > 0 { c } else { ' ' };
        if !self.spans.is_empty() && self.pending.is_none_or(|old| rank(c) > rank(old)) {
            self.pending = Some(c);
        }
    }

    /// White space belongs to the text before it, so that links and code start with a letter.
    fn push_space(&mut self, space: char, run: &mut String) {
        match self.spans.last_mut() {
            Some(last) if last.image.is_none() && run.is_empty() => last.text.push(space),
            _ => run.push(space),
        }
    }

    fn push_run(&mut self, run: &mut String, look: &Look) {
        if run.is_empty() {
            return;
        }
        let text = std::mem::take(run);
        match self.spans.last_mut() {
            Some(last) if look.fits(last) => last.text.push_str(&text),
            _ => self.spans.push(look.span(text, &self.room)),
        }
    }
}

/// Spaces that layout may collapse; a no-break space counts as one too, because pages use it to indent.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}' | '\u{a0}')
}
