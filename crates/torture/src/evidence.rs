//! What somebody outside has seen: what clients were told, what the API lists, when the site was asked.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::site::Visit;

/// Everything that the checker may look at.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Every call to queue pages, and what came of it.
    pub calls: Vec<Call>,
    /// The documents at the end, as the API lists them.
    pub documents: Vec<Seen>,
    /// The documents as they were first seen `COMPLETED`, by id.
    pub completions: HashMap<String, Completion>,
    /// The site's own record.
    pub visits: Vec<Visit>,
    /// The instants that explain why a page was fetched once more.
    pub blows: Vec<Blow>,
}

/// One call to queue pages.
#[derive(Debug, Clone)]
pub struct Call {
    /// The pages, in order.
    pub urls: Vec<String>,
    /// What the client was told.
    pub reply: Reply,
}

/// What a client was told. What it does not know is kept apart from what was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A promise: these ids, in the order of the pages.
    Acknowledged(Vec<String>),
    /// The server said no, or not now.
    Refused(Refusal),
    /// No answer, or half of one: it may have been done.
    Unknown,
}

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    /// Whether it names a time in `Retry-After`.
    pub says_when: bool,
    pub body: String,
}

/// A document as the API showed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub id: String,
    pub url: String,
    /// Its name at its source.
    pub external_id: String,
    pub status: String,
    pub updated_at: String,
    pub revision: i64,
    pub text: String,
    pub error: String,
}

/// When and how a document was first seen `COMPLETED`.
#[derive(Debug, Clone)]
pub struct Completion {
    /// When the answer that says so had arrived.
    pub at: Instant,
    pub seen: Seen,
}

/// Something done to the processes: the runs that it ended may happen again.
#[derive(Debug, Clone, Copy)]
pub struct Blow {
    pub at: Instant,
    /// How long its effect may begin later, such as a run that is refused at its end.
    pub lasts: Duration,
    /// The most runs that it can have ended.
    pub in_flight: usize,
}

impl Seen {
    /// From the API's JSON. What is missing stays empty, and the checker objects.
    pub fn read(document: &Value) -> Self {
        let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        let paragraphs = document["paragraphs"].as_array().into_iter().flatten();
        Self {
            id: text("id"),
            url: text("originalUrl"),
            external_id: text("externalId"),
            status: text("linkedJobStatus"),
            updated_at: text("updatedAt"),
            revision: document["revision"].as_i64().unwrap_or_default(),
            error: text("error"),
            text: paragraphs.filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        }
    }

    /// Whether its latest run has ended.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "COMPLETED" | "FAILED")
    }

    /// Whether its latest run gave text.
    pub fn has_completed(&self) -> bool {
        self.status == "COMPLETED"
    }
}
