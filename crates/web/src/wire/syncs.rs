//! Syncs as they go out, and the body that asks for one.

use model::SyncOutcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::{ConnectedWord, SyncOutcomeWord, SyncStateWord};

/// A look at everything that a connection has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sync {
    /// The sync's ID.
    #[schema(format = Uuid, example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")]
    pub id: String,
    /// The connection that is looked at.
    #[schema(format = Uuid, example = "8a4bb11a-0ef2-45df-9956-631e41e6cf16")]
    pub connection_id: String,
    /// The provider.
    #[schema(value_type = ConnectedWord)]
    pub provider: String,
    /// Whether it only tells what it would do.
    #[schema(example = false)]
    pub dry_run: bool,
    /// How it stands.
    #[schema(value_type = SyncStateWord)]
    pub state: String,
    /// How many items were seen so far.
    #[schema(minimum = 0, example = 412)]
    pub seen: i64,
    /// How many items have each outcome so far.
    pub counts: SyncCounts,
    /// Why there may be more than was seen. Only a look without gaps shows what is missing.
    #[schema(example = json!([]))]
    pub gaps: Vec<String>,
    /// Why it failed, as `code: sentence`; empty when it did not.
    #[schema(example = "")]
    pub error: String,
    /// When it was asked for.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub created_at: String,
    /// When it ended; null before.
    #[schema(required = true, format = DateTime, example = json!(null))]
    pub finished_at: Option<String>,
}

/// How many items have each outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncCounts {
    /// Not known before: registered and queued.
    #[schema(minimum = 0, example = 12)]
    pub new: i64,
    /// Another version than was read last: queued.
    #[schema(minimum = 0, example = 3)]
    pub changed: i64,
    /// The version that was read last.
    #[schema(minimum = 0, example = 397)]
    pub unchanged: i64,
    /// Known, and without a text so far: queued.
    #[schema(minimum = 0, example = 0)]
    pub unread: i64,
    /// Not there any more: marked, and queued so that the source has the last word.
    #[schema(minimum = 0, example = 1)]
    pub missing: i64,
    /// Not seen, but not everything was: left as they are.
    #[schema(minimum = 0, example = 0)]
    pub unseen: i64,
}

/// The latest syncs of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Syncs {
    /// The latest first, at most 50.
    pub syncs: Vec<Sync>,
}

/// What a sync made of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncItem {
    /// Its name at the provider.
    #[schema(example = "123456")]
    pub external_id: String,
    /// What was made of it.
    #[schema(value_type = SyncOutcomeWord)]
    pub outcome: String,
    /// What that means.
    #[schema(example = "not known before: registered and queued")]
    pub reason: String,
    /// Its title.
    #[schema(example = "Billing FAQ")]
    pub title: String,
    /// Its page.
    #[schema(example = "https://www.notion.so/fini/Billing-FAQ-123456")]
    pub url: String,
    /// Since when no complete look has shown it, by now; null while it is there.
    #[schema(required = true, format = DateTime, example = json!(null))]
    pub missing_since: Option<String>,
}

/// One page of a sync's items, by their names at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncItems {
    /// The items.
    pub items: Vec<SyncItem>,
    /// Whether there are more; go on with the last `externalId` as `after`.
    #[schema(example = false)]
    pub has_more: bool,
}

/// How to sync.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct SyncRequest {
    /// Only tell what would be done with each item.
    #[schema(required = false, default = false)]
    dry_run: Option<bool>,
}

impl From<model::Sync> for Sync {
    fn from(sync: model::Sync) -> Self {
        let mut counts = SyncCounts::default();
        for (outcome, count) in &sync.counts {
            *counts.of(*outcome) = *count;
        }
        Self {
            id: sync.id.to_string(),
            connection_id: sync.connection.to_string(),
            provider: sync.provider.to_string(),
            dry_run: sync.dry,
            state: sync.state.to_string(),
            seen: sync.seen,
            counts,
            gaps: sync.gaps,
            error: sync.error,
            created_at: sync.created_at.to_string(),
            finished_at: sync.finished_at.map(|at| at.to_string()),
        }
    }
}

impl SyncCounts {
    fn of(&mut self, outcome: SyncOutcome) -> &mut i64 {
        match outcome {
            SyncOutcome::New => &mut self.new,
            SyncOutcome::Changed => &mut self.changed,
            SyncOutcome::Unchanged => &mut self.unchanged,
            SyncOutcome::Unread => &mut self.unread,
            SyncOutcome::Missing => &mut self.missing,
            SyncOutcome::Unseen => &mut self.unseen,
        }
    }
}

impl From<store::SyncItem> for SyncItem {
    fn from(item: store::SyncItem) -> Self {
        Self {
            external_id: item.external_id,
            outcome: item.outcome.to_string(),
            reason: item.outcome.reason().to_owned(),
            title: item.title,
            url: item.url,
            missing_since: item.missing_since.map(|at| at.to_string()),
        }
    }
}
