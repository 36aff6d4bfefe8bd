//! Writes zip containers, honest ones and others.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// A part as it is packed.
pub struct Packed {
    name: String,
    data: Vec<u8>,
    /// How many bytes it says it has.
    length: usize,
}

/// A deflated part.
pub fn packed(name: impl Into<String>, data: &[u8]) -> Packed {
    Packed { name: name.into(), data: deflated(data), length: data.len() }
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail; a file that is cut short is hostile, too.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

/// A container of parts.
pub fn zip(parts: &[Packed]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let offset = bytes.len();
        bytes.extend(b"PK\x03\x04\x14\0");
        bytes.extend(fields(part));
        bytes.extend(part.name.bytes());
        bytes.extend(&part.data);
        directory.extend(listed(part, &part.name, offset));
    }
    ended(bytes, &directory, parts.len())
}

/// A container that lists one part under many names.
pub fn overlapping(part: &Packed, names: &[String]) -> Vec<u8> {
    let mut bytes = zip(std::slice::from_ref(part));
    let end = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap_or(bytes.len());
    bytes.truncate(end);
    let directory: Vec<u8> = names.iter().flat_map(|name| listed(part, name, 0)).collect();
    ended(bytes, &directory, names.len())
}

fn listed(part: &Packed, name: &str, offset: usize) -> Vec<u8> {
    let own = Packed { name: name.to_owned(), data: Vec::new(), length: 0 };
    let mut fields = fields(part);
    let length = fields.len() - 4;
    fields[length..length + 2].copy_from_slice(&short(own.name.len()));
    [&b"PK\x01\x02\x14\0\x14\0"[..], &fields, &[0; 10], &long(offset), name.as_bytes()].concat()
}

/// Flags, method, time, checksum, lengths; nobody who reads for the text looks at the checksum.
fn fields(part: &Packed) -> Vec<u8> {
    let sizes = [long(part.data.len()), long(part.length)].concat();
    [&b"\0\0\x08\0\0\0\0\0\0\0\0\0"[..], &sizes, &short(part.name.len()), &[0, 0]].concat()
}

fn ended(mut bytes: Vec<u8>, directory: &[u8], count: usize) -> Vec<u8> {
    let places = [long(directory.len()), long(bytes.len())].concat();
    bytes.extend(directory);
    bytes.extend([b"PK\x05\x06\0\0\0\0", &short(count)[..], &short(count), &places, &[0, 0]].concat());
    bytes
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}
