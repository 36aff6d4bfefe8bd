//! Messages in compound files that are made here.

use super::packed;
use crate::budget::Budget;
use crate::reading::Reading;
use crate::{render, tidy};

fn read(bytes: &[u8]) -> Result<Reading, model::Failure> {
    super::read(bytes, &Budget::endless())
}

const SECTOR: usize = 512;
const SMALL: usize = 64;
const CUTOFF: usize = 4_096;
const END: u32 = 0xffff_fffe;
const NOTHING: u32 = u32::MAX;

/// A stream of the file; one in the folder of an attachment when that is said.
type Stream<'a> = (&'a str, Vec<u8>, bool);

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

/// Adds bytes in sectors of a length that are chained in the table; where they start.
fn place(sectors: &mut Vec<u8>, table: &mut Vec<u32>, bytes: &[u8], length: usize) -> u32 {
    if bytes.is_empty() {
        return END;
    }
    let start = table.len();
    let count = bytes.len().div_ceil(length);
    sectors.extend(bytes);
    sectors.resize((start + count) * length, 0);
    table.extend((start + 1..start + count).map(number).chain([END]));
    number(start)
}

fn entry(name: &str, kind: u8, right: u32, child: u32, start: u32, size: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.resize(64, 0);
    bytes.extend(u16::try_from(2 * name.len() + 2).unwrap().to_le_bytes());
    bytes.extend([kind, 1]);
    bytes.extend([NOTHING, right, child].iter().flat_map(|link| link.to_le_bytes()));
    bytes.resize(116, 0);
    bytes.extend(start.to_le_bytes());
    bytes.extend(u64::try_from(size).unwrap().to_le_bytes());
    bytes
}

