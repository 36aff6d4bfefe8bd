//! Finds the parts of a zip container: by the directory at its end, or header by header when the end is missing.

/// Kept as it is.
pub const STORED: u16 = 0;

/// Packed by deflate.
pub const DEFLATED: u16 = 8;

/// A part of a container.
pub struct Entry<'a> {
    /// Its name with its folders.
    pub name: String,
    /// How it is packed.
    pub method: u16,
    /// Whether it needs a password.
    pub is_encrypted: bool,
    /// Its packed bytes, and whatever follows them when their length is not known.
    pub data: &'a [u8],
}

/// The directory's end is this long without its comment, whose length has 16 bits.
const END_LENGTH: usize = 22;

/// The entries, and whether the directory was missing; nothing when there are more than `most`.
pub fn entries(bytes: &[u8], most: usize) -> Option<(Vec<Entry<'_>>, bool)> {
    match directory(bytes, most) {
        Listed::Entries(entries) => Some((entries, false)),
        Listed::TooMany => None,
        Listed::Broken => searched(bytes, most).map(|entries| (entries, true)),
    }
}

enum Listed<'a> {
    Entries(Vec<Entry<'a>>),
    TooMany,
    Broken,
}

fn directory(bytes: &[u8], most: usize) -> Listed<'_> {
    let Some((count, mut at)) = end(bytes) else { return Listed::Broken };
    if count > most {
        return Listed::TooMany;
    }
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let Some((entry, next)) = listed(bytes, at) else { return Listed::Broken };
        entries.push(entry);
        at = next;
    }
    Listed::Entries(entries)
}

/// The number of entries and where their list starts.
fn end(bytes: &[u8]) -> Option<(usize, usize)> {
    let start = bytes.len().saturating_sub(END_LENGTH + usize::from(u16::MAX));
    let at = start + bytes[start..].windows(4).rposition(|window| window == b"PK\x05\x06")?;
    Some((usize::from(short(bytes, at + 10)?), long(bytes, at + 16)?))
}

/// The entry that the directory describes at `at`, and where its next one starts.
fn listed(bytes: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    if bytes.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
        return None;
    }
    let (flags, method, packed) = (short(bytes, at + 8)?, short(bytes, at + 10)?, long(bytes, at + 20)?);
    let name_length = usize::from(short(bytes, at + 28)?);
    let others = usize::from(short(bytes, at + 30)?) + usize::from(short(bytes, at + 32)?);
    let name = bytes.get(at + 46..at + 46 + name_length)?;
    let start = data_start(bytes, long(bytes, at + 42)?)?;
    let data = bytes.get(start..start.checked_add(packed)?)?;
    Some((entry(name, method, flags, data), at + 46 + name_length + others))
}

fn entry<'a>(name: &[u8], method: u16, flags: u16, data: &'a [u8]) -> Entry<'a> {
    Entry { name: String::from_utf8_lossy(name).into_owned(), method, is_encrypted: flags & 1 == 1, data }
}

/// Where the bytes of the part begin whose local header is at `at`.
fn data_start(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at..at.checked_add(4)?)? != b"PK\x03\x04" {
        return None;
    }
    Some(at + 30 + usize::from(short(bytes, at + 26)?) + usize::from(short(bytes, at + 28)?))
}

/// Every local header, wherever it stands.
fn searched(bytes: &[u8], most: usize) -> Option<Vec<Entry<'_>>> {
    let mut entries = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(4).position(|window| window == b"PK\x03\x04") {
        at += found;
        entries.extend(local(bytes, at));
        if entries.len() > most {
            return None;
        }
        at += 4;
    }
    Some(entries)
}

fn local(bytes: &[u8], at: usize) -> Option<Entry<'_>> {
    let (flags, method, packed) = (short(bytes, at + 6)?, short(bytes, at + 8)?, long(bytes, at + 18)?);
    let name = bytes.get(at + 30..at + 30 + usize::from(short(bytes, at + 26)?))?;
    let rest = bytes.get(data_start(bytes, at)?..)?;
    // Zero means that the length follows the data, which says itself where it ends.
    let length = if packed == 0 { rest.len() } else { packed.min(rest.len()) };
    Some(entry(name, method, flags, &rest[..length]))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let value = bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)?;
    usize::try_from(value).ok()
}
