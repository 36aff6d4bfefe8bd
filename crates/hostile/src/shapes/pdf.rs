//! PDFs: trees that bite their tails, towers of drawings, bombs in every filter.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::shape::{Shape, filled};

/// All of them.
pub fn shapes() -> Vec<Shape> {
    [trees(), drawings(), letters(), bombs(), damaged()].into_iter().flatten().collect()
}

/// A file of these objects; the first is the catalogue. Readers find them without a table, too.
pub fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (number, object) in (1..).zip(objects) {
        bytes.extend(format!("{number} 0 obj\n").into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    bytes.extend(b"trailer\n<</Root 1 0 R>>\n");
    bytes
}

pub fn stream(data: &[u8], entries: &str) -> Vec<u8> {
    [format!("<</Length {}{entries}>>stream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// A page with this content stream; objects from the sixth on are `more`.
pub fn page(content: Vec<u8>, more: Vec<Vec<u8>>) -> Vec<u8> {
    sized_page("0 0 600 800", content, more)
}

fn sized_page(size: &str, content: Vec<u8>, more: Vec<Vec<u8>>) -> Vec<u8> {
    let resources = "<</Font<</H 5 0 R/T 6 0 R>>/XObject<</X 6 0 R>>>>";
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[{size}]/Contents 4 0 R/Resources{resources}>>").into_bytes(),
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    objects.extend(more);
    file(&objects)
}

pub fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail; a file that is cut short is hostile, too.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

pub const WORDS: &str = "BT /H 10 Tf 50 700 Td (Some words.) Tj ET\n";
pub const CATALOGUE: &[u8] = b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>";
pub const LEAF: &[u8] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>";

pub fn kids(ids: &str) -> Vec<u8> {
    format!("<</Type/Pages/Kids[{ids}]/Count 9>>").into_bytes()
}

fn trees() -> Vec<Shape> {
    let nested = |open: &str, close: &str, depth: usize| {
        let catalogue = format!("<</Type/Catalog/Pages 2 0 R/X {}{}>>", open.repeat(depth), close.repeat(depth));
        file(&[catalogue.into_bytes(), kids("3 0 R"), LEAF.to_vec()])
    };
    vec![
        Shape::made("pdf", "pages: a circle", |_| file(&[CATALOGUE.to_vec(), kids("2 0 R 2 0 R")])),
        Shape::made("pdf", "pages: a tower of tens", |_| {
            let tower = (2..20).map(|at| kids(&format!("{} 0 R ", at + 1).repeat(10)));
            file(&[CATALOGUE.to_vec()].into_iter().chain(tower).chain([LEAF.to_vec()]).collect::<Vec<_>>())
        }),
        Shape::made("pdf", "pages: a chain of 100,000", |_| {
            let chain = (2..100_000).map(|at| kids(&format!("{} 0 R", at + 1)));
            file(&[CATALOGUE.to_vec()].into_iter().chain(chain).chain([LEAF.to_vec()]).collect::<Vec<_>>())
        }),
        Shape::made("pdf", "pages: one page, as often as it fits", |size| {
            file(&[CATALOGUE.to_vec(), kids(&"3 0 R ".repeat(size / 6)), LEAF.to_vec()])
        }),
        Shape::made("pdf", "pages: 100,000 of their own", |_| {
            let ids: Vec<String> = (3..100_003).map(|at| format!("{at} 0 R ")).collect();
            let pages = (3..100_003).map(|_| LEAF.to_vec());
            file(&[CATALOGUE.to_vec(), kids(&ids.concat())].into_iter().chain(pages).collect::<Vec<_>>())
        }),
        Shape::made("pdf", "pages: 5,000 with one content", |_| {
            let ids: Vec<String> = (5..5_005).map(|at| format!("{at} 0 R ")).collect();
            let content = stream(&WORDS.repeat(1_000).into_bytes(), "");
            let page =
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources<</Font<</H 4 0 R>>>>>>"
                    .to_vec();
            let font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec();
            let first = [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), kids(&ids.concat()), content, font];
            file(&first.into_iter().chain((0..5_000).map(|_| page.clone())).collect::<Vec<_>>())
        }),
        Shape::made("pdf", "bookmarks: a circle", |_| {
            file(&[
                CATALOGUE.to_vec(),
                kids("3 0 R"),
                LEAF.to_vec(),
                b"<</First 4 0 R/Next 4 0 R/Title(Words)>>".to_vec(),
            ])
        }),
        Shape::made("pdf", "nested: 200,000 arrays", move |_| nested("[", "]", 200_000)),
        Shape::made("pdf", "nested: arrays", move |size| nested("[", "]", size / 2)),
        Shape::made("pdf", "nested: dictionaries", move |size| nested("<</A ", ">>", size / 7)),
        Shape::made("pdf", "nested: arrays in the content", |size| {
            page(stream(&[WORDS.as_bytes(), &b"[".repeat(size)].concat(), ""), Vec::new())
        }),
        Shape::made("pdf", "a length that is itself", |_| {
            file(&[CATALOGUE.to_vec(), kids("3 0 R"), b"<</Length 3 0 R>>stream\nBT\nendstream".to_vec()])
        }),
        Shape::made("pdf", "an object stream of itself", |_| {
            file(&[
                CATALOGUE.to_vec(),
                kids("3 0 R"),
                LEAF.to_vec(),
                stream(b"4 0 5 10 <<>> 4 0 R", "/Type/ObjStm/N 2/First 8/Extends 4 0 R"),
            ])
        }),
    ]
}

fn drawings() -> Vec<Shape> {
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]";
    let drawn = || stream(&[WORDS, "/X Do"].concat().into_bytes(), "");
    vec![
        Shape::made("pdf", "forms: a tower of tens", move |_| {
            let tower = (6..40)
                .map(|at| stream(&b"/X Do ".repeat(10), &format!("{form}/Resources<</XObject<</X {} 0 R>>>>", at + 1)));
            page(drawn(), tower.collect())
        }),
        Shape::made("pdf", "forms: a circle", move |_| {
            page(drawn(), vec![stream(b"/X Do /X Do", &format!("{form}/Resources<</XObject<</X 6 0 R>>>>"))])
        }),
        Shape::made("pdf", "forms: a chain of 50,000", move |_| {
            let chain =
                (6..50_000).map(|at| stream(b"/X Do", &format!("{form}/Resources<</XObject<</X {} 0 R>>>>", at + 1)));
            page(drawn(), chain.collect())
        }),
        Shape::made("pdf", "forms: one, as often as it fits", move |size| {
            let content = stream(&filled(WORDS, "/X Do ", size), "");
            page(
                content,
                vec![stream(&WORDS.repeat(100).into_bytes(), &format!("{form}/Resources<</Font<</H 5 0 R>>>>"))],
            )
        }),
        Shape::made("pdf", "a font that draws itself", |_| {
            let font =
                b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</a 7 0 R>>\
                /Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[500]/Resources<</Font<</T 6 0 R>>>>>>";
            let letter = stream(b"500 0 d0 BT /T 10 Tf (aaaaaaaaaa) Tj ET", "");
            page(stream(b"BT /T 10 Tf (aaaaaaaaaa) Tj ET", ""), vec![font.to_vec(), letter])
        }),
        Shape::made("pdf", "states saved", |size| page(stream(&filled(WORDS, "q ", size), ""), Vec::new())),
        Shape::made("pdf", "states restored", |size| page(stream(&filled(WORDS, "Q ", size), ""), Vec::new())),
        Shape::made("pdf", "matrices", |size| {
            page(stream(&filled(WORDS, "1 0 0 1 9e30 9e30 cm ", size), ""), Vec::new())
        }),
        Shape::made("pdf", "paths", |size| page(stream(&filled(WORDS, "0 0 m 9 9 l ", size), ""), Vec::new())),
        Shape::made("pdf", "rectangles, filled", |size| {
            page(stream(&filled(WORDS, "0 0 9 9 re f ", size), ""), Vec::new())
        }),
        Shape::made("pdf", "clips", |size| page(stream(&filled(WORDS, "0 0 9 9 re W n ", size), ""), Vec::new())),
        Shape::made("pdf", "operands", |size| page(stream(&filled(WORDS, "1 ", size), ""), Vec::new())),
        Shape::made("pdf", "inline images", |size| {
            page(stream(&filled(WORDS, "BI /W 1 /H 1 ID x EI ", size), ""), Vec::new())
        }),
        Shape::made("pdf", "an image of 60,000 by 60,000", move |_| {
            let image = "/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB";
            page(drawn(), vec![stream(b"x", image)])
        }),
        Shape::made("pdf", "a page of 10^30 points", |_| {
            sized_page("0 0 1e30 1e30", stream(WORDS.repeat(1_000).as_bytes(), ""), Vec::new())
        }),
    ]
}

fn letters() -> Vec<Shape> {
    let text = |name: &str, pattern: &'static str| {
        Shape::made("pdf", name, move |size| page(stream(&filled(WORDS, pattern, size), ""), Vec::new()))
    };
    vec![
        text("letters, each by itself", "BT /H 10 Tf (a) Tj ET "),
        text("letters at places of their own", "BT /H 10 Tf 9 9 Td (a) Tj 99 9 Td (b) Tj ET "),
        text("letters in one text", "BT /H 10 Tf (abcdefghij klmnopqrst uvwxyz) Tj 0 -12 Td ET "),
        text("letters with room between", "BT /H 10 Tf [(a) -900 (b) 300 (c)] TJ ET "),
        text("letters that turn", "BT /H 10 Tf .5 .8 -.8 .5 9 9 Tm (a) Tj ET "),
        Shape::made("pdf", "letters: one text", |size| {
            page(
                stream(format!("{WORDS}BT /H 10 Tf ({}) Tj ET", "abcdefghi ".repeat(size / 10)).as_bytes(), ""),
                Vec::new(),
            )
        }),
        Shape::made("pdf", "letters: 1,000,000, packed", |_| {
            let content = filled(WORDS, "BT /H 10 Tf (a) Tj ET ", 22_000_000);
            page(stream(&zlib(&content), "/Filter/FlateDecode"), Vec::new())
        }),
        Shape::made("pdf", "letters: lines, packed to 120 MiB", |_| {
            let content = filled(WORDS, "BT /H 10 Tf 9 9 Td (abc def) Tj ET ", 120 << 20);
            page(stream(&zlib(&content), "/Filter/FlateDecode"), Vec::new())
        }),
        Shape::made("pdf", "letters: in columns", |size| {
            let line = |at: usize| format!("BT /H 10 Tf {} {} Td (word) Tj ET ", at % 600, at / 600 % 800);
            page(stream(&crate::shape::numbered(WORDS, line, size), ""), Vec::new())
        }),
        Shape::made("pdf", "a map of letters to text", |size| {
            let map = crate::shape::numbered(
                "begincmap\n",
                |at| format!("1 beginbfrange <{:04x}> <{:04x}> <0041> endbfrange\n", at % 65_536, at % 65_536),
                size,
            );
            let font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>".to_vec();
            page(stream(b"BT /T 10 Tf (aaaaaaaaaa) Tj ET", ""), vec![font, stream(&map, "")])
        }),
        Shape::made("pdf", "a map of all letters, often", |size| {
            let map = filled("begincmap\n", "1 beginbfrange <0000> <ffff> <0041> endbfrange\n", size);
            let font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>".to_vec();
            page(stream(b"BT /T 10 Tf (aaaaaaaaaa) Tj ET", ""), vec![font, stream(&map, "")])
        }),
        Shape::made("pdf", "links", |size| {
            let link = "<</Type/Annot/Subtype/Link/Rect[50 700 90 710]/A<</S/URI/URI(https://example.com/)>>>>";
            let page = format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</H 5 0 R>>>>/Annots[{}]>>",
                link.repeat(size / link.len())
            );
            let content = stream(WORDS.repeat(100).as_bytes(), "");
            let font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec();
            file(&[b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), kids("3 0 R"), page.into_bytes(), content, font])
        }),
    ]
}

