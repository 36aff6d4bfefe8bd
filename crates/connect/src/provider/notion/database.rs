//! Reads one database: what it is for, and its rows as a table. Each row is a page of its own beside that.

use std::collections::HashSet;

use model::{Failure, FailureCode};
use serde_json::{Value, json};

use super::super::field::{list, text};
use super::super::gate::Gate;
use super::super::item::{Content, Form, Reading};
use super::composer::Composer;
use super::interface::Interface;
use super::link::link;
use super::object;
use super::paging::{End, read_all};
use super::property;
use super::rich_text::markdown;

/// The most rows that are shown of one source.
const MOST_ROWS: usize = 1_000;
/// The most properties that are shown of each row.
const MOST_COLUMNS: usize = 20;

/// The version of a database: when it was edited, and when the row was that was edited last. A row that is deleted alone does
/// not show, since Notion tells nowhere that it was.
pub fn version(edited: &str, newest: &str) -> String {
    if newest.is_empty() { edited.to_owned() } else { format!("{edited} {newest}") }
}

/// Reads a database of this id, unless it is still what is known.
pub async fn read<G: Gate>(notion: &Interface<'_, G>, id: &str, known: Option<&str>) -> Result<Reading, Failure> {
    let database = match notion.get(&format!("databases/{id}")).await? {
        Ok(database) => database,
        Err(refusal) => return Err(notion.api.refused(&refusal)),
    };
    if object::is_put_away(&database) {
        return Err(Failure::new(FailureCode::Gone, "Notion: the database lies in the trash or the archive"));
    }
    let sources: Vec<(String, String)> = sources(&database).collect();
    let edited = object::edited(&database).to_owned();
    let mut newest = String::new();
    for (source, _) in &sources {
        newest = newest.max(edited_last(notion, source).await?);
    }
    let version = version(&edited, &newest);
    if !edited.is_empty() && known == Some(version.as_str()) {
        return Ok(Reading::Unchanged);
    }
    let mut to = Composer::default();
    let mut warnings = Vec::new();
    to.paragraph(&markdown(list(&database, "/description")));
    for (source, name) in &sources {
        if sources.len() > 1 {
            to.heading(2, &markdown(&[json!({ "plain_text": name })]));
        }
        let rows = rows(notion, source, &mut warnings).await?;
        write_rows(&rows, &mut to, &mut warnings);
    }
    Ok(Reading::Content(Box::new(Content {
        version: notion.settled(edited.as_str().max(&newest), &version),
        title: object::title(&database),
        url: object::address(&database),
        form: Form::Text { media_type: "text/markdown", text: to.finish() },
        warnings,
    })))
}

/// The ids and names of a database's sources.
pub fn sources(database: &Value) -> impl Iterator<Item = (String, String)> {
    let sources = list(database, "/data_sources").iter();
    sources.filter_map(|source| Some((object::id_of(source)?, text(source, "/name").to_owned())))
}

/// When a row of a source was last edited; empty where there is none, or none that we may see.
async fn edited_last<G: Gate>(notion: &Interface<'_, G>, source: &str) -> Result<String, Failure> {
    let question = json!({"sorts": [{"timestamp": "last_edited_time", "direction": "descending"}], "page_size": 1});
    let path = format!("data_sources/{source}/query");
    match notion.api.attempt::<Value>(notion.found(&path, &question, None)?).await? {
        Ok(answer) => Ok(text(&answer, "/results/0/last_edited_time").to_owned()),
        Err(refusal) if matches!(refusal.status, 400 | 403 | 404) => Ok(String::new()),
        Err(refusal) => Err(notion.api.refused(&refusal)),
    }
}

