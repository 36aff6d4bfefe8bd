//! Reads compound files, in which Office of before 2007 and Outlook keep streams in folders: \[MS-CFB\].
//!
//! Sectors of the file are linked into chains by a table. Every walk is as long as the table at most, so that no circle
//! of sectors or entries keeps it.

/// The most sectors that the header itself lists for the table; more of them are listed in sectors of their own.
const LISTED: usize = 109;

/// Sector numbers from here on mean the end of a chain, or nothing.
const LAST_SECTOR: u32 = 0xffff_fffa;

/// The length of an entry of the directory, in bytes.
const ENTRY: usize = 128;

/// No entry.
const NOTHING: u32 = u32::MAX;

/// More entries than a message has.
const MAX_ENTRIES: usize = 200_000;

/// What an entry of the directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Folder,
    Stream,
}

/// An entry of the directory.
#[derive(Debug)]
pub struct Entry {
    pub name: String,
    pub kind: Kind,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: usize,
}

/// A compound file.
pub struct Compound<'a> {
    bytes: &'a [u8],
    /// The length of a sector, in bytes.
    sector: usize,
    /// The length of a small sector, in bytes.
    small_sector: usize,
    /// Streams below this size, in bytes, stand in small sectors.
    cutoff: usize,
    /// For each sector the next one of its chain.
    table: Vec<u32>,
    small_table: Vec<u32>,
    /// The stream that is cut into small sectors.
    small: Vec<u8>,
    entries: Vec<Entry>,
}

impl<'a> Compound<'a> {
    /// Opens a file; nothing, when it has no directory.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = |at| short(bytes, at).filter(|shift| (4..=16).contains(shift)).map(|shift| 1_usize << shift);
        let (sector, small_sector) = (shift(30)?, shift(32)?);
        let cutoff = size(long(bytes, 56)?);
        let (table, small_table, small, entries) = Default::default();
        let mut file = Self { bytes, sector, small_sector, cutoff, table, small_table, small, entries };
        file.table = file.read_table()?;
        let directory = file.chain(long(bytes, 48)?, usize::MAX);
        file.entries = directory.chunks_exact(ENTRY).take(MAX_ENTRIES).filter_map(entry).collect();
        let root = file.entries.first()?;
        file.small = file.chain(root.start, root.size);
        file.small_table = numbers(&file.chain(long(bytes, 60)?, usize::MAX)).collect();
        Some(file)
    }

    /// The root folder.
    pub fn root(&self) -> Option<&Entry> {
        self.entries.first()
    }

    /// What a folder holds.
    pub fn children(&self, folder: &Entry) -> Vec<&Entry> {
        let mut open = vec![folder.child];
        let mut seen = vec![false; self.entries.len()];
        let mut children = Vec::new();
        while let Some(at) = open.pop() {
            let at = size(at);
            let Some(entry) = self.entries.get(at).filter(|_| !seen[at]) else { continue };
            seen[at] = true;
            children.push(entry);
            open.extend([entry.right, entry.left].into_iter().filter(|next| *next != NOTHING));
        }
        children
    }

    /// The first bytes of a stream.
    pub fn stream(&self, entry: &Entry, most: usize) -> Vec<u8> {
        let length = entry.size.min(most);
        if entry.size >= self.cutoff {
            return self.chain(entry.start, length);
        }
        let mut bytes = Vec::new();
        for at in links(&self.small_table, entry.start) {
            let start = at.saturating_mul(self.small_sector).min(self.small.len());
            bytes.extend(&self.small[start..start.saturating_add(self.small_sector).min(self.small.len())]);
            if bytes.len() >= length {
                break;
            }
        }
        bytes.truncate(length);
        bytes
    }

    /// The bytes of a sector; the last one of a file may be cut off.
    fn sector(&self, at: usize) -> &'a [u8] {
        let start = at.saturating_add(1).saturating_mul(self.sector).min(self.bytes.len());
        &self.bytes[start..start.saturating_add(self.sector).min(self.bytes.len())]
    }

    fn chain(&self, start: u32, length: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for at in links(&self.table, start) {
            bytes.extend(self.sector(at));
            // A table may lie about sectors that the file does not have.
            if bytes.len() >= length.min(self.bytes.len()) {
                break;
            }
        }
        bytes.truncate(length);
        bytes
    }

    /// The table, whose own sectors are listed in the header, and further on in sectors that are chained by their ends.
    fn read_table(&self) -> Option<Vec<u32>> {
        let most = self.bytes.len() / self.sector + 1;
        let mut listed: Vec<u32> = numbers(self.bytes.get(76..76 + 4 * LISTED)?).collect();
        let mut next = long(self.bytes, 68)?;
        for _ in 0..most {
            let mut inner: Vec<u32> = numbers(self.sector(size(next))).collect();
            let Some(after) = inner.pop().filter(|_| next < LAST_SECTOR) else { break };
            listed.extend(inner);
            next = after;
        }
        let sectors = listed.into_iter().filter(|at| *at < LAST_SECTOR).take(most);
        Some(sectors.flat_map(|at| numbers(self.sector(size(at)))).take(most).collect())
    }
}

/// The sectors of a chain.
fn links(table: &[u32], start: u32) -> impl Iterator<Item = usize> {
    let first = Some(start).filter(|at| *at < LAST_SECTOR);
    let next = |at: &u32| table.get(size(*at)).copied().filter(|next| *next < LAST_SECTOR);
    std::iter::successors(first, next).take(table.len()).map(size)
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let kind = match bytes.get(66)? {
        2 => Kind::Stream,
        _ => Kind::Folder,
    };
    let units = usize::from(short(bytes, 64)?).saturating_sub(2).min(62) / 2;
    let name: Vec<u16> = (0..units).filter_map(|at| short(bytes, 2 * at)).collect();
    Some(Entry {
        name: String::from_utf16_lossy(&name),
        kind,
        left: long(bytes, 68)?,
        right: long(bytes, 72)?,
        child: long(bytes, 76)?,
        start: long(bytes, 116)?,
        size: size(long(bytes, 120)?),
    })
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
