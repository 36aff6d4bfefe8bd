//! Drafts: what awaits a decision, how people change it, and how they decide against it.

use model::{
    Action, ArticleId, Backing, Content, Draft, DraftId, DraftState, Edit, FolderId, Proposal, Refusal, Seen, Subject,
    Timestamp, WorkspaceId,
};
use serde_json::json;

use crate::articles::{Behind, backing};
use crate::audit::Deed;
use crate::backend::{Sql, Touched, run, statements};
use crate::by_place::by_place;
use crate::columns::{id, json, word};
use crate::{Error, Read, Write};

macro_rules! columns {
    ($tail:literal) => {
        concat!(
            "SELECT id, proposal, reason, state, revision, article_id, article_version, folder_id, document_id,
                    source_revision, proposed, edit, active, public, origin, created_at, updated_at FROM drafts ",
            $tail
        )
    };
}

statements! {
    ONE = Sql::same(columns!("WHERE workspace_id = $1 AND id = $2"));
    HELD = Sql::split(
        columns!("WHERE workspace_id = $1 AND id = $2"),
        columns!("WHERE workspace_id = $1 AND id = $2 FOR UPDATE"),
    );
    PAGE = Sql::same(columns!(
        "WHERE workspace_id = $1 AND state = 'open' AND (updated_at, id) < ($2, $3)
           AND (CAST($5 AS TEXT) IS NULL OR proposal = $5) AND (CAST($6 AS TEXT) IS NULL OR folder_id = $6)
         ORDER BY updated_at DESC, id DESC LIMIT $4"
    ));
    COUNT = Sql::same("SELECT COUNT(*) FROM drafts WHERE workspace_id = $1 AND state = 'open'");
    OWNER = Sql::same("SELECT workspace_id FROM drafts WHERE id = $1");
    DOCUMENT = Sql::same("SELECT document_id FROM drafts WHERE workspace_id = $1 AND id = $2");
    // A document is held before its draft, as the end of a run does it.
    HOLD_DOCUMENT = Sql::split(
        "SELECT id FROM documents WHERE workspace_id = $1 AND id = $2",
        "SELECT id FROM documents WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
    );
    ADD = Sql::same(
        "INSERT INTO drafts (id, workspace_id, proposal, reason, state, revision, article_id, article_version, folder_id,
                             document_id, source_revision, proposed, active, public, origin, created_at, updated_at)
         VALUES ($1, $2, $3, $4, 'open', 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)"
    );
    CHANGE = Sql::same(
        "UPDATE drafts SET revision = revision + 1, edit = $3, article_version = $4, active = $5, public = $6, folder_id = $7,
                           updated_at = $8
         WHERE workspace_id = $1 AND id = $2"
    );
    CLOSE = Sql::same(
        "UPDATE drafts SET state = $3, article_id = COALESCE($4, article_id), updated_at = $5 WHERE workspace_id = $1 AND id = $2"
    );
    // What was decided against is no change that awaits anybody.
    DISMISSED = Sql::same("UPDATE documents SET changed = FALSE, updated_at = $3 WHERE workspace_id = $1 AND id = $2");
}

by_place! {
    struct Row {
        id: String,
        proposal: String,
        reason: String,
        state: String,
        revision: i64,
        article: Option<String>,
        article_version: Option<i64>,
        folder: String,
        document: Option<String>,
        source_revision: Option<i64>,
        proposed: String,
        edit: Option<String>,
        active: Option<bool>,
        public: Option<bool>,
        origin: Option<String>,
        created_at: i64,
        updated_at: i64,
    }
}

/// A draft that a person makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// What it proposes.
    pub proposal: Proposal,
    /// Why, as a sentence.
    pub reason: String,
    /// The article and the version of it that it is against.
    pub article: Option<(ArticleId, i64)>,
    /// Where a new article will be.
    pub folder: FolderId,
    /// The text that it is made from.
    pub backing: Option<Backing>,
    /// What is proposed.
    pub content: Content,
    /// Whether agents may answer from it, where somebody said so.
    pub active: Option<bool>,
    /// Whether it is shown in a help center, where somebody said so.
    pub public: Option<bool>,
    /// Who wrote it, in the caller's words.
    pub origin: Option<String>,
}

