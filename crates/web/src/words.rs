//! The closed sets of words on the wire, as schemas of the OpenAPI document: read from the types, never written twice.

use std::borrow::Cow;

use model::job::{Ending, JobState};
use model::{
    CrawlOutcome, FailureCode, JobStatus, Operation, Priority, Proposal, Source, SyncOutcome, SyncState, WaitCode,
};
use serde_json::json;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, schema};
use utoipa::{PartialSchema, ToSchema};

/// The directions of a list.
pub const DIRECTIONS: [&str; 2] = ["next", "previous"];

/// What can be paused.
pub const PAUSED: [&str; 2] = ["workspace", "host"];

/// The sources that documents can be queued from.
pub const QUEUED: [Source; 5] = [Source::Web, Source::GoogleDrive, Source::Notion, Source::Zendesk, Source::Confluence];

/// The providers that can be connected.
pub const CONNECTED: [Source; 4] = [Source::Notion, Source::Zendesk, Source::Confluence, Source::GoogleDrive];

/// The priorities that a caller can ask for; without one, it goes by the number of pages.
pub const ASKABLE: [Priority; 2] = [Priority::Interactive, Priority::Scheduled];

macro_rules! word_schemas {
    ($($name:ident = $description:literal, $words:expr;)+) => {$(
        #[doc = $description]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                words($description, $words).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).trim_end_matches("Word").into()
            }
        }
    )+};
}

word_schemas! {
    SourceWord = "A kind of source.", Source::ALL.iter().map(|word| word.as_str());
    QueuedSourceWord = "A kind of source that documents can be queued from.", QUEUED.iter().map(|word| word.as_str());
    ConnectedWord = "A provider that can be connected.", CONNECTED.iter().map(|word| word.as_str());
    DirectionWord = "A direction of a list.", DIRECTIONS;
    OperationWord = "What Review proposes to do with a document's text.", Operation::ALL.iter().map(|word| word.as_str());
    ProposalWord = "What a draft proposes.", Proposal::ALL.iter().map(|word| word.as_str());
    JobStatusWord = "Where a document's latest run stands.", JobStatus::ALL.iter().map(|word| word.as_str());
    AskedPriorityWord = "How urgent a call is.", ASKABLE.iter().map(|word| word.as_str());
    PriorityWord = "How urgent a job is.", Priority::ALL.iter().map(|word| word.as_str());
    JobStateWord = "How a job stands: the first five are live, the others finished.", job_states();
    LiveStateWord = "How a live job stands.", JobState::ALL.iter().map(|word| word.as_str());
    FailureCodeWord = "Why a run failed.", FailureCode::ALL.iter().map(|word| word.as_str());
    SyncStateWord = "How a sync stands.", SyncState::ALL.iter().map(|word| word.as_str());
    SyncOutcomeWord = "What a sync makes of an item.", SyncOutcome::ALL.iter().map(|word| word.as_str());
    CrawlOutcomeWord = "What became of an address: `accepted`, why not, or the code of a failure.", CrawlOutcome::words();
    PausedWord = "What is paused.", PAUSED;
    WaitCodeWord = "Why a queued document does not run yet.", WaitCode::ALL.iter().map(|word| word.as_str());
}

fn job_states() -> impl Iterator<Item = &'static str> {
    JobState::ALL.iter().map(|word| word.as_str()).chain(Ending::ALL.iter().map(|word| word.as_str()))
}

fn words(description: &str, words: impl IntoIterator<Item = &'static str>) -> schema::Object {
    let mut words = words.into_iter().peekable();
    let example = words.peek().map(|word| json!(word));
    let object = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    object.examples(example).enum_values(Some(words)).build()
}
