//! Builds the block tree from a stream of events, so that no reader needs recursion and nesting has one limit.

use model::{Block, Span};

use crate::line::{Line, Look};
use crate::room::Room;

/// Blocks nest at most this deep; what is deeper joins the block at the limit. JSON readers stop at 128 levels, and a
/// list costs three.
const MAX_NESTING: usize = 32;

/// Counting on from a list's first number must not overflow.
const MAX_FIRST: u64 = 999_999_999;

/// A block that holds blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// A quotation or an admonition.
    Quote,
    /// A list with its first number.
    List(Option<u64>),
    /// An item of a list.
    Item,
}

#[derive(Debug)]
enum Frame {
    Quote(Vec<Block>),
    List { start: Option<u64>, items: Vec<Vec<Block>> },
    Item(Vec<Block>),
}

/// The tree that is being built.
#[derive(Debug)]
pub struct Builder {
    /// How the text that comes next looks.
    pub look: Look,
    root: Vec<Block>,
    frames: Vec<Frame>,
    /// Open containers beyond the limit.
    ignored: usize,
    line: Line,
    heading: Option<u8>,
    /// What stands before the next word, such as the number of a note, but is no line of its own.
    lead: String,
    /// Whether everything becomes one run of text, as in a table's cell.
    is_flat: bool,
    /// The containers that are open in one run of text, with the number of the next item.
    flat: Vec<(Container, u64)>,
}

impl Default for Builder {
    fn default() -> Self {
        Self::within(Room::default())
    }
}

impl Builder {
    /// A builder for a document that has this room for addresses.
    pub fn within(room: Room) -> Self {
        Self {
            look: Look::default(),
            root: Vec::new(),
            frames: Vec::new(),
            ignored: 0,
            line: Line::within(room),
            heading: None,
            lead: String::new(),
            is_flat: false,
            flat: Vec::new(),
        }
    }

    /// A builder that makes one run of text of whatever comes.
    pub fn flat() -> Self {
        Self::flat_within(Room::default())
    }

    /// A builder that makes one run of text of whatever comes, for a document that has this room for addresses.
    pub fn flat_within(room: Room) -> Self {
        Self { is_flat: true, ..Self::within(room) }
    }

    /// Takes the builder with what it has, and leaves one of its kind for the same document.
    pub fn take(&mut self) -> Self {
        let next = Self { is_flat: self.is_flat, ..Self::within(self.room().clone()) };
        std::mem::replace(self, next)
    }

    /// The room that the document has for addresses.
    pub fn room(&self) -> &Room {
        self.line.room()
    }

    /// Adds running text.
    pub fn text(&mut self, text: &str) {
        if !self.lead.is_empty() && text.chars().any(|c| !c.is_whitespace()) {
            self.put_lead();
        }
        self.line.text(text, &self.look);
    }

    /// Sets what stands before the next word, whatever blocks begin until then.
    pub fn lead(&mut self, text: &str) {
        self.end_block();
        self.lead.push_str(text);
    }

    fn put_lead(&mut self) {
        let lead = std::mem::take(&mut self.lead);
        self.line.text(&lead, &Look::default());
    }

    /// Ends the line by force, inside the paragraph; twice in a row begins another one.
    pub fn hard_break(&mut self) {
        if self.line.is_at_break() {
            self.end_block();
        } else {
            self.line.hard_break();
        }
    }

    /// Whether a heading is open.
    pub fn is_in_heading(&self) -> bool {
        self.heading.is_some()
    }

    /// Adds an image.
    pub fn image(&mut self, address: Option<String>, alternative: &str) {
        self.put_lead();
        self.line.image(address, alternative, &self.look);
    }

    /// Ends the paragraph; inside a heading or a cell only the line.
    pub fn end_block(&mut self) {
        if self.is_flat || self.heading.is_some() {
            self.line.hard_break();
        } else {
            self.flush();
        }
    }

    /// Starts a heading.
    pub fn open_heading(&mut self, level: u8) {
        self.end_block();
        if !self.is_flat {
            self.heading = Some(level.clamp(1, 6));
        }
    }

    /// Ends the heading.
    pub fn close_heading(&mut self) {
        if self.is_flat {
            self.line.hard_break();
        } else {
            self.flush();
        }
        self.heading = None;
    }

