//! PDFs: any bytes as a file, and sound files around any instructions, any font and any map from codes to letters.
#![no_main]

use libfuzzer_sys::fuzz_target;

const FONT: &[u8] = b"<</Type/Font/Subtype/Type1/BaseFont/Own/Encoding/WinAnsiEncoding/ToUnicode 7 0 R>>";
const MAP: &[u8] = b"begincmap 1 beginbfrange <00> <ff> <0041> endbfrange endcmap";
const TEXT: &[u8] = b"BT /H 10 Tf 50 700 Td (Some words.) Tj /F 10 Tf 0 -40 Td (abc def) Tj ET /X Do";

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let file = match first {
        0 => file(rest, FONT, MAP),
        1 => file(TEXT, rest, MAP),
        2 => file(TEXT, FONT, rest),
        _ => bytes.to_vec(),
    };
    fuzz::check_in_time(&file, "application/pdf");
});

/// A file of one page with these instructions, which draws a form with the same ones.
fn file(content: &[u8], font: &[u8], map: &[u8]) -> Vec<u8> {
    let resources = b"<</Font<</H 5 0 R/F 6 0 R>>/XObject<</X 8 0 R>>/Properties<</P<</ActualText(word)>>>>>>";
    let form = [b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources", &resources[..]].concat();
    let page = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources", &resources[..], b">>"];
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        page.concat(),
        stream(content, b""),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        font.to_vec(),
        stream(map, b""),
        stream(content, &form),
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    for (number, object) in (1..).zip(objects) {
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    file.extend(b"trailer\n<</Root 1 0 R>>\n");
    file
}

fn stream(data: &[u8], entries: &[u8]) -> Vec<u8> {
    [format!("<</Length {}", data.len()).as_bytes(), entries, b">>stream\n", data, b"\nendstream"].concat()
}
