//! Containers that are sound, damaged and hostile.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::*;

/// A container of these parts, deflated.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, part) in parts {
        let packed = deflated(part);
        let offset = u32::try_from(bytes.len()).unwrap();
        let mut header = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        header.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        header.extend(u32::try_from(part.len()).unwrap().to_le_bytes());
        header.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        header.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&header);
        bytes.extend(name.as_bytes());
        bytes.extend(&packed);
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&header);
        list.extend([0; 10]);
        list.extend(offset.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let start = u32::try_from(bytes.len()).unwrap();
    bytes.extend(&list);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(u32::try_from(list.len()).unwrap().to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn deflated(part: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(part).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn parts_are_found_whatever_the_case_of_their_names() {
    let bytes = zip(&[("Word/Document.xml", b"one"), ("b.txt", b"two")]);
    let archive = Archive::open(&bytes).unwrap();
    assert_eq!(archive.read("word/document.xml").unwrap().unwrap(), b"one");
    assert_eq!(archive.read("/b.txt").unwrap().unwrap(), b"two");
    assert_eq!(archive.read("c.txt").unwrap(), None);
    assert!(!archive.is_damaged());
}

#[test]
fn a_container_without_its_end_is_read_as_far_as_it_goes() {
    let text = "A line that is not repeated: ".repeat(50);
    let bytes = zip(&[("a.txt", b"one"), ("b.txt", text.as_bytes())]);
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let archive = Archive::open(&bytes[..directory - 6]).unwrap();
    assert_eq!(archive.read("a.txt").unwrap().unwrap(), b"one");
    let cut = archive.read("b.txt").unwrap().unwrap();
    assert!(text.as_bytes().starts_with(&cut) && !cut.is_empty());
    assert!(archive.is_damaged());
}

#[test]
fn bombs_end_in_a_reason() {
    let bytes = zip(&[("a.xml", &vec![b' '; 70 * 1024 * 1024])]);
    let failure = Archive::open(&bytes).unwrap().read("a.xml").unwrap_err();
    assert_eq!(failure.code, FailureCode::TooLarge);
    assert!(failure.text.contains("more than 400 times"), "{}", failure.text);

    let mut many = zip(&[("a", b"")]);
    let end = many.len() - 22;
    many[end + 10..end + 12].copy_from_slice(&u16::MAX.to_le_bytes());
    assert!(Archive::open(&many).err().unwrap().text.contains("more than 20000 parts"));
}

#[test]
fn all_parts_together_have_a_limit() {
    let bytes = zip(&[("a", b"0123456789")]);
    let archive = Archive::open(&bytes).unwrap();
    archive.spent.set(MAX_TOTAL - 10);
    assert_eq!(archive.read("a").unwrap().unwrap().len(), 10);
    assert!(archive.read("a").unwrap_err().text.contains("more than 192 MiB"));
}

#[test]
fn nonsense_has_no_parts() {
    for bytes in
        [&b"PK\x03\x04"[..], b"PK\x05\x06", b"PK\x03\x04\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"]
    {
        assert_eq!(Archive::open(bytes).err().unwrap().code, FailureCode::ParseFailed);
    }
}

#[test]
fn a_password_is_named() {
    let mut bytes = zip(&[("a", b"x")]);
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[directory + 8] = 1;
    let failure = Archive::open(&bytes).unwrap().read("a").unwrap_err();
    assert!(failure.text.contains("password"), "{}", failure.text);
}

#[test]
fn paths_are_seen_from_their_folder_and_never_leave_the_file() {
    let cases = [
        ("OEBPS", "text/a.xhtml", "OEBPS/text/a.xhtml"),
        ("OEBPS/text", "../a.css", "OEBPS/a.css"),
        ("word", "/docProps/core.xml", "docProps/core.xml"),
        ("", "./a", "a"),
        ("a", "../../../etc/passwd", "etc/passwd"),
    ];
    for (folder, target, expected) in cases {
        assert_eq!(path(folder, target), expected, "{folder} {target}");
    }
}
