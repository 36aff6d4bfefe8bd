//! Documents by their parts: what of them reaches the reader.

use crate::archive::tests::zip;
use crate::render;

const STYLES: &str = r#"<w:styles><w:docDefaults><w:rPr><w:lang w:val="de-DE"/></w:rPr></w:docDefaults>
<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Own"><w:name w:val="Chapter"/><w:basedOn w:val="Base"/></w:style>
<w:style w:styleId="Base"><w:name w:val="Base"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Toc"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="Q"><w:name w:val="Quote"/></w:style>
<w:style w:styleId="C"><w:name w:val="Source Code"/></w:style>
<w:style w:styleId="LB"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
</w:styles>"#;

const NUMBERING: &str = r#"<w:numbering>
<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
</w:numbering>"#;

const RELATIONS: &str = r#"<Relationships>
<Relationship Id="s" Type="x/styles" Target="styles.xml"/><Relationship Id="n" Type="x/numbering" Target="numbering.xml"/>
<Relationship Id="f" Type="x/footnotes" Target="footnotes.xml"/>
<Relationship Id="l" Type="x/hyperlink" Target="https://example.com/a" TargetMode="External"/>
<Relationship Id="j" Type="x/hyperlink" Target="javascript:alert(1)" TargetMode="External"/></Relationships>"#;

const FOOTNOTES: &str = r#"<w:footnotes><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>"#;

fn document(body: &str) -> Vec<u8> {
    let body = format!("<?xml version=\"1.0\"?><w:document><w:body>{body}</w:body></w:document>");
    zip(&[
        ("word/document.xml", body.as_bytes()),
        ("word/styles.xml", STYLES.as_bytes()),
        ("word/numbering.xml", NUMBERING.as_bytes()),
        ("word/_rels/document.xml.rels", RELATIONS.as_bytes()),
        ("word/footnotes.xml", FOOTNOTES.as_bytes()),
    ])
}

/// A paragraph with a style, a numbering or both, as `style`, `#id` or `#id/level`.
fn p(style: &str, text: &str) -> String {
    let properties = match style.strip_prefix('#') {
        _ if style.is_empty() => String::new(),
        None => format!("<w:pStyle w:val='{style}'/>"),
        Some(number) => {
            let (id, level) = number.split_once('/').unwrap_or((number, "0"));
            format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{id}'/></w:numPr>")
        }
    };
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn check(body: &str, expected: &str) {
    let reading = super::read(&document(body)).unwrap();
    assert_eq!(render::markdown(&reading.blocks).trim_end(), expected, "{body}");
}

#[test]
fn styles_make_headings_quotations_and_code() {
    check(&(p("H1", "One") + &p("Own", "Two") + &p("Loop", "Text")), "# One\n\n## Two\n\nText");
    check(&(p("Toc", "One 3") + &p("", "x")), "x");
    check(&(p("Q", "a") + &p("Q", "b") + &p("", "c")), "> a\n>\n> b\n\nc");
    check(&(p("C", "if a:") + &p("C", "  b()") + &p("", "c")), "```\nif a:\n  b()\n```\n\nc");
    let titled = super::read(&document(&(p("T", "The title") + &p("", "x")))).unwrap();
    assert_eq!((titled.title.as_deref(), titled.language.as_deref()), (Some("The title"), Some("de-DE")));
}

#[test]
fn lists_nest_and_go_on_after_an_interruption() {
    check(
        &(p("#2", "c") + &p("#2/1", "c a") + &p("#2/1", "c b") + &p("#2", "d") + &p("", "between") + &p("#2", "e")),
        "3. c\n   1. c a\n   2. c b\n4. d\n\nbetween\n\n5. e",
    );
    check(&(p("LB", "one") + &p("LB", "two") + &p("#0", "text")), "- one\n- two\n\ntext");
}

#[test]
fn tracked_changes_are_read_as_accepted() {
    check(
        "<w:p><w:r><w:t xml:space='preserve'>Press </w:t></w:r><w:ins><w:r><w:t>Start</w:t></w:r></w:ins>\
         <w:del><w:r><w:delText>Stop</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>",
        "Press Start",
    );
    check(
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr>\
         <w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        "| a |  |",
    );
}

#[test]
fn tables_repeat_what_spans() {
    let cell = |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p("", text));
    let table = format!(
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
        cell("", "A"),
        cell("<w:gridSpan w:val='2'/>", "B"),
        cell("<w:vMerge w:val='restart'/>", "1"),
        cell("", "2"),
        cell("", "3"),
        cell("<w:vMerge/>", ""),
        cell("", "4"),
        cell("", "5"),
    );
    check(&table, "| A | B | B |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n| 1 | 4 | 5 |");
    // One column only draws a frame round a text.
    check(&format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("", "Note well")), "Note well");
}

#[test]
fn looks_links_and_notes_are_kept() {
    check(
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Bold</w:t></w:r><w:r><w:rPr><w:b w:val='0'/></w:rPr><w:t xml:space='preserve'> plain </w:t></w:r>\
         <w:hyperlink r:id='l'><w:r><w:t>link</w:t></w:r></w:hyperlink><w:hyperlink r:id='j'><w:r><w:t xml:space='preserve'> no link</w:t></w:r></w:hyperlink>\
         <w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>",
        "**Bold** plain [link](https://example.com/a) no link\\[1\\]\n\n1. A note.",
    );
    check(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK \"https://example.com/b\"</w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>field</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>\
         <w:r><w:t xml:space='preserve'> end</w:t></w:r></w:p>",
        "[field](https://example.com/b) end",
    );
}

#[test]
fn a_text_box_is_read_once_and_after_its_paragraph() {
    check(
        &format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>{}</w:txbxContent></w:drawing></mc:Choice>\
             <mc:Fallback><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent>\
             <w:t>Outside</w:t></w:r></w:p>",
            p("", "Inside"),
            p("", "Inside")
        ),
        "Outside\n\nInside",
    );
}

#[test]
fn a_document_that_is_cut_off_is_read_as_far_as_it_goes() {
    check("<w:p><w:r><w:t>One</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Two", "One\n\nTwo");
}

#[test]
fn nesting_has_a_limit() {
    let open = "<w:tbl><w:tr><w:tc>".repeat(50_000);
    let bytes = document(&format!("{}{open}<w:p><w:r><w:t>deep</w:t></w:r></w:p>", p("", "shallow")));
    let reading = super::read(&bytes).unwrap();
    assert_eq!(render::markdown(&reading.blocks), "shallow\n");
}

#[test]
fn a_package_without_its_text_says_so() {
    let failure = super::read(&zip(&[("word/styles.xml", b"<x/>")])).unwrap_err();
    assert!(failure.text.contains("save it again"), "{}", failure.text);
}
