//! The schemas of a document, compiled once each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

/// A complaint longer than this repeats the whole body.
const LONGEST: usize = 300;

pub struct Schemas {
    components: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Schemas {
    pub fn new(document: &Value) -> Self {
        Self { components: document["components"].clone(), compiled: Mutex::default() }
    }

    /// Where and why a value does not fit a schema of the document.
    pub fn mismatches(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        let mismatches = validator.iter_errors(value);
        mismatches.map(|error| shortened(&format!("at `{}`: {error}", error.instance_path()))).collect()
    }

    /// The names of the types that a schema takes; empty when it does not say.
    pub fn types<'a>(&'a self, schema: &'a Value) -> Vec<&'a str> {
        let target = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components"));
        let schema = target.and_then(|pointer| self.components.pointer(pointer)).unwrap_or(schema);
        match &schema["type"] {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let made = compiled.entry(schema.to_string()).or_insert_with(|| {
            let whole = json!({ "allOf": [schema], "components": self.components });
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            Arc::new(options.build(&whole).unwrap_or_else(|error| panic!("not a schema: {error}")))
        });
        Arc::clone(made)
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
