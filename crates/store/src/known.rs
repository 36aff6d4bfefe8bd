//! Queueing documents that are there already, by their ids: resources that were registered, uploads, and whatever is to be
//! refreshed.

use std::collections::{HashMap, HashSet};

use model::{Connection, DocumentId, JobId, Priority, Source, Timestamp, WebUrl, WorkspaceId};
use serde_json::json;

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::calls::Flags;
use crate::columns::{id, word};
use crate::rows::rows;
use crate::shares::Share;
use crate::{Error, Store, Upload, Write};

/// The lane of uploaded files: it has no delay, because nobody is asked.
const FILES: &str = "files";

macro_rules! found {
    () => {
        "SELECT d.id, d.workspace_id, d.source, d.external_id, d.revision FROM "
    };
    (tail) => {
        "CROSS JOIN documents d WHERE d.id = r.value ->> 0 ORDER BY d.workspace_id, d.source, d.external_id"
    };
}

statements! {
    // Documents are locked by their names, as queueing does it, so that nobody locks anybody out.
    FOUND = Sql::split(
        concat!(found!(), "jsonb_each($1) AS r ", found!(tail)),
        concat!(found!(), "jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) ", found!(tail), " FOR UPDATE OF d"),
    );
    TOUCH = over_rows!(
        "UPDATE documents SET english = COALESCE(CAST($2 AS BOOLEAN), english), baser = COALESCE(CAST($3 AS BOOLEAN), baser),
                updated_at = $4 FROM",
        "WHERE documents.id = r.value ->> 0"
    );
    LIVE = over_rows!("SELECT j.document_id FROM", "CROSS JOIN jobs j WHERE j.document_id = r.value ->> 0");
}

/// One call: documents in the order named, each once, and how to run them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBatch {
    /// The documents, and whether each may be run for the first time.
    pub documents: Vec<(DocumentId, bool)>,
    /// What they must come from; `None` where it does not matter.
    pub source: Option<Source>,
    /// Whether uploaded files may be among them: they have no source that could be asked again.
    pub uploads: bool,
    /// The flags for their next run.
    pub flags: Flags,
    /// How urgent they are.
    pub priority: Priority,
    /// How many attempts each job may have.
    pub max_attempts: i64,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownQueueing {
    /// Every document has a live job.
    Queued {
        /// Those that have no text yet and were named to be added, in the order named.
        added: Vec<DocumentId>,
        /// The others, in the order named.
        updated: Vec<DocumentId>,
    },
    /// Some cannot be queued; nothing was written.
    Refused(Vec<(DocumentId, Unfit)>),
}

/// Why a document cannot be queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It exists nowhere.
    Unknown,
    /// It belongs to another workspace.
    Foreign,
    /// It comes from something else than was said.
    Source(Source),
    /// It is an uploaded file.
    Upload,
}

/// A document that was found.
#[derive(Debug)]
struct Found {
    id: DocumentId,
    workspace: WorkspaceId,
    source: Source,
    external_id: String,
    has_text: bool,
}

impl Store {
    /// Makes a document of each file and queues it.
    pub async fn queue_uploads(
        &self,
        workspace: WorkspaceId,
        uploads: &[Upload],
        priority: Priority,
        max_attempts: i64,
    ) -> Result<Vec<DocumentId>, Error> {
        let now = self.now();
        let mut write = self.write().await?;
        let mut documents = Vec::with_capacity(uploads.len());
        for upload in uploads {
            documents.push(write.add_upload(workspace, upload, now).await?);
        }
        let named = documents.iter().map(|document| (*document, true)).collect();
        let flags = Flags::default();
        let batch = KnownBatch { documents: named, source: None, uploads: true, flags, priority, max_attempts };
        write.queue_known(workspace, &batch, now).await?;
        write.commit().await?;
        self.bell().ring(now);
        Ok(documents)
    }

    /// Queues documents in a transaction of its own, and tells the workers.
    pub async fn queue_known(&self, workspace: WorkspaceId, batch: &KnownBatch) -> Result<KnownQueueing, Error> {
        let mut write = self.write().await?;
        let queueing = write.queue_known(workspace, batch, self.now()).await?;
        if matches!(queueing, KnownQueueing::Queued { .. }) {
            write.commit().await?;
            self.bell().ring(self.now());
        }
        Ok(queueing)
    }
}

