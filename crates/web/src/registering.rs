//! Reads the body that registers what a provider has.

use serde_json::{Map, Value};
use store::Registration;

use crate::error::Error;
use crate::offenders::Offenders;
use crate::quoted::quoted;
use crate::state::State;

const RESOURCES: &str = "resources";
/// What an item is when nothing is said.
const USUAL: &str = "page";
/// The most bytes of a text of an item.
const LONGEST: usize = 4_096;

/// What a body asks to register. Fields that are not known are ignored: discovery shows more than is needed here.
pub fn read(body: &[u8], state: &State) -> Result<Vec<Registration>, Error> {
    let bad = |text: String| Error::BadRequest(text);
    let whole: Value =
        serde_json::from_slice(body).map_err(|error| bad(format!("the body is not valid JSON: {error}")))?;
    let Value::Object(mut fields) = whole else { return Err(bad("the body must be a JSON object".to_owned())) };
    let Some(Value::Array(items)) = fields.remove(RESOURCES) else {
        return Err(bad(format!("{RESOURCES} must be an array of objects")));
    };
    match items.len() {
        0 => return Err(bad(format!("name at least one item in {RESOURCES}"))),
        count if count > state.limits.items => {
            let most = state.limits.items;
            return Err(bad(format!("{RESOURCES} holds {count} items; at most {most} fit one request, split it")));
        }
        _ => {}
    }
    let mut offenders = Offenders::default();
    let mut registrations = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        match registration(item) {
            Ok(registration) => registrations.push(registration),
            Err(text) => offenders.add(|| format!("{RESOURCES}[{at}]{text}")),
        }
    }
    offenders.refuse().map(|()| registrations)
}

fn registration(item: &Value) -> Result<Registration, String> {
    let Value::Object(fields) = item else { return Err(" must be an object".to_owned()) };
    let original_url = needed(fields, "originalUrl")?;
    if model::WebUrl::parse(&original_url).is_err() {
        return Err(format!(".originalUrl must be an http or https URL, got {}", quoted(&original_url)));
    }
    Ok(Registration {
        original_url,
        title: needed(fields, "title")?,
        external_id: needed(fields, "externalId")?,
        mime_type: needed(fields, "mimeType")?,
        kind: optional(fields, "object")?.unwrap_or_else(|| USUAL.to_owned()),
    })
}

fn needed(fields: &Map<String, Value>, name: &str) -> Result<String, String> {
    optional(fields, name)?.ok_or_else(|| format!(".{name} is missing"))
}

/// A text that is not empty.
fn optional(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Err(format!(".{name} is empty")),
        Some(Value::String(text)) if text.len() > LONGEST => Err(format!(".{name} is longer than {LONGEST} bytes")),
        Some(Value::String(text)) if text.contains('\0') => {
            Err(format!(".{name} contains a NUL character (U+0000); remove it"))
        }
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!(".{name} must be a string")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str =
        r#"{"originalUrl":"https://a.example/1","title":"One","externalId":"1","mimeType":"text/html"}"#;

    #[test]
    fn an_item_needs_its_address_title_name_and_type() {
        let item = |text: &str| registration(&serde_json::from_str(text).unwrap());
        assert_eq!(item(WHOLE).map(|item| item.kind), Ok("page".to_owned()));
        let without = |name: &str| {
            let mut fields: Map<String, Value> = serde_json::from_str(WHOLE).unwrap();
            fields.remove(name);
            registration(&Value::Object(fields))
        };
        for name in ["originalUrl", "title", "externalId", "mimeType"] {
            assert_eq!(without(name), Err(format!(".{name} is missing")));
        }
        let cases = [
            (r#""x""#, " must be an object"),
            (r#"{"originalUrl":"notes"}"#, ".originalUrl must be an http or https URL, got \"notes\""),
            (r#"{"originalUrl":7}"#, ".originalUrl must be a string"),
            (r#"{"originalUrl":" "}"#, ".originalUrl is empty"),
        ];
        for (text, expected) in cases {
            assert_eq!(item(text), Err(expected.to_owned()));
        }
    }
}
