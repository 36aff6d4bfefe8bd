//! Records of what a provider has and of what was uploaded: made or brought up to date, and not queued.

use std::collections::{HashMap, HashSet};

use model::{DocumentId, Source, Timestamp, WorkspaceId};
use serde_json::json;

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::columns::id;
use crate::rows::rows;
use crate::{Blob, Error, Read, Write};

macro_rules! register {
    () => {
        "INSERT INTO documents (workspace_id, id, source, external_id, original_url, original_url_folded, title, title_folded,
                                kind, mime_type, english, baser, created_at, updated_at)
         SELECT $2, r.value ->> 0, $3, r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, r.value ->> 5,
                r.value ->> 6, r.value ->> 7, TRUE, FALSE, $4, $4
         FROM"
    };
    (tail) => {
        "WHERE TRUE
         ON CONFLICT (workspace_id, source, external_id) DO UPDATE
         SET original_url = excluded.original_url, original_url_folded = excluded.original_url_folded,
             title = excluded.title, title_folded = excluded.title_folded, kind = excluded.kind,
             mime_type = excluded.mime_type, updated_at = excluded.updated_at
         RETURNING external_id, id"
    };
}

statements! {
    REGISTER = over_rows!(register!(), register!(tail));
    IMPORTED = over_rows!(
        "SELECT d.external_id FROM",
        "CROSS JOIN documents d
         WHERE d.workspace_id = $2 AND d.source = $3 AND d.external_id = r.value ->> 0 AND d.revision > 0"
    );
    UPLOAD = Sql::same(
        "INSERT INTO documents (workspace_id, id, source, external_id, original_url, original_url_folded, title, title_folded,
                                kind, mime_type, storage_url, english, baser, created_at, updated_at)
         VALUES ($1, $2, 'files', $2, $3, $4, $5, $6, 'file', $7, $8, $9, $10, $11, $11)"
    );
}

/// An item of a provider, as a caller names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its name at the provider.
    pub external_id: String,
    /// Its page.
    pub original_url: String,
    /// Its title.
    pub title: String,
    /// What its content is.
    pub mime_type: String,
    /// The provider's word for what it is.
    pub kind: String,
}

/// A file that somebody sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name.
    pub name: String,
    /// What the sender says that it is; empty when nothing was said.
    pub mime_type: String,
    /// Its bytes.
    pub blob: Blob,
    /// Whether English rules apply to English text.
    pub english: bool,
    /// Whether paragraphs are cut into passages.
    pub baser: bool,
}

/// Records that were made, and those that were there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Registered {
    /// Made, in the order named.
    pub added: Vec<DocumentId>,
    /// Brought up to date, in the order named.
    pub updated: Vec<DocumentId>,
}

impl Read {
    /// Which of a provider's items have given a text.
    pub async fn imported(
        &mut self,
        workspace: WorkspaceId,
        provider: Source,
        items: impl IntoIterator<Item = &str> + Send,
    ) -> Result<HashSet<String>, Error> {
        let named = rows(items.into_iter().map(|item| [item]).collect::<Vec<_>>());
        let found: Vec<(String,)> = run!(
            &mut self.tx,
            query_as::<(String,)>(IMPORTED),
            [&named, workspace.to_string(), provider.as_str()],
            fetch_all
        )?;
        Ok(found.into_iter().map(|(item,)| item).collect())
    }
}

impl Write {
    /// Makes or brings up to date the record of each item. One that is named twice counts once, as it was named last.
    pub async fn register(
        &mut self,
        workspace: WorkspaceId,
        provider: Source,
        items: &[Registration],
        now: Timestamp,
    ) -> Result<Registered, Error> {
        let mut last: HashMap<&str, (DocumentId, &Registration)> = HashMap::new();
        for item in items {
            last.entry(&item.external_id).or_insert_with(|| (DocumentId::new(), item)).1 = item;
        }
        // Rows are locked by their names, as queueing does it, so that nobody locks anybody out.
        let mut ordered: Vec<_> = last.values().collect();
        ordered.sort_by_key(|(_, item)| &item.external_id);
        let named = rows(ordered.into_iter().map(|(proposed, item)| {
            let Registration { external_id, original_url, title, mime_type, kind } = item;
            json!([proposed, external_id, original_url, folded(original_url), title, folded(title), kind, mime_type])
        }));
        let saved: Vec<(String, String)> = run!(
            &mut self.tx,
            query_as::<(String, String)>(REGISTER),
            [&named, workspace.to_string(), provider.as_str(), now.as_micros()],
            fetch_all
        )?;
        let saved: HashMap<String, String> = saved.into_iter().collect();
        let mut registered = Registered::default();
        let mut told = HashSet::new();
        for item in items.iter().filter(|item| told.insert(&item.external_id)) {
            let vanished = || Error::Corrupt("a registered item vanished".to_owned());
            let document: DocumentId = id(saved.get(&item.external_id).ok_or_else(vanished)?)?;
            let is_new = last.get(item.external_id.as_str()).is_some_and(|(proposed, _)| *proposed == document);
            if is_new { registered.added.push(document) } else { registered.updated.push(document) }
        }
        Ok(registered)
    }

    /// Makes the record of an uploaded file.
    pub async fn add_upload(
        &mut self,
        workspace: WorkspaceId,
        upload: &Upload,
        now: Timestamp,
    ) -> Result<DocumentId, Error> {
        let document = DocumentId::new();
        let url = format!("gleaner://uploads/{document}/{}", upload.name);
        let binds = (workspace.to_string(), document.to_string(), upload.blob.url(), now.as_micros());
        let _: Touched = run!(
            &mut self.tx,
            query(UPLOAD),
            [
                &binds.0,
                &binds.1,
                &url,
                folded(&url),
                &upload.name,
                folded(&upload.name),
                &upload.mime_type,
                &binds.2,
                upload.english,
                upload.baser,
                binds.3,
            ],
            execute
        )?;
        Ok(document)
    }
}

/// A text folded for searches, where that changes it.
fn folded(text: &str) -> Option<String> {
    let folded = text.to_lowercase();
    (folded != text).then_some(folded)
}
