//! What can be done to the queue, in the local store or on a server.

use anyhow::{Context, bail};
use connect::api::Api;
use model::{DocumentId, FailureCode, JobId, Pace, WorkspaceId};
use serde_json::{Value, json};
use store::{JobsPage, Pausable, Retried, Retrying, Store, Which};
use web::wire::jobs::{Cancelled, Job, Jobs};
use web::wire::queue::Queue;

use crate::backend::Backend;

const JOBS: &str = "v2/jobs/public";
const QUEUE: &str = "v2/queue/public";
/// Why a document failed whose job was cancelled here.
const WHY: &str = "an operator cancelled the run";

impl Backend {
    /// How the queue of the workspace stands.
    pub async fn queue_status(&self) -> anyhow::Result<Queue> {
        match self {
            Self::Local { store, workspace } => {
                let mut read = store.read().await?;
                let counts = read.live_counts(Some(*workspace)).await?;
                let pauses = read.pauses_over(*workspace).await?;
                Ok(Queue::new(&counts, pauses, read.workers_alive(store.now()).await?))
            }
            Self::Server(api) => Ok(serde_json::from_value(api.get(QUEUE, &[]).await?)?),
        }
    }

    /// Pauses the workspace.
    pub async fn pause(&self, reason: &str) -> anyhow::Result<()> {
        match self {
            Self::Local { store, workspace } => pause(store, &Pausable::Workspace(*workspace), reason).await,
            Self::Server(api) => {
                api.post(&format!("{QUEUE}/pause"), Some(&json!({ "reason": reason }))).await?;
                Ok(())
            }
        }
    }

    /// Ends the pause of the workspace; says whether there was one, where that is known.
    pub async fn resume(&self) -> anyhow::Result<Option<bool>> {
        match self {
            Self::Local { store, workspace } => resume(store, &Pausable::Workspace(*workspace)).await.map(Some),
            Self::Server(api) => {
                api.post(&format!("{QUEUE}/resume"), None).await?;
                Ok(None)
            }
        }
    }

    /// A page of live jobs.
    pub async fn jobs(&self, page: &JobsPage) -> anyhow::Result<Jobs> {
        match self {
            Self::Local { store, workspace } => {
                let (jobs, has_more) = store.glance().await?.jobs(*workspace, page, store.now()).await?;
                Ok(Jobs { jobs: jobs.into_iter().map(Job::from).collect(), has_more })
            }
            Self::Server(api) => {
                let (limit, after) = (page.limit.to_string(), page.after.map(|after| after.to_string()));
                let query = [
                    ("limit", Some(limit.as_str())),
                    ("state", page.state.map(model::job::JobState::as_str)),
                    ("cursor", after.as_deref()),
                ];
                let query: Vec<(&str, &str)> =
                    query.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
                Ok(serde_json::from_value(api.get(JOBS, &query).await?)?)
            }
        }
    }

    /// One job, live or finished.
    pub async fn job(&self, id: JobId) -> anyhow::Result<Job> {
        match self {
            Self::Local { store, workspace } => job_of(store, *workspace, id).await,
            Self::Server(api) => Ok(serde_json::from_value(api.get(&format!("{JOBS}/{id}"), &[]).await?)?),
        }
    }

    /// Cancels one job, which must be live.
    pub async fn cancel_job(&self, id: JobId) -> anyhow::Result<()> {
        match self {
            Self::Local { store, workspace } => {
                if store.cancel(*workspace, &Which::Job(id), WHY).await? == 0 {
                    let job = job_of(store, *workspace, id).await?;
                    bail!("job {id} is {} already; there is nothing to cancel", job.state);
                }
                Ok(())
            }
            Self::Server(api) => Ok(api.post(&format!("{JOBS}/{id}/cancel"), None).await.map(drop)?),
        }
    }

