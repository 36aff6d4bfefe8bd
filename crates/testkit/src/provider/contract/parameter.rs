//! Parameters of a request: whether the required are there, known ones have documented values, and none is unknown.

use serde_json::Value;

use super::document::resolved;
use super::schemas::Schemas;
use crate::provider::exchange::Request;

/// The parameters of one operation.
pub struct Parameters(Vec<Parameter>);

struct Parameter {
    name: String,
    place: Place,
    is_required: bool,
    /// Whether a list repeats the name; otherwise commas part its values.
    is_exploded: bool,
    schema: Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Query,
    Header,
}

impl Parameters {
    /// Those of a path and those of one of its operations; the latter overrule. The path's own values are not looked at:
    /// whatever stands there has found the operation.
    pub fn read(document: &Value, of_path: &Value, of_operation: &Value) -> Self {
        let mut parameters: Vec<Parameter> = Vec::new();
        for described in [of_path, of_operation].into_iter().flat_map(|list| list.as_array().into_iter().flatten()) {
            if let Some(parameter) = Parameter::read(resolved(document, described)) {
                parameters.retain(|known| (&known.name, known.place) != (&parameter.name, parameter.place));
                parameters.push(parameter);
            }
        }
        Self(parameters)
    }

    pub fn complaints(&self, request: &Request, extra_query: &[String], schemas: &Schemas) -> Vec<String> {
        let known = |name: &str| {
            let documented = self.0.iter().any(|parameter| parameter.place == Place::Query && parameter.name == name);
            documented || extra_query.iter().any(|extra| extra == name)
        };
        let unknown = request.query.iter().filter(|(name, _)| !known(name));
        let unknown = unknown.map(|(name, _)| format!("the document has no query parameter `{name}`"));
        let wrong = self.0.iter().flat_map(|parameter| parameter.complaints(request, schemas));
        unknown.chain(wrong).collect()
    }
}

impl Parameter {
    fn read(described: &Value) -> Option<Self> {
        let place = match described["in"].as_str()? {
            "query" => Place::Query,
            "header" => Place::Header,
            _ => return None,
        };
        Some(Self {
            name: described["name"].as_str()?.to_owned(),
            place,
            is_required: described["required"] == true,
            is_exploded: described["explode"] != false,
            schema: described["schema"].clone(),
        })
    }

    fn complaints(&self, request: &Request, schemas: &Schemas) -> Vec<String> {
        let texts: Vec<&str> = match self.place {
            Place::Query => {
                let pairs = request.query.iter().filter(|(name, _)| *name == self.name);
                pairs.map(|(_, value)| value.as_str()).collect()
            }
            Place::Header => request.header(&self.name).into_iter().collect(),
        };
        if texts.is_empty() {
            let complaint = format!("the parameter `{}` is missing", self.name);
            return if self.is_required { vec![complaint] } else { Vec::new() };
        }
        let mismatches = schemas.mismatches(&self.schema, &self.value(&texts, schemas));
        mismatches.into_iter().map(|mismatch| format!("the parameter `{}` {mismatch}", self.name)).collect()
    }

    fn value(&self, texts: &[&str], schemas: &Schemas) -> Value {
        let types = schemas.types(&self.schema);
        if types.contains(&"array") {
            let types = schemas.types(&self.schema["items"]);
            let parts = texts.iter().flat_map(|text| {
                let comma = if self.is_exploded { '\0' } else { ',' };
                text.split(comma)
            });
            return parts.map(|part| typed(part, &types)).collect();
        }
        typed(texts[0], &types)
    }
}

/// A value as the document types it. Text that is none of the types stays text, which the schema then refuses.
fn typed(text: &str, types: &[&str]) -> Value {
    let number = types.iter().any(|name| ["integer", "number"].contains(name));
    let parsed = (number || types.contains(&"boolean")).then(|| serde_json::from_str::<Value>(text).ok()).flatten();
    parsed.filter(|value| value.is_number() || value.is_boolean()).unwrap_or_else(|| text.into())
}
