//! What lands in Review: a run's text as it is proposed, as rows of the statements that keep it.
//!
//! The folder of a source appears by itself. Its id follows from its name, so that whoever comes first makes the same one.

use std::time::Duration;

use model::folder::IMPORTED;
use model::{ArticleId, Content, DocumentId, DraftId, Failure, FolderId, Job, WorkspaceId};
use serde_json::{Value, json};

use crate::{Change, Error, NewText};

/// What is proposed of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// The site or the space it is from: the name of its folder.
    pub shelf: String,
    /// The article as it could be.
    pub proposed: Content,
    /// An article that says much the same, for a document that follows none yet.
    pub like: Option<Likeness>,
}

/// An article that looks like a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The article.
    pub article: ArticleId,
    /// How far they agree, as a sentence.
    pub why: String,
}

impl Likeness {
    /// The likeness to an article of that title, by the share of what they have in common.
    pub fn of(article: ArticleId, title: &str, share: f64) -> Self {
        Self { article, why: format!("its text agrees with the article “{title}” to about {:.0} %", share * 100.0) }
    }
}

/// What replaces a proposal that nobody has decided on. What a person made of it, and where they put it, stays. An article that was
/// withdrawn is answered from again when its source has something to say and somebody approves it.
macro_rules! replaces_proposal {
    () => {
        " ON CONFLICT (document_id) WHERE state = 'open' AND document_id IS NOT NULL DO UPDATE
         SET proposal = excluded.proposal, reason = excluded.reason, revision = drafts.revision + 1,
             article_id = excluded.article_id, article_version = excluded.article_version,
             source_revision = excluded.source_revision, content_hash = excluded.content_hash,
             proposed = excluded.proposed, active = COALESCE(drafts.active, excluded.active), updated_at = excluded.updated_at"
    };
}
pub(crate) use replaces_proposal;

const NEW: &str = "no article follows this source yet";
const CHANGED: &str = "the source says something else than the article that follows it";
const SAME: &str = "the source says what is published already";

/// One landing as rows: its folders, and itself.
pub(crate) struct Landed {
    pub(crate) folders: [Value; 2],
    /// In the order of the statements over lists.
    pub(crate) draft: [Value; 10],
}

/// Whether a text that differs so is worth a decision.
pub(crate) fn is_landed(change: Change) -> bool {
    matches!(change, Change::First | Change::Material)
}

impl Landing {
    /// The folder of its source in a workspace.
    pub(crate) fn folder(&self, workspace: WorkspaceId) -> FolderId {
        FolderId::named(workspace, &format!("{IMPORTED}/{}", self.shelf))
    }

    /// That folder and the one it lies in: `[folder, workspace, parent, title]`.
    pub(crate) fn folders(&self, workspace: WorkspaceId) -> [Value; 2] {
        let (owner, top) = (workspace.to_string(), FolderId::named(workspace, IMPORTED).to_string());
        let folder = self.folder(workspace).to_string();
        [json!([top, owner, null, IMPORTED]), json!([folder, owner, top, self.shelf])]
    }

    /// The landing of a run's text.
    pub(crate) fn rows(&self, job: &Job, text: &NewText) -> Result<Landed, Error> {
        self.rows_of(job.workspace, job.document, &text.content_hash())
    }

    /// The same of a document's text of that hash.
    pub(crate) fn rows_of(
        &self,
        workspace: WorkspaceId,
        document: DocumentId,
        content_hash: &str,
    ) -> Result<Landed, Error> {
        let proposed = serde_json::to_string(&self.proposed).map_err(|error| Error::Corrupt(error.to_string()))?;
        let like = self.like.as_ref();
        let draft = [
            json!(document.to_string()),
            json!(workspace.to_string()),
            json!(DraftId::new().to_string()),
            json!(self.folder(workspace).to_string()),
            json!(content_hash),
            json!(proposed),
            json!(NEW),
            json!(like.map_or(CHANGED, |like| &like.why)),
            json!(like.map(|like| like.article.to_string())),
            json!(SAME),
        ];
        Ok(Landed { folders: self.folders(workspace), draft })
    }
}

/// A document whose source has it no more: `[document, job, error, how long that must be so, draft, reason]`.
pub(crate) fn gone_row(document: &str, job: &str, failure: &Failure, after: Duration) -> [Value; 6] {
    let error = failure.to_string();
    let after = i64::try_from(after.as_micros()).unwrap_or(i64::MAX);
    let reason = format!("the source is gone, it was told more than once: {error}");
    [json!(document), json!(job), json!(error), json!(after), json!(DraftId::new().to_string()), json!(reason)]
}
