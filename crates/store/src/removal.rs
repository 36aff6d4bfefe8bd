//! What goes away: documents, articles, and what is in a folder. What was published stays among the versions.

use model::{Action, Article, ArticleId, DocumentId, FolderId, Subject, WorkspaceId};
use serde_json::json;

use crate::audit::Deed;
use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::columns::id;
use crate::rows::rows;
use crate::{Error, Write};

statements! {
    // In the order in which queueing and the ends of runs take them.
    HOLD = Sql::split(
        "SELECT d.id, d.title, d.original_url, d.external_id, d.linked_knowledge_id FROM jsonb_each($2) AS r
         CROSS JOIN documents d WHERE d.id = r.value ->> 0 AND d.workspace_id = $1
         ORDER BY d.workspace_id, d.source, d.external_id",
        "SELECT d.id, d.title, d.original_url, d.external_id, d.linked_knowledge_id
         FROM jsonb_array_elements(CAST($2 AS jsonb)) AS r(value)
         CROSS JOIN documents d WHERE d.id = r.value ->> 0 AND d.workspace_id = $1
         ORDER BY d.workspace_id, d.source, d.external_id FOR UPDATE OF d",
    );
    FORGET_JOBS = Sql::split(
        "DELETE FROM jobs WHERE document_id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)",
        "DELETE FROM jobs USING jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) WHERE jobs.document_id = r.value ->> 0",
    );
    FORGET_DRAFTS = over_rows!(
        "UPDATE drafts SET state = 'superseded', revision = drafts.revision + 1, updated_at = $2 FROM",
        "WHERE drafts.document_id = r.value ->> 0 AND drafts.state = 'open'"
    );
    FORGET_REVISIONS = Sql::split(
        "DELETE FROM revisions WHERE document_id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)",
        "DELETE FROM revisions USING jsonb_array_elements(CAST($1 AS jsonb)) AS r(value)
         WHERE revisions.document_id = r.value ->> 0",
    );
    FORGET_DOCUMENTS = Sql::split(
        "DELETE FROM documents WHERE id IN (SELECT r.value ->> 0 FROM jsonb_each($1) AS r)",
        "DELETE FROM documents USING jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) WHERE documents.id = r.value ->> 0",
    );
    FOLLOWERS = Sql::same(
        "SELECT id FROM documents WHERE workspace_id = $1
           AND id IN (SELECT document_id FROM articles WHERE id = $2 AND document_id IS NOT NULL)"
    );
    UNLINK = Sql::same(
        "UPDATE documents SET linked_knowledge_id = NULL, linked_operation = NULL, linked_reason = NULL, changed = FALSE,
                              updated_at = $3
         WHERE id = $1 AND linked_knowledge_id = $2"
    );
    ORPHAN = Sql::same(
        "UPDATE drafts SET state = 'superseded', revision = revision + 1, updated_at = $2
         WHERE article_id = $1 AND state = 'open'"
    );
    REMOVE = Sql::same("DELETE FROM articles WHERE workspace_id = $1 AND id = $2");
    IN_FOLDER = Sql::same("SELECT id FROM articles WHERE workspace_id = $1 AND folder_id = $2 ORDER BY id");
    DRAFTS_IN_FOLDER = Sql::same(
        "UPDATE drafts SET state = 'dismissed', revision = revision + 1, updated_at = $3
         WHERE workspace_id = $1 AND folder_id = $2 AND state = 'open'"
    );
}

/// A document that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Its id.
    pub id: DocumentId,
    /// Its title, or its address where it never had one.
    pub title: String,
    /// Its address.
    pub original_url: String,
    /// The article that followed it.
    pub article: Option<ArticleId>,
}

