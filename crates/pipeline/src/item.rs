//! A run of something that a provider has: its version first, and its content only where that is another.

use std::time::Duration;

use connect::Client;
use connect::provider::{Asking, Content, Form, Item, Reading, read};
use extract::{Extracted, Hint, Site};
use model::{Connection, Failure, FailureCode, Job};
use store::{Blob, NewText, Record, Store};

use crate::gate::ConnectionGate;
use crate::manners::ours;
use crate::parser::Parsers;
use crate::running::{Phase, Place};
use crate::settings::Settings;
use crate::sources::note;

/// How long a run sits out what passes. What takes longer is put off, and another run has its place.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a run of an item needs.
pub(crate) struct ItemRun<'a> {
    pub(crate) store: &'a Store,
    pub(crate) client: &'a Client,
    pub(crate) parsers: &'a Parsers,
    pub(crate) settings: &'a Settings,
}

/// What an item says, to be kept.
pub(crate) enum Answer {
    /// It is the version that is known.
    Unchanged,
    /// Its text.
    Text(Box<NewText>),
}

impl ItemRun<'_> {
    /// Reads the item of a job, unless it is still the version that was read last by the same rules.
    pub(crate) async fn run(
        &self,
        job: &Job,
        record: &Record,
        read_as: String,
        progress: &Place,
    ) -> Result<Answer, Failure> {
        let connection = self.connection(job).await?;
        let known = record.etag.clone().filter(|_| record.read_as.as_ref() == Some(&read_as));
        let item = Item { external_id: job.external_id.clone(), object: record.kind.clone(), known };
        let gate = ConnectionGate::new(self.store, self.client, self.settings, &connection, Some(job.start_at));
        let asking = Asking { client: self.client, gate: &gate, patience: PATIENCE, until: None };
        let reading = read(&asking, &connection.account, &item).await;
        note(self.store, &connection, reading.as_ref().err()).await;
        let content = match reading? {
            Reading::Unchanged => return Ok(Answer::Unchanged),
            Reading::Content(content) => *content,
        };
        model::faults::reach_for("run.after_fetch", &job.external_id);
        progress.show(Phase::Extracting);
        self.text(job, content, read_as).await.map(|text| Answer::Text(Box::new(text)))
    }

    async fn connection(&self, job: &Job) -> Result<Connection, Failure> {
        let found = async { self.store.glance().await?.connection_to(job.workspace, job.source).await }.await;
        found.map_err(|error| ours(&error))?.ok_or_else(|| {
            let text = format!("{} is not connected to this workspace; connect it, then retry", job.source);
            Failure::new(FailureCode::ProviderDisconnected, text)
        })
    }

    async fn text(&self, job: &Job, content: Content, read_as: String) -> Result<NewText, Failure> {
        let Content { version, title, url, form, mut warnings } = content;
        let (blob, content_type, is_page) = self.keep(form).await?;
        let hint = Hint {
            content_type,
            url: Some(url.clone()),
            english: job.english,
            baser: job.baser,
            // Nothing of what a provider gives is around the content.
            site: Site { keep: if is_page { vec!["body".to_owned()] } else { Vec::new() }, ..Site::default() },
        };
        let body = self.store.blobs().reader(&blob).await.map_err(|error| ours(&error))?;
        let mut extracted = self.parsers.extract(&hint, body, blob.length).await?;
        warnings.append(&mut extracted.warnings);
        let title = if title.trim().is_empty() { std::mem::take(&mut extracted.title) } else { title };
        Ok(new_text(Extracted { title, warnings, ..extracted }, blob, url, read_as).with_version(version))
    }

    /// Keeps the bytes of a content: the blob, what it is said to be, and whether it is a page.
    async fn keep(&self, form: Form) -> Result<(Blob, Option<String>, bool), Failure> {
        let mut writer = self.store.blobs().writer().await.map_err(|error| ours(&error))?;
        let (content_type, is_page) = match form {
            Form::Text { media_type, text } => {
                writer.write(text.as_bytes()).await.map_err(|error| ours(&error))?;
                (Some(format!("{media_type}; charset=utf-8")), media_type == "text/html")
            }
            Form::File { media_type, mut body } => {
                while let Some(chunk) = body.chunk().await? {
                    writer.write(&chunk).await.map_err(|error| ours(&error))?;
                }
                (media_type, false)
            }
        };
        Ok((writer.finish().await.map_err(|error| ours(&error))?, content_type, is_page))
    }
}

/// A text that was read from kept bytes.
pub(crate) fn new_text(extracted: Extracted, blob: Blob, url: String, read_as: String) -> NewText {
    NewText {
        blob,
        url,
        mime_type: extracted.mime_type,
        title: extracted.title,
        language: extracted.language,
        paragraphs: extracted.paragraphs,
        blocks: extracted.blocks,
        warnings: extracted.warnings,
        metadata: model::Metadata {
            authors: extracted.authors,
            published: extracted.published,
            modified: extracted.modified,
            breadcrumbs: extracted.breadcrumbs,
            canonical_url: extracted.canonical_url,
        },
        etag: None,
        last_modified: None,
        read_as,
    }
}
