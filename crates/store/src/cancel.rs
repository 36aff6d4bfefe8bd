//! Cancelling: jobs end where they stand. A run that is under way loses its job, so nothing of it is kept.

use model::{DocumentId, Failure, FailureCode, JobId, Timestamp, WorkspaceId};
use serde_json::json;

use crate::backend::{Sql, run, statements};
use crate::rows::rows;
use crate::{Error, Store, Write};

/// Which jobs of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The one of that id.
    Job(JobId),
    /// The one of that document.
    Document(DocumentId),
    /// Those of these documents.
    Documents(Vec<DocumentId>),
    /// Every one at a host.
    Lane(String),
    /// Every one.
    All,
}

/// How many jobs one transaction ends.
const AT_ONCE: i64 = 1_000;

/// Documents are locked before their jobs and by their names, as queueing does it.
macro_rules! found {
    ($which:literal) => {
        found!($which, "")
    };
    ($which:literal, $lock:literal) => {
        concat!(
            "SELECT j.id, d.id FROM jobs j JOIN documents d ON d.id = j.document_id
             WHERE j.workspace_id = $1 AND ",
            $which,
            " ORDER BY d.workspace_id, d.source, d.external_id LIMIT $3",
            $lock
        )
    };
}

statements! {
    OF_JOB = Sql::split(found!("j.id = $2"), found!("j.id = $2", " FOR UPDATE OF d, j"));
    OF_DOCUMENTS = Sql::split(
        found!("j.document_id IN (SELECT r.value ->> 0 FROM jsonb_each($2) AS r)"),
        found!(
            "j.document_id IN (SELECT r.value ->> 0 FROM jsonb_array_elements(CAST($2 AS jsonb)) AS r(value))",
            " FOR UPDATE OF d, j"
        ),
    );
    // In the order of their ids, so that the next transaction need not look again at what it has passed.
    OF_ALL = Sql::split(
        found!(
            "j.id IN (SELECT id FROM jobs WHERE workspace_id = $1 AND id > $2 AND (CAST($4 AS TEXT) IS NULL OR lane = $4)
                      ORDER BY id LIMIT $3)"
        ),
        found!(
            "j.id IN (SELECT id FROM jobs WHERE workspace_id = $1 AND id > $2 AND (CAST($4 AS TEXT) IS NULL OR lane = $4)
                      ORDER BY id LIMIT $3)",
            " FOR UPDATE OF d, j"
        ),
    );
}

impl Store {
    /// Ends all of these jobs, some in each transaction; says how many. Workers notice within a second.
    pub async fn cancel(&self, workspace: WorkspaceId, which: &Which, why: &str) -> Result<usize, Error> {
        let (mut ended, mut after) = (0, String::new());
        loop {
            let mut write = self.write().await?;
            let found = write.cancellable(workspace, which, &after).await?;
            write.cancel_found(&found, why, self.now()).await?;
            write.commit().await?;
            self.tally.note_cancelled(found.len());
            ended += found.len();
            match found.into_iter().map(|(job, _)| job).max() {
                Some(last) => after = last,
                None => return Ok(ended),
            }
        }
    }
}

impl Write {
    /// Ends up to a thousand jobs, waiting and running ones; says how many. None is left when it says zero.
    pub async fn cancel(
        &mut self,
        workspace: WorkspaceId,
        which: &Which,
        why: &str,
        now: Timestamp,
    ) -> Result<usize, Error> {
        let found = self.cancellable(workspace, which, "").await?;
        self.cancel_found(&found, why, now).await?;
        Ok(found.len())
    }

    /// The next of these jobs with their documents, locked.
    async fn cancellable(
        &mut self,
        workspace: WorkspaceId,
        which: &Which,
        after: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        type Found = (String, String);
        let workspace = workspace.to_string();
        let (sql, named) = match which {
            Which::Job(job) => (OF_JOB, job.to_string()),
            Which::Document(document) => (OF_DOCUMENTS, list(&[*document])),
            Which::Documents(documents) => (OF_DOCUMENTS, list(documents)),
            Which::Lane(lane) => return self.cancellable_at(&workspace, Some(lane), after).await,
            Which::All => return self.cancellable_at(&workspace, None, after).await,
        };
        Ok(run!(&mut self.tx, query_as::<Found>(sql), [&workspace, &named, AT_ONCE], fetch_all)?)
    }

    async fn cancellable_at(
        &mut self,
        workspace: &str,
        lane: Option<&str>,
        after: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        type Found = (String, String);
        Ok(run!(&mut self.tx, query_as::<Found>(OF_ALL), [workspace, after, AT_ONCE, lane], fetch_all)?)
    }

    async fn cancel_found(&mut self, found: &[(String, String)], why: &str, now: Timestamp) -> Result<(), Error> {
        if found.is_empty() {
            return Ok(());
        }
        let error = Failure::new(FailureCode::Cancelled, why).to_string();
        let failed = rows(found.iter().map(|(job, document)| json!([document, job, error])));
        self.fail_documents(&failed, now).await?;
        self.end(&rows(found.iter().map(|(job, _)| json!([job, "cancelled", error]))), now).await
    }
}

fn list(documents: &[DocumentId]) -> String {
    rows(documents.iter().map(|document| json!([document.to_string()])))
}
