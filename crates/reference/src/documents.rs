//! The documents: how the last run of each ended, and what a caller is shown of it.

use std::collections::HashMap;
use std::rc::Rc;

use model::{JobStatus, Timestamp, Waiting};

use crate::numbers::{DocumentNo, JobNo, LaneNo, WorkspaceNo};

/// How a document's last run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// With text.
    Completed,
    /// Without.
    Failed,
}

/// What a caller sees of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Where its latest run stands.
    pub status: Option<JobStatus>,
    /// Why it waits.
    pub waiting: Option<Waiting>,
    /// When it goes on, where that is known.
    pub next_attempt_at: Option<Timestamp>,
    /// Whether the last run that ended gave text.
    pub success: bool,
    /// What the last run that failed said.
    pub error: String,
    /// When the record was last written.
    pub updated_at: Timestamp,
}

#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) workspace: WorkspaceNo,
    pub(crate) job: Option<JobNo>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) error: Option<Rc<str>>,
    pub(crate) updated_at: Timestamp,
}

#[derive(Debug, Default)]
pub(crate) struct Documents {
    records: Vec<Record>,
    names: HashMap<(WorkspaceNo, LaneNo, u32), DocumentNo>,
}

impl Documents {
    /// The document of a workspace that has that name, and whether it is new.
    pub(crate) fn named(
        &mut self,
        workspace: WorkspaceNo,
        (lane, page): (LaneNo, u32),
        now: Timestamp,
    ) -> (DocumentNo, bool) {
        let next = DocumentNo::after(self.records.len());
        let document = *self.names.entry((workspace, lane, page)).or_insert(next);
        if document == next {
            self.records.push(Record { workspace, job: None, outcome: None, error: None, updated_at: now });
        }
        self.record(document).updated_at = now;
        (document, document == next)
    }

    pub(crate) fn record(&mut self, document: DocumentNo) -> &mut Record {
        &mut self.records[document.index()]
    }

    pub(crate) fn get(&self, document: DocumentNo) -> Option<&Record> {
        self.records.get(document.index())
    }
}
