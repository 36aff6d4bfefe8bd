//! Cancelling: jobs end where they stand. A run that is under way loses its job, so nothing of it is kept.

use model::{DocumentId, Failure, FailureCode, JobId, Timestamp, WorkspaceId};
use serde_json::json;

use crate::backend::{Sql, run, statements};
use crate::enqueue::rows;
use crate::{Error, Write};

/// Which jobs of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The one of that id.
    Job(JobId),
    /// The one of that document.
    Document(DocumentId),
    /// Every one at a host.
    Lane(String),
    /// Every one.
    All,
}

/// How many jobs one transaction ends.
const AT_ONCE: i64 = 1_000;

macro_rules! found {
    () => {
        "SELECT j.id, d.id FROM jobs j JOIN documents d ON d.id = j.document_id AND d.workspace_id = j.workspace_id
         WHERE j.workspace_id = $1 AND (CAST($2 AS TEXT) IS NULL OR j.id = $2)
           AND (CAST($3 AS TEXT) IS NULL OR j.document_id = $3) AND (CAST($4 AS TEXT) IS NULL OR j.lane = $4)
         ORDER BY d.workspace_id, d.source, d.external_id LIMIT $5"
    };
}

statements! {
    // Documents are locked before their jobs and by their names, as queueing does it.
    FOUND = Sql::split(
        found!(),
        concat!(found!(), " FOR UPDATE OF d, j"),
    );
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
        let (job, document, lane) = match which {
            Which::Job(job) => (Some(job.to_string()), None, None),
            Which::Document(document) => (None, Some(document.to_string()), None),
            Which::Lane(lane) => (None, None, Some(lane.as_str())),
            Which::All => (None, None, None),
        };
        let found: Vec<(String, String)> = run!(
            &mut self.tx,
            query_as::<(String, String)>(FOUND),
            [workspace.to_string(), &job, &document, lane, AT_ONCE],
            fetch_all
        )?;
        if found.is_empty() {
            return Ok(0);
        }
        let error = Failure::new(FailureCode::Cancelled, why).to_string();
        let failed = rows(found.iter().map(|(job, document)| json!([document, job, error])));
        self.fail_documents(&failed, now).await?;
        self.end(&rows(found.iter().map(|(job, _)| json!([job, "cancelled", error]))), now).await?;
        Ok(found.len())
    }
}
