//! Pages, databases and data sources as the interface describes them. Pure.

use serde_json::Value;

use super::super::field::{is_set, list, text};
use super::id;
use super::rich_text::plain;

/// What a thing lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parent {
    /// Nothing that has an id.
    Top,
    /// A page.
    Page(String),
    /// A block of a page: which page is not said.
    Block(String),
    /// A database.
    Database(String),
    /// A data source of a database, with the database where that is said.
    Source(String, Option<String>),
}

/// The id, in its one form.
pub fn id_of(object: &Value) -> Option<String> {
    id::canonical(text(object, "/id"))
}

/// Whether only kind and id are told.
pub fn is_partial(object: &Value) -> bool {
    text(object, "/last_edited_time").is_empty()
}

/// Whether it lies in the trash or the archive, by whatever name the version of the interface has for that.
pub fn is_put_away(object: &Value) -> bool {
    ["/in_trash", "/archived", "/is_archived"].iter().any(|pointer| is_set(object, pointer))
}

/// When it was last edited, in whole minutes.
pub fn edited(object: &Value) -> &str {
    text(object, "/last_edited_time")
}

/// The title: of a page the one property of that type, whatever its name.
pub fn title(object: &Value) -> String {
    let property = object
        .get("properties")
        .and_then(Value::as_object)
        .and_then(|properties| properties.values().find(|property| text(property, "/type") == "title"));
    let title = match property {
        Some(property) if text(object, "/object") == "page" => plain(list(property, "/title")),
        _ => plain(list(object, "/title")),
    };
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() { "Untitled".to_owned() } else { title }
}

/// Its page.
pub fn address(object: &Value) -> String {
    let url = text(object, "/url");
    if is_web(url) { url.to_owned() } else { id::address(text(object, "/id")) }
}

/// The address of its icon, where that lasts: not that of an uploaded file, which ends within the hour.
pub fn icon(object: &Value) -> Option<String> {
    let icon = object.get("icon")?;
    let address = match text(icon, "/type") {
        "external" => text(icon, "/external/url").to_owned(),
        "custom_emoji" => text(icon, "/custom_emoji/url").to_owned(),
        "icon" => {
            let (name, color) = (text(icon, "/icon/name"), text(icon, "/icon/color"));
            let is_word = |word: &str| {
                !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            };
            let is_known = is_word(name) && is_word(color);
            is_known.then(|| format!("https://www.notion.so/icons/{name}_{color}.svg"))?
        }
        _ => return None,
    };
    is_web(&address).then_some(address)
}

/// What it lies in.
pub fn parent(object: &Value) -> Parent {
    let id = |pointer: &str| id::canonical(text(object, pointer));
    let found = match text(object, "/parent/type") {
        "page_id" => id("/parent/page_id").map(Parent::Page),
        "block_id" => id("/parent/block_id").map(Parent::Block),
        "database_id" => id("/parent/database_id").map(Parent::Database),
        "data_source_id" => {
            id("/parent/data_source_id").map(|source| Parent::Source(source, id("/parent/database_id")))
        }
        _ => None,
    };
    found.unwrap_or(Parent::Top)
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

#[cfg(test)]
mod tests;
