//! What the instructions of a page draw, and what they may not do.

use std::cell::Cell;

use super::*;

const FORM: &str = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]";

/// The text of a file, one line a block.
fn shown(bytes: &[u8]) -> String {
    let reading = read(bytes).unwrap();
    render::markdown(&tidy::blocks(reading.blocks)).trim_end().replace("\n\n", "\n")
}

#[test]
fn operators_move_over_the_page() {
    let cases = [
        ("BT /H 10 Tf 50 700 Td (one) Tj 0 -40 TD (two) Tj T* (three) Tj ET", "one\ntwo\nthree"),
        ("BT /H 10 Tf 40 TL 50 700 Td (one) ' .5 .5 (two) \" ET", "one\ntwo"),
        ("BT /H 10 Tf 1 0 0 1 50 700 Tm [(wo) 20 (rd) -400 (next)] TJ ET", "word next"),
        ("BT /H 10 Tf 50 700 Td 50 Tz (half) Tj 100 Tz 14 0 Td (x) Tj ET", "half x"),
        ("q 2 0 0 2 0 0 cm BT /H 5 Tf 25 350 Td (large) Tj ET Q BT /H 10 Tf 50 600 Td (small) Tj ET", "large\nsmall"),
        ("BT /H 10 Tf 50 700 Td (with) Tj ) ] > (stray) Tj <</A (brackets) Tj ET", "withstraybrackets"),
        ("BT 50 700 Td (no font) Tj ET", "no font"),
        ("BT /Lost 10 Tf 50 700 Td (no such font) Tj ET", "no such font"),
        ("BT /H 10 Tf 50 700 Td (before) Tj BI /W 2 /H 2 ID \u{1}(EI)\u{2} EI 0 -40 Td (after) Tj ET", "before\nafter"),
    ];
    for (content, expected) in cases {
        assert_eq!(shown(&page(content, "", &[])), expected, "{content}");
    }
}

#[test]
fn forms_are_drawn_where_they_stand() {
    let inner = stream(b"BT /H 10 Tf 0 0 Td (inner) Tj ET", &format!("{FORM}/Matrix[1 0 0 1 50 600]"));
    let outer = stream(
        b"BT /H 10 Tf 50 700 Td (outer) Tj ET /I Do /O Do",
        &format!("{FORM}/Resources<</Font<</H 5 0 R>>/XObject<</I 7 0 R/O 8 0 R>>>>"),
    );
    let file = page("/O Do", "/XObject<</O 8 0 R>>", &[b"null".to_vec(), inner, outer]);
    assert_eq!(shown(&file), "outer\ninner", "a form that draws itself is drawn once");
}

#[test]
fn hidden_layers_are_not_read() {
    let line = |at: u32, properties: &str, text: &str| {
        format!("/OC {properties} BDC BT /H 10 Tf 50 {} Td ({text}) Tj ET EMC ", 700 - 40 * at)
    };
    let content = [
        line(0, "/On", "shown"),
        line(1, "/Off", "hidden"),
        line(2, "/All", "all on"),
        line(3, "/Any", "any on"),
        "/X Do".to_owned(),
    ];
    let properties = "/Properties<</On 7 0 R/Off 8 0 R/All 9 0 R/Any 10 0 R>>/XObject<</X 11 0 R>>";
    let group = |policy: &str| format!("<</Type/OCMD/OCGs[7 0 R 8 0 R]/P/{policy}>>").into_bytes();
    let form = stream(
        b"BT /H 10 Tf 50 400 Td (a hidden form) Tj ET",
        &format!("{FORM}/OC 8 0 R/Resources<</Font<</H 5 0 R>>>>"),
    );
    let layer = b"<</Type/OCG/Name(Layer)>>".to_vec();
    let more = [b"null".to_vec(), layer.clone(), layer, group("AllOn"), group("AnyOn"), form];
    let mut bytes = page(&content.concat(), properties, &more);
    assert_eq!(shown(&bytes), "shown\nhidden\nall on\nany on\na hidden form", "without a list, all layers are on");
    let catalogue = b"<</Type/Catalog/Pages 2 0 R>>";
    let at = bytes.windows(catalogue.len()).position(|part| part == catalogue).unwrap();
    let with = b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[7 0 R 8 0 R]/D<</OFF[8 0 R]>>>>>>".to_vec();
    bytes.splice(at..at + catalogue.len(), with);
    assert_eq!(shown(&bytes), "shown\nany on");
}

