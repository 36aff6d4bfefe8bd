//! How blocks look as text and as Markdown.

use super::*;

fn paragraph(text: &str) -> Block {
    Block::Paragraph { spans: vec![Span::plain(text)] }
}

fn list(start: Option<u64>, items: Vec<Vec<Block>>) -> Block {
    Block::List { start, items }
}

fn check(block: Block, plain: &str, full: &str) {
    assert_eq!(paragraphs(std::slice::from_ref(&block)), [plain]);
    assert_eq!(markdown(&[block]), format!("{full}\n"));
}

#[test]
fn looks_are_for_markdown_only() {
    let spans = vec![
        Span::plain("Open "),
        Span { strong: true, emphasis: true, ..Span::plain("the ") },
        Span { link: Some("https://example.com/a_(b)".into()), ..Span::plain("menu*") },
        Span { image: Some("https://example.com/i.png".into()), ..Span::plain("icon") },
        Span { code: true, ..Span::plain("a`b") },
    ];
    let full = "Open ***the*** [menu\\*](https://example.com/a_%28b%29)![icon](https://example.com/i.png)``a`b``";
    check(Block::Paragraph { spans }, "Open the menu*icona`b", full);
}

#[test]
fn a_picture_alone_is_no_paragraph() {
    let spans = vec![Span { image: Some("https://example.com/i.png".into()), ..Span::plain("A chart") }];
    assert!(paragraphs(&[Block::Paragraph { spans }]).is_empty());
}

#[test]
fn lists_nest_under_their_text() {
    let inner = list(None, vec![vec![paragraph("b")], vec![paragraph("c"), paragraph("d")]]);
    let outer = list(Some(9), vec![vec![paragraph("a"), inner], vec![paragraph("e")]]);
    let expected = "9. a\n   - b\n   - c\n     d\n10. e";
    check(outer, expected, expected);
}

#[test]
fn fences_are_longer_than_what_they_hold() {
    let code = Block::Code { language: Some("md".into()), text: "```\nx\n```".into() };
    check(code, "````md\n```\nx\n```\n````", "````md\n```\nx\n```\n````");
}

#[test]
fn tables_have_a_header_only_when_there_is_one() {
    let cell = |text: &str| vec![Span::plain(text)];
    let rows = vec![vec![cell("a|b"), cell("c")], vec![cell("d")]];
    check(Block::Table { header: vec![], rows: rows.clone() }, "| a\\|b | c |\n| d |  |", "| a\\|b | c |\n| d |  |");
    let expected = "| X | Y |\n| --- | --- |\n| a\\|b | c |\n| d |  |";
    check(Block::Table { header: vec![cell("X"), cell("Y")], rows }, expected, expected);
}

#[test]
fn quotes_mark_every_line() {
    let quote = Block::Quote { blocks: vec![paragraph("a\nb"), paragraph("c")] };
    check(quote, "> a\n> b\n>\n> c", "> a\\\n> b\n>\n> c");
}

#[test]
fn what_is_deep_inside_begins_its_lines_with_all_that_is_around_it() {
    let quote = |blocks| Block::Quote { blocks };
    let item = list(Some(1), vec![vec![quote(vec![paragraph("a"), quote(vec![paragraph("b"), paragraph("c")])])]]);
    let expected = "> 1. > a\n>    >\n>    > > b\n>    > >\n>    > > c\n>\n> d";
    check(quote(vec![item, paragraph("d")]), expected, expected);
}

#[test]
fn what_says_nothing_leaves_no_mark() {
    let nothing = || Block::Quote { blocks: vec![list(None, vec![vec![paragraph(" ")]])] };
    assert!(paragraphs(&[nothing()]).is_empty());
    check(Block::Quote { blocks: vec![nothing(), paragraph("a"), nothing()] }, "> a", "> a");
}