/// What a person changes of a draft; `None` leaves it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftChange {
    /// Another text.
    pub content: Option<Content>,
    /// The version of the article that the new text takes into account.
    pub article_version: Option<i64>,
    /// Whether agents may answer from it.
    pub active: Option<bool>,
    /// Whether it is shown in a help center.
    pub public: Option<bool>,
    /// Another folder.
    pub folder: Option<FolderId>,
}

/// Which of the open drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DraftFilter {
    /// Those that propose this.
    pub proposal: Option<Proposal>,
    /// Those for this folder.
    pub folder: Option<FolderId>,
}

impl Read {
    /// A draft of a workspace, decided or not.
    pub async fn draft(&mut self, workspace: WorkspaceId, draft: DraftId) -> Result<Option<Draft>, Error> {
        self.draft_by(ONE, workspace, draft).await
    }

    async fn draft_by(
        &mut self,
        statement: Sql,
        workspace: WorkspaceId,
        draft: DraftId,
    ) -> Result<Option<Draft>, Error> {
        let binds = (workspace.to_string(), draft.to_string());
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(statement), [&binds.0, &binds.1], fetch_optional)?;
        row.map(Row::draft).transpose()
    }

    /// Open drafts of a workspace, those that changed last first.
    pub async fn drafts(
        &mut self,
        workspace: WorkspaceId,
        filter: DraftFilter,
        behind: &Behind,
        limit: i64,
    ) -> Result<Vec<Draft>, Error> {
        let (workspace, at) = (workspace.to_string(), behind.at.as_micros());
        let (proposal, folder) =
            (filter.proposal.map(Proposal::as_str), filter.folder.map(|folder| folder.to_string()));
        let rows: Vec<Row> = run!(
            &mut self.tx,
            query_as::<Row>(PAGE),
            [&workspace, at, &behind.id, limit, proposal, &folder],
            fetch_all
        )?;
        rows.into_iter().map(Row::draft).collect()
    }

    /// How many drafts of a workspace await a decision.
    pub async fn open_drafts(&mut self, workspace: WorkspaceId) -> Result<i64, Error> {
        let (count,): (i64,) = run!(&mut self.tx, query_as::<(i64,)>(COUNT), [workspace.to_string()], fetch_one)?;
        Ok(count)
    }

    /// The workspace that owns a draft.
    pub async fn draft_owner(&mut self, draft: DraftId) -> Result<Option<WorkspaceId>, Error> {
        let row: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OWNER), [draft.to_string()], fetch_optional)?;
        row.map(|(workspace,)| id(&workspace)).transpose()
    }
}

impl Write {
    /// A draft that nobody else changes until the transaction is over; its document is held with it.
    pub(crate) async fn held_draft(&mut self, workspace: WorkspaceId, draft: DraftId) -> Result<Option<Draft>, Error> {
        let binds = (workspace.to_string(), draft.to_string());
        let named: Option<(Option<String>,)> =
            run!(&mut self.tx, query_as::<(Option<String>,)>(DOCUMENT), [&binds.0, &binds.1], fetch_optional)?;
        if let Some((Some(document),)) = named {
            let _: Option<(String,)> =
                run!(&mut self.tx, query_as::<(String,)>(HOLD_DOCUMENT), [&binds.0, &document], fetch_optional)?;
        }
        self.draft_by(HELD, workspace, draft).await
    }

    /// Makes a draft.
    pub async fn add_draft(&mut self, deed: Deed<'_>, new: &NewDraft) -> Result<Draft, Error> {
        let (own, workspace) = (DraftId::new(), deed.workspace.to_string());
        let content = text(&new.content)?;
        let (article, version) =
            (new.article.map(|(article, _)| article.to_string()), new.article.map(|(_, version)| version));
        let (document, revision) =
            (new.backing.map(|backing| backing.document.to_string()), new.backing.map(|backing| backing.revision));
        let binds = (own.to_string(), new.folder.to_string(), deed.at.as_micros());
        let _: Touched = run!(
            &mut self.tx,
            query(ADD),
            [
                &binds.0,
                &workspace,
                new.proposal.as_str(),
                &new.reason,
                &article,
                version,
                &binds.1,
                &document,
                revision,
                &content,
                new.active,
                new.public,
                &new.origin,
                binds.2
            ],
            execute
        )?;
        let made = self.draft(deed.workspace, own).await?;
        made.ok_or_else(|| Error::Corrupt("a draft vanished".to_owned()))
    }

