//! The `fields` parameter: which parts of an answer are wanted, such as `nextPageToken,files(id,owners/emailAddress)`.

use serde_json::{Map, Value};

/// Names with what is wanted inside of each; nothing inside is all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask(Vec<(String, Mask)>);

impl Mask {
    /// Reads a mask; none when it is not one.
    pub fn read(text: &str) -> Option<Self> {
        let mut rest = text;
        let mask = list(&mut rest)?;
        rest.is_empty().then_some(mask)
    }

    /// The wanted parts of a value. A name that the value could never have is an error, with that name.
    pub fn of(&self, value: &Value, is_known: &dyn Fn(&str) -> bool) -> Result<Value, String> {
        if self.0.is_empty() {
            return Ok(value.clone());
        }
        match value {
            Value::Array(values) => values.iter().map(|value| self.of(value, is_known)).collect(),
            Value::Object(fields) => {
                let mut kept = Map::new();
                for (name, inner) in &self.0 {
                    if name == "*" {
                        for (name, value) in fields {
                            kept.insert(name.clone(), inner.of(value, is_known)?);
                        }
                    } else if let Some(value) = fields.get(name) {
                        kept.insert(name.clone(), inner.of(value, is_known)?);
                    } else if !is_known(name) {
                        return Err(name.clone());
                    }
                }
                Ok(kept.into())
            }
            _ => Ok(value.clone()),
        }
    }
}

fn list(rest: &mut &str) -> Option<Mask> {
    let mut fields = Vec::new();
    loop {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '*')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return None;
        }
        *rest = after;
        let inner = if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            let inner = list(rest)?;
            *rest = rest.strip_prefix(')')?;
            inner
        } else if let Some(after) = rest.strip_prefix('/') {
            *rest = after;
            Mask(vec![one(rest)?])
        } else {
            Mask(Vec::new())
        };
        fields.push((name.to_owned(), inner));
        match rest.strip_prefix(',') {
            Some(after) => *rest = after.trim_start(),
            None => return Some(Mask(fields)),
        }
    }
}

/// One name after a slash, which ends before the next comma.
fn one(rest: &mut &str) -> Option<(String, Mask)> {
    let end = rest.find([',', ')']).unwrap_or(rest.len());
    let (mut path, after) = rest.split_at(end);
    let mut mask = list(&mut path)?;
    *rest = after;
    path.is_empty().then(|| mask.0.pop())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn masks_keep_what_they_name() {
        let value = json!({
            "kind": "list", "nextPageToken": "2",
            "files": [{"id": "a", "name": "A", "capabilities": {"canDownload": true, "canEdit": false}}, {"id": "b"}],
        });
        let cases = [
            ("*", Ok(value.clone())),
            ("kind", Ok(json!({"kind": "list"}))),
            ("nextPageToken, files(id)", Ok(json!({"nextPageToken": "2", "files": [{"id": "a"}, {"id": "b"}]}))),
            ("files/id", Ok(json!({"files": [{"id": "a"}, {"id": "b"}]}))),
            (
                "files(id,capabilities/canDownload,size),kind",
                Ok(json!({"files": [{"id": "a", "capabilities": {"canDownload": true}}, {"id": "b"}], "kind": "list"})),
            ),
            ("files(capabilities(canEdit))", Ok(json!({"files": [{"capabilities": {"canEdit": false}}, {}]}))),
            ("files(titel)", Err("titel".to_owned())),
        ];
        for (text, expected) in cases {
            let mask = Mask::read(text).unwrap_or_else(|| panic!("{text}"));
            let known = |name: &str| ["size", "name", "capabilities"].contains(&name);
            assert_eq!(mask.of(&value, &known), expected, "{text}");
        }
        for text in ["", "a,", "a(b", "a)", "a()", "a//b", "a b"] {
            assert_eq!(Mask::read(text), None, "{text}");
        }
    }
}
