//! `OpenDocuments` by their parts.

use crate::archive::tests::zip;
use crate::{render, tidy};

fn document(body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles><style:style style:name='B'><style:text-properties fo:font-weight='bold'/></style:style>\
         <style:style style:name='P1' style:parent-style-name='Title'/>\
         <text:list-style style:name='N'><text:list-level-style-number text:level='1' style:num-format='1'/></text:list-style>\
         </office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    );
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())])
}

fn check(body: &str, expected: &str) {
    let reading = super::read(&document(body)).unwrap();
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)).trim_end(), expected, "{body}");
}

#[test]
fn texts_have_headings_lists_looks_and_notes() {
    check(
        "<office:text><text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:p text:style-name='P1'>Title</text:p>\
         <text:h text:outline-level='2'>One</text:h><text:p>Some <text:span text:style-name='B'>bold</text:span> and \
         <text:a xlink:href='https://example.com/'>a link</text:a><text:note><text:note-citation>1</text:note-citation>\
         <text:note-body><text:p>A note.</text:p></text:note-body></text:note> end.</text:p>\
         <text:list text:style-name='N'><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p></text:list-item></text:list>\
         </text:list-item></text:list></office:text>",
        "# Title\n\n## One\n\nSome **bold** and [a link](https://example.com/)\\[1\\] end.\n\n1. a\n   - b\n\n1. A note.",
    );
}

#[test]
fn tables_repeat_what_spans() {
    check(
        "<office:text><table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned='2'><text:p>A</text:p>\
         </table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>1</text:p>\
         </table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table></office:text>",
        "| A | A |\n| --- | --- |\n| 1 | 2 |",
    );
}

#[test]
fn workbooks_are_sheets_and_repeats_cost_nothing() {
    check(
        "<office:spreadsheet><table:table table:name='Prices'><table:table-row><table:table-cell><text:p>Plan</text:p></table:table-cell>\
         <table:table-cell><text:p>Price</text:p></table:table-cell><table:table-cell table:number-columns-repeated='16000'/></table:table-row>\
         <table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell><text:p>5</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>\
         </table:table></office:spreadsheet>",
        "## Prices\n\n| Plan | Price |\n| --- | --- |\n| A | 5 |",
    );
}

#[test]
fn presentations_have_titles_and_notes() {
    check(
        "<office:presentation><draw:page><draw:frame presentation:class='title'><draw:text-box><text:p>First</text:p></draw:text-box></draw:frame>\
         <draw:frame><draw:text-box><text:p>Text</text:p></draw:text-box></draw:frame>\
         <presentation:notes><draw:frame><draw:text-box><text:p>Say this.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page></office:presentation>",
        "## First\n\nText\n\n> Say this.",
    );
}

#[test]
fn nesting_has_a_limit() {
    let open = "<table:table><table:table-row><table:table-cell>".repeat(20_000);
    check(&format!("<office:text><text:p>shallow</text:p>{open}<text:p>deep</text:p></office:text>"), "shallow");
}
