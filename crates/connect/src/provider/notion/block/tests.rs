//! A block of each kind, and what is written for it.

use serde_json::json;

use super::*;

fn written(block: &Value) -> (String, Inside) {
    let mut to = Composer::default();
    let inside = write(block, &mut to);
    (to.finish(), inside)
}

const ID: &str = "954b67f9-3f87-41db-8874-23b92bbd31ee";

fn of(kind: &str, body: &Value) -> Value {
    json!({"type": kind, "id": ID, kind: body})
}

/// A block of this kind with bold words in it.
fn rich(kind: &str) -> Value {
    of(kind, &json!({"rich_text": [{"plain_text": "Words", "annotations": {"bold": true}}]}))
}

#[test]
fn words_are_written_in_the_form_of_their_kind() {
    let to_do = |is_done: Value| of("to_do", &json!({"rich_text": [{"plain_text": "Words"}], "checked": is_done}));
    let code = |language: &str| {
        let caption = json!([{"plain_text": "So"}]);
        of("code", &json!({"rich_text": [{"plain_text": "let *a*;"}], "language": language, "caption": caption}))
    };
    let cases = [
        (rich("paragraph"), "**Words**\n"),
        (rich("heading_1"), "# **Words**\n"),
        (rich("heading_4"), "#### **Words**\n"),
        (rich("bulleted_list_item"), "- **Words**\n"),
        (rich("numbered_list_item"), "1. **Words**\n"),
        (to_do(json!(true)), "- [x] Words\n"),
        (to_do(json!(null)), "- [ ] Words\n"),
        (rich("toggle"), "**Words**\n"),
        (rich("quote"), "> **Words**\n"),
        (rich("callout"), "> **Words**\n"),
        (rich("ai_block"), "**Words**\n"),
        (rich("template"), "**Words**\n"),
        (code("rust"), "```rust\nlet *a*;\n```\n\nSo\n"),
        (code("plain text"), "```\nlet *a*;\n```\n\nSo\n"),
        (of("equation", &json!({"expression": "a_1"})), "```latex\na_1\n```\n"),
        (of("meeting_notes", &json!({"title": [{"plain_text": "Weekly"}]})), "Weekly\n"),
        (of("divider", &json!({})), ""),
        (of("column_list", &json!({})), ""),
        (of("unsupported", &json!({})), ""),
        (of("paragraph", &json!(null)), ""),
        (json!({"object": "block", "id": ID}), ""),
        (json!({"type": null}), ""),
    ];
    for (block, expected) in cases {
        assert_eq!(written(&block).0, expected, "{block}");
    }
}

#[test]
fn links_and_files_are_written_as_far_as_they_last() {
    let signed = "https://s3.example/plan.pdf?X-Amz-Expires=1";
    let address = "https://www.notion.so/954b67f93f8741db887423b92bbd31ee";
    let (child, link) = (format!("[Child]({address})\n"), format!("<{address}>\n"));
    let cases = [
        (
            of("image", &json!({"external": {"url": "https://e.com/a.png"}, "caption": [{"plain_text": "A"}]})),
            "![A](https://e.com/a.png)\n",
        ),
        (of("image", &json!({"file": {"url": signed}, "caption": []})), ""),
        (of("pdf", &json!({"file": {"url": signed}, "name": "Plan.pdf"})), "Plan.pdf\n"),
        (
            of("video", &json!({"external": {"url": "https://e.com/v"}, "caption": [{"plain_text": "V"}]})),
            "[V](https://e.com/v)\n",
        ),
        (of("bookmark", &json!({"url": "https://e.com", "caption": []})), "<https://e.com>\n"),
        (of("child_page", &json!({"title": "Child"})), child.as_str()),
        (of("link_to_page", &json!({"type": "page_id", "page_id": ID})), link.as_str()),
    ];
    for (block, expected) in cases {
        assert_eq!(written(&block).0, expected, "{block}");
    }
}

#[test]
fn other_documents_are_not_gone_into() {
    let kind = |kind: &str| written(&json!({ "type": kind })).1;
    assert_eq!(
        [kind("child_page"), kind("child_database"), kind("unsupported")],
        [Inside::Elsewhere, Inside::Elsewhere, Inside::Elsewhere]
    );
    assert_eq!([kind("table"), kind("toggle"), kind("brand_new")], [Inside::Rows, Inside::Follows, Inside::Follows]);
}

#[test]
fn a_copy_shows_what_its_original_holds() {
    let (own, other) = ("954b67f9-3f87-41db-8874-23b92bbd31ee", "3afef8a5-6870-453c-95b0-4f90c48b77ad");
    let copy = json!({"id": own, "type": "synced_block", "synced_block": {"synced_from": {"type": "block_id", "block_id": other}}});
    let original = json!({"id": own, "type": "synced_block", "synced_block": {"synced_from": null}});
    assert_eq!(source_of_children(&copy).as_deref(), Some(other));
    assert_eq!(source_of_children(&original).as_deref(), Some(own));
    assert_eq!(source_of_children(&json!({"id": "x"})), None);
}

#[test]
fn a_table_has_a_head_when_it_says_so() {
    let row = |cells: &[&str]| {
        let cells: Vec<Value> = cells.iter().map(|cell| json!([{ "plain_text": cell }])).collect();
        json!({"type": "table_row", "table_row": {"cells": cells}})
    };
    let rows = [row(&["A", "B"]), row(&["1", "2|3"]), json!({"type": "table_row", "table_row": null})];
    let table = |has_head: bool| {
        let mut to = Composer::default();
        write_table(&json!({"table": {"has_column_header": has_head}}), &rows, &mut to);
        to.finish()
    };
    assert_eq!(table(true), "| A | B |\n| --- | --- |\n| 1 | 2\\|3 |\n");
    assert_eq!(table(false), "|  |  |\n| --- | --- |\n| A | B |\n| 1 | 2\\|3 |\n");
}
