//! Separators, quotes, headers and rows beyond the cap.

use model::Block;

use super::*;
use crate::{render, tidy};

fn check(text: &str, expected: &[&str]) {
    assert_eq!(render::paragraphs(&tidy::blocks(read(text).blocks)), expected, "{text}");
}

#[test]
fn the_separator_is_found_out() {
    let expected = ["| Name | City |\n| --- | --- |\n| Ada | London |\n| Grace | New York |"];
    for separator in SEPARATORS {
        let text = "Name,City\nAda,London\nGrace,New York\n".replace(',', &separator.to_string());
        check(&text, &expected);
    }
    check("sep=;\r\nName;City\r\nAda;London\r\nGrace;New York", &expected);
}

#[test]
fn quotes_hold_separators_line_ends_and_quotes() {
    check(
        "a,b\n\"1, 2\",\"say \"\"so\"\"\"\n\"x\ny\",z\n",
        &["| a | b |\n| --- | --- |\n| 1, 2 | say \"so\" |\n| x y | z |"],
    );
    // A quote that never ends takes the rest, and nothing else happens.
    check("a,b\nc,\"d\ne,f", &["| a | b |\n| --- | --- |\n| c | d e,f |"]);
}

#[test]
fn numbers_are_no_header() {
    check("1,2\n3,4\n", &["| 1 | 2 |\n| 3 | 4 |"]);
}

#[test]
fn lines_of_one_cell_stand_outside_of_the_table() {
    check(
        "Report of May\n\nName,City\nAda,London\n",
        &["Report of May", "| Name | City |\n| --- | --- |\n| Ada | London |"],
    );
}

#[test]
fn rows_beyond_the_cap_are_left_out_and_that_is_said() {
    let reading = read(&"a,b\n".repeat(10_001));
    let Some(Block::Table { rows, .. }) = reading.blocks.first() else { panic!("no table") };
    assert_eq!(rows.len(), 9_999);
    assert!(reading.warnings[0].contains("first 10000 rows"), "{:?}", reading.warnings);
}

#[test]
fn only_regular_texts_are_taken_for_values() {
    assert!(is_regular("a,b,c\n1,2,3\n4,5,6\n7,"));
    assert!(!is_regular("One, two.\nThree, four.\nFive, six.\n"));
    assert!(!is_regular("Hello, my dear, friend\nHow are you?\n"));
    assert!(!is_regular(""));
}
