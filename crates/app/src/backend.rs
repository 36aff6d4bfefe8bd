//! Where a command finds its documents: in the local store, or on a server.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use connect::api::{Api, ApiError};
use model::{DocumentId, Priority, WebUrl, WorkspaceId};
use serde_json::json;
use store::{Blob, Direction, Filter, Flags, Page, Queueing, Store, Upload, Wanted, WebBatch};
use tokio::io::AsyncReadExt;
use web::wire::revisions::{Revision, Revisions};
use web::wire::{Document, Documents, Queued};

use crate::args::{ListArgs, RemoteArgs};
use crate::settings::Settings;
use crate::setup;

/// A place with documents.
pub enum Backend {
    Local { store: Store, workspace: WorkspaceId },
    Server(Api),
}

/// The flags of a queue call.
#[derive(Debug, Clone, Copy)]
pub struct QueueOptions {
    pub english: Option<bool>,
    pub baser: Option<bool>,
    /// How urgent they are; by the number of pages when nobody says.
    pub priority: Option<Priority>,
    /// How many attempts each run has; a server decides that itself.
    pub attempts: i64,
}

impl Backend {
    /// To read from: the server if one is named, else the local store, which must be there.
    pub async fn known(settings: &Settings, remote: &RemoteArgs) -> anyhow::Result<Self> {
        if let Some(server) = server(remote)? {
            return Ok(server);
        }
        let store = setup::known_store(settings).await?;
        let workspace = setup::known_workspace(&store, settings).await?;
        Ok(Self::Local { store, workspace })
    }

    /// To write to: the server if one is named, else the local store, made where there is none.
    pub async fn open(settings: &Settings, remote: &RemoteArgs) -> anyhow::Result<Self> {
        if let Some(server) = server(remote)? {
            return Ok(server);
        }
        // A wrong setting is told before anything is queued.
        setup::client(settings)?;
        let store = setup::store(settings).await?;
        let workspace = setup::workspace(&store, settings).await?;
        Ok(Self::Local { store, workspace })
    }

    /// Queues pages. The ids come back in the order of the pages.
    pub async fn queue(&self, urls: &[String], options: QueueOptions) -> anyhow::Result<Vec<String>> {
        match self {
            Self::Local { store, workspace } => queue_locally(store, *workspace, urls, options).await,
            Self::Server(api) => {
                let mut body = json!({ "source": "web", "documentIdsToAdd": urls });
                for (name, flag) in [("english", options.english), ("baser", options.baser)] {
                    if let Some(flag) = flag {
                        body[name] = json!(flag);
                    }
                }
                if let Some(priority) = options.priority {
                    body["priority"] = json!(priority.as_str());
                }
                let queued: Queued = serde_json::from_value(api.queue(&body).await?)?;
                Ok([queued.added_document_ids, queued.updated_document_ids].concat())
            }
        }
    }

    /// Uploads files, each as a document of its own. The ids come back in the order of the files.
    pub async fn upload(&self, files: &[PathBuf], options: QueueOptions) -> anyhow::Result<Vec<String>> {
        match self {
            Self::Local { store, workspace } => upload_locally(store, *workspace, files, options).await,
            Self::Server(api) => {
                let flags = [("english", options.english), ("baser", options.baser)];
                let fields: Vec<_> =
                    flags.into_iter().filter_map(|(name, flag)| Some((name, flag?.to_string()))).collect();
                let mut ids = Vec::with_capacity(files.len());
                for file in files {
                    let queued: Queued = serde_json::from_value(api.upload(file, &fields).await?)?;
                    ids.extend(queued.added_document_ids);
                }
                Ok(ids)
            }
        }
    }

    /// One document.
    pub async fn document(&self, id: &str) -> anyhow::Result<Document> {
        match self {
            Self::Local { store, workspace } => {
                let id = document_id(id)?;
                let found = store.read().await?.document(*workspace, id, store.now()).await?;
                found
                    .map(Document::from)
                    .with_context(|| format!("no document has the ID {id}; `gleaner list` shows those there are"))
            }
            Self::Server(api) => Ok(serde_json::from_value(api.document(id).await?)?),
        }
    }

    /// The current revision of a document, without its text; `None` before the first good run.
    pub async fn revision(&self, id: &str) -> anyhow::Result<Option<Revision>> {
        match self {
            Self::Local { store, workspace } => {
                let found = store.glance().await?.revisions(*workspace, document_id(id)?, 1).await?;
                Ok(found.into_iter().next().map(Revision::from))
            }
            Self::Server(api) => {
                let path = format!("v2/documents/public/{}/revisions", document_id(id)?);
                let revisions: Revisions = serde_json::from_value(api.get(&path, &[]).await?)?;
                Ok(revisions.revisions.into_iter().next())
            }
        }
    }

