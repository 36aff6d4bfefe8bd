//! Jobs as they go out, and the bodies that name jobs.

use serde::{Deserialize, Serialize};
use store::{JobInfo, JobStanding};
use utoipa::ToSchema;

use super::Wait;
use crate::words::{FailureCodeWord, JobStateWord, PriorityWord};

/// One run of a document, live or finished. Every field is always present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// The job's ID. A retry has an ID of its own.
    #[schema(format = Uuid, example = "9f347ddb-1f90-43a2-ac9f-4f77f37a2c26")]
    pub id: String,
    /// The document that it runs.
    #[schema(format = Uuid, example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")]
    pub document_id: String,
    /// The document's name at its source; for a web page its canonical URL.
    #[schema(example = "https://docs.example.com/billing/refunds")]
    pub external_id: String,
    /// How it stands. `ready`, `delayed`, `in_line`, `held` and `running` are live; `completed`, `failed` and `cancelled` ended.
    #[schema(value_type = JobStateWord)]
    pub state: String,
    /// How urgent it is; null once it has ended.
    #[schema(required = true, value_type = Option<PriorityWord>)]
    pub priority: Option<String>,
    /// The host whose turns it takes, with the port where that is not the usual one.
    #[schema(example = "docs.example.com")]
    pub host: String,
    /// Which attempt runs or ran last; 0 before the first.
    #[schema(minimum = 0, example = 2)]
    pub attempt: i64,
    /// How many attempts it may have; null once it has ended.
    #[schema(required = true, minimum = 1, example = 5)]
    pub max_attempts: Option<i64>,
    /// Why it waits; null when it runs or has ended.
    #[schema(required = true)]
    pub waiting: Option<Wait>,
    /// When it may run, where that is known; for a job in its host's line about when.
    #[schema(required = true, format = DateTime, example = "2026-05-22T06:07:04.871Z")]
    pub next_attempt_at: Option<String>,
    /// How it ended when it did not complete, as `code: sentence`; empty otherwise. The codes are stable.
    #[schema(example = "")]
    pub error: String,
    /// When it was queued.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub created_at: String,
    /// When its latest attempt began; null before the first.
    #[schema(required = true, format = DateTime, example = "2026-05-22T06:05:40.102Z")]
    pub started_at: Option<String>,
    /// When it ended; null while it lives.
    #[schema(required = true, format = DateTime, example = json!(null))]
    pub finished_at: Option<String>,
}

/// One page of live jobs, in the order of queueing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Jobs {
    /// The jobs, the one queued first at the head.
    pub jobs: Vec<Job>,
    /// Whether there are more.
    pub has_more: bool,
}

/// How many jobs were cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cancelled {
    /// The jobs that were live and are not any more.
    #[schema(minimum = 0, example = 12)]
    pub cancelled: usize,
}

/// How many documents were queued again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Retried {
    /// The failed documents that have a new job.
    #[schema(minimum = 0, example = 12)]
    pub retried: usize,
}

/// Which live jobs to cancel: name one of the three.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; `choosing` reads it field by field, to name what is wrong")]
pub struct CancelRequest {
    /// Those at this host.
    #[schema(required = false, example = "docs.example.com")]
    host: Option<String>,
    /// Those of these documents.
    #[schema(required = false, max_items = 10_000, example = json!(null))]
    document_ids: Option<Vec<String>>,
    /// `true` for every one of the workspace.
    #[schema(required = false, example = json!(null))]
    all: Option<bool>,
}

/// Which failed documents to queue again. What is named must all hold; name something, or say `all`.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; `choosing` reads it field by field, to name what is wrong")]
pub struct RetryRequest {
    /// Those that failed with one of these codes.
    #[schema(required = false, example = json!(["timeout", "dns"]))]
    codes: Option<Vec<FailureCodeWord>>,
    /// Those at this host.
    #[schema(required = false, example = "docs.example.com")]
    host: Option<String>,
    /// So many at most, the ones longest known first.
    #[schema(required = false, minimum = 1, example = 1000)]
    limit: Option<i64>,
    /// `true` for every one of the workspace.
    #[schema(required = false, example = json!(null))]
    all: Option<bool>,
}

impl From<JobInfo> for Job {
    fn from(job: JobInfo) -> Self {
        let blank = Self {
            id: job.id.to_string(),
            document_id: job.document.to_string(),
            external_id: job.external_id,
            state: String::new(),
            priority: None,
            host: job.host,
            attempt: job.attempt,
            max_attempts: None,
            waiting: None,
            next_attempt_at: None,
            error: String::new(),
            created_at: job.created_at.to_string(),
            started_at: job.started_at.map(|at| at.to_string()),
            finished_at: None,
        };
        match job.standing {
            JobStanding::Live { state, priority, max_attempts, waiting, next_attempt_at } => Self {
                state: state.to_string(),
                priority: Some(priority.to_string()),
                max_attempts: Some(max_attempts),
                waiting: waiting.map(Wait::from),
                next_attempt_at: next_attempt_at.map(|at| at.to_string()),
                ..blank
            },
            JobStanding::Ended { how, error, at } => {
                Self { state: how.to_string(), error, finished_at: Some(at.to_string()), ..blank }
            }
        }
    }
}
