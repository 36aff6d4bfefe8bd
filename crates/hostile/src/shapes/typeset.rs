//! PDFs whose fonts, forms, layers, notes and passages ask for more than they are.

use super::pdf::{CATALOGUE, LEAF, WORDS, blanks, file, kids, page, stream, zlib};
use crate::shape::{Shape, filled, numbered};

/// All of them.
pub fn shapes() -> Vec<Shape> {
    [fonts(), maps(), contents(), passages(), disguised()].into_iter().flatten().collect()
}

/// Text in the font `/T`.
const TEXT: &str = "BT /T 10 Tf 50 600 Td (aaaaaaaaaa) Tj ET\n";

fn in_font(font: String, more: Vec<Vec<u8>>) -> Vec<u8> {
    page(stream([WORDS, TEXT].concat().as_bytes(), ""), [vec![font.into_bytes()], more].concat())
}

fn composite(widths: &str) -> String {
    format!(
        "<</Type/Font/Subtype/Type0/BaseFont/T/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2\
         /BaseFont/T/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>{widths}>>]>>"
    )
}

/// So many fonts, each described by `describe`, each chosen once; objects from 10,000 on are theirs.
fn crowd(count: usize, describe: impl Fn(usize) -> String, more: Vec<Vec<u8>>) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|at| format!("/F{at} {} 0 R", at + 5)).collect();
    let chosen: Vec<String> = (0..count).map(|at| format!("BT /F{at} 10 Tf 50 500 Td (aa) Tj ET\n")).collect();
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<<{}>>>>>>",
        names.concat()
    );
    let mut objects = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), kids("3 0 R"), page.into_bytes()];
    objects.push(stream([WORDS, &chosen.concat()].concat().as_bytes(), ""));
    objects.extend((0..count).map(|at| describe(at).into_bytes()));
    objects.extend(more);
    file(&objects)
}

fn fonts() -> Vec<Shape> {
    let simple =
        |first: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/T/FirstChar {first}/LastChar 9/Widths[9]>>");
    vec![
        Shape::made("pdf", "font: its first code is 2,000,000,000", move |_| in_font(simple("2000000000"), Vec::new())),
        Shape::made("pdf", "font: widths of 4,000,000,000 codes", |_| {
            in_font(composite("/W[0 4294967295 500]"), Vec::new())
        }),
        Shape::made("pdf", "font: heights of 4,000,000,000 codes", |_| {
            in_font(composite("/W2[0 4294967295 500 500 500]"), Vec::new())
        }),
        Shape::made("pdf", "font: widths, as many as fit", |size| {
            in_font(composite(&format!("/W[0[{}]]", "500 ".repeat(size / 4))), Vec::new())
        }),
        Shape::made("pdf", "font: names of letters, as many as fit", |size| {
            let names = "/a".repeat(size / 2);
            in_font(format!("<</Type/Font/Subtype/Type1/BaseFont/T/Encoding<</Differences[0{names}]>>>>"), Vec::new())
        }),
        Shape::made("pdf", "font: drawings of letters, as many as fit", |size| {
            let names = numbered("", |at| format!("/a{at} 7 0 R"), size);
            let font = format!(
                "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<<{}>>\
                 /Encoding<</Differences[97/a1]>>/FirstChar 97/LastChar 97/Widths[500]>>",
                String::from_utf8_lossy(&names)
            );
            in_font(font, vec![stream(b"500 0 d0", "")])
        }),
        Shape::made("pdf", "fonts: chosen, as often as it fits", |size| {
            page(stream(&filled(WORDS, "BT /H 9 Tf /T 9 Tf ET ", size), ""), vec![composite("").into_bytes()])
        }),
        Shape::made("pdf", "fonts: 20 programs of 100 MiB", |_| {
            let program = stream(&zlib(&vec![0; 100 << 20]), "/Filter/FlateDecode");
            let describe = |at: usize| {
                format!(
                    "<</Type/Font/Subtype/TrueType/BaseFont/T{at}/FontDescriptor<</Type/FontDescriptor/Flags 4/FontFile2 {} 0 R>>>>",
                    at + 25
                )
            };
            crowd(20, describe, vec![program; 20])
        }),
        Shape::made("pdf", "fonts: 5,000 with one program", |_| {
            let program = stream(&vec![0; 4 << 20], "");
            let describe = |at: usize| {
                format!(
                    "<</Type/Font/Subtype/TrueType/BaseFont/T{at}/FontDescriptor<</Type/FontDescriptor/Flags 4/FontFile2 5005 0 R>>>>"
                )
            };
            crowd(5_000, describe, vec![program])
        }),
    ]
}

