//! Making articles of texts because somebody asks for it: of a document, or of a text that comes with the call.

use model::{
    ArticleId, Block, Content, DocumentId, DraftId, FolderId, KnowledgeJobId, Metadata, Operation, Proposal, Source,
    Timestamp, WorkspaceId,
};

use crate::audit::Deed;
use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::by_place::by_place;
use crate::columns::{id, json, word};
use crate::drafts::NewDraft;
use crate::landing::Landing;
use crate::publishing::Approval;
use crate::rows::rows;
use crate::{Error, Read, Write};

statements! {
    SOURCE = Sql::same(
        "SELECT d.source, d.external_id, d.linked_knowledge_id, r.title, r.language, r.paragraphs, r.blocks, r.metadata,
                r.content_hash
         FROM documents d JOIN revisions r ON r.document_id = d.id AND r.number = d.revision
         WHERE d.workspace_id = $1 AND d.id = $2"
    );
    PUBLISHED = Sql::same("SELECT content_hash FROM articles WHERE workspace_id = $1 AND id = $2");
    OPEN = Sql::same("SELECT id FROM drafts WHERE workspace_id = $1 AND document_id = $2 AND state = 'open'");
    ADD = Sql::same(
        "INSERT INTO knowledge_jobs (id, workspace_id, document_id, article_id, reason, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)"
    );
    EACH = over_rows!(
        "SELECT k.id, k.document_id, k.article_id, k.reason, k.created_at FROM",
        "CROSS JOIN knowledge_jobs k WHERE k.id = r.value ->> 0 AND k.workspace_id = r.value ->> 1"
    );
}

by_place! {
    struct SourceRow {
        source: String,
        external_id: String,
        article: Option<String>,
        title: String,
        language: Option<String>,
        paragraphs: String,
        blocks: String,
        metadata: String,
        content_hash: String,
    }
}

/// The text of a document, as far as an article is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// Where it comes from.
    pub source: Source,
    /// Its name there.
    pub external_id: String,
    /// The article that follows it.
    pub article: Option<ArticleId>,
    /// The title.
    pub title: String,
    /// The language, BCP 47.
    pub language: Option<String>,
    /// The paragraphs.
    pub paragraphs: Vec<String>,
    /// The block tree.
    pub blocks: Vec<Block>,
    /// What it says of itself beside its text.
    pub metadata: Metadata,
    content_hash: String,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The document and its text; `None` for a text that comes with the call.
    pub source: Option<(DocumentId, SourceText)>,
    /// What is proposed.
    pub landing: Landing,
    /// What may be done with it.
    pub allowed: Vec<Operation>,
    /// Whether it awaits a decision.
    pub is_draft: bool,
    /// Where a new article is to be; without it, in the folder of its source.
    pub folder: Option<FolderId>,
    /// Who wrote it, in the caller's words.
    pub origin: Option<String>,
}

/// What came of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeJob {
    /// Its id.
    pub id: KnowledgeJobId,
    /// The document.
    pub document: Option<DocumentId>,
    /// The article or the draft that was made, by its id.
    pub article: Option<String>,
    /// Why that, or why none.
    pub reason: String,
    /// When.
    pub created_at: Timestamp,
}

/// What was made of a wish: the article or draft, and why.
type Made = (Option<String>, String);

impl Read {
    /// The text of a document of a workspace; `None` before its first good run.
    pub async fn source_text(
        &mut self,
        workspace: WorkspaceId,
        document: DocumentId,
    ) -> Result<Option<SourceText>, Error> {
        let binds = (workspace.to_string(), document.to_string());
        let row: Option<SourceRow> =
            run!(&mut self.tx, query_as::<SourceRow>(SOURCE), [&binds.0, &binds.1], fetch_optional)?;
        row.map(SourceRow::text).transpose()
    }

