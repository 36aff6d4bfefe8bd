//! The vendor's OpenAPI document, with what it has wrong put right.

use serde_json::{Value, json};

use crate::provider::contract::{Contract, vendor};

/// The document's file in the folder of the vendors' documents.
const FILE: &str = "notion.json";

/// The document, put right in two places. A filter of times takes instants, as the vendor's guide says and its client sends;
/// the document has days alone. And what is told of a bot may be nothing or all: the document wants exactly one of the two to
/// fit, but its "nothing" fits every object.
pub fn document() -> Value {
    let mut document = vendor(FILE);
    let conditions = document.pointer_mut("/components/schemas/datePropertyFilter/anyOf/0/anyOf");
    for condition in conditions.and_then(Value::as_array_mut).into_iter().flatten() {
        for (_, schema) in condition.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
            if schema["format"] == "date" {
                *schema = json!({ "type": "string", "anyOf": [{ "format": "date" }, { "format": "date-time" }] });
            }
        }
    }
    let bot = document.pointer_mut("/components/schemas/botUserObjectResponse/properties/bot");
    let alternatives = bot.and_then(Value::as_object_mut).and_then(|bot| Some((bot.remove("oneOf")?, bot)));
    if let Some((alternatives, bot)) = alternatives {
        bot.insert("anyOf".to_owned(), alternatives);
    }
    document
}

/// The judge of requests and answers. Statuses that the document leaves out have its common form of errors.
pub fn contract() -> Contract {
    let errors = json!({ "$ref": "#/components/schemas/publicApiCommonErrorResponse" });
    Contract::new(document()).with_errors(errors)
}