    /// Changes a draft; `None` where the workspace has no such draft.
    pub async fn change_draft(
        &mut self,
        deed: Deed<'_>,
        draft: DraftId,
        seen: Seen,
        change: &DraftChange,
    ) -> Result<Option<Result<Draft, Refusal>>, Error> {
        let Some(held) = self.held_draft(deed.workspace, draft).await? else { return Ok(None) };
        if let Err(refusal) = held.check_open(seen) {
            return Ok(Some(Err(refusal)));
        }
        let edit = change.content.as_ref().map(|content| Edit {
            content: content.clone(),
            source_revision: held.backing.map(|backing| backing.revision),
            by: deed.actor.to_owned(),
            at: deed.at.as_micros(),
        });
        let edit = edit.or(held.edit).as_ref().map(text).transpose()?;
        let (workspace, own) = (deed.workspace.to_string(), draft.to_string());
        let folder = change.folder.unwrap_or(held.folder).to_string();
        let _: Touched = run!(
            &mut self.tx,
            query(CHANGE),
            [
                &workspace,
                &own,
                &edit,
                change.article_version.or(held.article_version),
                change.active.or(held.active),
                change.public.or(held.public),
                &folder,
                deed.at.as_micros()
            ],
            execute
        )?;
        let detail = json!({ "revision": held.revision + 1 });
        self.note(deed, Action::Edit, (Subject::Draft, &own), &detail).await?;
        Ok(self.draft(deed.workspace, draft).await?.map(Ok))
    }

    /// Decides against a draft; `None` where the workspace has no such draft. Its document is not `changed` any more.
    pub async fn dismiss_draft(
        &mut self,
        deed: Deed<'_>,
        draft: DraftId,
        seen: Seen,
        why: &str,
    ) -> Result<Option<Result<Draft, Refusal>>, Error> {
        let Some(held) = self.held_draft(deed.workspace, draft).await? else { return Ok(None) };
        if let Err(refusal) = held.check_open(seen) {
            return Ok(Some(Err(refusal)));
        }
        if let Some(backing) = held.backing {
            let binds = (deed.workspace.to_string(), backing.document.to_string(), deed.at.as_micros());
            let _: Touched = run!(&mut self.tx, query(DISMISSED), [&binds.0, &binds.1, binds.2], execute)?;
        }
        self.close_draft(deed, draft, DraftState::Dismissed, None).await?;
        let detail = json!({ "revision": held.revision, "sourceRevision": held.backing.map(|backing| backing.revision), "why": why });
        self.note(deed, Action::Dismiss, (Subject::Draft, &draft.to_string()), &detail).await?;
        Ok(self.draft(deed.workspace, draft).await?.map(Ok))
    }

    /// Ends a draft.
    pub(crate) async fn close_draft(
        &mut self,
        deed: Deed<'_>,
        draft: DraftId,
        state: DraftState,
        article: Option<ArticleId>,
    ) -> Result<(), Error> {
        let (workspace, own) = (deed.workspace.to_string(), draft.to_string());
        let article = article.map(|article| article.to_string());
        let _: Touched = run!(
            &mut self.tx,
            query(CLOSE),
            [&workspace, &own, state.as_str(), &article, deed.at.as_micros()],
            execute
        )?;
        Ok(())
    }
}

/// What is kept as JSON.
pub(crate) fn text<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Corrupt(error.to_string()))
}

impl Row {
    fn draft(self) -> Result<Draft, Error> {
        Ok(Draft {
            id: id(&self.id)?,
            proposal: word(&self.proposal)?,
            reason: self.reason,
            state: word(&self.state)?,
            revision: self.revision,
            article: self.article.as_deref().map(id).transpose()?,
            article_version: self.article_version,
            folder: id(&self.folder)?,
            backing: backing(self.document.as_deref(), self.source_revision)?,
            proposed: json(&self.proposed)?,
            edit: self.edit.as_deref().map(json).transpose()?,
            active: self.active,
            public: self.public,
            origin: self.origin,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
        })
    }
}