    /// Those of the jobs that the workspace has.
    pub async fn knowledge_jobs(
        &mut self,
        workspace: WorkspaceId,
        jobs: &[KnowledgeJobId],
    ) -> Result<Vec<KnowledgeJob>, Error> {
        type Row = (String, Option<String>, Option<String>, String, i64);
        let named = rows(jobs.iter().map(|job| [job.to_string(), workspace.to_string()]));
        let found: Vec<Row> = run!(&mut self.tx, query_as::<Row>(EACH), [&named], fetch_all)?;
        let job = |(job, document, article, reason, created_at): Row| {
            let document = document.as_deref().map(id).transpose()?;
            let created_at = Timestamp::from_micros(created_at);
            Ok(KnowledgeJob { id: id(&job)?, document, article, reason, created_at })
        };
        found.into_iter().map(job).collect()
    }
}

impl Write {
    /// Makes what is asked for, and keeps what came of it.
    pub async fn generate(&mut self, deed: Deed<'_>, wish: &Wish) -> Result<KnowledgeJob, Error> {
        let (article, reason) = match &wish.source {
            Some((document, text)) => self.generate_of(deed, wish, (*document, text)).await?,
            None => self.generate_from(deed, wish).await?,
        };
        let document = wish.source.as_ref().map(|(document, _)| *document);
        let job = KnowledgeJob { id: KnowledgeJobId::new(), document, article, reason, created_at: deed.at };
        self.keep_knowledge_job(deed.workspace, &job).await?;
        Ok(job)
    }

    /// Keeps what came of a wish that could not even begin.
    pub async fn keep_knowledge_job(&mut self, workspace: WorkspaceId, job: &KnowledgeJob) -> Result<(), Error> {
        let document = job.document.map(|document| document.to_string());
        let binds = (job.id.to_string(), workspace.to_string());
        let _: Touched = run!(
            &mut self.tx,
            query(ADD),
            [&binds.0, &binds.1, &document, &job.article, &job.reason, job.created_at.as_micros()],
            execute
        )?;
        Ok(())
    }

    /// Of a document: its open draft gets the proposal.
    async fn generate_of(
        &mut self,
        deed: Deed<'_>,
        wish: &Wish,
        (document, text): (DocumentId, &SourceText),
    ) -> Result<Made, Error> {
        // Nobody else settles the document meanwhile.
        self.doomed(deed.workspace, &[document]).await?;
        let article = text.article.or(wish.landing.like.as_ref().map(|like| like.article));
        let wanted = match article {
            None => Operation::AddArticleToFolder,
            Some(article)
                if self.published_hash(deed.workspace, article).await?.as_ref() == Some(&text.content_hash) =>
            {
                Operation::DoNothing
            }
            Some(_) => Operation::UpdateArticle,
        };
        match permitted(wish, wanted) {
            Ok(Operation::DoNothing) => self.generate_nothing(deed, wish, (document, article)).await,
            Ok(_) => {
                let mut landed = wish.landing.rows_of(deed.workspace, document, &text.content_hash)?;
                if let Some(folder) = wish.folder {
                    landed.draft[3] = serde_json::json!(folder.to_string());
                }
                self.land_asked(&landed, deed.at).await?;
                match self.open_draft(deed.workspace, document).await? {
                    Some(draft) => self.finished(deed, wish, draft).await,
                    None => Ok((None, "the document was deleted meanwhile".to_owned())),
                }
            }
            Err(reason) => Ok((None, reason)),
        }
    }

    /// Of what is known already: a draft that shows it, where drafts are asked for and none is open.
    async fn generate_nothing(
        &mut self,
        deed: Deed<'_>,
        wish: &Wish,
        (document, article): (DocumentId, Option<ArticleId>),
    ) -> Result<Made, Error> {
        const WHY: &str = "the text is published already; there is nothing to do";
        let live = match article {
            Some(article) => self.article(deed.workspace, article).await?,
            None => None,
        };
        let (true, Some(live), None) = (wish.is_draft, live, self.open_draft(deed.workspace, document).await?) else {
            return Ok((None, WHY.to_owned()));
        };
        let against = Some((live.id, live.version));
        let new =
            new_draft(wish, Proposal::Nothing, WHY.to_owned(), (against, live.folder), wish.landing.proposed.clone());
        let draft = self.add_draft(deed, &new).await?;
        Ok((Some(draft.id.to_string()), WHY.to_owned()))
    }

