//! How much a document may tell more often than it writes it, such as the address of a link that stands around a thousand words
//! or a cell that spans a whole table, and into how many parts its text may fall.

use std::cell::Cell;
use std::rc::Rc;

use model::Span;

/// Bytes of addresses and of repeated cells in one document. More would not fit into what is kept of it anyway, and a few
/// kilobytes of a page can ask for gigabytes.
const MOST: usize = 16 * 1024 * 1024;

/// Blocks and runs of one look in one document. Each takes some times the room of the letters in it, and a few packed kilobytes
/// hold millions of them.
const MOST_PARTS: usize = 1_500_000;

/// The room that is left for it. Clones share the room.
#[derive(Debug, Clone)]
pub struct Room(Rc<Space>);

#[derive(Debug)]
struct Space {
    left: Cell<usize>,
    is_exceeded: Cell<bool>,
    parts: Cell<usize>,
    is_cut: Cell<bool>,
}

impl Default for Room {
    fn default() -> Self {
        Self(Rc::new(Space {
            left: Cell::new(MOST),
            is_exceeded: Cell::new(false),
            parts: Cell::new(MOST_PARTS),
            is_cut: Cell::new(false),
        }))
    }
}

impl Room {
    /// Takes room for so many bytes, or says that there is none.
    pub fn take(&self, bytes: usize) -> bool {
        let left = self.0.left.get().checked_sub(bytes);
        self.0.is_exceeded.set(self.0.is_exceeded.get() || left.is_none());
        self.0.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Takes room for a cell that is told once more, or says that there is none.
    pub fn take_cell(&self, cell: &[Span]) -> bool {
        let told = |span: &Span| {
            let addresses = [&span.link, &span.image].into_iter().flatten().map(String::len);
            size_of::<Span>() + span.text.len() + addresses.sum::<usize>()
        };
        self.take(size_of::<Vec<Span>>() + cell.iter().map(told).sum::<usize>())
    }

    /// Takes room for a block or a run of one look, or says that there is none.
    pub fn take_part(&self) -> bool {
        let left = self.0.parts.get().checked_sub(1);
        self.0.parts.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Whether there is room for a further block; when there is none, something will be missing.
    pub fn has_parts(&self) -> bool {
        let has_parts = self.0.parts.get() > 0;
        self.0.is_cut.set(self.0.is_cut.get() || !has_parts);
        has_parts
    }

    /// What to say when something found no room.
    pub fn warnings(&self) -> impl Iterator<Item = String> + use<> {
        let repeated =
            "it repeats long addresses or wide cells very often; their repetitions are left out from some place on";
        let cut = "it falls into more paragraphs than people read; those beyond are left out";
        let said = [(self.0.is_exceeded.get(), repeated), (self.0.is_cut.get(), cut)];
        said.into_iter().filter(|(is_so, _)| *is_so).map(|(_, text)| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, MOST_PARTS, Room};

    #[test]
    fn room_ends_for_all_who_share_it() {
        let room = Room::default();
        let other = room.clone();
        assert!(room.take(MOST - 1) && other.take(1) && other.warnings().next().is_none());
        assert!(!room.take(1) && other.warnings().count() == 1);
        assert!(Room::default().take(1), "another document has its own");
    }
    #[test]
    fn a_document_falls_into_so_many_parts() {
        let room = Room::default();
        assert!((0..MOST_PARTS).all(|_| room.take_part()) && room.warnings().next().is_none());
        assert!(!room.take_part() && !room.has_parts());
        assert!(room.warnings().any(|text| text.contains("more paragraphs")));
    }
}