impl Write {
    /// Those of the documents that the workspace has, which nobody else changes until the transaction is over.
    pub async fn doomed(&mut self, workspace: WorkspaceId, documents: &[DocumentId]) -> Result<Vec<Deleted>, Error> {
        type Row = (String, Option<String>, Option<String>, String, Option<String>);
        let named = rows(documents.iter().map(|document| [document.to_string()]));
        let found: Vec<Row> = run!(&mut self.tx, query_as::<Row>(HOLD), [workspace.to_string(), &named], fetch_all)?;
        let deleted = |(document, title, original_url, external_id, article): Row| {
            let original_url = original_url.unwrap_or(external_id);
            let title = title.unwrap_or_else(|| original_url.clone());
            Ok(Deleted { id: id(&document)?, title, original_url, article: article.as_deref().map(id).transpose()? })
        };
        found.into_iter().map(deleted).collect()
    }
}

impl Write {
    /// Deletes documents of a workspace, with their jobs, texts and open drafts; and, where that is asked for, the articles that
    /// follow them. Runs of them that are under way can save nothing any more.
    pub async fn delete_documents(
        &mut self,
        deed: Deed<'_>,
        documents: &[DocumentId],
        with_articles: bool,
    ) -> Result<(Vec<Deleted>, Vec<Article>), Error> {
        let doomed = self.doomed(deed.workspace, documents).await?;
        let named = rows(doomed.iter().map(|document| [document.id.to_string()]));
        let _: Touched = run!(&mut self.tx, query(FORGET_JOBS), [&named], execute)?;
        let _: Touched = run!(&mut self.tx, query(FORGET_DRAFTS), [&named, deed.at.as_micros()], execute)?;
        let mut articles = Vec::new();
        for article in doomed.iter().filter_map(|document| document.article).filter(|_| with_articles) {
            articles.extend(self.remove_article(deed, article).await?);
        }
        for statement in [FORGET_REVISIONS, FORGET_DOCUMENTS] {
            let _: Touched = run!(&mut self.tx, query(statement), [&named], execute)?;
        }
        for document in &doomed {
            let detail = json!({ "originalUrl": document.original_url, "deleteArticles": with_articles });
            self.note(deed, Action::Delete, (Subject::Document, &document.id.to_string()), &detail).await?;
        }
        Ok((doomed, articles))
    }

    /// Deletes an article; its versions stay. `None` where the workspace has none of that id.
    pub async fn delete_article(&mut self, deed: Deed<'_>, article: ArticleId) -> Result<Option<Article>, Error> {
        // Its document is held first, as the end of a run does it.
        let binds = (deed.workspace.to_string(), article.to_string());
        let followed: Vec<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(FOLLOWERS), [&binds.0, &binds.1], fetch_all)?;
        let followed = followed.iter().map(|(document,)| id(document)).collect::<Result<Vec<DocumentId>, _>>()?;
        self.doomed(deed.workspace, &followed).await?;
        self.remove_article(deed, article).await
    }

    async fn remove_article(&mut self, deed: Deed<'_>, article: ArticleId) -> Result<Option<Article>, Error> {
        let (workspace, own, at) = (deed.workspace.to_string(), article.to_string(), deed.at.as_micros());
        let Some(known) = self.article(deed.workspace, article).await? else { return Ok(None) };
        if let Some(backing) = known.backing {
            let document = backing.document.to_string();
            let _: Touched = run!(&mut self.tx, query(UNLINK), [&document, &own, at], execute)?;
        }
        let _: Touched = run!(&mut self.tx, query(ORPHAN), [&own, at], execute)?;
        let _: Touched = run!(&mut self.tx, query(REMOVE), [&workspace, &own], execute)?;
        let detail = json!({ "title": known.content.title, "version": known.version });
        self.note(deed, Action::Delete, (Subject::Article, &own), &detail).await?;
        Ok(Some(known))
    }

    /// Deletes what is in a folder.
    pub(crate) async fn empty_folder(&mut self, deed: Deed<'_>, folder: FolderId) -> Result<(), Error> {
        let binds = (deed.workspace.to_string(), folder.to_string(), deed.at.as_micros());
        let held: Vec<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(IN_FOLDER), [&binds.0, &binds.1], fetch_all)?;
        for (article,) in held {
            self.delete_article(deed, id(&article)?).await?;
        }
        let _: Touched = run!(&mut self.tx, query(DRAFTS_IN_FOLDER), [&binds.0, &binds.1, binds.2], execute)?;
        Ok(())
    }
}
