//! Reads which jobs a call means, and why a value is refused.

use model::job::JobState;
use model::{DocumentId, FailureCode, JobId, WebUrl};
use store::{JobsPage, Retrying, Which};
use utoipa::IntoParams;

use crate::error::Error;
use crate::fields::Fields;
use crate::listing;
use crate::offenders::Offenders;
use crate::query::{Query, one_of};
use crate::quoted::quoted;
use crate::state::Limits;
use crate::words::LiveStateWord;

const HOST: &str = "host";
const DOCUMENTS: &str = "documentIds";
const ALL: &str = "all";
const CODES: &str = "codes";
const LIMIT: &str = "limit";
const CURSOR: &str = "cursor";
const STATE: &str = "state";
const REASON: &str = "reason";
/// The longest reason of a pause, in characters.
const LONGEST_REASON: usize = 500;

/// The query of the list of live jobs.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the query; `page` reads it field by field")]
pub struct JobsQuery {
    /// How many jobs to return.
    #[param(required = false, minimum = 1, maximum = 500, default = 50)]
    limit: i64,
    /// The `id` of the last job of the page just received: the next page starts after it, whether it still lives or not.
    #[param(value_type = Option<String>, format = Uuid)]
    cursor: Option<JobId>,
    /// Only jobs in this state.
    #[param(value_type = Option<LiveStateWord>)]
    state: Option<JobState>,
}

/// The page of live jobs that a query asks for.
pub fn page(mut query: Query) -> Result<JobsPage, Error> {
    let page = JobsPage {
        limit: listing::limit(&mut query)?,
        after: query.parsed(CURSOR, "the ID of a job")?,
        state: query.word(STATE, JobState::ALL)?,
    };
    query.nothing_else(&[LIMIT, CURSOR, STATE])?;
    Ok(page)
}

/// The jobs that a body asks to cancel.
pub fn cancelled(body: &[u8], limits: &Limits) -> Result<Which, Error> {
    let mut fields = Fields::read_strictly(body, &[HOST, DOCUMENTS, ALL], limits.items)?;
    let (host, all) = (host(&mut fields)?, said(&mut fields)?);
    let (texts, count) = fields.texts(DOCUMENTS)?;
    if count > limits.items {
        let most = limits.items;
        return Err(bad(format!("{DOCUMENTS} holds {count} items; at most {most} fit one request, split it")));
    }
    match (host, documents(&texts)?, all) {
        (Some(host), documents, false) if documents.is_empty() => Ok(Which::Lane(host)),
        (None, documents, false) if !documents.is_empty() => Ok(Which::Documents(documents)),
        (None, documents, true) if documents.is_empty() => Ok(Which::All),
        _ => Err(bad(format!("name one of {HOST}, {DOCUMENTS}, or {ALL}: true"))),
    }
}

/// The failed documents that a body asks to queue again.
pub fn retried(body: &[u8], limits: &Limits) -> Result<Retrying, Error> {
    let mut fields = Fields::read_strictly(body, &[CODES, HOST, LIMIT, ALL], limits.items)?;
    let (host, all) = (host(&mut fields)?, said(&mut fields)?);
    let limit = fields.number(LIMIT, 1..=i64::from(u32::MAX))?.and_then(|limit| usize::try_from(limit).ok());
    let (texts, _) = fields.texts(CODES)?;
    let codes = Some(codes(&texts)?).filter(|codes| !codes.is_empty());
    let is_named = codes.is_some() || host.is_some() || limit.is_some();
    if is_named == all {
        return Err(bad(format!("name at least one of {CODES}, {HOST} and {LIMIT}, or say {ALL}: true alone")));
    }
    Ok(Retrying { codes, host, limit })
}

/// Why the workspace is to be paused.
pub fn reason(body: &[u8]) -> Result<String, Error> {
    let reason = Fields::read_strictly(body, &[REASON], 0)?.text(REASON)?.unwrap_or_default();
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON || reason.chars().any(char::is_control) {
        return Err(bad(format!("{REASON} must be a line of text of 1 to {LONGEST_REASON} characters")));
    }
    Ok(reason.to_owned())
}

fn host(fields: &mut Fields) -> Result<Option<String>, Error> {
    let Some(host) = fields.text(HOST)? else { return Ok(None) };
    let refused = || {
        bad(format!("{HOST} must be a host such as docs.example.com or docs.example.com:8080, got {}", quoted(&host)))
    };
    WebUrl::lane_named(&host).ok_or_else(refused).map(Some)
}

fn said(fields: &mut Fields) -> Result<bool, Error> {
    Ok(fields.flag(ALL)?.unwrap_or_default())
}

fn documents(texts: &[String]) -> Result<Vec<DocumentId>, Error> {
    parsed(texts, |at, text| format!("{DOCUMENTS}[{at}] must be a document ID (a UUID), got {}", quoted(text)))
}

fn codes(texts: &[String]) -> Result<Vec<FailureCode>, Error> {
    parsed(texts, |at, text| format!("{CODES}[{at}] must be {}, got {}", one_of(FailureCode::ALL), quoted(text)))
}

fn parsed<T: std::str::FromStr>(texts: &[String], refusal: impl Fn(usize, &str) -> String) -> Result<Vec<T>, Error> {
    let (mut values, mut offenders) = (Vec::with_capacity(texts.len()), Offenders::default());
    for (at, text) in texts.iter().enumerate() {
        match text.parse() {
            Ok(value) => values.push(value),
            Err(_) => offenders.add(|| refusal(at, text)),
        }
    }
    offenders.refuse().map(|()| values)
}

fn bad(text: String) -> Error {
    Error::BadRequest(text)
}
