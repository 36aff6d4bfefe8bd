//! The properties of a message: short ones in one stream together, texts in a stream each.

use encoding_rs::{Encoding, UTF_8, UTF_16LE, WINDOWS_1252};

use super::compound::{Compound, Entry};
use crate::charset;
use crate::hint::Hint;

/// More than any text of a message, in bytes.
const MAX_VALUE: usize = 32 * 1024 * 1024;

/// The short properties of a message begin behind this many bytes, and each has sixteen.
const HEADER: usize = 32;
const PROPERTY: usize = 16;

/// Ids with their types in the stream of short properties.
const CODE_PAGE: u32 = 0x3ffd_0003;
const INTERNET_CODE_PAGE: u32 = 0x3fde_0003;
const SENT: [u32; 2] = [0x0039_0040, 0x0e06_0040];

/// Seconds from 1601, where Windows begins to count, to 1970.
const EPOCH: i64 = 11_644_473_600;

/// A point in time, in seconds from 1970.
#[derive(Debug, Clone, Copy)]
pub struct Instant {
    pub seconds: i64,
}

/// The properties of a folder.
pub struct Properties<'a> {
    file: &'a Compound<'a>,
    entries: &'a [&'a Entry],
    short: Vec<u8>,
    /// How texts are written that are not in Unicode.
    pub encoding: Option<&'static Encoding>,
}

impl<'a> Properties<'a> {
    /// The properties among the entries of a folder.
    pub fn of(file: &'a Compound<'a>, entries: &'a [&'a Entry], outer: Option<&'static Encoding>) -> Self {
        let short = entries.iter().find(|entry| entry.name == "__properties_version1.0");
        let short = short.map(|entry| file.stream(entry, MAX_VALUE)).unwrap_or_default();
        let mut properties = Self { file, entries, short, encoding: outer };
        let page = |id| properties.short(id).and_then(|value| u32::try_from(value & 0xffff_ffff).ok());
        properties.encoding = page(CODE_PAGE).and_then(encoding).or(outer);
        properties
    }

    /// When the message was sent, or else when it came.
    pub fn sent(&self) -> Option<Instant> {
        let ticks = SENT.iter().find_map(|id| self.short(*id)).filter(|ticks| *ticks > 0)?;
        i64::try_from(ticks / 10_000_000).ok().map(|seconds| Instant { seconds: seconds - EPOCH })
    }

    /// The text of a property.
    pub fn text(&self, id: &str) -> Option<String> {
        if let Some(bytes) = self.stream(id, "001F") {
            return Some(UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned());
        }
        if let Some(bytes) = self.stream(id, "001E") {
            return Some(self.encoding.unwrap_or(WINDOWS_1252).decode(&bytes).0.into_owned());
        }
        let bytes = self.stream(id, "0102")?;
        let page = self.short(INTERNET_CODE_PAGE).and_then(|value| u32::try_from(value & 0xffff_ffff).ok());
        let content_type = page.and_then(encoding).map(|encoding| format!("text/html; charset={}", encoding.name()));
        Some(charset::decode(&bytes, &Hint { content_type, ..Hint::default() }, true).text.into_owned())
    }

    /// The bytes of a property.
    pub fn bytes(&self, id: &str) -> Vec<u8> {
        self.stream(id, "0102").unwrap_or_default()
    }

    fn stream(&self, id: &str, kind: &str) -> Option<Vec<u8>> {
        let name = format!("__substg1.0_{id}{kind}");
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(&name))?;
        Some(self.file.stream(entry, MAX_VALUE))
    }

    fn short(&self, id: u32) -> Option<u64> {
        let properties = self.short.get(HEADER..)?.chunks_exact(PROPERTY);
        let mut found = properties.filter(|property| property.starts_with(&id.to_le_bytes()));
        found.next()?.get(8..16)?.try_into().ok().map(u64::from_le_bytes)
    }
}

/// The encoding that Windows gives this number.
fn encoding(page: u32) -> Option<&'static Encoding> {
    let label = match page {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        20_866 => "koi8-r".to_owned(),
        28_591..=28_606 => format!("iso-8859-{}", page - 28_590),
        65_001 => return Some(UTF_8),
        page => format!("windows-{page}"),
    };
    Encoding::for_label(label.as_bytes())
}
