//! Presentations by their parts.

use crate::archive::tests::zip;
use crate::{render, tidy};

const PRESENTATION: &str = r#"<p:presentation><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p:sldIdLst></p:presentation>"#;

const RELATIONS: &str = r#"<Relationships><Relationship Id="a" Type="x/slide" Target="slides/slide1.xml"/>
<Relationship Id="b" Type="x/slide" Target="slides/slide2.xml"/></Relationships>"#;

const NOTES: &str = "<p:notes><p:sp><p:nvPr><p:ph type='sldImg'/></p:nvPr></p:sp><p:sp><p:nvPr><p:ph type='body'/></p:nvPr><p:txBody>\
<a:p><a:r><a:t>Say this.</a:t></a:r></a:p></p:txBody></p:sp><p:sp><p:nvPr><p:ph type='sldNum'/></p:nvPr><p:txBody><a:p><a:r><a:t>1</a:t></a:r></a:p></p:txBody></p:sp></p:notes>";

const SLIDE_RELATIONS: &str = r#"<Relationships><Relationship Id="n" Type="x/notesSlide" Target="../notesSlides/notesSlide1.xml"/>
<Relationship Id="l" Type="x/hyperlink" Target="https://example.com/" TargetMode="External"/></Relationships>"#;

fn presentation(slide: &str) -> Vec<u8> {
    let slide = format!("<p:sld><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>");
    zip(&[
        ("ppt/presentation.xml", PRESENTATION.as_bytes()),
        ("ppt/_rels/presentation.xml.rels", RELATIONS.as_bytes()),
        ("ppt/slides/slide1.xml", shape("type='title'", &p("", "Last")).as_bytes()),
        ("ppt/slides/slide2.xml", slide.as_bytes()),
        ("ppt/slides/_rels/slide2.xml.rels", SLIDE_RELATIONS.as_bytes()),
        ("ppt/notesSlides/notesSlide1.xml", NOTES.as_bytes()),
    ])
}

fn shape(placeholder: &str, text: &str) -> String {
    let placeholder =
        if placeholder.is_empty() { String::new() } else { format!("<p:nvPr><p:ph {placeholder}/></p:nvPr>") };
    format!("<p:sp>{placeholder}<p:txBody>{text}</p:txBody></p:sp>")
}

fn p(properties: &str, text: &str) -> String {
    format!("<a:p><a:pPr {properties}/><a:r><a:t>{text}</a:t></a:r></a:p>")
}

fn check(slide: &str, expected: &str) {
    let reading = super::read(&presentation(slide)).unwrap();
    let found = render::markdown(&tidy::blocks(reading.blocks));
    assert_eq!(found.trim_end(), format!("{expected}\n\n> Say this.\n\n## Last"), "{slide}");
}

#[test]
fn titles_come_first_and_bodies_are_lists() {
    let body = p("", "One") + &p("lvl='1'", "One a") + &p("", "Two");
    check(
        &(shape("idx='1'", &body) + &shape("type='title'", &p("", "Title")) + &shape("type='sldNum'", &p("", "7"))),
        "## Title\n\n- One\n  - One a\n- Two",
    );
    check(&shape("idx='1'", &p("", "A sentence.")), "A sentence.");
    check(&shape("", &(p("", "In a box") + &p("", "below"))), "In a box\n\nbelow");
}

#[test]
fn tables_repeat_what_spans() {
    let cell = |attributes: &str, text: &str| format!("<a:tc {attributes}><a:txBody>{}</a:txBody></a:tc>", p("", text));
    let table = format!(
        "<p:graphicFrame><a:tbl><a:tblPr firstRow='1'/><a:tr>{}{}</a:tr><a:tr>{}{}</a:tr></a:tbl></p:graphicFrame>",
        cell("gridSpan='2'", "A"),
        cell("hMerge='1'", ""),
        cell("", "1"),
        cell("", "2")
    );
    check(&table, "| A | A |\n| --- | --- |\n| 1 | 2 |");
}

#[test]
fn links_and_pictures_speak() {
    let link = "<a:p><a:r><a:rPr b='1'><a:hlinkClick r:id='l'/></a:rPr><a:t>Site</a:t></a:r></a:p>";
    check(
        &(shape("", link)
            + "<p:pic><p:nvPicPr><p:cNvPr id='4' name='x' descr='A chart of costs'/></p:nvPicPr></p:pic>"),
        "[**Site**](https://example.com/)\n\nA chart of costs",
    );
}
