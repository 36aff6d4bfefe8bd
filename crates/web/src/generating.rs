//! Reads what is to be made into articles, and proposes what they say.

use model::folder::shelf;
use model::{AgentId, Content, DocumentId, Operation, WorkspaceId};
use store::{Behind, Landing, Likeness, Read, SourceText, Wish};

use crate::authoring::id;
use crate::error::Error;
use crate::fields::Fields;
use crate::offenders::Offenders;
use crate::possession::no_agent;
use crate::query::one_of;
use crate::quoted::quoted;

const TEXT: &str = "candidateKnowledge";
const ORIGIN: &str = "origin";
const DOCUMENT: &str = "documentId";
const DOCUMENTS: &str = "documentIds";
const ALLOWED: &str = "restrictedOps";
const AGENT: &str = "botId";
const DRAFT: &str = "isDraft";
const JOBS: &str = "jobIds";
const ORIGINS: [&str; 3] = ["generated", "sources", "inbox"];
const OF_ONE: &[&str] = &[TEXT, ORIGIN, DOCUMENT, ALLOWED, AGENT, DRAFT];
const OF_MANY: &[&str] = &[DOCUMENTS, ORIGIN, ALLOWED, AGENT, DRAFT];
/// How many articles are looked at, a page at a time, for one that is like a text.
const PAGE: i64 = 200;
/// The longest title that is made of a first line, in characters.
const LONGEST_TITLE: usize = 100;

/// How articles are to be made.
#[derive(Debug)]
pub struct Manner {
    /// What may be done.
    pub allowed: Vec<Operation>,
    /// The agent in whose first folder new articles are to be.
    pub agent: Option<AgentId>,
    /// Whether they await a decision.
    pub is_draft: bool,
    /// Where the text comes from.
    pub origin: String,
}

/// A text, and the document that it is from.
pub fn one(body: &[u8]) -> Result<(String, Option<DocumentId>, Manner), Error> {
    let mut fields = Fields::read(body, OF_ONE, Operation::ALL.len() + 1)?;
    let text = fields.text(TEXT)?.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Error::BadRequest(format!("{TEXT} is missing or empty")))?;
    let document = fields.text(DOCUMENT)?.map(|text| id::<DocumentId>(DOCUMENT, &text)).transpose()?;
    let manner = manner(&mut fields)?;
    match (manner.origin.as_str(), document) {
        ("sources", None) => {
            Err(Error::BadRequest(format!("{DOCUMENT} is missing; name it where {ORIGIN} is sources")))
        }
        _ => Ok((text, document, manner)),
    }
}

/// Documents, each once.
pub fn many(body: &[u8], most: usize) -> Result<(Vec<DocumentId>, Manner), Error> {
    let mut fields = Fields::read(body, OF_MANY, most)?;
    let (texts, count) = fields.texts(DOCUMENTS)?;
    if count == 0 || count > most {
        return Err(Error::BadRequest(format!("{DOCUMENTS} must name 1 to {most} documents, it names {count}")));
    }
    let manner = manner(&mut fields)?;
    if manner.origin != "sources" {
        return Err(Error::BadRequest(format!("{ORIGIN} must be sources, got {}", quoted(&manner.origin))));
    }
    let mut offenders = Offenders::default();
    let ids =
        crate::naming::documents(DOCUMENTS, texts, &mut offenders, |value| format!("{value} is not a document ID"));
    offenders.refuse()?;
    let once = crate::naming::once(ids.into_iter().map(|id| (id, false)));
    Ok((once.into_iter().map(|(id, _)| id).collect(), manner))
}

/// IDs of jobs.
pub fn jobs(body: &[u8], most: usize) -> Result<Vec<model::KnowledgeJobId>, Error> {
    let (texts, count) = Fields::read(body, &[JOBS], most)?.texts(JOBS)?;
    if count == 0 || count > most {
        return Err(Error::BadRequest(format!("{JOBS} must name 1 to {most} jobs, it names {count}")));
    }
    texts.iter().map(|text| id(JOBS, text)).collect()
}

