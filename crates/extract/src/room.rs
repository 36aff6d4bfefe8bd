//! How much a document may tell more often than it writes it: the address of a link that stands around a thousand words, the
//! front of an address that all links share, a cell that spans a whole table.

use std::cell::Cell;
use std::rc::Rc;

use model::Span;

/// Bytes of addresses and of repeated cells in one document. More would not fit into what is kept of it anyway, and a few
/// kilobytes of a page can ask for gigabytes.
const MOST: usize = 16 * 1024 * 1024;

/// The room that is left for it. Clones share the room.
#[derive(Debug, Clone)]
pub struct Room(Rc<Space>);

#[derive(Debug)]
struct Space {
    left: Cell<usize>,
    is_exceeded: Cell<bool>,
}

impl Default for Room {
    fn default() -> Self {
        Self(Rc::new(Space { left: Cell::new(MOST), is_exceeded: Cell::new(false) }))
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

    /// What to say when something found no room.
    pub fn warning(&self) -> Option<String> {
        let text =
            "it repeats long addresses or wide cells very often; their repetitions are left out from some place on";
        self.0.is_exceeded.get().then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Room};

    #[test]
    fn room_ends_for_all_who_share_it() {
        let room = Room::default();
        let other = room.clone();
        assert!(room.take(MOST - 1) && other.take(1) && other.warning().is_none());
        assert!(!room.take(1) && other.warning().is_some());
        assert!(Room::default().take(1), "another document has its own");
    }
}
