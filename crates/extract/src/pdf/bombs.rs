//! Refuses files whose packed streams are made to fill the memory, before anything reads them.

mod ascii;
mod lzw;

use std::borrow::Cow;

use flate2::{Decompress, FlushDecompress, Status};
use model::{Failure, FailureCode};

/// One stream of instructions, letters or objects, in inflated bytes. Pictures may be larger: nobody inflates them.
const MAX_STREAM: u64 = 128 * 1024 * 1024;

/// All such streams together.
const MAX_TOTAL: u64 = 768 * 1024 * 1024;

/// All streams that may hold objects: what they hold stays in memory.
const MAX_OBJECTS: u64 = 192 * 1024 * 1024;

/// A packed stream may be packed again, but not for ever.
const MAX_LAYERS: usize = 4;

/// What is packed again is kept up to here, in bytes.
const MAX_LAYER: usize = 8 * 1024 * 1024;

/// So far before its stream stands what says that it is a picture, in bytes.
const DICTIONARY: usize = 2_048;

/// Dictionaries that open one after the other without one that closes.
const MAX_DEPTH: usize = 2_000;

const KEYWORD: &[u8] = b"stream";
const END: &[u8] = b"endstream";

/// Two bytes of a packed run become 128.
const RUN_GROWTH: u64 = 64;

/// A reason, when a stream inflates to more than any document needs.
pub fn refuse(bytes: &[u8]) -> Result<(), Failure> {
    if nests_too_deep(bytes) {
        let text = "the PDF holds dictionaries inside of each other without end; export it again";
        return Err(Failure::new(FailureCode::ParseFailed, text));
    }
    let mut inflater = Inflater::new();
    let (mut total, mut objects, mut at) = (0, 0, 0);
    while let Some(found) = keyword(bytes, at) {
        // No dictionary reaches back over the stream before it.
        let before = &bytes[found.saturating_sub(DICTIONARY).max(at)..found];
        at = found + KEYWORD.len();
        let start = before.windows(4).rposition(|part| part == b" obj");
        let own = start.map_or(before, |start| &before[start..]);
        let holds_objects = start.is_none() || says(own, &[b"ObjStm", b"/First", b"#"]);
        if says(own, &[b"/Image"]) && !holds_objects {
            continue;
        }
        let line_end = bytes[at..].iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let size = inflater.size(&bytes[at + line_end..], own);
        total += size;
        objects += if holds_objects { size } else { 0 };
        if size > MAX_STREAM || total > MAX_TOTAL || objects > MAX_OBJECTS {
            let text = "the PDF holds streams that inflate to more than any document needs; export it again";
            return Err(Failure::new(FailureCode::TooLarge, text));
        }
    }
    Ok(())
}

/// How many bytes one stream with this dictionary holds in the end, or could.
pub fn size(packed: &[u8], dictionary: &[u8]) -> u64 {
    Inflater::new().size(packed, dictionary)
}

/// Whether one of some words stands in a dictionary, in whatever case.
fn says(dictionary: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|word| dictionary.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word)))
}

/// Whether dictionaries open inside of each other, one after the other, deeper than any program nests them: to read them
/// takes the square of their depth. Texts that hold the same signs stand in brackets.
fn nests_too_deep(bytes: &[u8]) -> bool {
    let mut depth = 0;
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|sign| matches!(sign, b'<' | b'>' | b')')) {
        let is_double = rest.get(at + 1) == Some(&rest[at]);
        depth = if rest[at] == b'<' && is_double {
            depth + 1
        } else if rest[at] == b'<' {
            depth
        } else {
            0
        };
        if depth > MAX_DEPTH {
            return true;
        }
        rest = &rest[at + 1 + usize::from(is_double)..];
    }
    false
}

/// Where the next stream's keyword is.
fn keyword(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == KEYWORD[0])?;
        if bytes[at..].starts_with(KEYWORD) && !bytes[..at].ends_with(b"end") {
            return Some(at);
        }
        at += 1;
    }
}