fn maps() -> Vec<Shape> {
    let mapped =
        |map: Vec<u8>| in_font("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>".to_owned(), vec![map]);
    vec![
        Shape::made("pdf", "map: one letter of 10 MiB", move |size| {
            let letter = format!("begincmap 1 beginbfchar <61> <{}> endbfchar endcmap", "0041".repeat(size / 8));
            mapped(stream(letter.as_bytes(), ""))
        }),
        Shape::made("pdf", "map: one letter of 100 letters, often", |size| {
            let letter = format!("begincmap 1 beginbfchar <61> <{}> endbfchar endcmap", "0041".repeat(100));
            let text = format!("{WORDS}BT /T 10 Tf ({}) Tj ET", "a".repeat(size));
            let font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>".to_vec();
            page(stream(text.as_bytes(), ""), vec![font, stream(letter.as_bytes(), "")])
        }),
        Shape::made("pdf", "maps: 5,000 fonts with one", |_| {
            let entries = numbered(
                "begincmap\n",
                |at| format!("1 beginbfchar <{:04x}> <0041> endbfchar\n", at % 65_536),
                2 << 20,
            );
            crowd(
                5_000,
                |at| format!("<</Type/Font/Subtype/Type1/BaseFont/T{at}/ToUnicode 5005 0 R>>"),
                vec![stream(&entries, "")],
            )
        }),
        Shape::made("pdf", "maps: 5,000 fonts of Japanese", |_| {
            crowd(
                5_000,
                |at| {
                    format!(
                        "<</Type/Font/Subtype/Type0/BaseFont/T{at}/Encoding/UniJIS-UTF16-H/DescendantFonts[<</Type/Font\
                         /Subtype/CIDFontType0/BaseFont/T/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 6>>>>]>>"
                    )
                },
                Vec::new(),
            )
        }),
    ]
}

fn contents() -> Vec<Shape> {
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]";
    vec![
        Shape::made("pdf", "content: 5,000 pages of one that inflates to 100 MiB", |_| {
            let ids: Vec<String> = (4..5_004).map(|at| format!("{at} 0 R ")).collect();
            let content = stream(&zlib(&vec![b' '; 100 << 20]), "/Filter/FlateDecode");
            let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R>>".to_vec();
            let first = [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), kids(&ids.concat()), content];
            file(&first.into_iter().chain((0..5_000).map(|_| page.clone())).collect::<Vec<_>>())
        }),
        Shape::made("pdf", "content: one stream, as often as it fits", |size| {
            let page = format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents[{}]/Resources<</Font<</H 5 0 R>>>>>>",
                "4 0 R ".repeat(size / 6)
            );
            file(&[
                b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
                kids("3 0 R"),
                page.into_bytes(),
                stream(WORDS.repeat(100).as_bytes(), ""),
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
            ])
        }),
        Shape::made("pdf", "forms: 16 in each other, of 100 MiB each", move |_| {
            let inner = zlib(&[vec![b' '; 100 << 20], b"/X Do".to_vec()].concat());
            let forms = (6..22).map(|at| {
                let entries = format!("{form}/Filter/FlateDecode/Resources<</XObject<</X {} 0 R>>>>", at + 1);
                stream(&inner, &entries)
            });
            page(stream([WORDS, "/X Do"].concat().as_bytes(), ""), forms.collect())
        }),
        Shape::made("pdf", "forms: one with 1 MiB of resources, often", move |size| {
            let resources = numbered("", |at| format!("/F{at} 5 0 R"), 1 << 20);
            let entries = format!("{form}/Resources<</Font<<{}>>>>", String::from_utf8_lossy(&resources));
            page(stream(&filled(WORDS, "/X Do ", size), ""), vec![stream(WORDS.as_bytes(), &entries)])
        }),
        Shape::made("pdf", "notes: as many as fit, of one look", move |size| {
            let note = "<</Subtype/Widget/Rect[0 0 600 800]/AP<</N 6 0 R>>>>";
            let page = format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</H 5 0 R>>>>/Annots[{}]>>",
                note.repeat(size / note.len())
            );
            file(&[
                b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
                kids("3 0 R"),
                page.into_bytes(),
                stream(WORDS.as_bytes(), ""),
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
                stream(WORDS.repeat(1_000).as_bytes(), &format!("{form}/Resources<</Font<</H 5 0 R>>>>")),
            ])
        }),
    ]
}

