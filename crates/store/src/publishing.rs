//! Publishing: the one way from a draft to an answer. Who publishes names what was seen; every version is kept.

use model::{
    Action, Article, ArticleId, Backing, Content, Draft, DraftId, DraftState, FolderId, Proposal, Refusal, Seen,
    Subject, WorkspaceId,
};
use serde_json::json;

use crate::audit::Deed;
use crate::backend::{Sql, Touched, run, statements};
use crate::drafts::text;
use crate::{Error, Write};

statements! {
    // No folder goes away while something is put into it.
    HOLD_TREE = Sql::split(
        "SELECT id FROM workspaces WHERE id = $1",
        "SELECT id FROM workspaces WHERE id = $1 FOR SHARE",
    );
    ADD = Sql::same(
        "INSERT INTO articles (id, workspace_id, folder_id, content, active, public, origin, version, document_id,
                               source_revision, content_hash, created_at, updated_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, 1, $8, $9,
                (SELECT content_hash FROM revisions WHERE document_id = $8 AND number = $9), $10, $10"
    );
    RENEW = Sql::same(
        "UPDATE articles
         SET content = $3, active = $4, public = $5, origin = COALESCE($6, origin), version = version + 1, updated_at = $7
         WHERE workspace_id = $1 AND id = $2"
    );
    FOLLOW = Sql::same(
        "UPDATE articles
         SET document_id = $3, source_revision = $4,
             content_hash = (SELECT content_hash FROM revisions WHERE document_id = $3 AND number = $4)
         WHERE workspace_id = $1 AND id = $2"
    );
    REMEMBER = Sql::same(
        "INSERT INTO article_versions (article_id, version, workspace_id, folder_id, content, active, public, document_id,
                                       source_revision, content_hash, draft_id, actor, created_at)
         SELECT id, version, workspace_id, folder_id, content, active, public, document_id, source_revision, content_hash,
                $3, $4, $5
         FROM articles WHERE workspace_id = $1 AND id = $2"
    );
    LINK = Sql::same(
        "UPDATE documents SET linked_knowledge_id = $3, changed = FALSE, updated_at = $4 WHERE workspace_id = $1 AND id = $2"
    );
    MOVE = Sql::same("UPDATE articles SET folder_id = $3, updated_at = $4 WHERE workspace_id = $1 AND id = $2");
}

/// How a draft is published; `None` leaves what the draft or the article says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Approval {
    /// What was seen.
    pub seen: Seen,
    /// The text to publish instead of the one that the draft shows.
    pub content: Option<Content>,
    /// Whether agents may answer from it.
    pub active: Option<bool>,
    /// Whether it is shown in a help center.
    pub public: Option<bool>,
    /// Who wrote it, in the caller's words.
    pub origin: Option<String>,
    /// The folder of a new article.
    pub folder: Option<FolderId>,
}

/// An article as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What it says.
    pub content: Content,
    /// Whether agents may answer from it.
    pub active: Option<bool>,
    /// Whether it is shown in a help center.
    pub public: Option<bool>,
    /// Who wrote it, in the caller's words.
    pub origin: Option<String>,
}

impl Write {
    /// Publishes a draft: `None` where the workspace has none of that id.
    pub async fn publish(
        &mut self,
        deed: Deed<'_>,
        draft: DraftId,
        approval: &Approval,
    ) -> Result<Option<Result<Article, Refusal>>, Error> {
        self.hold_tree(deed.workspace).await?;
        let Some(held) = self.held_draft(deed.workspace, draft).await? else { return Ok(None) };
        let live = match held.article {
            Some(article) => self.held_article(deed.workspace, article).await?,
            None => None,
        };
        let checked = held.check(approval.seen, live.as_ref());
        if let Err(refusal) = checked.and_then(|()| held.check_sent(approval.seen, approval.content.as_ref())) {
            return Ok(Some(Err(refusal)));
        }
        let wording = wording(&held, live.as_ref(), approval);
        let article = if let Some(live) = &live {
            self.renew(deed, live, &wording).await?;
            if let Some(backing) = held.backing {
                self.follow(deed.workspace, live.id, backing).await?;
            }
            live.id
        } else {
            let folder = approval.folder.unwrap_or(held.folder);
            if self.folder(deed.workspace, folder).await?.is_none() {
                return Ok(Some(Err(Refusal::Homeless)));
            }
            self.insert(deed, folder, &wording, held.backing).await?
        };
        self.decided(deed, &held, article).await?;
        let version = live.map_or(1, |live| live.version + 1);
        let action = if held.proposal == Proposal::Withdraw { Action::Withdraw } else { Action::Publish };
        let detail = json!({
            "draftId": held.id.to_string(), "draftRevision": held.revision, "version": version,
            "documentId": held.backing.map(|backing| backing.document.to_string()),
            "sourceRevision": held.backing.map(|backing| backing.revision),
        });
        self.note(deed, action, (Subject::Article, &article.to_string()), &detail).await?;
        self.kept(deed.workspace, article).await.map(|article| Some(Ok(article)))
    }

    /// Writes an article past Review. `None` where the folder is not there.
    pub async fn write_article(
        &mut self,
        deed: Deed<'_>,
        folder: FolderId,
        wording: &Wording,
    ) -> Result<Option<Article>, Error> {
        self.hold_tree(deed.workspace).await?;
        if self.folder(deed.workspace, folder).await?.is_none() {
            return Ok(None);
        }
        let article = self.insert(deed, folder, wording, None).await?;
        self.remember(deed, article, None).await?;
        self.note(deed, Action::Write, (Subject::Article, &article.to_string()), &json!({ "version": 1 })).await?;
        self.kept(deed.workspace, article).await.map(Some)
    }