/// One for all streams: a file may have millions of them.
struct Inflater {
    state: Decompress,
    chunk: Vec<u8>,
}

impl Inflater {
    fn new() -> Self {
        Self { state: Decompress::new(true), chunk: vec![0; 64 * 1024] }
    }

    /// How many bytes a stream with this dictionary holds in the end, or could; too many when there is no end.
    fn size(&mut self, rest: &[u8], dictionary: &[u8]) -> u64 {
        let says = |words: &[&[u8]]| says(dictionary, words);
        let (is_lzw, is_run) = (says(&[b"LZWDecode", b"/LZW"]), says(&[b"RunLengthDecode", b"/RL"]));
        let is_hex = says(&[b"ASCIIHexDecode", b"/AHx"]);
        let is_text = is_hex || says(&[b"ASCII85Decode", b"/A85"]);
        if !(is_lzw || is_run || is_text) {
            return self.flate_size(rest);
        }
        // Only these need to know where they end.
        let stream = &rest[..rest.windows(END.len()).position(|part| part == END).unwrap_or(rest.len())];
        let layer = match (is_hex, is_text) {
            (true, _) => Cow::Owned(ascii::hex(stream)),
            (false, true) => Cow::Owned(ascii::base_85(stream)),
            (false, false) => Cow::Borrowed(stream),
        };
        match (is_packed(&layer), is_lzw) {
            (true, _) => self.flate_size(&layer).saturating_mul(if is_run { RUN_GROWTH } else { 1 }),
            (false, true) => lzw::size(&layer, !says(&[b"EarlyChange 0", b"EarlyChange/0"])),
            (false, false) if is_run => runs(&layer),
            (false, false) => 0,
        }
    }

    fn flate_size(&mut self, packed: &[u8]) -> u64 {
        let mut layer = Cow::Borrowed(packed);
        for _ in 0..MAX_LAYERS {
            if !is_packed(&layer) {
                return 0;
            }
            let (size, inner) = self.inflate(&layer);
            if size > MAX_STREAM || !is_packed(&inner) {
                return size;
            }
            layer = Cow::Owned(inner);
        }
        MAX_STREAM + 1
    }

    /// How many bytes come out, and the first of them when they are packed again.
    fn inflate(&mut self, packed: &[u8]) -> (u64, Vec<u8>) {
        let Self { state, chunk } = self;
        state.reset(true);
        let mut kept = Vec::new();
        loop {
            let (read, written) = (state.total_in(), state.total_out());
            let rest = &packed[usize::try_from(read).unwrap_or(packed.len()).min(packed.len())..];
            let status = state.decompress(rest, chunk, FlushDecompress::None);
            let count = usize::try_from(state.total_out() - written).unwrap_or(0);
            if (written == 0 && is_packed(&chunk[..count])) || (!kept.is_empty() && kept.len() < MAX_LAYER) {
                kept.extend_from_slice(&chunk[..count]);
            }
            let is_stuck = count == 0 && state.total_in() == read;
            if is_stuck || state.total_out() > MAX_STREAM || !matches!(status, Ok(Status::Ok | Status::BufError)) {
                return (state.total_out(), kept);
            }
        }
    }
}

/// How many bytes packed runs stand for.
fn runs(packed: &[u8]) -> u64 {
    let (mut size, mut at) = (0, 0);
    while let Some(length) = packed.get(at).filter(|length| **length != 128) {
        let is_run = *length > 128;
        size += if is_run { 257 - u64::from(*length) } else { u64::from(*length) + 1 };
        at += if is_run { 2 } else { usize::from(*length) + 2 };
    }
    size
}

/// The two bytes that packed data begins with.
fn is_packed(bytes: &[u8]) -> bool {
    matches!(bytes, [0x48 | 0x58 | 0x68 | 0x78, second, ..] if (u16::from(bytes[0]) << 8 | u16::from(*second)) % 31 == 0)
}
