//! Pages that are made to hurt whoever reads them.

use super::Answer;

/// Elements inside elements, `depth` deep.
pub fn nested(tag: &str, depth: usize) -> Answer {
    let open = format!("<{tag}>").repeat(depth);
    Answer::html(format!(
        "<!doctype html><html><body>{open}the bottom{}</body></html>",
        format!("</{tag}>").repeat(depth)
    ))
}

/// One element with this many attributes, all different.
pub fn attributes(count: usize) -> Answer {
    let attributes = (0..count).map(|number| format!(" a{number}=\"{number}\"")).collect::<Vec<_>>().concat();
    Answer::html(format!("<!doctype html><html><body><p{attributes}>So many attributes.</p></body></html>"))
}

/// A body of this many bytes that compresses to almost nothing.
pub fn bomb(bytes: usize) -> Answer {
    Answer::page("text/html", vec![b' '; bytes]).gzip()
}

/// A page that says what it is in its first bytes and nothing else: a picture.
pub fn picture() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89".to_vec();
    bytes.extend((0..4_096_u32).map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0]));
    bytes
}

/// The smallest thing that calls itself PDF.
pub fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
      trailer<</Root 1 0 R>>\n%%EOF\n"
        .to_vec()
}
