//! Holds requests and answers against a vendor's own OpenAPI document.

mod document;
mod media;
mod operation;
mod parameter;
mod schemas;

use std::fmt;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use self::media::Media;
use self::operation::Operation;
use self::schemas::Schemas;
use super::exchange::{Exchange, Reply, Request};

/// Where the vendors' documents are, when they are at hand: they are not ours to hand on.
pub const VARIABLE: &str = "GLEANER_VENDOR_SPECS";

/// A vendor's document, ready to judge.
pub struct Contract {
    operations: Vec<Operation>,
    schemas: Schemas,
    extra_query: Vec<String>,
    extra_statuses: Vec<u16>,
    errors: Option<Value>,
}

/// What is against the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub side: Side,
    /// Method and path, and what is wrong.
    pub text: String,
}

/// Who has broken the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Request,
    Reply,
}

/// Whether the folder that [`VARIABLE`] names was given.
pub fn is_at_hand() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// A document in the folder that [`VARIABLE`] names. Tests that call this carry
/// `#[cfg_attr(not(vendor_specs), ignore = "…")]`, so that the count shows that they were left out.
#[expect(clippy::disallowed_methods, reason = "tests have no command line that could carry the folder")]
pub fn vendor(file: &str) -> Value {
    let Ok(folder) = std::env::var(VARIABLE) else {
        panic!("{VARIABLE} is not set: it names the folder with the vendors' OpenAPI documents")
    };
    let path = PathBuf::from(folder).join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("could not read {}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{} is not JSON: {error}", path.display()))
}

impl Contract {
    /// Takes an OpenAPI document of version 3.0 or 3.1.
    pub fn new(document: Value) -> Self {
        let document = document::normalised(document);
        let operations = operation::all(&document);
        let schemas = Schemas::new(&document);
        Self { operations, schemas, extra_query: Vec::new(), extra_statuses: Vec::new(), errors: None }
    }

    /// Query parameters that the service takes although its document leaves them out.
    #[must_use]
    pub fn with_query(mut self, names: &[&str]) -> Self {
        self.extra_query.extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    /// Statuses below 400 that the service uses although its document leaves them out.
    #[must_use]
    pub fn with_statuses(mut self, statuses: &[u16]) -> Self {
        self.extra_statuses.extend(statuses);
        self
    }

    /// The schema of JSON bodies whose error status the document leaves out.
    #[must_use]
    pub fn with_errors(mut self, schema: Value) -> Self {
        self.errors = Some(schema);
        self
    }

    /// Fails the test with everything that is against the document.
    pub fn must_hold(&self, exchanges: &[Exchange]) {
        let violations: Vec<String> =
            exchanges.iter().flat_map(|exchange| self.check(exchange)).map(|violation| violation.to_string()).collect();
        assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
    }

    /// Everything that is wrong with a request and its answer.
    pub fn check(&self, exchange: &Exchange) -> Vec<Violation> {
        let mut violations = self.check_request(&exchange.request);
        if let Some(reply) = &exchange.reply {
            violations.extend(self.check_reply(&exchange.request, reply));
        }
        violations
    }

    /// What is wrong with a request.
    pub fn check_request(&self, request: &Request) -> Vec<Violation> {
        let texts = match self.operation(request) {
            None => vec!["is no operation of the document".to_owned()],
            Some(operation) => [
                operation.security.complaint(request),
                operation.parameters.complaints(request, &self.extra_query, &self.schemas),
                operation.body.as_ref().map_or(Vec::new(), |body| body.complaints(request, &self.schemas)),
            ]
            .concat(),
        };
        texts.into_iter().map(|text| Violation { side: Side::Request, text: format!("{request}: {text}") }).collect()
    }

    /// What is wrong with the answer to a request. One to a request for an unknown path is the request's fault.
    pub fn check_reply(&self, request: &Request, reply: &Reply) -> Vec<Violation> {
        let texts = self.operation(request).map_or(Vec::new(), |operation| match operation.reply(reply.status) {
            Some(contents) => media::complaints(contents, &Media::of_reply(reply), &self.schemas),
            None => self.undocumented(reply),
        });
        let place = |text| format!("{request}: {}: {text}", reply.status);
        texts.into_iter().map(|text| Violation { side: Side::Reply, text: place(text) }).collect()
    }

    fn undocumented(&self, reply: &Reply) -> Vec<String> {
        let media = Media::of_reply(reply);
        match &self.errors {
            _ if self.extra_statuses.contains(&reply.status) => Vec::new(),
            _ if reply.status < 400 => vec!["the document knows no such status".to_owned()],
            Some(schema) if media.is_json() => media.mismatches(schema, &self.schemas),
            _ => Vec::new(),
        }
    }

    fn operation(&self, request: &Request) -> Option<&Operation> {
        let fitting = self.operations.iter().filter(|operation| operation.fits(request));
        // `/changes/startPageToken` is closer than `/changes/{id}`.
        fitting.min_by_key(|operation| operation.placeholders())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            Side::Request => "request",
            Side::Reply => "reply",
        };
        write!(f, "{side} {}", self.text)
    }
}

#[cfg(test)]
mod tests;
