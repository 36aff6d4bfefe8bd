//! Files that lack some of what leads to their pages.

use super::*;

fn whole() -> Vec<u8> {
    pages(&[text(&column(50, 60, &["The first page is sound."])), text(&column(50, 60, &["The second page, too."]))])
}

const BOTH: &str = "The first page is sound.\n\nThe second page, too.";

/// The file with one word replaced by another of its length, everywhere.
fn with(word: &str, other: &str) -> Vec<u8> {
    assert_eq!(word.len(), other.len());
    let mut bytes = whole();
    let places: Vec<usize> =
        bytes.windows(word.len()).enumerate().filter(|(_, it)| *it == word.as_bytes()).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "{word}");
    for at in places {
        bytes[at..at + word.len()].copy_from_slice(other.as_bytes());
    }
    bytes
}

#[test]
fn damaged_files_are_read_as_far_as_they_go() {
    let whole = whole();
    let without_end = whole.windows(4).rposition(|part| part == b"xref").unwrap() - 20;
    check(&whole[..without_end], BOTH);
    let mut wrong = whole.clone();
    let at = wrong.windows(9).rposition(|part| part == b"startxref").unwrap() + 10;
    wrong[at] = b'9';
    check(&wrong, BOTH);
}

#[test]
fn pages_without_their_list_are_found() {
    let whole = whole();
    let find = |word: &[u8]| whole.windows(word.len()).position(|part| part == word).unwrap();
    let without_start = [&b"%PDF-1.7\n"[..], &whole[find(b"3 0 obj")..find(b"xref")]].concat();
    let cases = [
        ("no catalogue", with("/Catalog", "/C\0talog")),
        ("no root", with("/Root 1 0 R", "/R\0ot 1 0 R")),
        ("no list", with("/Kids[", "/K\0ds[")),
        ("a list of nothing", with("/Kids[5 0 R 7 0 R ]", "/Kids[9 9 R 9 9 R ]")),
        ("half a list", with("/Kids[5 0 R 7 0 R ]", "/Kids[5 0 R 9 9 R ]")),
        ("neither catalogue nor list nor table", without_start),
    ];
    for (name, bytes) in cases {
        let reading = read(&bytes).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        assert_eq!(render::markdown(&tidy::blocks(reading.blocks)).trim_end(), BOTH, "{name}");
    }
    let reading = read(&with("/Kids[", "/K\0ds[")).unwrap();
    assert!(reading.warnings.iter().all(|it| it.contains("list of pages is lost")), "{:?}", reading.warnings);
    assert_eq!(read(&whole).unwrap().warnings, Vec::<String>::new());
}

#[test]
fn files_without_a_header_are_known_by_their_end() {
    let whole = whole();
    let line = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let cases = [
        ("no header", whole[line..].to_vec()),
        ("a header that is cut", whole[line - 4..].to_vec()),
        ("rubbish before it", [b"\0\x01rubbish\n".repeat(500), whole.clone()].concat()),
        ("a letter around it", [b"Content-Type: application/pdf\r\n\r\n".repeat(60), whole.clone()].concat()),
        ("neither start nor end", whole[line..whole.len() - 60].to_vec()),
    ];
    for (name, bytes) in cases {
        let read =
            crate::extract(&bytes, &crate::Hint::default()).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        assert_eq!(render::markdown(&read.blocks).trim_end(), BOTH, "{name}");
    }
}
