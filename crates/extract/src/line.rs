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
        let mut rest = text.trim_start_matches(is_space);
        self.spaces(&text[..text.len() - rest.len()]);
        if rest.is_empty() || self.is_refused() {
            return;
        }
        let run = self.run(look);
        loop {
            let (word, after) = rest.split_at(rest.find(is_space).unwrap_or(rest.len()));
            run.push_str(word);
            rest = after.trim_start_matches(is_space);
            let spaces = &after[..after.len() - rest.len()];
            if rest.is_empty() {
                return self.spaces(spaces);
            }
            run.push(if spaces.contains('\n') { '\n' } else { ' ' });
        }
    }

    /// Ends the line by force.
    pub fn hard_break(&mut self) {
        self.space(HARD_BREAK);
    }

    /// Whether nothing has followed the last forced end yet.
    pub fn is_at_break(&self) -> bool {
        self.pending == Some(HARD_BREAK)
    }

    /// Whether the document has no room for a further run of text.
    fn is_refused(&self) -> bool {
        self.spans.is_empty() && !self.room.has_parts()
    }

    /// Adds an image.
    pub fn image(&mut self, image: Option<String>, alternative: &str, look: &Look) {
        if self.is_refused() || !self.room.take_part() {
            return;
        }
        if let Some(space) = self.pending.take() {
            self.fitting(&Look::default()).push(space);
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

    fn spaces(&mut self, spaces: &str) {
        spaces.chars().for_each(|c| self.space(c));
    }

    /// The text that goes on in a look. White space belongs to the text before it, so that links and code start with a letter.
    fn run(&mut self, look: &Look) -> &mut String {
        let mut space = self.pending.take();
        if let Some(last) = self.spans.last_mut().filter(|last| last.image.is_none()) {
            last.text.extend(space.take());
        }
        let run = self.fitting(look);
        run.extend(space);
        run
    }

    /// The last text if it looks so, else a new one; the last one in any look when there is no room for another.
    fn fitting(&mut self, look: &Look) -> &mut String {
        if !self.spans.last().is_some_and(|last| look.fits(last)) && (self.room.take_part() || self.spans.is_empty()) {
            self.spans.push(look.span(String::new(), &self.room));
        }
        let last = self.spans.len() - 1;
        &mut self.spans[last].text
    }
}

/// Spaces that layout may collapse; a no-break space counts as one too, because pages use it to indent.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}' | '\u{a0}')
}
