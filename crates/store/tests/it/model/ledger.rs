//! The invariants, kept in a book of its own: it believes what the store says and looks for contradictions.

use std::collections::{HashMap, HashSet};

use model::{Document, DocumentId, Job, JobId, WaitCode, Waiting, WorkerId};

/// Who holds which job, as far as callers were told.
#[derive(Debug, Default)]
pub struct Ledger {
    acknowledged: HashSet<DocumentId>,
    held: HashMap<DocumentId, (JobId, WorkerId, i64)>,
}

impl Ledger {
    pub fn queued(&mut self, documents: impl IntoIterator<Item = DocumentId>) {
        self.acknowledged.extend(documents);
    }

    pub fn granted(&mut self, job: &Job, worker: WorkerId) -> Result<(), String> {
        if job.attempt > job.max_attempts {
            return Err(format!("I5: attempt {} of {} was granted", job.attempt, job.max_attempts));
        }
        match self.held.insert(job.document, (job.id, worker, job.attempt)) {
            None => Ok(()),
            Some(holder) => Err(format!("I3: {} was granted while {holder:?} holds it", job.document)),
        }
    }

    pub fn settled(&mut self, job: &Job, worker: WorkerId, was_held: bool) -> Result<(), String> {
        let holds = self.held.get(&job.document) == Some(&(job.id, worker, job.attempt));
        if holds && was_held {
            self.held.remove(&job.document);
        }
        if holds == was_held {
            return Ok(());
        }
        let what = if was_held { "ended by somebody who does not hold it" } else { "refused to its holder" };
        Err(format!("I4: {} was {what}", job.document))
    }

    pub fn cancelled(&mut self, documents: &[Document]) {
        let lives = |document: &DocumentId| documents.iter().any(|shown| shown.id == *document && is_live(shown));
        let of = |document: &DocumentId| documents.iter().any(|shown| shown.id == *document);
        self.held.retain(|document, _| !of(document) || lives(document));
    }

    /// Every acknowledged document is there, and either has a live job or has ended.
    pub fn check(&self, shown: &[Document]) -> Result<(), String> {
        let shown: HashMap<DocumentId, &Document> = shown.iter().map(|document| (document.id, document)).collect();
        for document in &self.acknowledged {
            let Some(shown) = shown.get(document) else { return Err(format!("I1: {document} is lost")) };
            if shown.job_status.is_none() {
                return Err(format!("I2: {document} has neither a live job nor an end"));
            }
            // A job is its holder's until somebody takes it over, but once the lease is over it waits for that.
            let is_held = self.held.contains_key(document);
            if is_held != (is_running(shown) || (is_held && is_orphan(shown))) {
                return Err(format!("I3: {document} is {:?}, which its holder was not told", shown.job_status));
            }
        }
        Ok(())
    }
}

fn is_running(document: &Document) -> bool {
    document.job_status == Some(model::JobStatus::InProgress)
}

/// Whether it waits because whoever held it is gone.
fn is_orphan(document: &Document) -> bool {
    let reason = |waiting: &Waiting| waiting.code == WaitCode::Worker || waiting.text.starts_with("its worker is gone");
    document.job_status == Some(model::JobStatus::Pending) && document.waiting.as_ref().is_some_and(reason)
}

fn is_live(document: &Document) -> bool {
    is_running(document) || document.job_status == Some(model::JobStatus::Pending)
}
