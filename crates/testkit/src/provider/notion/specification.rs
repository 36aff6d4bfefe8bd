//! The vendor's OpenAPI document, with what it has wrong put right.

use serde_json::{Value, json};

use crate::provider::contract::{Contract, vendor};

/// The document's file in the folder of the vendors' documents.
const FILE: &str = "notion.json";

/// The document. A filter of times takes instants, as the vendor's guide says and its own client sends; the document has days
/// alone.
pub fn document() -> Value {
    let mut document = vendor(FILE);
    let conditions = document.pointer_mut("/components/schemas/datePropertyFilter/anyOf/0/anyOf");
    for condition in conditions.and_then(Value::as_array_mut).into_iter().flatten() {
        for (_, schema) in condition["properties"].as_object_mut().into_iter().flatten() {
            if schema["format"] == "date" {
                *schema = json!({ "type": "string", "anyOf": [{ "format": "date" }, { "format": "date-time" }] });
            }
        }
    }
    document
}

/// The judge of requests and answers. Statuses that the document leaves out have its common form of errors.
pub fn contract() -> Contract {
    let errors = json!({ "$ref": "#/components/schemas/publicApiCommonErrorResponse" });
    Contract::new(document()).with_errors(errors)
}
