//! An OpenAPI document made ready: references to parameters, bodies and answers followed, schemas in one dialect.

use serde_json::{Map, Value, json};

/// The document with every schema in the dialect of JSON Schema 2020-12, which OpenAPI 3.1 has and 3.0 has not.
pub fn normalised(mut document: Value) -> Value {
    if document["openapi"].as_str().is_some_and(|version| version.starts_with("3.0")) {
        convert(&mut document);
    }
    document
}

/// What stands at a place of the document, through a reference if it is one.
pub fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    target.map_or(value, |pointer| {
        document.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is not in the document"))
    })
}

fn convert(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(convert);
            convert_bounds(fields);
            if fields.get("$ref").is_some_and(Value::is_string) {
                // In 3.0 nothing beside a reference counts, except the intention of `nullable`.
                fields.retain(|name, _| name == "$ref" || name == "nullable");
            }
            if fields.get("nullable").is_some_and(Value::is_boolean) && fields.remove("nullable") == Some(json!(true)) {
                *value = nullable(std::mem::take(fields));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(convert),
        _ => {}
    }
}

fn nullable(mut schema: Map<String, Value>) -> Value {
    let Some(Value::String(kind)) = schema.get("type").cloned() else {
        return json!({ "anyOf": [schema, { "type": "null" }] });
    };
    schema.insert("type".to_owned(), json!([kind, "null"]));
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    Value::Object(schema)
}

/// In 3.0 `exclusiveMinimum` says of `minimum` that it is exclusive; since then it is a number of its own.
fn convert_bounds(schema: &mut Map<String, Value>) {
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if schema.get(exclusive).is_some_and(Value::is_boolean) && schema.remove(exclusive) == Some(json!(true)) {
            let limit = schema.remove(bound);
            schema.extend(limit.map(|limit| (exclusive.to_owned(), limit)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_of_3_0_become_those_of_2020_12() {
        let cases = [
            (json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]})),
            (json!({"type": "string", "nullable": false}), json!({"type": "string"})),
            (
                json!({"type": "string", "enum": ["a"], "nullable": true}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (
                json!({"$ref": "#/a", "nullable": true, "description": "x"}),
                json!({"anyOf": [{"$ref": "#/a"}, {"type": "null"}]}),
            ),
            (
                json!({"allOf": [{"$ref": "#/a", "title": "x"}], "nullable": true}),
                json!({"anyOf": [{"allOf": [{"$ref": "#/a"}]}, {"type": "null"}]}),
            ),
            (json!({"minimum": 0, "exclusiveMinimum": true}), json!({"exclusiveMinimum": 0})),
            (json!({"minimum": 0, "exclusiveMinimum": false}), json!({"minimum": 0})),
            // A property may be called so.
            (
                json!({"properties": {"nullable": {"type": "boolean"}}}),
                json!({"properties": {"nullable": {"type": "boolean"}}}),
            ),
        ];
        for (schema, expected) in cases {
            let document = normalised(json!({"openapi": "3.0.3", "a": schema.clone()}));
            assert_eq!(document["a"], expected, "{schema}");
            let newer = normalised(json!({"openapi": "3.1.0", "a": schema.clone()}));
            assert_eq!(newer["a"], schema);
        }
    }
}
