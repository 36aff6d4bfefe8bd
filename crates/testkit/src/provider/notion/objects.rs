//! The interface's objects: page, database, source and block.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::accounts::BOT;
use super::item::{Item, Kind, Parent, State};
use super::text::Text;

/// The object of anything, whatever it is.
pub(super) fn object(state: &State, item: &Item) -> Value {
    match &item.kind {
        Kind::Page => page(state, item),
        Kind::Database => database(state, item),
        Kind::Source => source(state, item),
        Kind::Block { .. } => block(state, item),
    }
}

/// What a search may give instead of a whole object.
pub(super) fn partial(item: &Item) -> Value {
    let kind = if matches!(item.kind, Kind::Source) { "data_source" } else { "page" };
    json!({ "object": kind, "id": item.id })
}

/// Something as a block: a page and a database are blocks of what they lie in.
pub(super) fn block(state: &State, item: &Item) -> Value {
    let (kind, content) = match &item.kind {
        Kind::Page => ("child_page", json!({ "title": item.title })),
        Kind::Database | Kind::Source => ("child_database", json!({ "title": item.title })),
        Kind::Block { kind, content } => (kind.as_str(), content.json(kind)),
    };
    let inside = state.shown_in(item).map_or(item.is_hidden || item.original().is_some(), |inside| !inside.is_empty());
    // A database's rows are not blocks in it.
    let has_children = inside && !matches!(item.kind, Kind::Database | Kind::Source);
    let mut object = common(state, item, "block");
    object.insert("parent".to_owned(), parent(state, item.parent));
    object.insert("has_children".to_owned(), has_children.into());
    object.insert("type".to_owned(), kind.into());
    object.insert(kind.to_owned(), content);
    object.into()
}

fn page(state: &State, item: &Item) -> Value {
    let mut object = common(state, item, "page");
    object.insert("parent".to_owned(), parent(state, item.parent));
    object.insert("properties".to_owned(), properties(item));
    object.insert("is_locked".to_owned(), false.into());
    object.extend(looks(item));
    object.into()
}

fn database(state: &State, item: &Item) -> Value {
    let sources = item.children.iter().map(|id| state.item(*id));
    let sources: Value = sources.map(|source| json!({ "id": source.id, "name": source.title })).collect();
    let mut object = common(state, item, "database");
    object.insert("title".to_owned(), Text::from(item.title.as_str()).json());
    object.insert("description".to_owned(), json!([]));
    object.insert("parent".to_owned(), parent(state, item.parent));
    object.insert("is_inline".to_owned(), false.into());
    object.insert("is_locked".to_owned(), false.into());
    object.insert("data_sources".to_owned(), sources);
    object.extend(looks(item));
    object.into()
}

fn source(state: &State, item: &Item) -> Value {
    let database = item.parent.id().map(|id| state.item(id));
    let mut object = common(state, item, "data_source");
    object.insert("title".to_owned(), Text::from(item.title.as_str()).json());
    object.insert("description".to_owned(), json!([]));
    object.insert("parent".to_owned(), parent(state, item.parent));
    object.insert("database_parent".to_owned(), database.map_or(Value::Null, |item| parent(state, item.parent)));
    object.insert("is_inline".to_owned(), false.into());
    object.insert("properties".to_owned(), schema());
    object.extend(looks(item));
    object.into()
}

fn common(state: &State, item: &Item, kind: &str) -> Map<String, Value> {
    let user = json!({ "object": "user", "id": BOT });
    let fields = json!({
        "object": kind, "id": item.id, "created_time": item.created_text(), "last_edited_time": item.edited_text(),
        "created_by": user, "last_edited_by": user, "in_trash": state.is_trashed(item),
    });
    fields.as_object().cloned().unwrap_or_default()
}

fn looks(item: &Item) -> Map<String, Value> {
    let fields = json!({ "icon": item.icon, "cover": null, "url": url(item), "public_url": null });
    fields.as_object().cloned().unwrap_or_default()
}

fn parent(state: &State, parent: Parent) -> Value {
    match parent {
        Parent::Workspace => json!({ "type": "workspace", "workspace": true }),
        Parent::Page(id) => json!({ "type": "page_id", "page_id": id }),
        Parent::Block(id) => json!({ "type": "block_id", "block_id": id }),
        Parent::Database(id) => json!({ "type": "database_id", "database_id": id }),
        Parent::Source(id) => {
            let database = state.item(id).parent.id();
            json!({ "type": "data_source_id", "data_source_id": id, "database_id": database })
        }
    }
}

/// Where people see it: the title as part of the address, then the id.
pub(super) fn url(item: &Item) -> String {
    let mut slug: String = item.title.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    slug.truncate(40);
    let slug = slug.trim_matches('-');
    let joint = if slug.is_empty() { "" } else { "-" };
    format!("https://www.notion.so/{slug}{joint}{}", item.id.simple())
}

/// A page's title; a row has more, empty ones among them.
fn properties(item: &Item) -> Value {
    let title = Text::from(item.title.as_str()).json();
    let Parent::Source(_) = item.parent else {
        return json!({ "title": { "id": "title", "type": "title", "title": title } });
    };
    let mut properties = json!({
        "Name": { "id": "title", "type": "title", "title": title },
        "Status": { "id": "a%3Ab", "type": "select", "select": null },
        "Points": { "id": "c%3Dd", "type": "number", "number": null },
        "Due": { "id": "e%3Ff", "type": "date", "date": null },
        "Notes": { "id": "g%40h", "type": "rich_text", "rich_text": [] },
    });
    for (number, (name, kind, value)) in item.properties.iter().enumerate() {
        let id = properties[name]["id"].as_str().map_or(format!("p{number}"), str::to_owned);
        properties[name] = json!({ "id": id, "type": kind, kind: value });
    }
    properties
}

/// The properties that every row has.
fn schema() -> Value {
    let property = |id: &str, name: &str, kind: &str, settings: Value| json!({ "id": id, "name": name, "description": null, "type": kind, kind: settings });
    json!({
        "Name": property("title", "Name", "title", json!({})),
        "Status": property("a%3Ab", "Status", "select", json!({ "options": [] })),
        "Points": property("c%3Dd", "Points", "number", json!({ "format": "number" })),
        "Due": property("e%3Ff", "Due", "date", json!({})),
        "Notes": property("g%40h", "Notes", "rich_text", json!({})),
    })
}

/// The address of a block on its page.
pub(super) fn block_url(id: Uuid) -> String {
    format!("https://www.notion.so/{}", id.simple())
}
