//! The queue as it is meant to be: every operation of the store, on plain collections, small enough to be seen to be right.
//!
//! The store is compared with it step by step, and the simulation runs on it. It shares the pure rules of `model` with the
//! store, and nothing else. Where the store has a table it has rows in memory; where the store has an index it has a sorted
//! set, so that a step costs what it costs there.
//!
//! A job is in one of the states of [`model::job::JobState`]:
//!
//! | state | it is in | it leaves by |
//! |---|---|---|
//! | ready | the queue, by its key | a claim: to a worker, into its host's line, or aside when it is paused |
//! | delayed | the waiting room, by its time | the first claim after that time: ready |
//! | in line | its host's line, by its key | a claim that has the host's turn: to a worker, or aside when it is paused |
//! | held | nowhere; its pause knows it | the release of a pause that ended: ready |
//! | running | the leases, by when they run out | its worker's settlement: gone, or delayed |
//!
//! From every state it may also be cancelled, and is gone then.

#![warn(missing_docs)]

mod cancel;
mod claim;
mod documents;
mod fault;
mod jobs;
mod lanes;
mod leases;
mod numbers;
mod pauses;
mod pausing;
mod queue;
mod settle;
mod shares;

pub use cancel::Which;
pub use claim::{Claim, Claimed, Grant};
pub use documents::{Outcome, View};
pub use fault::Fault;
pub use numbers::{DocumentNo, JobNo, LaneNo, WorkerNo, WorkspaceNo};
pub use pauses::Pausable;
pub use queue::{Outlook, Page, Queue};
pub use settle::{Again, End, Lost};
