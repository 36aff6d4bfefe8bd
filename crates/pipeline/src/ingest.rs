//! One run of a document: visit, read, compare.

use std::sync::Arc;

use connect::Client;
use extract::{Extracted, Hint};
use model::{Failure, FailureCode, Job, Source, WebUrl};
use store::{Change, CurrentText, NewText, Store};

use crate::latency::Latencies;
use crate::manners::{Manners, ours};
use crate::parser::Parsers;
use crate::robots::Robots;
use crate::running::{Phase, Place};
use crate::settings::Settings;
use crate::task::{Found, Task};
use crate::visit::{Visited, visit};

/// What runs need.
#[derive(Clone)]
pub struct Ingest {
    store: Store,
    client: Client,
    parsers: Parsers,
    robots: Arc<Robots>,
    latencies: Arc<Latencies>,
    settings: Arc<Settings>,
}

impl Ingest {
    /// Runs that fetch with `client` and have files read by `parsers`.
    pub fn new(store: Store, client: Client, parsers: Parsers, settings: Arc<Settings>) -> Self {
        Self { store, client, parsers, robots: Arc::default(), latencies: Arc::default(), settings }
    }

    async fn read(&self, job: &Job, visited: &Visited) -> Result<Extracted, Failure> {
        let hint = Hint {
            content_type: visited.content_type.clone(),
            url: Some(visited.url.to_string()),
            english: job.english,
            baser: job.baser,
            ..Hint::default()
        };
        let body = self.store.blobs().reader(&visited.blob).await.map_err(|error| ours(&error))?;
        self.parsers.extract(&hint, body, visited.blob.length).await
    }

    async fn text_before(&self, job: &Job) -> Result<Option<CurrentText>, store::Error> {
        self.store.glance().await?.current_text(job.workspace, job.document).await
    }
}

impl Task for Ingest {
    async fn run(&self, job: &Job, progress: &Place) -> Result<Found, Failure> {
        let url = page_of(job)?;
        let mut manners = Manners::new(&self.store, &self.client, &self.settings, (&url, job.start_at));
        let visited = visit(url, &self.robots, &self.latencies, &mut manners).await?;
        model::faults::reach_for("run.after_fetch", &job.external_id);
        progress.show(Phase::Extracting);
        let extracted = self.read(job, &visited).await?;
        let before = self.text_before(job).await.map_err(|error| ours(&error))?;
        let text = new_text(visited, extracted);
        let change = compare(before.as_ref(), &text);
        Ok(Found { text, change })
    }
}

fn page_of(job: &Job) -> Result<WebUrl, Failure> {
    if job.source != Source::Web {
        let text = format!("no {} connection is set up in this workspace", job.source);
        return Err(Failure::new(FailureCode::ProviderDisconnected, text));
    }
    WebUrl::parse(&job.external_id).map_err(|refusal| {
        Failure::new(FailureCode::Internal, format!("the stored address {:?} {refusal}", job.external_id))
    })
}

fn new_text(visited: Visited, extracted: Extracted) -> NewText {
    NewText {
        blob: visited.blob,
        url: visited.url.to_string(),
        mime_type: extracted.mime_type,
        title: extracted.title,
        language: extracted.language,
        paragraphs: extracted.paragraphs,
        blocks: extracted.blocks,
        warnings: extracted.warnings,
        etag: visited.etag,
        last_modified: visited.last_modified,
    }
}

fn compare(before: Option<&CurrentText>, text: &NewText) -> Change {
    match before {
        None => Change::First,
        Some(before) if before.content_hash == text.content_hash() => Change::None,
        Some(before) if diff::is_material(&before.paragraphs, &text.paragraphs) => Change::Material,
        Some(_) => Change::Immaterial,
    }
}
