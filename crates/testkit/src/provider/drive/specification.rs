//! The vendor's document, which is in this repository, made strict: the vendor requires no field and forbids none.

use serde_json::{Value, json};

use crate::provider::contract::Contract;

/// See `specifications/ORIGIN.md`.
const DOCUMENT: &str = include_str!("../../../specifications/google-drive-v3.json");

/// The document, in which an object has no fields but those that are described.
pub fn document() -> Value {
    let mut document: Value = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    for (_, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        close(schema);
    }
    document
}

/// The judge of requests and answers; errors are held to the form that the vendor's client reads.
pub fn contract() -> Contract {
    let detail = json!({
        "type": "object", "required": ["domain", "reason", "message"], "additionalProperties": false,
        "properties": {
            "domain": { "enum": ["global", "usageLimits"] }, "reason": { "type": "string" }, "message": { "type": "string" },
            "location": { "type": "string" }, "locationType": { "enum": ["parameter", "header"] },
        },
    });
    let error = json!({
        "type": "object", "required": ["code", "message", "errors"],
        "properties": {
            "code": { "type": "integer" }, "message": { "type": "string" }, "errors": { "items": detail, "minItems": 1 },
        },
    });
    let errors = json!({ "type": "object", "required": ["error"], "properties": { "error": error } });
    Contract::new(document()).with_statuses(&[204, 206]).with_errors(errors)
}

fn close(schema: &mut Value) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    properties.values_mut().for_each(close);
    schema["additionalProperties"] = false.into();
}