async fn rows<G: Gate>(
    notion: &Interface<'_, G>,
    source: &str,
    warnings: &mut Vec<String>,
) -> Result<Vec<Value>, Failure> {
    let question = json!({"sorts": [{"timestamp": "created_time", "direction": "ascending"}]});
    let path = format!("data_sources/{source}/query");
    let mut rows: Vec<Value> = Vec::new();
    let mut known = HashSet::new();
    let end = read_all(
        notion.api,
        |cursor| notion.found(&path, &question, cursor),
        |row| {
            let is_new = object::id_of(&row).is_some_and(|id| known.insert(id));
            let has_room = rows.len() < MOST_ROWS;
            if is_new && has_room && !object::is_put_away(&row) && !object::is_partial(&row) {
                rows.push(row);
            }
            has_room || !is_new
        },
    )
    .await?;
    match end {
        Ok(End::Whole) => {}
        Ok(End::Enough) => {
            warnings.push(format!("the database has more than {MOST_ROWS} rows; those after are left out"));
        }
        Ok(End::Limited) => warnings.push("Notion cut the list of rows".to_owned()),
        Ok(End::Cut(why)) => warnings.push(format!("not all rows were read: {why}")),
        Err(refusal) => warnings.push(notion.api.refused(&refusal).text),
    }
    Ok(rows)
}

/// The rows as a table: the title with its link, and every property that any row has.
fn write_rows(rows: &[Value], to: &mut Composer, warnings: &mut Vec<String>) {
    let values: Vec<Vec<(String, String)>> = rows.iter().map(property::all).collect();
    let mut columns: Vec<&str> = values.iter().flatten().map(|(name, _)| name.as_str()).collect();
    columns.sort_unstable();
    columns.dedup();
    if columns.len() > MOST_COLUMNS {
        warnings.push(format!("the rows have {} properties; the first {MOST_COLUMNS} are shown", columns.len()));
        columns.truncate(MOST_COLUMNS);
    }
    let words = |text: &str| markdown(&[json!({ "plain_text": text })]);
    let head: Vec<String> = std::iter::once(title_name(rows)).chain(columns.iter().copied()).map(words).collect();
    let lines = rows.iter().zip(&values).map(|(row, values)| {
        let title = link(&words(&object::title(row)), &object::address(row));
        let value = |column: &&str| {
            values.iter().find(|(name, _)| name == *column).map_or_else(String::new, |(_, value)| value.clone())
        };
        std::iter::once(title).chain(columns.iter().map(value)).collect()
    });
    let lines: Vec<Vec<String>> = lines.collect();
    if !lines.is_empty() {
        to.table(&head, &lines);
    }
}

/// What the property with the title is called here.
fn title_name(rows: &[Value]) -> &str {
    let properties = rows.iter().filter_map(|row| row.get("properties")?.as_object()).flatten();
    let mut titles = properties.filter(|(_, property)| text(property, "/type") == "title");
    titles.next().map_or("Name", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_a_table_of_what_any_of_them_has() {
        let row = |title: &str, group: Value| {
            json!({"id": "954b67f93f8741db887423b92bbd31ee", "object": "page", "url": "https://www.notion.so/x", "properties": {
                "Question": {"type": "title", "title": [{"plain_text": title}]},
                "Group": {"type": "select", "select": group},
                "Empty": {"type": "number", "number": null},
            }})
        };
        let rows = [row("Why | how?", json!({"name": "A"})), row("", json!(null))];
        let mut to = Composer::default();
        write_rows(&rows, &mut to, &mut Vec::new());
        let expected = "| Question | Group |\n| --- | --- |\n| [Why \\| how?](https://www.notion.so/x) | A |\n\
                        | [Untitled](https://www.notion.so/x) |  |\n";
        assert_eq!(to.finish(), expected);
    }

    #[test]
    fn a_database_without_rows_has_no_table() {
        let mut to = Composer::default();
        write_rows(&[], &mut to, &mut Vec::new());
        assert_eq!(to.finish(), "");
    }

    #[test]
    fn too_many_properties_are_cut_with_a_warning() {
        let properties: serde_json::Map<String, Value> =
            (0..30).map(|number| (format!("p{number:02}"), json!({"type": "number", "number": number}))).collect();
        let mut warnings = Vec::new();
        let mut to = Composer::default();
        write_rows(&[json!({"object": "page", "properties": properties})], &mut to, &mut warnings);
        assert_eq!(warnings, ["the rows have 30 properties; the first 20 are shown"]);
        assert!(to.finish().contains("| p19 |"));
    }
}