fn file(streams: &[Stream]) -> Vec<u8> {
    let (mut small, mut small_table) = (Vec::new(), Vec::new());
    let (mut sectors, mut table) = (Vec::new(), Vec::new());
    let starts: Vec<u32> = streams
        .iter()
        .map(|(_, bytes, _)| {
            if bytes.len() < CUTOFF {
                place(&mut small, &mut small_table, bytes, SMALL)
            } else {
                place(&mut sectors, &mut table, bytes, SECTOR)
            }
        })
        .collect();
    let folder = number(streams.len() + 1);
    let link = |inner: bool| {
        let places: Vec<usize> = (0..streams.len()).filter(|at| streams[*at].2 == inner).collect();
        move |at: Option<usize>| {
            let next = places.iter().find(|place| at.is_none_or(|at| **place > at));
            next.map_or(if inner { NOTHING } else { folder }, |place| number(place + 1))
        }
    };
    let (outer, inner) = (link(false), link(true));
    let small_start = place(&mut sectors, &mut table, &small, SECTOR);
    let mut directory = entry("Root Entry", 5, NOTHING, outer(None), small_start, small.len());
    for (at, (name, bytes, is_inner)) in streams.iter().enumerate() {
        let right = if *is_inner { inner(Some(at)) } else { outer(Some(at)) };
        directory.extend(entry(name, 2, right, NOTHING, starts[at], bytes.len()));
    }
    directory.extend(entry("__attach_version1.0_#00000000", 1, NOTHING, inner(None), 0, 0));
    let directory = place(&mut sectors, &mut table, &directory, SECTOR);
    let small_table: Vec<u8> = small_table.into_iter().flat_map(u32::to_le_bytes).collect();
    let small_table = place(&mut sectors, &mut table, &small_table, SECTOR);
    let table_start = number(table.len());
    table.push(0xffff_fffd);
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(24, 0);
    bytes.extend([0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    bytes.resize(44, 0);
    let header = [1, directory, 0, number(CUTOFF), small_table, 1, END, 0, table_start];
    bytes.extend(header.iter().flat_map(|field| field.to_le_bytes()));
    bytes.resize(SECTOR, 0xff);
    bytes.extend(sectors);
    let mut table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    table.resize(SECTOR, 0xff);
    bytes.extend(table);
    bytes
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Short properties: a header, then ids with values.
fn short(values: &[(u32, u64)]) -> Vec<u8> {
    let mut bytes = vec![0; 32];
    for (id, value) in values {
        bytes.extend(id.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(value.to_le_bytes());
    }
    bytes
}

fn letter(body: Stream) -> Vec<u8> {
    file(&[
        ("__properties_version1.0", short(&[(0x0039_0040, 134_247_744_000_000_000), (0x3ffd_0003, 1_252)]), false),
        ("__substg1.0_0037001F", wide("Grüße aus Bonn"), false),
        ("__substg1.0_0C1A001F", wide("Ada"), false),
        ("__substg1.0_0C1F001E", b"ada@example.com".to_vec(), false),
        ("__substg1.0_0E04001E", b"Gr\xe4ce".to_vec(), false),
        body,
        ("__substg1.0_3707001F", wide("plan.pdf"), true),
    ])
}

#[test]
fn subject_people_text_and_attachments_are_read() {
    let plain = "Hello Grace,\r\n\r\nplease look.\r\n\r\n> Did you see it?";
    let long = format!("<html><body><p>Hello.</p><ul>{}</ul></body></html>", "<li>One of many points</li>".repeat(300));
    let cases = [
        (("__substg1.0_1000001F", wide(plain), false), "Hello Grace,\n\nplease look.\n\n> Did you see it?"),
        (("__substg1.0_10130102", long.into_bytes(), false), "Hello.\n\n- One of many points\n- One of"),
        (("__substg1.0_10090102", rich(), false), "Hello in rich text."),
    ];
    for (body, expected) in cases {
        let reading = read(&letter(body)).unwrap();
        let found = render::markdown(&tidy::blocks(reading.blocks));
        let head = "# Grüße aus Bonn\n\nFrom: Ada \\<ada@example.com>\\\nTo: Gräce\\\nDate: 2026-06-01 08:00 UTC\n\n";
        assert!(found.starts_with(&format!("{head}{expected}")), "{found}");
        assert_eq!(reading.title.as_deref(), Some("Grüße aus Bonn"));
        assert_eq!(reading.warnings, ["attachments are not read; upload them on their own: plan.pdf"]);
    }
}

/// Rich text that is packed without a single reference, but for the one that ends it.
fn rich() -> Vec<u8> {
    let text = b"{\\rtf1\\ansi Hello in rich text.}";
    let mut bytes = vec![0; 8];
    bytes.extend(b"LZFu\0\0\0\0");
    for part in text.chunks(8) {
        bytes.push(if part.len() < 8 { 1 << part.len() } else { 0 });
        bytes.extend(part);
    }
    if text.len().is_multiple_of(8) {
        bytes.push(1);
    }
    let end = 207 + text.len();
    bytes.extend([u8::try_from(end >> 4).unwrap(), u8::try_from(end << 4 & 0xf0).unwrap()]);
    bytes
}

#[test]
fn packed_text_points_back() {
    // The preset begins with the same words as the text: a reference to its first six letters, then one to the end.
    let bytes = [&[0; 8][..], b"LZFu\0\0\0\0", &[0b101], &[0x00, 0x04], b"x", &[0x0d, 0x60]].concat();
    assert_eq!(packed::unpacked(&bytes), b"{\\rtf1x");
    assert_eq!(packed::unpacked(b"\0\0\0\0\0\0\0\0MELA\0\0\0\0{\\rtf1}"), b"{\\rtf1}");
}

#[test]
fn damaged_and_hostile_files_end() {
    let whole = letter(("__substg1.0_1000001F", wide("Hello."), false));
    for at in (0..whole.len()).step_by(7) {
        let _ = read(&whole[..at]);
    }
    // Every number in turn becomes small, so that chains and entries run in circles.
    for at in (24..whole.len() - 4).step_by(4) {
        for value in [0_u32, 1, 3, 0x7fff_ffff] {
            let mut wrong = whole.clone();
            wrong[at..at + 4].copy_from_slice(&value.to_le_bytes());
            let _ = read(&wrong);
        }
    }
}
