//! The filters and the page that a list request asks for.

use model::{DocumentId, JobStatus, Operation, Source};
use store::{Direction, Filter, Page};
use utoipa::IntoParams;

use crate::error::Error;
use crate::query::{Query, refused};
use crate::words::{DIRECTIONS, DirectionWord, JobStatusWord, OperationWord, SourceWord};

/// The most documents on one page.
const MOST: i64 = 500;
/// How many documents a page has when nobody says.
const USUAL: i64 = 50;

/// The query of the document list. All filters combine with AND; a parameter not named here is ignored.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct DocumentsQuery {
    /// How many documents to return.
    #[param(required = false, minimum = 1, maximum = 500, default = 50)]
    limit: i64,
    /// A document's `id`, taken from the page just received: the last one to go on with `direction=next`, the first one
    /// to go back with `direction=previous`. The page starts after that document's place in the order at the time of the call.
    #[param(value_type = Option<String>, format = Uuid)]
    cursor: Option<DocumentId>,
    /// `next` walks to older documents, `previous` back to newer ones: the list is newest first. Only has a meaning
    /// with `cursor`.
    #[param(required = false, value_type = DirectionWord, default = "next")]
    direction: Direction,
    /// Where the documents come from.
    #[param(value_type = Option<SourceWord>)]
    source: Option<Source>,
    /// The flag for English processing.
    english: Option<bool>,
    /// The document with exactly this ID.
    #[param(value_type = Option<String>, format = Uuid)]
    id: Option<DocumentId>,
    /// A part of the title, in any case, such as `billing`.
    title: Option<String>,
    /// A part of the original URL, in any case, such as `docs.example.com/billing`.
    original_url: Option<String>,
    /// The article that the documents back.
    linked_knowledge_id: Option<String>,
    /// What Review proposes to do with the text.
    #[param(value_type = Option<OperationWord>)]
    linked_operation: Option<Operation>,
    /// Whether a material change of a linked document awaits publication.
    changed: Option<bool>,
    /// Where the latest run stands.
    #[param(value_type = Option<JobStatusWord>)]
    linked_job_status: Option<JobStatus>,
    /// Whether the latest finished run completed.
    success: Option<bool>,
    /// The flag for BASER processing.
    baser: Option<bool>,
}

impl DocumentsQuery {
    /// Reads the parameters; the first that is wrong is named with what is allowed.
    pub fn read(mut query: Query) -> Result<Self, Error> {
        Ok(Self {
            limit: limit(&mut query)?,
            cursor: query.parsed("cursor", "the ID of a document")?,
            direction: direction(&mut query)?,
            source: query.word("source", Source::ALL)?,
            english: query.flag("english")?,
            id: query.parsed("id", "a document ID (a UUID)")?,
            title: query.text("title")?,
            original_url: query.text("originalUrl")?,
            linked_knowledge_id: query.text("linkedKnowledgeId")?,
            linked_operation: query.word("linkedOperation", Operation::ALL)?,
            changed: query.flag("changed")?,
            linked_job_status: query.word("linkedJobStatus", JobStatus::ALL)?,
            success: query.flag("success")?,
            baser: query.flag("baser")?,
        })
    }

    /// The same in the store's words.
    pub fn split(self) -> (Filter, Page) {
        let page = Page { limit: self.limit, cursor: self.cursor, direction: self.direction };
        let filter = Filter {
            source: self.source,
            english: self.english,
            id: self.id,
            title: self.title,
            original_url: self.original_url,
            linked_knowledge: self.linked_knowledge_id,
            linked_operation: self.linked_operation,
            changed: self.changed,
            job_status: self.linked_job_status,
            success: self.success,
            baser: self.baser,
        };
        (filter, page)
    }
}

/// How many items a page is to have.
pub fn limit(query: &mut Query) -> Result<i64, Error> {
    let Some(text) = query.text("limit")? else { return Ok(USUAL) };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && (1..=MOST).contains(number));
    number.ok_or_else(|| refused("limit", "a whole number from 1 to 500", &text))
}

fn direction(query: &mut Query) -> Result<Direction, Error> {
    let word = query.word("direction", &DIRECTIONS)?;
    Ok(if word == Some(DIRECTIONS[1]) { Direction::Previous } else { Direction::Next })
}

/// The refusal of a cursor that names no document of the caller.
pub fn unknown_cursor(cursor: DocumentId) -> Error {
    refused("cursor", "the ID of a document in this workspace", &cursor.to_string())
}