/// Blanks that take next to nothing.
pub fn blanks() -> Vec<u8> {
    zlib(&vec![b' '; 400 << 20])
}

fn bombs() -> Vec<Shape> {
    let packed = |name: &str, content: fn() -> Vec<u8>| {
        Shape::made("pdf", format!("bomb: {name}"), move |_| page(content(), Vec::new()))
    };
    vec![
        packed("Flate", || stream(&blanks(), "/Filter/FlateDecode")),
        packed("Flate twice", || stream(&zlib(&blanks()), "/Filter[/FlateDecode/FlateDecode]")),
        packed("Flate in hexadecimal", || {
            let hex: Vec<u8> = blanks().iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
            stream(&hex, "/Filter[/ASCIIHexDecode/FlateDecode]")
        }),
        packed("runs", || stream(&b"\x81 ".repeat(10 << 20), "/Filter/RunLengthDecode")),
        packed("runs in Flate", || stream(&zlib(&b"\x81 ".repeat(10 << 20)), "/Filter[/FlateDecode/RunLengthDecode]")),
        packed("1,000 filters", || stream(&blanks(), &format!("/Filter[{}]", "/FlateDecode".repeat(1_000)))),
        packed("LZW", || stream(&b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01".repeat(1 << 20), "/Filter/LZWDecode")),
        packed("predictor of 10^9 columns", || {
            stream(&blanks(), "/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 1000000000>>")
        }),
        packed("JBIG2", || stream(b"\x00\x00\x00\x00", "/Filter/JBIG2Decode")),
        Shape::made("pdf", "bomb: an object stream", |_| {
            let objects = zlib(&vec![b' '; 400 << 20]);
            file(&[
                CATALOGUE.to_vec(),
                kids("3 0 R"),
                LEAF.to_vec(),
                stream(&objects, "/Type/ObjStm/N 100/First 1000/Filter/FlateDecode"),
            ])
        }),
        Shape::made("pdf", "bomb: an object stream of 1,000,000 objects", |_| {
            let numbers: Vec<String> = (10..1_000_010).map(|at| format!("{at} 0 ")).collect();
            let objects = zlib(format!("{}<<>>", numbers.concat()).as_bytes());
            let entries = "/Type/ObjStm/N 1000000/First 7000000/Filter/FlateDecode";
            file(&[CATALOGUE.to_vec(), kids("3 0 R"), LEAF.to_vec(), stream(&objects, entries)])
        }),
        Shape::made("pdf", "bomb: 2,000 streams of one page", |_| {
            let ids: Vec<String> = (5..2_005).map(|at| format!("{at} 0 R ")).collect();
            let page = format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents[{}]/Resources<</Font<</H 4 0 R>>>>>>",
                ids.concat()
            );
            let content = stream(&zlib(&filled(WORDS, "BT /H 10 Tf (a) Tj ET ", 1 << 20)), "/Filter/FlateDecode");
            let font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec();
            let first = [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), kids("3 0 R"), page.into_bytes(), font];
            file(&first.into_iter().chain((0..2_000).map(|_| content.clone())).collect::<Vec<_>>())
        }),
    ]
}

fn damaged() -> Vec<Shape> {
    let patterns = [
        ("objects without an end", "1 0 obj "),
        ("streams without an end", "stream\n"),
        ("numbers", "9"),
        ("texts without an end", "1 0 obj ("),
        ("comments", "%%EOF\n"),
        ("tables of places", "xref\n0 1\n0000000000 65535 f \ntrailer<</Prev 9>>\n"),
        ("trailers", "trailer<</Root 1 0 R/Prev 9>>startxref\n9\n%%EOF\n"),
        ("small objects", "1 0 obj<<>>endobj\n"),
    ];
    patterns
        .into_iter()
        .map(|(name, pattern)| Shape::filled("pdf", &format!("damaged: {name}"), "%PDF-1.4\n", pattern))
        .collect()
}
