//! One run of a document, wherever it comes from: get it, read it, compare it.

use std::sync::Arc;

use connect::{Client, Validators};
use extract::{Extracted, Hint};
use model::{Failure, FailureCode, Job, Source, WebUrl};
use store::{Change, CurrentText, NewText, Record, Store};

use crate::item::{Answer, ItemRun, new_text};
use crate::landing::landing;
use crate::latency::Latencies;
use crate::likeness::Likenesses;
use crate::manners::{Manners, ours};
use crate::parser::Parsers;
use crate::robots::Robots;
use crate::running::{Phase, Place};
use crate::settings::Settings;
use crate::site::Memory;
use crate::task::{Found, Task};
use crate::upload::read_upload;
use crate::visit::{Acquaintance, Visited, visit};

/// What runs need.
#[derive(Clone)]
pub struct Ingest {
    store: Store,
    client: Client,
    parsers: Parsers,
    robots: Arc<Robots>,
    latencies: Arc<Latencies>,
    likenesses: Arc<Likenesses>,
    settings: Arc<Settings>,
}

impl Ingest {
    /// Runs that fetch with `client` and have files read by `parsers`.
    pub fn new(store: Store, client: Client, parsers: Parsers, settings: Arc<Settings>) -> Self {
        Self {
            store,
            client,
            parsers,
            robots: Arc::default(),
            latencies: Arc::default(),
            likenesses: Arc::default(),
            settings,
        }
    }

    async fn page(&self, job: &Job, progress: &Place) -> Result<Answer, Failure> {
        let url = page_of(job)?;
        let known = self.acquaintance(job).await?;
        let mut manners = Manners::new(&self.store, &self.client, &self.settings, (&url, job.start_at));
        let Some(visited) = visit(url, &known, (&self.robots, &self.latencies), &mut manners).await? else {
            return Ok(Answer::Unchanged);
        };
        model::faults::reach_for("run.after_fetch", &job.external_id);
        progress.show(Phase::Extracting);
        let extracted = self.read(job, &visited).await?;
        let rules = self.rules(job, &visited.url).await?;
        let Visited { blob, url, etag, last_modified, .. } = visited;
        let text = new_text(extracted, blob, url.to_string(), rules);
        Ok(Answer::Text(Box::new(NewText { etag, last_modified, ..text })))
    }

    /// What is known of a page from its last good run, as long as it would be read by the same rules again.
    async fn acquaintance(&self, job: &Job) -> Result<Acquaintance, Failure> {
        let Record { etag, last_modified, read_as, url, .. } = self.record(job).await?;
        let Some(url) = url.and_then(|url| WebUrl::parse(&url).ok()) else { return Ok(Acquaintance::default()) };
        if read_as != Some(self.rules(job, &url).await?) {
            return Ok(Acquaintance::default());
        }
        Ok(Acquaintance { url: url.to_string(), validators: Validators { etag, last_modified } })
    }

    /// The rules by which a page is read: its run's, and what its site's owner says.
    async fn rules(&self, job: &Job, url: &WebUrl) -> Result<String, Failure> {
        let said = async { self.store.glance().await?.site(job.workspace, &url.lane()).await }.await;
        let said = said.map_err(|error| ours(&error))?;
        let said = said.map(|site| format!(" site {}", site.updated_at.as_micros())).unwrap_or_default();
        Ok(format!("{}{said}", read_as(job)))
    }

    async fn read(&self, job: &Job, visited: &Visited) -> Result<Extracted, Failure> {
        let memory = Memory::of(&self.store, job, &visited.url).await.map_err(|error| ours(&error))?;
        let hint = Hint {
            content_type: visited.content_type.clone(),
            url: Some(visited.url.to_string()),
            english: job.english,
            baser: job.baser,
            site: memory.site.clone(),
        };
        let body = self.store.blobs().reader(&visited.blob).await.map_err(|error| ours(&error))?;
        let extracted = self.parsers.extract(&hint, body, visited.blob.length).await?;
        memory.learn(&self.store, job, &extracted.fingerprints).await.map_err(|error| ours(&error))?;
        Ok(extracted)
    }

    async fn upload(&self, job: &Job, progress: &Place) -> Result<NewText, Failure> {
        let record = self.record(job).await?;
        progress.show(Phase::Extracting);
        read_upload(&self.store, &self.parsers, job, &record, read_as(job)).await
    }

    async fn item(&self, job: &Job, progress: &Place) -> Result<Answer, Failure> {
        let record = self.record(job).await?;
        let run =
            ItemRun { store: &self.store, client: &self.client, parsers: &self.parsers, settings: &self.settings };
        run.run(job, &record, read_as(job), progress).await
    }

    async fn record(&self, job: &Job) -> Result<Record, Failure> {
        let found = async { self.store.glance().await?.record(job.workspace, job.document).await }.await;
        let gone = || Failure::new(FailureCode::Internal, "the document was deleted while it ran");
        found.map_err(|error| ours(&error))?.ok_or_else(gone)
    }

    async fn text_before(&self, job: &Job) -> Result<Option<CurrentText>, store::Error> {
        self.store.glance().await?.current_text(job.workspace, job.document).await
    }
}

impl Task for Ingest {
    async fn run(&self, job: &Job, progress: &Place) -> Result<Found, Failure> {
        let answer = match job.source {
            Source::Web => self.page(job, progress).await?,
            Source::Files => Answer::Text(Box::new(self.upload(job, progress).await?)),
            Source::Notion | Source::Zendesk | Source::Confluence | Source::GoogleDrive => {
                self.item(job, progress).await?
            }
        };
        let Answer::Text(text) = answer else { return Ok(Found::Unchanged) };
        let before = self.text_before(job).await.map_err(|error| ours(&error))?;
        let change = compare(before.as_ref(), &text);
        match change {
            Change::First | Change::Material => {
                let is_linked = before.is_some_and(|before| before.is_linked);
                let landing = landing(&self.store, &self.likenesses, (job, &text), is_linked).await;
                Ok(Found::Landed(text, change, Box::new(landing.map_err(|error| ours(&error))?)))
            }
            Change::None | Change::Immaterial => Ok(Found::Text(text, change)),
        }
    }
}

fn page_of(job: &Job) -> Result<WebUrl, Failure> {
    WebUrl::parse(&job.external_id).map_err(|refusal| {
        Failure::new(FailureCode::Internal, format!("the stored address {:?} {refusal}", job.external_id))
    })
}

/// The rules by which a run reads its document. A later version of Gleaner may read the same bytes better, so it is part of them.
fn read_as(job: &Job) -> String {
    let flag = |is_on: bool, word: &str| if is_on { format!(" {word}") } else { String::new() };
    format!("{}{}{}", env!("CARGO_PKG_VERSION"), flag(job.english, "english"), flag(job.baser, "baser"))
}

fn compare(before: Option<&CurrentText>, text: &NewText) -> Change {
    match before {
        None => Change::First,
        Some(before) if before.content_hash == text.content_hash() => Change::None,
        Some(before) if diff::is_material(&before.paragraphs, &text.paragraphs) => Change::Material,
        Some(_) => Change::Immaterial,
    }
}
