//! Workbooks by their parts.

use super::numbers;
use crate::archive::tests::zip;
use crate::{render, tidy};

const WORKBOOK: &str = r#"<workbook><sheets><sheet name="Prices" sheetId="1" r:id="a"/>
<sheet name="Secret" sheetId="2" state="hidden" r:id="b"/></sheets></workbook>"#;

const RELATIONS: &str = r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="b" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"/>
<Relationship Id="c" Type="x/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="d" Type="x/styles" Target="styles.xml"/></Relationships>"#;

const STRINGS: &str = "<sst><si><t>Plan</t></si><si><r><t>Pri</t></r><r><t>ce</t></r></si><si><t>東京</t><rPh><t>トウキョウ</t></rPh></si></sst>";

const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$€-407]#,##0.00"/></numFmts>
<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="9"/></cellXfs></styleSheet>"#;

fn workbook(sheet: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{sheet}</worksheet>");
    zip(&[
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/sharedStrings.xml", STRINGS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/worksheets/sheet2.xml", sheet.as_bytes()),
    ])
}

fn check(sheet: &str, expected: &str) {
    let reading = super::read(&workbook(sheet)).unwrap();
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)).trim_end(), expected, "{sheet}");
    assert_eq!(reading.warnings, ["hidden sheets were left out: 1"]);
}

#[test]
fn values_look_as_their_formats_show_them() {
    check(
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' t='inlineStr'><is><t>Since</t></is></c></row>\
         <row r='2'><c r='A2' t='s'><v>2</v></c><c r='B2' s='2'><v>12.5</v></c><c r='C2' s='1'><v>46143</v></c></row>\
         <row r='3'><c r='A3' t='b'><v>1</v></c><c r='B3' s='3'><v>0.25</v></c><c r='C3'><v>0.30000000000000004</v></c></row>",
        "## Prices\n\n| Plan | Price | Since |\n| --- | --- | --- |\n| 東京 | €12.50 | 2026-05-01 |\n| TRUE | 25% | 0.3 |",
    );
}

#[test]
fn blank_rows_part_tables_and_titles_stand_alone() {
    check(
        "<row r='1'><c r='A1' t='inlineStr'><is><t>Report</t></is></c></row>\
         <row r='3'><c r='A3'><v>1</v></c><c r='B3'><v>2</v></c></row><row r='9'><c r='A9'><v>3</v></c><c r='D9'><v>4</v></c></row></sheetData>\
         <mergeCells><mergeCell ref='A1:B1'/></mergeCells>",
        "## Prices\n\nReport\n\n| 1 | 2 |\n\n| 3 | 4 |",
    );
}

#[test]
fn merged_cells_are_repeated() {
    check(
        "<row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c></row><row r='2'><c r='B2'><v>3</v></c></row></sheetData>\
         <mergeCells><mergeCell ref='A1:A2'/><mergeCell ref='A1:XFD1048576'/><mergeCell ref='nonsense'/></mergeCells>",
        "## Prices\n\n| 1 | 2 |\n| 1 | 3 |",
    );
}

#[test]
fn places_far_away_cost_nothing_and_are_said_to_be_left_out() {
    let far = "<row r='1'><c r='A1'><v>1</v></c><c r='XFD1'><v>2</v></c></row><row r='1048576'><c r='B1048576'><v>3</v></c></row>";
    let reading = super::read(&workbook(far)).unwrap();
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)).trim_end(), "## Prices\n\n1\n\n3");
    let wide = "the sheet Prices is very wide; its first 256 columns were read, and the rest is left out";
    assert_eq!(reading.warnings, [wide, "hidden sheets were left out: 1"]);
}

#[test]
fn formats_are_understood_by_their_codes() {
    let shown = |code: &str, number: &str| {
        let styles = format!(
            "<styleSheet><numFmts><numFmt numFmtId='200' formatCode='{code}'/></numFmts><cellXfs><xf numFmtId='200'/></cellXfs></styleSheet>"
        );
        numbers::show(number, &numbers::formats(&styles)[0], false)
    };
    let cases = [
        ("General", "1234.5", "1234.5"),
        ("0.0%", "0.123", "12.3%"),
        ("#,##0.00\\ &quot;EUR&quot;", "-5", "-5.00 EUR"),
        ("dd/mm/yyyy", "61", "1900-03-01"),
        ("dd/mm/yyyy", "59", "1900-02-28"),
        ("d.m.yy h:mm", "45292.5", "2024-01-01 12:00"),
        ("[h]:mm", "1.5", "36:00"),
        ("h:mm:ss", "0.00001", "00:00:01"),
        ("0", "1E400", "1E400"),
        ("yyyy", "-1", "-1"),
        ("@", "7", "7"),
    ];
    for (code, number, expected) in cases {
        assert_eq!(shown(code, number), expected, "{code} {number}");
    }
}
