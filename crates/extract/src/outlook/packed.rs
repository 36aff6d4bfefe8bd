//! Unpacks the rich text of a message: \[MS-OXRTFCP\].

/// More than any message says, in bytes.
const MAX_TEXT: usize = 16 * 1024 * 1024;

/// What every packed text may point back to from its start.
const PRESET: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// The length of the ring that is pointed into, in bytes.
const RING: usize = 4_096;

/// The header's length, in bytes, and its mark for a text that is not packed.
const HEADER: usize = 16;
const PLAIN: &[u8] = b"MELA";

/// The text; what comes before a damaged place, when there is one.
pub fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let (Some(mark), Some(packed)) = (bytes.get(8..12), bytes.get(HEADER..)) else { return Vec::new() };
    if mark == PLAIN {
        return packed.to_vec();
    }
    let mut ring = [b' '; RING];
    ring[..PRESET.len()].copy_from_slice(PRESET);
    let (mut end, mut text) = (PRESET.len(), Vec::new());
    let mut rest = packed.iter().copied();
    while let Some(flags) = rest.next() {
        for bit in 0..8 {
            let Some(first) = rest.next() else { return text };
            let is_reference = flags >> bit & 1 == 1;
            let (mut from, length) = if is_reference {
                let Some(second) = rest.next() else { return text };
                let pair = usize::from(first) << 8 | usize::from(second);
                (pair >> 4, (pair & 15) + 2)
            } else {
                (end, 1)
            };
            // Who points at the end says that the text ends.
            if (is_reference && from == end) || text.len() > MAX_TEXT {
                return text;
            }
            for _ in 0..length {
                let byte = if is_reference { ring[from] } else { first };
                text.push(byte);
                ring[end] = byte;
                (from, end) = ((from + 1) % RING, (end + 1) % RING);
            }
        }
    }
    text
}
