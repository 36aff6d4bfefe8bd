//! Reads a queue request: which pages are wanted, and why a value is refused.

use model::{DocumentId, Priority, Source, WebUrl};
use store::{Flags, KnownBatch, Wanted, WebBatch};

use crate::error::Error;
use crate::fields::Fields;
use crate::naming;
use crate::offenders::Offenders;
use crate::query::one_of;
use crate::quoted::quoted;
use crate::state::State;
use crate::words::{ASKABLE, QUEUED};

const SOURCE: &str = "source";
const ADD: &str = "documentIdsToAdd";
const REFRESH: &str = "documentIdsToRefresh";
const ENGLISH: &str = "english";
const BASER: &str = "baser";
const PRIORITY: &str = "priority";

/// What a body asks to queue.
pub enum Asked {
    /// Pages of the web. Those to add come first, each array in its order.
    Pages(WebBatch),
    /// Documents of a provider.
    Known(Source, KnownBatch),
}

/// Reads a body.
pub fn read(body: &[u8], state: &State) -> Result<Asked, Error> {
    let most = state.limits.items;
    let mut fields = Fields::read(body, &[SOURCE, ADD, REFRESH, ENGLISH, BASER, PRIORITY], most)?;
    let source = source(fields.text(SOURCE)?)?;
    let (english, baser) = (fields.flag(ENGLISH)?, fields.flag(BASER)?);
    let priority = fields.text(PRIORITY)?.map(|word| priority(&word)).transpose()?;
    let (add, adds) = fields.texts(ADD)?;
    let (refresh, refreshes) = fields.texts(REFRESH)?;
    match adds + refreshes {
        0 => return Err(bad(format!("name at least one item in {ADD} or {REFRESH}"))),
        count if count > most => {
            return Err(bad(format!(
                "{ADD} and {REFRESH} hold {count} items; at most {most} fit one request, split it"
            )));
        }
        _ => {}
    }
    let (count, flags) = (adds + refreshes, Flags { english, baser });
    if source != Source::Web {
        let documents = named(source, [(ADD, add), (REFRESH, refresh)])?;
        let priority = priority.unwrap_or(Priority::of_call(count));
        let max_attempts = state.max_attempts;
        let batch = KnownBatch { documents, source: Some(source), uploads: false, flags, priority, max_attempts };
        return Ok(Asked::Known(source, batch));
    }
    let mut offenders = Offenders::default();
    let mut wanted = pages(ADD, add, &mut offenders);
    wanted.extend(pages(REFRESH, refresh, &mut offenders));
    offenders.refuse()?;
    let priority = priority.unwrap_or(Priority::of_call(count));
    Ok(Asked::Pages(WebBatch { wanted, flags, priority, max_attempts: state.max_attempts }))
}

/// The refusal of URLs to refresh that nobody added before.
pub fn unknown(urls: &[String]) -> Error {
    let mut offenders = Offenders::default();
    for url in urls {
        offenders.add(|| format!("{REFRESH} {} is not known in this workspace; name it in {ADD} first", quoted(url)));
    }
    offenders.refuse().err().unwrap_or_else(|| bad(format!("{REFRESH} holds a URL that is not known")))
}

fn source(name: Option<String>) -> Result<Source, Error> {
    let Some(name) = name else { return Ok(Source::Web) };
    let known = name.parse().ok().filter(|source| QUEUED.contains(source));
    known.ok_or_else(|| bad(format!("source must be {}, got {}", one_of(&QUEUED), quoted(&name))))
}

fn priority(word: &str) -> Result<Priority, Error> {
    let known = word.parse().ok().filter(|priority| ASKABLE.contains(priority));
    known.ok_or_else(|| bad(format!("{PRIORITY} must be {}, got {}", one_of(&ASKABLE), quoted(word))))
}

fn pages(field: &str, values: Vec<String>, offenders: &mut Offenders) -> Vec<Wanted> {
    let mut wanted = Vec::with_capacity(values.len());
    for (at, original) in values.into_iter().enumerate() {
        match WebUrl::parse(&original) {
            Ok(url) => wanted.push(Wanted { url, original, add: field == ADD }),
            Err(refusal) => offenders.add(|| format!("{field}[{at}] {} {refusal}", quoted(&original))),
        }
    }
    wanted
}

/// The documents that a call for a provider names; a URL is told apart from what is no ID at all.
fn named(source: Source, arrays: [(&str, Vec<String>); 2]) -> Result<Vec<(DocumentId, bool)>, Error> {
    let mut offenders = Offenders::default();
    let mut named = Vec::new();
    for (field, values) in arrays {
        let documents = naming::documents(field, values, &mut offenders, |value| {
            let what = if value.contains("://") { "is a URL" } else { "is not a document ID" };
            format!("{value} {what}; documents of {source} are named by ID: register the resource first")
        });
        named.extend(documents.into_iter().map(|document| (document, field == ADD)));
    }
    offenders.refuse().map(|()| naming::once(named))
}

/// The refusal of documents whose provider is not connected.
pub fn not_connected(source: Source) -> Error {
    bad(format!("source {source} has no connected provider in this workspace; connect it first, or use web with URLs"))
}

fn bad(text: String) -> Error {
    Error::BadRequest(text)
}
