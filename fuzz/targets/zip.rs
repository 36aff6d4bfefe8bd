//! Formats that are zip containers: any bytes as a container, and sound containers of any parts.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// The parts that decide what a container is, and those that hold its text.
const KINDS: [&[&str]; 5] = [
    &[
        "word/document.xml",
        "word/styles.xml",
        "word/numbering.xml",
        "word/footnotes.xml",
        "word/_rels/document.xml.rels",
    ],
    &[
        "ppt/presentation.xml",
        "ppt/slides/slide1.xml",
        "ppt/notesSlides/notesSlide1.xml",
        "ppt/_rels/presentation.xml.rels",
    ],
    &[
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
    ],
    &["mimetype", "content.xml", "styles.xml", "META-INF/manifest.xml"],
    &["mimetype", "META-INF/container.xml", "content.opf", "chapter1.xhtml", "toc.ncx"],
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    match KINDS.get(usize::from(*first)) {
        Some(names) => fuzz::check(&container(names, rest), ""),
        None => fuzz::check(bytes, ""),
    }
});

/// A container of stored parts, which the bytes hold one after the other, 0xff between them.
fn container(names: &[&str], bytes: &[u8]) -> Vec<u8> {
    let (mut file, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, part) in names.iter().zip(bytes.split(|byte| *byte == 0xff)) {
        let offset = file.len();
        let fields = fields(name, part);
        file.extend(b"PK\x03\x04");
        file.extend(&fields);
        file.extend(name.as_bytes());
        file.extend(part);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend(four(offset));
        directory.extend(name.as_bytes());
        count += 1;
    }
    let (start, length) = (file.len(), directory.len());
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(four(length));
    file.extend(four(start));
    file.extend([0, 0]);
    file
}

/// What both headers of a part have in common: version, flags, method, time, checksum, lengths.
fn fields(name: &str, part: &[u8]) -> Vec<u8> {
    let mut fields = b"\x14\0\0\0\0\0\0\0\0\0".to_vec();
    fields.extend(crc32fast::hash(part).to_le_bytes());
    fields.extend(four(part.len()));
    fields.extend(four(part.len()));
    fields.extend((name.len() as u16).to_le_bytes());
    fields.extend([0, 0]);
    fields
}

fn four(number: usize) -> [u8; 4] {
    (number as u32).to_le_bytes()
}
