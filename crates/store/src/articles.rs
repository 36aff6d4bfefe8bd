//! Live articles and their versions, as they are read.

use model::{Article, ArticleId, ArticleVersion, Backing, Timestamp, WorkspaceId};

use crate::backend::{Sql, over_rows, run, statements};
use crate::by_place::by_place;
use crate::columns::{id, json};
use crate::rows::rows;
use crate::{Error, Read};

macro_rules! columns {
    ($tail:literal) => {
        concat!(
            "SELECT a.id, a.folder_id, a.content, a.active, a.public, a.origin, a.version, a.document_id, a.source_revision,
                    a.created_at, a.updated_at FROM articles a ",
            $tail
        )
    };
}

statements! {
    ONE = Sql::same(columns!("WHERE a.workspace_id = $1 AND a.id = $2"));
    // Who changes one holds it.
    HELD = Sql::split(
        columns!("WHERE a.workspace_id = $1 AND a.id = $2"),
        columns!("WHERE a.workspace_id = $1 AND a.id = $2 FOR UPDATE"),
    );
    EACH = over_rows!(
        "SELECT a.id, a.folder_id, a.content, a.active, a.public, a.origin, a.version, a.document_id, a.source_revision,
                a.created_at, a.updated_at FROM",
        "CROSS JOIN articles a WHERE a.id = r.value ->> 0 AND a.workspace_id = r.value ->> 1"
    );
    PAGE = Sql::same(columns!(
        "WHERE a.workspace_id = $1 AND (a.updated_at, a.id) < ($2, $3) ORDER BY a.updated_at DESC, a.id DESC LIMIT $4"
    ));
    SINCE = Sql::same(columns!(
        "WHERE a.workspace_id = $1 AND (a.updated_at, a.id) > ($2, $3) ORDER BY a.updated_at, a.id LIMIT $4"
    ));
    ALL = Sql::same("SELECT id, folder_id, content, active FROM articles WHERE workspace_id = $1");
    OWNER = Sql::same("SELECT workspace_id FROM articles WHERE id = $1");
    VERSIONS = Sql::same(
        "SELECT version, content, active, public, document_id, source_revision, draft_id, actor, created_at
         FROM article_versions WHERE workspace_id = $1 AND article_id = $2 ORDER BY version DESC"
    );
}

by_place! {
    struct Row {
        id: String,
        folder: String,
        content: String,
        active: bool,
        public: bool,
        origin: Option<String>,
        version: i64,
        document: Option<String>,
        source_revision: Option<i64>,
        created_at: i64,
        updated_at: i64,
    }
}

by_place! {
    struct VersionRow {
        version: i64,
        content: String,
        active: bool,
        public: bool,
        document: Option<String>,
        source_revision: Option<i64>,
        draft: Option<String>,
        actor: String,
        created_at: i64,
    }
}

/// Where a page of a list begins: behind what was last shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// When that was last changed.
    pub at: Timestamp,
    /// Its id.
    pub id: String,
}

impl Behind {
    /// Before everything.
    pub fn start() -> Self {
        // Above every id.
        Self { at: Timestamp::from_micros(i64::MAX), id: "g".to_owned() }
    }
}

/// What a tree shows of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its id.
    pub id: ArticleId,
    /// The folder it is in.
    pub folder: model::FolderId,
    /// Its title.
    pub title: String,
    /// Whether agents may answer from it.
    pub active: bool,
}

impl Read {
    /// An article of a workspace.
    pub async fn article(&mut self, workspace: WorkspaceId, article: ArticleId) -> Result<Option<Article>, Error> {
        self.article_by(ONE, workspace, article).await
    }

    /// The same, which nobody else changes until the transaction is over.
    pub(crate) async fn held_article(
        &mut self,
        workspace: WorkspaceId,
        article: ArticleId,
    ) -> Result<Option<Article>, Error> {
        self.article_by(HELD, workspace, article).await
    }

