//! Bodies: whether their media type is one of the documented ones, and whether they fit its schema.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::schemas::Schemas;
use crate::provider::exchange::{Reply, Request};

/// A body with its media type.
pub struct Media<'a> {
    kind: String,
    body: &'a Bytes,
}

/// What a request's body must be.
pub struct Body {
    pub is_required: bool,
    /// The `content` of the document: schemas by media type.
    pub contents: Value,
}

impl Body {
    pub fn complaints(&self, request: &Request, schemas: &Schemas) -> Vec<String> {
        let media = Media::of(&request.headers, &request.body);
        if request.body.is_empty() && !self.is_required {
            Vec::new()
        } else {
            complaints(&self.contents, &media, schemas)
        }
    }
}

impl<'a> Media<'a> {
    pub fn of_reply(reply: &'a Reply) -> Self {
        Self::of(&reply.headers, &reply.body)
    }

    fn of(headers: &HeaderMap, body: &'a Bytes) -> Self {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Self { kind, body }
    }

    pub fn is_json(&self) -> bool {
        self.kind == "application/json" || self.kind.ends_with("+json")
    }

    /// Where the body does not fit a schema.
    pub fn mismatches(&self, schema: &Value, schemas: &Schemas) -> Vec<String> {
        if self.kind == "application/x-www-form-urlencoded" {
            let fields: Map<String, Value> = form_urlencoded::parse(self.body)
                .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
                .collect();
            return schemas.mismatches(schema, &Value::Object(fields));
        }
        if !self.is_json() {
            return Vec::new();
        }
        match serde_json::from_slice(self.body) {
            Ok(value) => schemas.mismatches(schema, &value),
            Err(error) => vec![format!("the body is not JSON: {error}")],
        }
    }
}

/// What is wrong with a body that must be one of the documented contents.
pub fn complaints(contents: &Value, media: &Media<'_>, schemas: &Schemas) -> Vec<String> {
    let Some(contents) = contents.as_object().filter(|contents| !contents.is_empty()) else {
        let complaint = format!("a body of {} bytes where the document has none", media.body.len());
        return if media.body.is_empty() { Vec::new() } else { vec![complaint] };
    };
    let ranges =
        [media.kind.clone(), format!("{}/*", media.kind.split('/').next().unwrap_or_default()), "*/*".to_owned()];
    let content = ranges.iter().find_map(|range| {
        contents.iter().find(|(kind, _)| kind.split(';').next().is_some_and(|kind| kind.trim() == range))
    });
    match content {
        Some((_, content)) => media.mismatches(&content["schema"], schemas),
        None => vec![format!("`{}` is none of its media types", media.kind)],
    }
}
