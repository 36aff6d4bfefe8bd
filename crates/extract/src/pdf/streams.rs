//! Unpacks the streams of a document, each up to a limit.

use std::borrow::Cow;

use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

use super::bombs;

/// No packing that readers know makes data smaller than by this factor, but for packed data that is packed again.
const MAX_RATIO: usize = 4_096;

/// What a stream holds, if that is no more than `most` bytes. Pictures have no text and are not unpacked.
pub fn decoded<'a>(stream: &Stream<'a>, most: usize) -> Option<Cow<'a, [u8]>> {
    is_within(stream, most).then_some(())?;
    stream.decoded_data().ok().filter(|data| data.len() <= most)
}

/// How many bytes a stream holds, if that is no more than `most`; none if it is broken.
pub fn size(stream: &Stream<'_>, most: usize) -> Option<usize> {
    is_within(stream, most).then_some(())?;
    let size = stream.decoded_data().map_or(0, |data| data.len());
    (size <= most).then_some(size)
}

/// Whether the stream can be unpacked without filling more room than that by much.
fn is_within(stream: &Stream<'_>, most: usize) -> bool {
    let filters = stream.filters();
    let packed = stream.raw_data();
    let is_small = filters.len() <= 1 && packed.len().saturating_mul(MAX_RATIO) <= most;
    // The names stand here, too, when the dictionary only refers to them.
    let mut names: Vec<u8> = filters.iter().flat_map(|filter| name(*filter)).copied().collect();
    names.extend_from_slice(stream.dict().data());
    is_small || filters.is_empty() || bombs::size(&packed, &names) <= u64::try_from(most).unwrap_or(u64::MAX)
}

fn name(filter: Filter) -> &'static [u8] {
    match filter {
        Filter::AsciiHexDecode => b"/ASCIIHexDecode",
        Filter::Ascii85Decode => b"/ASCII85Decode",
        Filter::LzwDecode => b"/LZWDecode",
        Filter::RunLengthDecode => b"/RunLengthDecode",
        _ => b"",
    }
}