    async fn article_by(
        &mut self,
        statement: Sql,
        workspace: WorkspaceId,
        article: ArticleId,
    ) -> Result<Option<Article>, Error> {
        let binds = (workspace.to_string(), article.to_string());
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(statement), [&binds.0, &binds.1], fetch_optional)?;
        row.map(Row::article).transpose()
    }

    /// Those of the articles that the workspace has.
    pub async fn articles_of(&mut self, workspace: WorkspaceId, articles: &[ArticleId]) -> Result<Vec<Article>, Error> {
        let named = rows(articles.iter().map(|article| [article.to_string(), workspace.to_string()]));
        let found: Vec<Row> = run!(&mut self.tx, query_as::<Row>(EACH), [&named], fetch_all)?;
        found.into_iter().map(Row::article).collect()
    }

    /// Articles of a workspace, those that changed last first.
    pub async fn articles(
        &mut self,
        workspace: WorkspaceId,
        behind: &Behind,
        limit: i64,
    ) -> Result<Vec<Article>, Error> {
        let binds = (workspace.to_string(), behind.at.as_micros());
        let found: Vec<Row> =
            run!(&mut self.tx, query_as::<Row>(PAGE), [&binds.0, binds.1, &behind.id, limit], fetch_all)?;
        found.into_iter().map(Row::article).collect()
    }

    /// Articles of a workspace in the order of their changes, behind those that were read before.
    pub async fn articles_since(
        &mut self,
        workspace: WorkspaceId,
        read: Option<&Behind>,
        limit: i64,
    ) -> Result<Vec<Article>, Error> {
        let (at, behind) = read.map_or((i64::MIN, ""), |read| (read.at.as_micros(), &read.id));
        let found: Vec<Row> =
            run!(&mut self.tx, query_as::<Row>(SINCE), [workspace.to_string(), at, behind, limit], fetch_all)?;
        found.into_iter().map(Row::article).collect()
    }

    /// What a tree shows of every article of a workspace.
    pub async fn leaves(&mut self, workspace: WorkspaceId) -> Result<Vec<Leaf>, Error> {
        type Found = (String, String, String, bool);
        let found: Vec<Found> = run!(&mut self.tx, query_as::<Found>(ALL), [workspace.to_string()], fetch_all)?;
        let leaf = |(article, folder, content, active): Found| {
            let content: model::Content = json(&content)?;
            Ok(Leaf { id: id(&article)?, folder: id(&folder)?, title: content.title, active })
        };
        found.into_iter().map(leaf).collect()
    }

    /// The workspace that owns an article.
    pub async fn article_owner(&mut self, article: ArticleId) -> Result<Option<WorkspaceId>, Error> {
        let row: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OWNER), [article.to_string()], fetch_optional)?;
        row.map(|(workspace,)| id(&workspace)).transpose()
    }

    /// Every version of an article, the latest first; also of one that is gone.
    pub async fn versions(&mut self, workspace: WorkspaceId, article: ArticleId) -> Result<Vec<ArticleVersion>, Error> {
        let binds = (workspace.to_string(), article.to_string());
        let found: Vec<VersionRow> =
            run!(&mut self.tx, query_as::<VersionRow>(VERSIONS), [&binds.0, &binds.1], fetch_all)?;
        found.into_iter().map(VersionRow::version).collect()
    }
}

/// The text that something was made from, of two columns.
pub(crate) fn backing(document: Option<&str>, revision: Option<i64>) -> Result<Option<Backing>, Error> {
    let Some((document, revision)) = document.zip(revision) else { return Ok(None) };
    Ok(Some(Backing { document: id(document)?, revision }))
}

impl Row {
    fn article(self) -> Result<Article, Error> {
        Ok(Article {
            id: id(&self.id)?,
            folder: id(&self.folder)?,
            content: json(&self.content)?,
            active: self.active,
            public: self.public,
            origin: self.origin,
            version: self.version,
            backing: backing(self.document.as_deref(), self.source_revision)?,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
        })
    }
}

impl VersionRow {
    fn version(self) -> Result<ArticleVersion, Error> {
        Ok(ArticleVersion {
            version: self.version,
            content: json(&self.content)?,
            active: self.active,
            public: self.public,
            backing: backing(self.document.as_deref(), self.source_revision)?,
            draft: self.draft.as_deref().map(id).transpose()?,
            actor: self.actor,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}
