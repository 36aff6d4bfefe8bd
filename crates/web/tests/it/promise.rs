//! Holds answers against our own OpenAPI document: the status must be named there, the body must fit its schema.

use std::collections::HashMap;

use axum::http::Method;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use crate::bed::Answer;

/// What the document promises, by operation.
pub struct Promise {
    document: Value,
    bodies: HashMap<(String, String, String), Option<Validator>>,
    refusal: Validator,
}

impl Promise {
    pub fn read() -> Self {
        let document: Value = serde_json::from_str(&web::openapi_json()).unwrap();
        let mut bodies = HashMap::new();
        for (path, method, operation) in operations(&document) {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let schema = answer.pointer("/content/application~1json/schema");
                let place = (method.clone(), path.clone(), status.clone());
                bodies.insert(place, schema.map(|schema| validator(&document, schema)));
            }
        }
        let refusal = validator(&document, &json!({ "$ref": "#/components/schemas/ErrorBody" }));
        Self { document, bodies, refusal }
    }

    /// Fails the test when the answer is not as promised.
    pub fn check(&self, method: &Method, path: &str, answer: &Answer) {
        assert!(!answer.header("x-request-id").is_empty(), "no x-request-id: {answer:?}");
        let Some(template) = self.template(method, path) else {
            return self.check_undescribed(answer);
        };
        let place = (method.as_str().to_lowercase(), template, answer.status.as_u16().to_string());
        let Some(body) = self.bodies.get(&place) else { panic!("{place:?} is not described, got {answer:?}") };
        if let Some(body) = body {
            assert_eq!(answer.header("content-type"), "application/json", "{answer:?}");
            must_fit(body, answer);
        }
    }

    /// The envelope holds for what is not described, too: unknown routes, other methods.
    fn check_undescribed(&self, answer: &Answer) {
        let refused = answer.status.is_client_error() || answer.status.is_server_error();
        if refused && !answer.body.is_empty() {
            must_fit(&self.refusal, answer);
            assert_eq!(answer.json()["statusCode"], answer.status.as_u16());
        }
    }

    fn template(&self, method: &Method, path: &str) -> Option<String> {
        let method = method.as_str().to_lowercase();
        let mut templates = operations(&self.document).filter(|(_, known, _)| *known == method).map(|(path, ..)| path);
        templates.find(|template| fits(template, path))
    }
}

/// Every operation of a document: path, method, description.
pub fn operations(document: &Value) -> impl Iterator<Item = (String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(|(method, operation)| (path.clone(), method.clone(), operation))
    })
}

fn fits(template: &str, path: &str) -> bool {
    let same = |(one, other): (&str, &str)| one == other || one.starts_with('{') && !other.is_empty();
    template.split('/').count() == path.split('/').count() && template.split('/').zip(path.split('/')).all(same)
}

fn validator(document: &Value, schema: &Value) -> Validator {
    let whole = json!({ "allOf": [schema], "components": document["components"] });
    jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&whole).unwrap()
}

fn must_fit(body: &Validator, answer: &Answer) {
    if let Err(error) = body.validate(&answer.json()) {
        panic!("{} does not fit its schema at {}: {error}", answer.text(), error.instance_path());
    }
}

#[test]
fn every_operation_is_described_for_a_reader() {
    let document: Value = serde_json::from_str(&web::openapi_json()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    for (path, method, operation) in operations(&document) {
        for field in ["summary", "description", "operationId"] {
            assert!(operation[field].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} has no {field}");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{method} {path}: {parameter}");
        }
        for answer in operation["responses"].as_object().unwrap().values() {
            assert!(
                answer["description"].is_string() && answer["headers"]["x-request-id"].is_object(),
                "{method} {path}"
            );
        }
        let guarded = path.starts_with("/v2/");
        let statuses = operation["responses"].as_object().unwrap();
        assert_eq!(guarded, statuses.contains_key("401") && statuses.contains_key("403"), "{method} {path}");
        assert_eq!(guarded, operation["security"][0]["key"].is_array(), "{method} {path}");
    }
}

#[test]
fn examples_fit_their_schemas() {
    let document: Value = serde_json::from_str(&web::openapi_json()).unwrap();
    let mut seen = 0;
    for (path, method, operation) in operations(&document) {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let Some(content) = answer.pointer("/content/application~1json") else { continue };
            let named = content["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
            for example in content.get("example").into_iter().chain(named) {
                seen += 1;
                assert!(validator(&document, &content["schema"]).is_valid(example), "{method} {path} {status}");
                assert_eq!(example["statusCode"].to_string(), *status, "{method} {path} {status}");
            }
        }
    }
    assert!(seen > 10, "only {seen} examples");
}

#[test]
fn examples_of_fields_fit_their_fields() {
    let document: Value = serde_json::from_str(&web::openapi_json()).unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(example) = schema.get("example") {
                assert!(validator(&document, schema).is_valid(example), "{name}.{field}");
            }
        }
    }
}
