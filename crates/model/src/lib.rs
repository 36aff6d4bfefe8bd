//! The words of the product: typed ids, states and their legal changes. No I/O, no async.

#![warn(missing_docs)]

pub mod article;
pub mod audit;
pub mod blame;
pub mod block;
pub mod connection;
pub mod crawl;
pub mod credentials;
pub mod document;
pub mod draft;
pub mod failure;
pub mod faults;
pub mod folder;
pub mod id;
pub mod job;
pub mod key;
pub mod lane;
pub mod listing;
pub mod metadata;
pub mod schedule;
pub mod secret;
pub mod share;
pub mod source;
pub mod sync;
pub mod time;
pub mod waiting;
pub mod web_url;
pub mod word;

pub use article::{Article, ArticleVersion, Backing, Content};
pub use audit::{Action, AuditEntry, Subject};
pub use blame::Blame;
pub use block::{Block, Span};
pub use connection::{Account, Connection};
pub use crawl::{CrawlOutcome, CrawlPlan, CrawlReport};
pub use credentials::{Credentials, Grant, Sealed};
pub use document::{Document, JobStatus, Operation};
pub use draft::{Draft, DraftState, Edit, Proposal, Refusal, Seen};
pub use failure::{Failure, FailureCode};
pub use folder::{Agent, Folder};
pub use id::{
    AgentId, ArticleId, AuditId, ConnectionId, DocumentId, DraftId, FolderId, JobId, KeyId, KnowledgeJobId, ScheduleId,
    SyncId, WorkerId, WorkspaceId,
};
pub use job::{Job, JobEnd};
pub use key::{ApiKey, Scope, Scopes};
pub use lane::{Lane, Pace, Turn};
pub use listing::{Group, Identity, Listing, Resource};
pub use metadata::Metadata;
pub use schedule::{Coverage, Schedule};
pub use secret::Secret;
pub use share::Priority;
pub use source::Source;
pub use sync::{Sync, SyncOutcome, SyncState};
pub use time::{Clock, Timestamp};
pub use waiting::{WaitCode, Waiting};
pub use web_url::WebUrl;
pub use word::UnknownWord;