    /// Gives an article another text past Review. `None` where the workspace has none of that id.
    pub async fn rewrite_article(
        &mut self,
        deed: Deed<'_>,
        article: ArticleId,
        wording: &Wording,
    ) -> Result<Option<Article>, Error> {
        let Some(live) = self.held_article(deed.workspace, article).await? else { return Ok(None) };
        self.renew(deed, &live, wording).await?;
        self.remember(deed, article, None).await?;
        let detail = json!({ "version": live.version + 1 });
        self.note(deed, Action::Write, (Subject::Article, &article.to_string()), &detail).await?;
        self.kept(deed.workspace, article).await.map(Some)
    }

    /// Puts an article into another folder. `None` where the workspace has none of that id, or no such folder.
    pub async fn move_article(
        &mut self,
        deed: Deed<'_>,
        article: ArticleId,
        folder: FolderId,
    ) -> Result<Option<Article>, Error> {
        self.hold_tree(deed.workspace).await?;
        let known = self.held_article(deed.workspace, article).await?;
        if known.is_none() || self.folder(deed.workspace, folder).await?.is_none() {
            return Ok(None);
        }
        let binds = (deed.workspace.to_string(), article.to_string(), folder.to_string(), deed.at.as_micros());
        let _: Touched = run!(&mut self.tx, query(MOVE), [&binds.0, &binds.1, &binds.2, binds.3], execute)?;
        let detail = json!({ "parentFolderId": binds.2 });
        self.note(deed, Action::Move, (Subject::Article, &binds.1), &detail).await?;
        self.article(deed.workspace, article).await
    }

    async fn hold_tree(&mut self, workspace: WorkspaceId) -> Result<(), Error> {
        let _: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(HOLD_TREE), [workspace.to_string()], fetch_optional)?;
        Ok(())
    }

    async fn insert(
        &mut self,
        deed: Deed<'_>,
        folder: FolderId,
        wording: &Wording,
        backing: Option<Backing>,
    ) -> Result<ArticleId, Error> {
        let (own, workspace, content) = (ArticleId::new(), deed.workspace.to_string(), text(&wording.content)?);
        let (document, revision) =
            (backing.map(|backing| backing.document.to_string()), backing.map(|backing| backing.revision));
        let binds = (own.to_string(), folder.to_string());
        let _: Touched = run!(
            &mut self.tx,
            query(ADD),
            [
                &binds.0,
                &workspace,
                &binds.1,
                &content,
                wording.active.unwrap_or(true),
                wording.public.unwrap_or(false),
                &wording.origin,
                &document,
                revision,
                deed.at.as_micros()
            ],
            execute
        )?;
        Ok(own)
    }

    async fn renew(&mut self, deed: Deed<'_>, live: &Article, wording: &Wording) -> Result<(), Error> {
        let (workspace, own, content) = (deed.workspace.to_string(), live.id.to_string(), text(&wording.content)?);
        let _: Touched = run!(
            &mut self.tx,
            query(RENEW),
            [
                &workspace,
                &own,
                &content,
                wording.active.unwrap_or(live.active),
                wording.public.unwrap_or(live.public),
                &wording.origin,
                deed.at.as_micros()
            ],
            execute
        )?;
        Ok(())
    }

    async fn follow(&mut self, workspace: WorkspaceId, article: ArticleId, backing: Backing) -> Result<(), Error> {
        let binds = (workspace.to_string(), article.to_string(), backing.document.to_string(), backing.revision);
        let _: Touched = run!(&mut self.tx, query(FOLLOW), [&binds.0, &binds.1, &binds.2, binds.3], execute)?;
        Ok(())
    }

    async fn remember(&mut self, deed: Deed<'_>, article: ArticleId, draft: Option<DraftId>) -> Result<(), Error> {
        let binds = (deed.workspace.to_string(), article.to_string(), draft.map(|draft| draft.to_string()));
        let _: Touched = run!(
            &mut self.tx,
            query(REMEMBER),
            [&binds.0, &binds.1, &binds.2, deed.actor, deed.at.as_micros()],
            execute
        )?;
        Ok(())
    }

    /// What follows from a draft's publication: its version is kept, it is closed, and its document follows the article.
    async fn decided(&mut self, deed: Deed<'_>, draft: &Draft, article: ArticleId) -> Result<(), Error> {
        self.remember(deed, article, Some(draft.id)).await?;
        self.close_draft(deed, draft.id, DraftState::Published, Some(article)).await?;
        if let Some(backing) = draft.backing {
            let binds = (deed.workspace.to_string(), backing.document.to_string(), article.to_string());
            let _: Touched =
                run!(&mut self.tx, query(LINK), [&binds.0, &binds.1, &binds.2, deed.at.as_micros()], execute)?;
        }
        Ok(())
    }

    async fn kept(&mut self, workspace: WorkspaceId, article: ArticleId) -> Result<Article, Error> {
        let kept = self.article(workspace, article).await?;
        kept.ok_or_else(|| Error::Corrupt("an article vanished".to_owned()))
    }
}

/// What a draft publishes. One that withdraws leaves the text and takes the article out of the answers.
fn wording(draft: &Draft, live: Option<&Article>, approval: &Approval) -> Wording {
    let is_withdrawn = draft.proposal == Proposal::Withdraw;
    let content = match live {
        Some(live) if is_withdrawn => live.content.clone(),
        _ => approval.content.clone().unwrap_or_else(|| draft.shown().clone()),
    };
    let active = if is_withdrawn { Some(false) } else { approval.active.or(draft.active) };
    let origin = approval.origin.clone().or_else(|| draft.origin.clone());
    Wording { content, active, public: approval.public.or(draft.public), origin }
}