    /// Starts a container.
    pub fn open(&mut self, container: Container) {
        self.end_block();
        if self.is_flat {
            return self.open_flat(container);
        }
        // A list and its item are one level.
        let levels = self.frames.iter().filter(|frame| !matches!(frame, Frame::Item(_))).count();
        if self.ignored > 0 || (levels >= MAX_NESTING && container != Container::Item) {
            self.ignored += 1;
            return;
        }
        self.frames.push(match container {
            Container::Quote => Frame::Quote(Vec::new()),
            Container::List(start) => Frame::List { start: start.map(|first| first.min(MAX_FIRST)), items: Vec::new() },
            Container::Item => Frame::Item(Vec::new()),
        });
    }

    /// In one run of text, the mark of an item stands before its words.
    fn open_flat(&mut self, container: Container) {
        if let (Container::Item, Some((Container::List(start), next))) = (container, self.flat.last_mut()) {
            self.lead = if start.is_some() { format!("{next}. ") } else { "- ".to_owned() };
            *next = next.saturating_add(1);
        }
        let first = if let Container::List(Some(first)) = container { first } else { 0 };
        self.flat.push((container, first));
    }

    /// The next item of the list that is open has this number.
    pub fn number(&mut self, number: u64) {
        self.end_block();
        let number = number.min(MAX_FIRST);
        match self.frames.last_mut() {
            _ if self.ignored > 0 || self.is_flat => {}
            Some(Frame::List { start: Some(start), items }) if items.is_empty() => *start = number,
            Some(Frame::List { start: Some(start), items }) if *start + items.len() as u64 != number => {
                self.close();
                self.open(Container::List(Some(number)));
            }
            _ => {}
        }
    }

    /// Ends the container that was started last.
    pub fn close(&mut self) {
        if !self.lead.is_empty() {
            self.put_lead();
        }
        self.end_block();
        if self.is_flat {
            self.flat.pop();
            return;
        }
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        match self.frames.pop() {
            Some(Frame::Quote(blocks)) if !blocks.is_empty() => self.attach(Block::Quote { blocks }),
            Some(Frame::List { start, items }) if !items.is_empty() => self.attach(Block::List { start, items }),
            Some(Frame::Item(blocks)) if !blocks.is_empty() => self.attach_item(blocks),
            _ => {}
        }
    }

    /// Adds a whole block.
    pub fn block(&mut self, block: Block) {
        self.end_block();
        self.put_lead();
        self.end_block();
        match block {
            Block::Code { text, .. } if self.is_flat => {
                let look = Look { code: true, ..self.look.clone() };
                for line in text.trim_end().lines() {
                    self.line.text(line, &look);
                    self.line.hard_break();
                }
            }
            _ if self.is_flat || !self.room().has_parts() => {}
            block => self.attach(block),
        }
    }

    /// The tree, with whatever is still open closed.
    pub fn finish(mut self) -> Vec<Block> {
        self.put_lead();
        self.heading = None;
        self.flush();
        self.ignored = 0;
        while !self.frames.is_empty() {
            self.close();
        }
        self.root
    }

    /// The run of text of a flat builder.
    pub fn finish_flat(mut self) -> Vec<Span> {
        self.line.take()
    }

    fn flush(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let spans = self.line.take();
        let block = match self.heading {
            Some(level) => Block::Heading { level, spans },
            None => Block::Paragraph { spans },
        };
        self.attach(block);
    }

    fn attach(&mut self, block: Block) {
        self.room().take_part();
        match self.frames.last_mut() {
            None => self.root.push(block),
            Some(Frame::Quote(blocks) | Frame::Item(blocks)) => blocks.push(block),
            // What stands between items belongs to the one before it.
            Some(Frame::List { items, .. }) => match items.last_mut() {
                Some(item) => item.push(block),
                None => items.push(vec![block]),
            },
        }
    }

    fn attach_item(&mut self, mut blocks: Vec<Block>) {
        match self.frames.last_mut() {
            None => self.root.append(&mut blocks),
            Some(Frame::Quote(outer) | Frame::Item(outer)) => outer.append(&mut blocks),
            Some(Frame::List { items, .. }) => items.push(blocks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_without_room_for_parts_keeps_what_it_has() {
        let room = Room::default();
        let mut builder = Builder::within(room.clone());
        builder.text("Some words");
        builder.end_block();
        builder.text("and ");
        while room.take_part() {}
        builder.look.strong = true;
        builder.text("these");
        builder.end_block();
        builder.text("but no others");
        builder.block(Block::Code { language: None, text: "nor code".to_owned() });
        let texts: Vec<String> = builder
            .finish()
            .iter()
            .map(|block| crate::render::paragraphs(std::slice::from_ref(block)).concat())
            .collect();
        assert_eq!(texts, ["Some words", "and these"]);
        assert_eq!(room.warnings().count(), 1);
    }
}