#[test]
fn passages_may_say_what_their_letters_mean() {
    let cases = [
        ("/Span <</ActualText (now)>> BDC BT /H 10 Tf 50 700 Td (n0w) Tj ET EMC", "now"),
        ("/Span <</ActualText ()>> BDC BT /H 10 Tf 50 700 Td (-) Tj ET EMC BT /H 10 Tf 50 700 Td (x) Tj ET", "x"),
        ("/Span /P BDC BT /H 10 Tf 50 700 Td (?) Tj ET EMC", "its"),
        ("/Artifact <</Type/Pagination>> BDC BT /H 10 Tf 50 700 Td (7) Tj ET EMC BT /H 10 Tf 9 9 Td (x) Tj ET", "x"),
        ("EMC EMC /Span BMC BT /H 10 Tf 50 700 Td (open) Tj ET", "open"),
    ];
    for (content, expected) in cases {
        assert_eq!(shown(&page(content, "/Properties<</P<</ActualText(its)>>>>", &[])), expected, "{content}");
    }
}

#[test]
fn a_page_is_read_from_all_of_its_streams() {
    let bytes = file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents[4 0 R 99 0 R 5 0 R]/Resources<</Font<</H 6 0 R>>>>\
          /Annots[99 0 R 7 0 R 8 0 R]>>"
            .to_vec(),
        stream(b"BT /H 10 Tf 50 700", ""),
        stream(b"Td (over two streams) Tj ET", ""),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        b"<</Type/Annot/Subtype/Widget/Rect[50 600 250 620]/AP<</N 9 0 R>>>>".to_vec(),
        b"<</Type/Annot/Subtype/Widget/Rect[50 500 250 520]/F 2/AP<</N 9 0 R>>>>".to_vec(),
        stream(
            b"BT /H 10 Tf 0 5 Td (a field) Tj ET",
            "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</H 6 0 R>>>>",
        ),
    ]);
    assert_eq!(shown(&bytes), "over two streams\na field", "a note that is hidden is not read");
}

#[test]
fn text_that_runs_down_is_read_from_the_right() {
    let map = "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange \
        1 beginbfrange <0041> <005a> <0041> endbfrange endcmap";
    let font = b"<</Type/Font/Subtype/Type0/BaseFont/Down/Encoding/Identity-V/ToUnicode 7 0 R/DescendantFonts\
        [<</Type/Font/Subtype/CIDFontType2/BaseFont/Down/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>>>]>>";
    let content = "BT /F 10 Tf 300 700 Td <004100420043> Tj 1 0 0 1 280 700 Tm <004400450046> Tj ET";
    let bytes = page(content, "", &[font.to_vec(), stream(map.as_bytes(), "")]);
    assert_eq!(shown(&bytes), "ABC DEF");
}

#[test]
fn a_page_ends_with_its_time() {
    let tower: Vec<Vec<u8>> = (6..20)
        .map(|at| {
            let next = format!("{FORM}/Resources<</Font<</H 5 0 R>>/XObject<</X {} 0 R>>>>", at + 1);
            stream("BT /H 10 Tf 50 700 Td (tower) Tj ET /X Do ".repeat(50).as_bytes(), &next)
        })
        .collect();
    let bytes = page("BT /H 10 Tf 50 750 Td (A beginning.) Tj ET /X Do", "/XObject<</X 6 0 R>>", &tower);
    let asked = Cell::new(0_u32);
    let gone = || {
        asked.set(asked.get() + 1);
        f64::from(asked.get()) / 100.0
    };
    let reading = crate::pdf::read(&bytes, &Budget::counted(&gone)).unwrap();
    assert!(render::markdown(&reading.blocks).starts_with("A beginning."));
    assert_eq!(reading.warnings, ["the document is very long; only its first 1 pages were read"]);
    assert!((80..100).contains(&asked.get()), "{}", asked.get());
}