impl Write {
    /// Gives each document a job, unless one lives already.
    pub async fn queue_known(
        &mut self,
        workspace: WorkspaceId,
        batch: &KnownBatch,
        now: Timestamp,
    ) -> Result<KnownQueueing, Error> {
        let found = self.found(&batch.documents).await?;
        let unfit: Vec<_> = batch
            .documents
            .iter()
            .filter_map(|(document, _)| Some((*document, unfit(found.get(document), workspace, batch)?)))
            .collect();
        if !unfit.is_empty() {
            return Ok(KnownQueueing::Refused(unfit));
        }
        let named = rows(found.keys().map(|document| [document.to_string()]));
        let Flags { english, baser } = batch.flags;
        let _: Touched = run!(&mut self.tx, query(TOUCH), [&named, english, baser, now.as_micros()], execute)?;
        self.add_known_jobs(workspace, batch, &found, now).await?;
        let (added, updated): (Vec<_>, Vec<_>) =
            batch.documents.iter().partition(|(document, add)| *add && !found[document].has_text);
        let ids = |documents: Vec<(DocumentId, bool)>| documents.into_iter().map(|(document, _)| document).collect();
        Ok(KnownQueueing::Queued { added: ids(added), updated: ids(updated) })
    }

    async fn found(&mut self, documents: &[(DocumentId, bool)]) -> Result<HashMap<DocumentId, Found>, Error> {
        type Row = (String, String, String, String, i64);
        let named = rows(documents.iter().map(|(document, _)| [document.to_string()]));
        let found: Vec<Row> = run!(&mut self.tx, query_as::<Row>(FOUND), [&named], fetch_all)?;
        let found = found.into_iter().map(|(document, workspace, source, external_id, revision)| {
            let document = id(&document)?;
            let (workspace, source) = (id(&workspace)?, word(&source)?);
            Ok((document, Found { id: document, workspace, source, external_id, has_text: revision > 0 }))
        });
        found.collect()
    }

    async fn add_known_jobs(
        &mut self,
        workspace: WorkspaceId,
        batch: &KnownBatch,
        found: &HashMap<DocumentId, Found>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let named = rows(found.keys().map(|document| [document.to_string()]));
        let live: Vec<(String,)> = run!(&mut self.tx, query_as::<(String,)>(LIVE), [&named], fetch_all)?;
        let live: HashSet<DocumentId> = live.into_iter().map(|(document,)| id(&document)).collect::<Result<_, _>>()?;
        let idle: Vec<&Found> = batch
            .documents
            .iter()
            .filter(|(document, _)| !live.contains(document))
            .map(|(document, _)| &found[document])
            .collect();
        if idle.is_empty() {
            return Ok(());
        }
        let share: Share = (workspace, batch.priority);
        let counts = HashMap::from([(share, i64::try_from(idle.len()).unwrap_or(i64::MAX))]);
        let mut keys = self.take_keys(&counts, 0).await?;
        self.shares.note_used(counts.keys());
        let connections = self.connections(workspace).await?;
        let mut jobs = Vec::with_capacity(idle.len());
        for found in idle {
            let Some(keys) = keys.get_mut(&share) else { continue };
            let lane = lane(found, &connections)?;
            let (priority, most) = (batch.priority.as_str(), batch.max_attempts);
            jobs.push(json!([workspace, JobId::new(), found.id, priority, keys.next(), lane, most]));
        }
        self.add_jobs_unless_live(&rows(jobs), now).await
    }
}

fn unfit(found: Option<&Found>, workspace: WorkspaceId, batch: &KnownBatch) -> Option<Unfit> {
    match found {
        None => Some(Unfit::Unknown),
        Some(found) if found.workspace != workspace => Some(Unfit::Foreign),
        Some(found) if batch.source.is_some_and(|source| source != found.source) => Some(Unfit::Source(found.source)),
        Some(found) if found.source == Source::Files && !batch.uploads => Some(Unfit::Upload),
        Some(_) => None,
    }
}

/// Whose turn a document takes. One whose provider is not connected any more waits for nobody's: its run says so.
fn lane(found: &Found, connections: &[Connection]) -> Result<String, Error> {
    match found.source {
        Source::Web => WebUrl::parse(&found.external_id)
            .map(|url| url.lane())
            .map_err(|_| Error::Corrupt(format!("{:?} is no address", found.external_id))),
        Source::Files => Ok(FILES.to_owned()),
        provider => {
            let connection = connections.iter().find(|connection| connection.provider() == provider);
            Ok(connection.map_or_else(|| FILES.to_owned(), Connection::lane))
        }
    }
}
