//! Small workspaces, and what is listed and asked for of them.

use serde_json::json;

use super::*;

const TIME: &str = "2026-01-01T10:00:00.000Z";

/// An id that shows its number.
fn id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn page(number: u32, parent: &Value) -> Value {
    json!({"object": "page", "id": id(number), "parent": parent, "last_edited_time": TIME, "url": "https://www.notion.so/x",
           "properties": {"Name": {"type": "title", "title": [{"plain_text": format!("Page {number}")}]}}})
}

fn asked(catalogue: &mut Catalogue) -> Vec<Wanted> {
    std::iter::from_fn(|| catalogue.next()).collect()
}

#[test]
fn each_thing_is_listed_once_and_below_what_it_lies_in() {
    let mut catalogue = Catalogue::default();
    catalogue.add(&page(1, &json!({"type": "workspace", "workspace": true})));
    catalogue.add(&page(2, &json!({"type": "page_id", "page_id": id(1)})));
    catalogue.add(&page(2, &json!({"type": "page_id", "page_id": id(1)})));
    let source = json!({"object": "data_source", "id": id(20), "last_edited_time": TIME, "parent": {"type": "database_id", "database_id": id(10)}});
    catalogue.add(&source);
    catalogue.add(&page(3, &json!({"type": "data_source_id", "data_source_id": id(20), "database_id": id(10)})));
    let wanted = asked(&mut catalogue);
    assert_eq!(wanted, [Wanted::Database(id(10)), Wanted::Rows(id(20))]);
    catalogue.add(&json!({"object": "database", "id": id(10), "title": [{"plain_text": "Rows"}], "last_edited_time": "2025-12-31T00:00:00.000Z",
                          "parent": {"type": "page_id", "page_id": id(1)}, "data_sources": [{"id": id(20), "name": "Rows"}, {"id": id(21)}]}));
    assert_eq!(asked(&mut catalogue), [Wanted::Rows(id(21))]);

    let found = catalogue.finish();
    let told: Vec<_> =
        found.iter().map(|one| (one.external_id.clone(), one.object.as_str(), one.parent.clone())).collect();
    let expected = [
        (id(1), "page", None),
        (id(2), "page", Some(id(1))),
        (id(3), "page", Some(id(10))),
        (id(10), "database", Some(id(1))),
    ];
    assert_eq!(told, expected);
    let version = format!("2025-12-31T00:00:00.000Z {TIME}");
    assert_eq!(found[3].version.as_deref(), Some(version.as_str()));
    assert_eq!(found[0].version.as_deref(), Some(TIME));
}

#[test]
fn what_only_others_name_is_asked_for_once() {
    let mut catalogue = Catalogue::default();
    catalogue.add(&page(2, &json!({"type": "page_id", "page_id": id(1)})));
    catalogue.add(&page(3, &json!({"type": "page_id", "page_id": id(1)})));
    catalogue.add(&page(4, &json!({"type": "data_source_id", "data_source_id": id(20)})));
    catalogue.add(&page(5, &json!({"type": "database_id", "database_id": id(10)})));
    catalogue.add(&json!({"object": "page", "id": id(6)}));
    catalogue.add(&json!({"object": "data_source", "id": id(21)}));
    let mut wanted = asked(&mut catalogue);
    wanted.sort_by_key(|wanted| format!("{wanted:?}"));
    let expected = [
        Wanted::Database(id(10)),
        Wanted::Page(id(1)),
        Wanted::Page(id(6)),
        Wanted::Source(id(20)),
        Wanted::Source(id(21)),
    ];
    assert_eq!(wanted, expected);
    assert_eq!(asked(&mut catalogue), []);
}

#[test]
fn what_lies_in_the_trash_is_left_out_and_not_asked_for() {
    let mut catalogue = Catalogue::default();
    let mut trashed = page(1, &json!({"type": "workspace"}));
    trashed["in_trash"] = json!(true);
    catalogue.add(&trashed);
    catalogue.add(&page(2, &json!({"type": "page_id", "page_id": id(1)})));
    catalogue.add(&json!({"object": "page", "id": "not an id", "last_edited_time": TIME}));
    catalogue.add(&json!({"object": null}));
    catalogue.add(&json!(null));
    assert_eq!(asked(&mut catalogue), []);
    let found = catalogue.finish();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].parent, None);
}

#[test]
fn a_page_inside_of_a_block_lies_on_the_page_that_was_looked_through() {
    let mut catalogue = Catalogue::default();
    catalogue.add(&page(1, &json!({"type": "workspace"})));
    catalogue.add(&page(2, &json!({"type": "block_id", "block_id": id(99)})));
    catalogue.add_child(&json!({"type": "child_page", "id": id(2)}), &id(1));
    catalogue.add_child(&json!({"type": "child_page", "id": id(3)}), &id(1));
    catalogue.add_child(&json!({"type": "child_database", "id": id(10)}), &id(1));
    assert_eq!(asked(&mut catalogue), [Wanted::Page(id(3)), Wanted::Database(id(10))]);
    let found = catalogue.finish();
    assert_eq!(found[1].parent, Some(id(1)));
}

#[test]
fn pages_of_the_tree_are_looked_through_before_rows() {
    let mut catalogue = Catalogue::default();
    catalogue.add(&page(1, &json!({"type": "data_source_id", "data_source_id": id(20)})));
    catalogue.add(&page(2, &json!({"type": "workspace"})));
    catalogue.add(&page(2, &json!({"type": "workspace"})));
    assert_eq!(catalogue.left_to_walk(), 2);
    assert_eq!(
        [catalogue.next_to_walk(), catalogue.next_to_walk(), catalogue.next_to_walk()],
        [Some(id(2)), Some(id(1)), None]
    );
}