    /// Of a text that came with the call.
    async fn generate_from(&mut self, deed: Deed<'_>, wish: &Wish) -> Result<Made, Error> {
        let like = wish.landing.like.as_ref();
        let known = match like {
            Some(like) => self.article(deed.workspace, like.article).await?,
            None => None,
        };
        let wanted = if known.is_some() { Operation::UpdateArticle } else { Operation::AddArticleToFolder };
        if let Err(reason) = permitted(wish, wanted) {
            return Ok((None, reason));
        }
        let folder = match (&known, wish.folder) {
            (Some(known), _) => known.folder,
            (None, Some(folder)) => folder,
            (None, None) => self.shelf(deed, &wish.landing).await?,
        };
        let (proposal, reason) = match like.filter(|_| known.is_some()) {
            Some(like) => (Proposal::Update, like.why.clone()),
            None => (Proposal::Add, "no article says this yet".to_owned()),
        };
        let against = known.map(|known| (known.id, known.version));
        let new = new_draft(wish, proposal, reason, (against, folder), wish.landing.proposed.clone());
        let draft = self.add_draft(deed, &new).await?.id;
        self.finished(deed, wish, draft).await
    }

    /// Publishes a draft where no decision is wanted.
    async fn finished(&mut self, deed: Deed<'_>, wish: &Wish, draft: DraftId) -> Result<Made, Error> {
        let known = self.draft(deed.workspace, draft).await?;
        let reason = known.map(|draft| draft.reason).unwrap_or_default();
        if wish.is_draft {
            return Ok((Some(draft.to_string()), reason));
        }
        let approval = Approval { origin: wish.origin.clone(), ..Approval::default() };
        Ok(match self.publish(deed, draft, &approval).await? {
            Some(Ok(article)) => (Some(article.id.to_string()), reason),
            Some(Err(refusal)) => (Some(draft.to_string()), format!("it stays a draft: {refusal}")),
            None => (None, "the draft vanished".to_owned()),
        })
    }

    async fn open_draft(&mut self, workspace: WorkspaceId, document: DocumentId) -> Result<Option<DraftId>, Error> {
        let binds = (workspace.to_string(), document.to_string());
        let row: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OPEN), [&binds.0, &binds.1], fetch_optional)?;
        row.map(|(draft,)| id(&draft)).transpose()
    }

    async fn published_hash(&mut self, workspace: WorkspaceId, article: ArticleId) -> Result<Option<String>, Error> {
        let binds = (workspace.to_string(), article.to_string());
        let row: Option<(Option<String>,)> =
            run!(&mut self.tx, query_as::<(Option<String>,)>(PUBLISHED), [&binds.0, &binds.1], fetch_optional)?;
        Ok(row.and_then(|(hash,)| hash))
    }
}

fn new_draft(
    wish: &Wish,
    proposal: Proposal,
    reason: String,
    (article, folder): (Option<(ArticleId, i64)>, FolderId),
    content: Content,
) -> NewDraft {
    NewDraft {
        proposal,
        reason,
        article,
        folder,
        backing: None,
        content,
        active: None,
        public: None,
        origin: wish.origin.clone(),
    }
}

/// What is done where this would be done; why nothing is, where it may not be.
fn permitted(wish: &Wish, wanted: Operation) -> Result<Operation, String> {
    if wish.allowed.contains(&wanted) {
        return Ok(wanted);
    }
    Err(format!("{wanted} would be the thing to do, but restrictedOps does not allow it"))
}

impl SourceRow {
    fn text(self) -> Result<SourceText, Error> {
        Ok(SourceText {
            source: word(&self.source)?,
            external_id: self.external_id,
            article: self.article.as_deref().map(id).transpose()?,
            title: self.title,
            language: self.language,
            paragraphs: json(&self.paragraphs)?,
            blocks: json(&self.blocks)?,
            metadata: json(&self.metadata)?,
            content_hash: self.content_hash,
        })
    }
}