    /// Says so where there is no such document. A key that may not read has to do without.
    pub async fn must_exist(&self, id: DocumentId) -> anyhow::Result<()> {
        match self.document(&id.to_string()).await {
            Err(error) if matches!(error.downcast_ref(), Some(ApiError::Refused { message, .. }) if message.contains("scope")) => {
                Ok(())
            }
            looked => looked.map(drop),
        }
    }

    /// The text of a document as Markdown; empty before the first good run.
    pub async fn markdown(&self, id: &str) -> anyhow::Result<String> {
        let Self::Local { store, workspace } = self else { bail!("--markdown works on the local store only") };
        let blocks = store.read().await?.current_blocks(*workspace, document_id(id)?).await?;
        Ok(extract::markdown(&blocks.unwrap_or_default()))
    }

    /// One page of documents.
    pub async fn list(&self, args: &ListArgs) -> anyhow::Result<Documents> {
        match self {
            Self::Local { store, workspace } => list_locally(store, *workspace, args).await,
            Self::Server(api) => {
                let limit = args.limit.to_string();
                let query = [
                    ("limit", Some(limit.as_str())),
                    ("linkedJobStatus", args.status.map(model::JobStatus::as_str)),
                    ("source", args.source.map(model::Source::as_str)),
                    ("title", args.title.as_deref()),
                    ("originalUrl", args.url.as_deref()),
                    ("cursor", args.after.as_deref()),
                ];
                let query: Vec<(&str, &str)> =
                    query.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
                Ok(serde_json::from_value(api.list(&query).await?)?)
            }
        }
    }
}

fn server(remote: &RemoteArgs) -> anyhow::Result<Option<Backend>> {
    match (&remote.server, &remote.key) {
        (Some(server), Some(key)) => Ok(Some(Backend::Server(Api::new(server, key)?))),
        _ => Ok(None),
    }
}

fn document_id(text: &str) -> anyhow::Result<DocumentId> {
    text.parse().with_context(|| format!("{text:?} is not a document ID; `gleaner list` shows them"))
}

async fn queue_locally(
    store: &Store,
    workspace: WorkspaceId,
    urls: &[String],
    options: QueueOptions,
) -> anyhow::Result<Vec<String>> {
    let wanted = urls.iter().map(|text| {
        let url = WebUrl::parse(text).map_err(|refusal| anyhow::anyhow!("{text:?} {refusal}"))?;
        Ok(Wanted { url, original: text.trim().to_owned(), add: true })
    });
    let batch = WebBatch {
        wanted: wanted.collect::<anyhow::Result<_>>()?,
        flags: Flags { english: options.english, baser: options.baser },
        priority: options.priority.unwrap_or(Priority::of_call(urls.len())),
        max_attempts: options.attempts,
    };
    match store.queue_web(workspace, batch).await? {
        Queueing::Queued { added, updated } => Ok(added.iter().chain(&updated).map(ToString::to_string).collect()),
        Queueing::Unknown(urls) => bail!("unknown pages: {urls:?}"),
    }
}

async fn upload_locally(
    store: &Store,
    workspace: WorkspaceId,
    files: &[PathBuf],
    options: QueueOptions,
) -> anyhow::Result<Vec<String>> {
    let mut uploads = Vec::with_capacity(files.len());
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let blob = blob_of(store, path).await.with_context(|| format!("cannot read {}", path.display()))?;
        let (english, baser) = (options.english.unwrap_or(true), options.baser.unwrap_or(false));
        uploads.push(Upload { name, mime_type: String::new(), blob, english, baser });
    }
    let priority = options.priority.unwrap_or(Priority::of_call(files.len()));
    let added = store.queue_uploads(workspace, &uploads, priority, options.attempts).await?;
    Ok(added.iter().map(ToString::to_string).collect())
}

/// Keeps the bytes of a file.
async fn blob_of(store: &Store, path: &Path) -> anyhow::Result<Blob> {
    let mut file = tokio::fs::File::open(path).await?;
    let length = file.metadata().await?.len();
    ensure!(length > 0, "it is empty");
    ensure!(length <= extract::MAX_BYTES as u64, "it is larger than {} bytes", extract::MAX_BYTES);
    let mut writer = store.blobs().writer().await?;
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match file.read(&mut chunk).await? {
            0 => return Ok(writer.finish().await?),
            read => writer.write(&chunk[..read]).await?,
        }
    }
}

async fn list_locally(store: &Store, workspace: WorkspaceId, args: &ListArgs) -> anyhow::Result<Documents> {
    let cursor = args.after.as_deref().map(document_id).transpose().context("--after")?;
    let filter = Filter {
        source: args.source,
        job_status: args.status,
        title: args.title.clone(),
        original_url: args.url.clone(),
        ..Filter::default()
    };
    let page = Page { limit: args.limit, cursor, direction: Direction::Next };
    let found = store.glance().await?.documents(workspace, &filter, &page, store.now()).await?;
    let found = found.context("--after: no document has that ID")?;
    let documents = found.documents.into_iter().map(Document::from).collect();
    Ok(Documents { documents, has_more: found.has_more })
}
