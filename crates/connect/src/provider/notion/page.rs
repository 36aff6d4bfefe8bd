//! Reads one page.

use model::{Failure, FailureCode};
use serde_json::{Value, json};

use super::super::field::{list, text};
use super::super::gate::Gate;
use super::super::item::{Content, Form, Reading};
use super::blocks::by_blocks;
use super::interface::Interface;
use super::object::{self, Parent};
use super::paging::read_all;
use super::property;
use super::rendition::rendition;
use super::rich_text;

/// The most values of one property that are read: the answer with the page holds the first 25.
const MOST_VALUES: usize = 500;

/// Reads a page of this id, unless it is still what is known.
pub async fn read<G: Gate>(notion: &Interface<'_, G>, id: &str, known: Option<&str>) -> Result<Reading, Failure> {
    let mut page = match notion.get(&format!("pages/{id}")).await? {
        Ok(page) => page,
        Err(refusal) => return Err(notion.api.refused(&refusal)),
    };
    if object::is_put_away(&page) {
        return Err(Failure::new(FailureCode::Gone, "Notion: the page lies in the trash or the archive"));
    }
    let edited = object::edited(&page).to_owned();
    if !edited.is_empty() && known == Some(edited.as_str()) {
        return Ok(Reading::Unchanged);
    }
    let found = match rendition(notion, id).await? {
        Some(found) => found,
        None => by_blocks(notion, id).await?,
    };
    let properties = if is_row(&page) {
        complete(notion, id, &mut page).await?;
        described(&page)
    } else {
        String::new()
    };
    Ok(Reading::Content(Box::new(Content {
        version: notion.settled(&edited, &edited),
        title: object::title(&page),
        url: object::address(&page),
        form: Form::Text { media_type: "text/markdown", text: [properties, found.markdown].concat() },
        warnings: found.warnings,
    })))
}

fn is_row(page: &Value) -> bool {
    matches!(object::parent(page), Parent::Source(..) | Parent::Database(_))
}

/// The properties as a list, with an empty line behind it.
fn described(page: &Value) -> String {
    let name = |name: String| rich_text::markdown(&[json!({ "plain_text": name })]);
    let mut lines: Vec<String> =
        property::all(page).into_iter().map(|(key, value)| format!("- {}: {value}\n", name(key))).collect();
    if !lines.is_empty() {
        lines.push("\n".to_owned());
    }
    lines.concat()
}

/// Reads the rest of properties of which the page tells only the beginning.
async fn complete<G: Gate>(notion: &Interface<'_, G>, id: &str, page: &mut Value) -> Result<(), Failure> {
    let Some(properties) = page.get_mut("properties").and_then(Value::as_object_mut) else { return Ok(()) };
    for property in properties.values_mut().filter(|property| property::is_cut(property)) {
        let kind = text(property, "/type").to_owned();
        let path = format!("pages/{id}/properties/{}", encoded(text(property, "/id")));
        let mut values = Vec::new();
        let end = read_all(
            notion.api,
            |cursor| notion.listed(&path, cursor),
            |mut value| {
                values.extend(value.get_mut(&kind).map(Value::take));
                values.len() < MOST_VALUES
            },
        )
        .await?;
        // Where the rest is refused, the beginning stays.
        if end.is_ok() && values.len() > list(property, &format!("/{kind}")).len() {
            property[&kind] = Value::Array(values);
        }
    }
    Ok(())
}

/// The id of a property as it stands in a path. It comes encoded already, mostly.
fn encoded(id: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte);
    let letter = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    id.bytes().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_properties_stay_within_their_segment() {
        for (id, expected) in
            [("%3AUPp", "%3AUPp"), ("zag~", "zag~"), ("t|O@", "t%7CO%40"), ("../x?y", "..%2Fx%3Fy"), ("", "")]
        {
            assert_eq!(encoded(id), expected, "{id}");
        }
    }

    #[test]
    fn the_properties_of_a_row_are_a_list() {
        let page = json!({"properties": {
            "Name": {"type": "title", "title": [{"plain_text": "Kale"}]},
            "Food [group]": {"type": "select", "select": {"name": "Vegetable"}},
            "By": {"type": "people", "people": [{"name": "Ada"}]},
        }});
        assert_eq!(described(&page), "- By: Ada\n- Food \\[group\\]: Vegetable\n\n");
        assert_eq!(described(&json!({})), "");
    }
}
