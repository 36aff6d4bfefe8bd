//! Objects as the interface gives them, whole and broken.

use serde_json::json;

use super::*;

#[test]
fn the_title_is_the_property_of_that_type_whatever_its_name() {
    let runs = |text: &str| json!([{"plain_text": text}, {"plain_text": null}]);
    let cases = [
        (
            json!({"object": "page", "properties": {"A": {"type": "number"}, "Frage": {"type": "title", "title": runs("Kale ")}}}),
            "Kale",
        ),
        (json!({"object": "page", "properties": {"title": {"type": "title", "title": []}}}), "Untitled"),
        (json!({"object": "page", "properties": null}), "Untitled"),
        (json!({"object": "page", "id": "1"}), "Untitled"),
        (json!({"object": "database", "title": runs("Groceries")}), "Groceries"),
        (
            json!({"object": "data_source", "title": runs("two\nlines"), "properties": {"Name": {"type": "title", "title": {}}}}),
            "two lines",
        ),
        (json!({"object": "database", "title": null}), "Untitled"),
    ];
    for (object, expected) in cases {
        assert_eq!(title(&object), expected, "{object}");
    }
}

#[test]
fn only_icons_that_last_are_told() {
    let cases = [
        (
            json!({"type": "external", "external": {"url": "https://example.com/i.png"}}),
            Some("https://example.com/i.png"),
        ),
        (
            json!({"type": "custom_emoji", "custom_emoji": {"id": "1", "name": "x", "url": "https://example.com/e.png"}}),
            Some("https://example.com/e.png"),
        ),
        (
            json!({"type": "icon", "icon": {"name": "document", "color": "gray"}}),
            Some("https://www.notion.so/icons/document_gray.svg"),
        ),
        (json!({"type": "icon", "icon": {"name": "../x", "color": "gray"}}), None),
        (json!({"type": "emoji", "emoji": "🥬"}), None),
        (
            json!({"type": "file", "file": {"url": "https://s3.example/x", "expiry_time": "2026-01-01T00:00:00.000Z"}}),
            None,
        ),
        (json!({"type": "external", "external": {"url": "javascript:alert(1)"}}), None),
        (json!(null), None),
    ];
    for (value, expected) in cases {
        assert_eq!(icon(&json!({ "icon": value })).as_deref(), expected, "{value}");
    }
    assert_eq!(icon(&json!({})), None);
}

#[test]
fn parents_are_told_apart() {
    let id = "d9824bdc-8445-4327-be8b-5b47500af6ce";
    let other = "954b67f9-3f87-41db-8874-23b92bbd31ee";
    let cases = [
        (json!({"type": "workspace", "workspace": true}), Parent::Top),
        (json!({"type": "page_id", "page_id": id}), Parent::Page(id.to_owned())),
        (json!({"type": "block_id", "block_id": id}), Parent::Block(id.to_owned())),
        (json!({"type": "database_id", "database_id": id}), Parent::Database(id.to_owned())),
        (json!({"type": "data_source_id", "data_source_id": id}), Parent::Source(id.to_owned(), None)),
        (
            json!({"type": "data_source_id", "data_source_id": id, "database_id": other}),
            Parent::Source(id.to_owned(), Some(other.to_owned())),
        ),
        (json!({"type": "agent_id", "agent_id": id}), Parent::Top),
        (json!({"type": "page_id", "page_id": "../me"}), Parent::Top),
        (json!(null), Parent::Top),
    ];
    for (value, expected) in cases {
        assert_eq!(parent(&json!({ "parent": value })), expected, "{value}");
    }
}

#[test]
fn trash_has_three_names() {
    for (object, expected) in [
        (json!({"in_trash": true}), true),
        (json!({"archived": true}), true),
        (json!({"is_archived": true, "in_trash": false}), true),
        (json!({"in_trash": null, "archived": false}), false),
        (json!({}), false),
    ] {
        assert_eq!(is_put_away(&object), expected, "{object}");
    }
}
