//! The values of a page's properties, as Markdown on one line. Pure.

use serde_json::Value;

use super::super::field::{is_set, list, text};
use super::id;
use super::link::{file, link};
use super::rich_text::{markdown, plain};

/// A list in a value is followed no deeper than this: a roll-up holds values, and those hold none that do.
const DEEPEST: usize = 3;

/// The value of a property, or of one of its parts; empty where it has none.
pub fn value(property: &Value) -> String {
    let mut parts = Vec::new();
    let mut waiting = vec![(property, 0)];
    // Roll-ups and formulas hold other values. The last that waits is the next to be read, so they go in backwards.
    while let Some((property, depth)) = waiting.pop() {
        let kind = text(property, "/type");
        let inner = property.get(kind).unwrap_or(&Value::Null);
        match kind {
            "rollup" if text(inner, "/type") == "array" && depth < DEEPEST => {
                waiting.extend(list(inner, "/array").iter().rev().map(|value| (value, depth + 1)));
            }
            "rollup" | "formula" if depth < DEEPEST => waiting.push((inner, depth + 1)),
            _ => parts.push(simple(kind, inner)),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// The names and values of a page's properties, the title and the empty ones left out.
pub fn all(page: &Value) -> Vec<(String, String)> {
    let properties = page.get("properties").and_then(Value::as_object);
    let described = properties.into_iter().flatten().filter(|(_, property)| text(property, "/type") != "title");
    described.map(|(name, property)| (name.clone(), value(property))).filter(|(_, value)| !value.is_empty()).collect()
}

fn simple(kind: &str, value: &Value) -> String {
    match kind {
        "title" | "rich_text" => markdown(list(value, "")),
        "number" => number(value),
        "boolean" | "checkbox" => value.as_bool().map_or("", |yes| if yes { "Yes" } else { "No" }).to_owned(),
        "select" | "status" => text(value, "/name").to_owned(),
        "multi_select" => joined(list(value, "").iter().map(|choice| text(choice, "/name").to_owned())),
        "date" => date(value),
        "people" => joined(list(value, "").iter().map(person)),
        "created_by" | "last_edited_by" => person(value),
        "files" => joined(list(value, "").iter().map(attachment)),
        "url" => link("", text(value, "")),
        "relation" => joined(list(value, "").iter().map(related)),
        "unique_id" => unique_id(value),
        "verification" => text(value, "/state").to_owned(),
        "place" => joined(["/name", "/address"].iter().map(|field| text(value, field).to_owned())),
        // A button is no value. The last three are in the page's own data already.
        "button" | "created_time" | "last_edited_time" => String::new(),
        // Text, mail, telephone, and kinds that are not known yet where they are told as text.
        _ if value.is_string() => text(value, "").to_owned(),
        _ => plain(list(value, "/rich_text")),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn number(value: &Value) -> String {
    value.as_number().map_or_else(String::new, ToString::to_string)
}

/// `2026-01-02 → 2026-01-05`.
fn date(value: &Value) -> String {
    let sides = [text(value, "/start"), text(value, "/end")];
    sides.iter().filter(|side| !side.is_empty()).copied().collect::<Vec<_>>().join(" → ")
}

/// A person by name, where we may know it. Groups have names too.
fn person(value: &Value) -> String {
    let names = [text(value, "/name"), text(value, "/person/email")];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned()
}

fn attachment(value: &Value) -> String {
    let addresses = [text(value, "/external/url"), text(value, "/file/url")];
    file(text(value, "/name"), addresses.into_iter().find(|address| !address.is_empty()).unwrap_or_default())
}

fn related(value: &Value) -> String {
    id::canonical(text(value, "/id")).map_or_else(String::new, |id| link("", &id::address(&id)))
}

fn unique_id(value: &Value) -> String {
    let number = value.get("number").map(number).unwrap_or_default();
    match text(value, "/prefix") {
        _ if number.is_empty() => String::new(),
        "" => number,
        prefix => format!("{prefix}-{number}"),
    }
}

/// Whether the interface gave only the first part of a property's list.
pub fn is_cut(property: &Value) -> bool {
    let kind = text(property, "/type");
    is_set(property, "/has_more")
        || matches!(kind, "title" | "rich_text" | "people" | "relation")
            && list(property, &format!("/{kind}")).len() >= 25
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_has_words() {
        let cases = [
            (
                json!({"type": "rich_text", "rich_text": [{"plain_text": "A dark ", "annotations": {}}, {"plain_text": "green", "annotations": {"bold": true}}]}),
                "A dark **green**",
            ),
            (json!({"type": "number", "number": 2.5}), "2.5"),
            (json!({"type": "number", "number": null}), ""),
            (json!({"type": "checkbox", "checkbox": false}), "No"),
            (json!({"type": "select", "select": {"name": "Vegetable"}}), "Vegetable"),
            (json!({"type": "select", "select": null}), ""),
            (json!({"type": "status", "status": {"name": "Done"}}), "Done"),
            (json!({"type": "multi_select", "multi_select": [{"name": "a"}, {"name": null}, {"name": "b"}]}), "a, b"),
            (json!({"type": "date", "date": {"start": "2022-02-22", "end": null}}), "2022-02-22"),
            (json!({"type": "date", "date": {"start": "2022-02-22", "end": "2022-02-23"}}), "2022-02-22 → 2022-02-23"),
            (
                json!({"type": "people", "people": [{"object": "user", "id": "1", "name": "Ada"}, {"object": "user", "id": "2"}]}),
                "Ada",
            ),
            (json!({"type": "people", "people": [{"person": {"email": "ada@example.com"}}]}), "ada@example.com"),
            (json!({"type": "created_by", "created_by": {"name": "Ada"}}), "Ada"),
            (json!({"type": "url", "url": "https://example.com/a"}), "<https://example.com/a>"),
            (json!({"type": "email", "email": "ada@example.com"}), "ada@example.com"),
            (json!({"type": "phone_number", "phone_number": "+1"}), "+1"),
            (
                json!({"type": "files", "files": [{"name": "a.pdf", "file": {"url": "https://s3.example/a?X-Amz-Expires=1"}}]}),
                "a.pdf",
            ),
            (json!({"type": "unique_id", "unique_id": {"prefix": "FAQ", "number": 7}}), "FAQ-7"),
            (json!({"type": "unique_id", "unique_id": {"prefix": null, "number": 7}}), "7"),
            (json!({"type": "formula", "formula": {"type": "string", "string": "made"}}), "made"),
            (json!({"type": "formula", "formula": {"type": "number", "number": 0}}), "0"),
            (json!({"type": "formula", "formula": {"type": "boolean", "boolean": true}}), "Yes"),
            (json!({"type": "formula", "formula": {"type": "date", "date": {"start": "2022-01-01"}}}), "2022-01-01"),
            (json!({"type": "formula", "formula": null}), ""),
            (json!({"type": "rollup", "rollup": {"type": "number", "number": 2, "function": "count"}}), "2"),
            (
                json!({"type": "rollup", "rollup": {"type": "array", "array": [{"type": "title", "title": [{"plain_text": "x"}]}, {"type": "number", "number": 3}]}}),
                "x, 3",
            ),
            (json!({"type": "rollup", "rollup": {"type": "unsupported", "unsupported": {}}}), ""),
            (
                json!({"type": "relation", "relation": [{"id": "90eeeed8-2cdd-4af4-9cc1-3d24aff5f63c"}]}),
                "<https://www.notion.so/90eeeed82cdd4af49cc13d24aff5f63c>",
            ),
            (json!({"type": "place", "place": {"lat": 1.0, "lon": 2.0, "name": "Office", "address": null}}), "Office"),
            (json!({"type": "button", "button": {}}), ""),
            (json!({"type": "verification", "verification": {"state": "verified"}}), "verified"),
            (json!({"type": "brand_new", "brand_new": {"rich_text": [{"plain_text": "kept"}]}}), "kept"),
            (json!({"type": "brand_new", "brand_new": 7}), ""),
            (json!({"type": null}), ""),
            (json!(null), ""),
        ];
        for (property, expected) in cases {
            assert_eq!(value(&property), expected, "{property}");
        }
    }

    #[test]
    fn the_title_and_what_is_empty_are_left_out() {
        let page = json!({"properties": {
            "Name": {"type": "title", "title": [{"plain_text": "Kale"}]},
            "Price": {"type": "number", "number": null},
            "Group": {"type": "select", "select": {"name": "Vegetable"}},
        }});
        assert_eq!(all(&page), [("Group".to_owned(), "Vegetable".to_owned())]);
        assert_eq!(all(&json!({"properties": null})), []);
    }
}
