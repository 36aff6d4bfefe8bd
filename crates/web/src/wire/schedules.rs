//! Schedules as they go out, and the body that sets one.

use model::Coverage;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::SourceWord;

/// What is refreshed by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// Its ID.
    #[schema(format = Uuid, example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")]
    pub id: String,
    /// The kind of source whose documents it refreshes; null for any.
    #[schema(required = true, value_type = Option<SourceWord>)]
    pub source: Option<String>,
    /// The only document that it refreshes; null for any.
    #[schema(required = true, format = Uuid, example = json!(null))]
    pub document_id: Option<String>,
    /// The seconds between two rounds.
    #[schema(minimum = 60, example = 86400)]
    pub every_seconds: u64,
    /// When the next round begins, up to half a minute later where no worker is looking.
    #[schema(format = DateTime, example = "2026-05-23T06:05:34.221Z")]
    pub next_at: String,
    /// When the last one began; null before the first.
    #[schema(required = true, format = DateTime, example = json!(null))]
    pub last_at: Option<String>,
    /// How many documents that one queued.
    #[schema(minimum = 0, example = 412)]
    pub last_queued: i64,
}

/// The schedules of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Schedules {
    /// Oldest first.
    pub schedules: Vec<Schedule>,
}

/// What to refresh, and how often.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct SetScheduleRequest {
    /// The seconds between two rounds; a round begins up to a tenth of that later, so that not all come together.
    #[schema(minimum = 60, maximum = 31_622_400, example = 86400)]
    every_seconds: i64,
    /// Only documents of this kind of source.
    #[schema(required = false, value_type = Option<SourceWord>)]
    source: Option<String>,
    /// Only this document.
    #[schema(required = false, format = Uuid)]
    document_id: Option<String>,
    /// Whether the first round begins at once.
    #[schema(required = false, default = false)]
    now: Option<bool>,
}

impl From<model::Schedule> for Schedule {
    fn from(schedule: model::Schedule) -> Self {
        let (source, document_id) = match schedule.scope {
            Coverage::All => (None, None),
            Coverage::Source(source) => (Some(source.to_string()), None),
            Coverage::Document(document) => (None, Some(document.to_string())),
        };
        Self {
            id: schedule.id.to_string(),
            source,
            document_id,
            every_seconds: schedule.every.as_secs(),
            next_at: schedule.next_at.to_string(),
            last_at: schedule.last_at.map(|at| at.to_string()),
            last_queued: schedule.last_queued,
        }
    }
}