fn passages() -> Vec<Shape> {
    let text = |name: &str, pattern: &'static str| {
        Shape::made("pdf", name, move |size| page(stream(&filled(WORDS, pattern, size), ""), Vec::new()))
    };
    vec![
        text("passages in passages", "/Span <</ActualText(a)>> BDC "),
        text("passages in passages, with letters", "/P BMC BT /H 9 Tf (a) Tj ET "),
        text("passages that end", "EMC "),
        text("passages without an end of their properties", "/P <</A "),
        text("texts without an end", "("),
        text("texts in hexadecimal without an end", "<4"),
        text("inline images without an end", "BI /W 1 ID x "),
        text("inline images without data", "BI "),
        Shape::made("pdf", "passages: one meaning of 100 KiB, often", |size| {
            let resources =
                format!("/Resources<</Font<</H 5 0 R>>/Properties<</P<</ActualText({})>>>>>>", "word ".repeat(20_000));
            let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R{resources}>>");
            let pattern = "/Span /P BDC BT /H 9 Tf 9 9 Td (a) Tj ET EMC ";
            file(&[
                b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
                kids("3 0 R"),
                page.into_bytes(),
                stream(&filled(WORDS, pattern, size), ""),
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
            ])
        }),
        Shape::made("pdf", "layers: one of 100,000, often", |size| {
            let layers = "6 0 R ".repeat(100_000);
            let page = format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</H 5 0 R>>\
                 /Properties<</P<</Type/OCMD/OCGs[{layers}]>>>>>>>>"
            );
            file(&[
                format!("<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[{layers}]/D<</OFF[{layers}]>>>>>>")
                    .into_bytes(),
                kids("3 0 R"),
                page.into_bytes(),
                stream(&filled(WORDS, "/OC /P BDC EMC ", size), ""),
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
                b"<</Type/OCG/Name(a)>>".to_vec(),
            ])
        }),
    ]
}

/// Streams that are not what they say, so that whoever looks for bombs passes them by.
fn disguised() -> Vec<Shape> {
    vec![
        Shape::made("pdf", "disguised: a content that says it is a picture", |_| {
            page(stream(&blanks(), "/Subtype/Image/Filter/FlateDecode"), Vec::new())
        }),
        Shape::made("pdf", "disguised: a content whose filter stands elsewhere", |_| {
            let runs = b"\x81 ".repeat(10 << 20);
            page(stream(&runs, "/Filter 6 0 R"), vec![b"/RunLengthDecode".to_vec()])
        }),
        Shape::made("pdf", "disguised: objects that say they are a picture", |_| {
            let objects = stream(&blanks(), "/Type/ObjStm/Subtype/Image/N 100/First 1000/Filter/FlateDecode");
            file(&[CATALOGUE.to_vec(), kids("3 0 R"), LEAF.to_vec(), objects])
        }),
        Shape::made("pdf", "disguised: 10 streams of objects, each below the cap", |_| {
            let objects = zlib(&[b"10 0 <<>>".to_vec(), vec![b' '; 100 << 20]].concat());
            let objects = stream(&objects, "/Type/ObjStm/N 1/First 5/Filter/FlateDecode");
            let first = [CATALOGUE.to_vec(), kids("3 0 R"), LEAF.to_vec()];
            file(&first.into_iter().chain((0..10).map(|_| objects.clone())).collect::<Vec<_>>())
        }),
        Shape::made("pdf", "disguised: a description of itself that inflates", |_| {
            let packet = stream(&blanks(), "/Type/Metadata/Subtype/Image/Filter/FlateDecode");
            let page =
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</H 5 0 R>>>>>>";
            file(&[
                b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>".to_vec(),
                kids("3 0 R"),
                page.to_vec(),
                stream(WORDS.as_bytes(), ""),
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
                packet,
            ])
        }),
    ]
}
