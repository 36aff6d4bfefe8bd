//! One block of a page as Markdown. Pure.

use serde_json::Value;

use super::super::field::{is_set, list, text};
use super::composer::{Composer, Container};
use super::id;
use super::link::{file, link, picture};
use super::rich_text::{markdown, plain};

/// What is done with what a block holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inside {
    /// It follows, within what was opened for it.
    Follows,
    /// It is of another document, or nothing.
    Elsewhere,
    /// Its rows follow, as one table.
    Rows,
}

/// Writes a block, and opens what its children stand in: one container, always.
pub fn write(block: &Value, to: &mut Composer) -> Inside {
    let kind = text(block, "/type");
    let body = block.get(kind).unwrap_or(&Value::Null);
    let words = || markdown(list(body, "/rich_text"));
    let mut container = Container::Plain;
    match kind {
        "heading_1" | "heading_2" | "heading_3" | "heading_4" => {
            let level = kind.bytes().last().map_or(1, |digit| usize::from(digit - b'0'));
            to.heading(level, &words());
        }
        "bulleted_list_item" | "numbered_list_item" | "to_do" => {
            to.item(marker(kind, body), &words());
            return Inside::Follows;
        }
        "quote" | "callout" => container = Container::Quote,
        "code" => {
            let language = text(body, "/language").replace(' ', "-");
            to.code(if language == "plain-text" { "" } else { &language }, &plain(list(body, "/rich_text")));
            to.paragraph(&markdown(list(body, "/caption")));
        }
        "equation" => to.code("latex", text(body, "/expression")),
        "image" => to.paragraph(&picture(&markdown(list(body, "/caption")), address(body))),
        "video" | "pdf" | "file" | "audio" => to.paragraph(&attachment(body)),
        "bookmark" | "embed" | "link_preview" => {
            to.paragraph(&link(&markdown(list(body, "/caption")), text(body, "/url")));
        }
        "child_page" | "child_database" => to.paragraph(&child(block, body)),
        "link_to_page" => to.paragraph(&linked(body)),
        "meeting_notes" | "transcription" => to.paragraph(&markdown(list(body, "/title"))),
        // What they hold is content, if anything is.
        "synced_block" | "column_list" | "column" | "tab" | "table" | "divider" | "breadcrumb"
        | "table_of_contents" => {}
        // Paragraphs, toggles, buttons, and what nobody knows yet: its words, when it has any.
        _ => to.paragraph(&words()),
    }
    to.open(container);
    if container == Container::Quote {
        to.paragraph(&words());
    }
    match kind {
        // A template holds what its button would make.
        "child_page" | "child_database" | "template" | "unsupported" => Inside::Elsewhere,
        "table" => Inside::Rows,
        _ => Inside::Follows,
    }
}

/// Writes a table whose rows were gathered.
pub fn write_table(table: &Value, rows: &[Value], to: &mut Composer) {
    let cells = |row: &Value| {
        let cells = list(row, "/table_row/cells").iter();
        cells.map(|cell| markdown(cell.as_array().map_or(&[], Vec::as_slice))).collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<String>> = rows.iter().map(cells).filter(|cells| !cells.is_empty()).collect();
    let has_head = is_set(table, "/table/has_column_header") && !rows.is_empty();
    let head = if has_head { rows.remove(0) } else { Vec::new() };
    to.table(&head, &rows);
}

/// Whose children a block shows: its own, or those of the block that it repeats.
pub fn source_of_children(block: &Value) -> Option<String> {
    let repeated = text(block, "/synced_block/synced_from/block_id");
    id::canonical(if repeated.is_empty() { text(block, "/id") } else { repeated })
}

fn marker(kind: &str, body: &Value) -> &'static str {
    match kind {
        "to_do" if is_set(body, "/checked") => "- [x]",
        "to_do" => "- [ ]",
        "numbered_list_item" => "1.",
        _ => "-",
    }
}

fn address(body: &Value) -> &str {
    [text(body, "/external/url"), text(body, "/file/url")].into_iter().find(|url| !url.is_empty()).unwrap_or_default()
}

fn attachment(body: &Value) -> String {
    let caption = markdown(list(body, "/caption"));
    let label = if caption.is_empty() { text(body, "/name").to_owned() } else { caption };
    file(&label, address(body))
}

fn child(block: &Value, body: &Value) -> String {
    let title = text(body, "/title").replace(['[', ']'], " ");
    id::canonical(text(block, "/id")).map_or_else(|| title.clone(), |id| link(&title, &id::address(&id)))
}

fn linked(body: &Value) -> String {
    let ids = [text(body, "/page_id"), text(body, "/database_id")];
    ids.into_iter().find_map(id::canonical).map_or_else(String::new, |id| link("", &id::address(&id)))
}

#[cfg(test)]
mod tests;