fn manner(fields: &mut Fields) -> Result<Manner, Error> {
    let origin = fields.text(ORIGIN)?.ok_or_else(|| Error::BadRequest(format!("{ORIGIN} is missing")))?;
    if !ORIGINS.contains(&origin.as_str()) {
        return Err(Error::BadRequest(format!("{ORIGIN} must be {}, got {}", one_of(&ORIGINS), quoted(&origin))));
    }
    let (named, _) = fields.texts(ALLOWED)?;
    let word = |text: &String| {
        text.parse::<Operation>().map_err(|_| {
            Error::BadRequest(format!("{ALLOWED} must hold {}, got {}", one_of(Operation::ALL), quoted(text)))
        })
    };
    let named = named.iter().map(word).collect::<Result<Vec<_>, _>>()?;
    let allowed = if named.is_empty() { Operation::ALL.to_vec() } else { named };
    let agent = fields.text(AGENT)?.map(|text| id(AGENT, &text)).transpose()?;
    Ok(Manner { allowed, agent, is_draft: fields.flag(DRAFT)?.unwrap_or(true), origin })
}

/// What the article of a text could say.
pub fn proposed(text: &str) -> Result<Content, Error> {
    let hint =
        extract::Hint { content_type: Some("text/markdown".to_owned()), english: true, ..extract::Hint::default() };
    let read = extract::extract(text.as_bytes(), &hint)
        .map_err(|failure| Error::BadRequest(format!("{TEXT} cannot be read: {failure}")))?;
    let first = read.blocks.first().map(|block| matches!(block, model::Block::Heading { .. }));
    let title = if first == Some(true) { read.title.clone() } else { line(read.paragraphs.first()) };
    Ok(extract::article(&title, &read.blocks, &read.paragraphs, read.language.as_deref()))
}

/// The beginning of a text as a title.
fn line(paragraph: Option<&String>) -> String {
    let line = paragraph.and_then(|text| text.lines().next()).unwrap_or_default();
    let end = line.find(['.', '?', '!']).unwrap_or(line.len());
    line[..end].chars().take(LONGEST_TITLE).collect::<String>().trim().to_owned()
}

/// What is wished of a document: its own text, or what is `said` of it.
pub async fn of_document(
    read: &mut Read,
    workspace: WorkspaceId,
    (document, text): (DocumentId, SourceText),
    (said, manner): (Option<Content>, &Manner),
) -> Result<Wish, Error> {
    let own = || extract::article(&text.title, &text.blocks, &text.paragraphs, text.language.as_deref());
    let proposed = said.unwrap_or_else(own);
    let like = if text.article.is_some() { None } else { like(read, workspace, &proposed).await? };
    let shelf = shelf(text.source, &text.external_id, &text.metadata.breadcrumbs);
    wish(read, workspace, Some((document, text)), (Landing { shelf, proposed, like }, manner)).await
}

/// What is wished of a text that comes with the call.
pub async fn of_text(
    read: &mut Read,
    workspace: WorkspaceId,
    proposed: Content,
    manner: &Manner,
) -> Result<Wish, Error> {
    let like = like(read, workspace, &proposed).await?;
    wish(read, workspace, None, (Landing { shelf: "Generated".to_owned(), proposed, like }, manner)).await
}

async fn wish(
    read: &mut Read,
    workspace: WorkspaceId,
    source: Option<(DocumentId, SourceText)>,
    (landing, manner): (Landing, &Manner),
) -> Result<Wish, Error> {
    let folder = match manner.agent {
        None => None,
        Some(agent) if read.agents(workspace).await?.iter().any(|known| known.id == agent) => {
            read.folders_of_agent(workspace, agent).await?.first().copied()
        }
        Some(agent) => return Err(no_agent(read, agent).await?),
    };
    let (allowed, origin) = (manner.allowed.clone(), Some(manner.origin.clone()));
    Ok(Wish { source, landing, allowed, is_draft: manner.is_draft, folder, origin })
}

/// The article that is most like a proposal.
async fn like(read: &mut Read, workspace: WorkspaceId, proposed: &Content) -> Result<Option<Likeness>, Error> {
    let looks = |content: &Content| diff::Looks::of(&content.title, &diff::paragraphs(&content.main_knowledge));
    let own = looks(proposed);
    let (mut best, mut behind): (Option<(f64, Likeness)>, Option<Behind>) = (None, None);
    loop {
        let page = read.articles_since(workspace, behind.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(best.map(|(_, like)| like)) };
        behind = Some(Behind { at: last.updated_at, id: last.id.to_string() });
        for article in &page {
            let Some(share) = looks(&article.content).likeness(&own) else { continue };
            if best.as_ref().is_none_or(|(most, _)| share > *most) {
                best = Some((share, Likeness::of(article.id, &article.content.title, share)));
            }
        }
    }
}