    /// Cancels many jobs; says how many.
    pub async fn cancel_jobs(&self, which: &Which) -> anyhow::Result<usize> {
        match self {
            Self::Local { store, workspace } => Ok(store.cancel(*workspace, which, WHY).await?),
            Self::Server(api) => {
                let body = match which {
                    Which::Job(_) | Which::All => json!({ "all": true }),
                    Which::Document(document) => json!({ "documentIds": texts(&[*document]) }),
                    Which::Documents(documents) => json!({ "documentIds": texts(documents) }),
                    Which::Lane(host) => json!({ "host": host }),
                };
                let answer: Cancelled =
                    serde_json::from_value(api.post(&format!("{JOBS}/cancel"), Some(&body)).await?)?;
                Ok(answer.cancelled)
            }
        }
    }

    /// Queues the document of a failed job again, and returns the new job.
    pub async fn retry_job(&self, id: JobId, attempts: i64) -> anyhow::Result<Job> {
        match self {
            Self::Local { store, workspace } => retry_locally(store, *workspace, id, attempts).await,
            Self::Server(api) => Ok(serde_json::from_value(api.post(&format!("{JOBS}/{id}/retry"), None).await?)?),
        }
    }

    /// Queues failed documents again; says how many.
    pub async fn retry_many(&self, which: &Retrying, attempts: i64) -> anyhow::Result<usize> {
        match self {
            Self::Local { store, workspace } => {
                let retried = store.retry(*workspace, which, attempts).await?;
                store.bell().ring_before_leaving(store.now()).await;
                Ok(retried)
            }
            Self::Server(api) => retry_remotely(api, which).await,
        }
    }
}

/// Pauses a workspace or a host of the local store.
pub async fn pause(store: &Store, what: &Pausable, reason: &str) -> anyhow::Result<()> {
    let mut write = store.write().await?;
    write.pause(what, reason, store.now()).await?;
    Ok(write.commit().await?)
}

/// Ends a pause of the local store, and brings back what it held.
pub async fn resume(store: &Store, what: &Pausable) -> anyhow::Result<bool> {
    let mut write = store.write().await?;
    let was_paused = write.resume(what).await?;
    write.commit().await?;
    store.release_held().await?;
    store.bell().ring_before_leaving(store.now()).await;
    Ok(was_paused)
}

/// Ends a rest that a host of the local store asked for; says whether it had any.
pub async fn end_rest(store: &Store, host: &str, pace: &Pace) -> anyhow::Result<bool> {
    let was_resting = store.end_rest(host, pace).await?;
    store.bell().ring_before_leaving(store.now()).await;
    Ok(was_resting)
}

async fn job_of(store: &Store, workspace: WorkspaceId, id: JobId) -> anyhow::Result<Job> {
    let found = store.read().await?.job(workspace, id, store.now()).await?;
    let missing = || format!("no job of the workspace has the ID {id}; `gleaner jobs list` shows the live ones");
    found.map(Job::from).with_context(missing)
}

async fn retry_locally(store: &Store, workspace: WorkspaceId, id: JobId, attempts: i64) -> anyhow::Result<Job> {
    let mut write = store.write().await?;
    let retried = write.retry_job(workspace, id, attempts, store.now()).await?;
    if let Some(refusal) = retried.refusal(id) {
        bail!(refusal);
    }
    write.commit().await?;
    store.bell().ring_before_leaving(store.now()).await;
    let new = if let Retried::Queued(new) = retried { new } else { id };
    job_of(store, workspace, new).await
}

async fn retry_remotely(api: &Api, which: &Retrying) -> anyhow::Result<usize> {
    let mut body = json!({});
    if let Some(codes) = &which.codes {
        body["codes"] = codes.iter().map(|code: &FailureCode| Value::from(code.as_str())).collect();
    }
    if let Some(host) = &which.host {
        body["host"] = json!(host);
    }
    if let Some(limit) = which.limit {
        body["limit"] = json!(limit);
    }
    if *which == Retrying::default() {
        body["all"] = json!(true);
    }
    let answer = api.post(&format!("{JOBS}/retry"), Some(&body)).await?;
    let answer: web::wire::jobs::Retried = serde_json::from_value(answer)?;
    Ok(answer.retried)
}

fn texts(documents: &[DocumentId]) -> Vec<String> {
    documents.iter().map(ToString::to_string).collect()
}
