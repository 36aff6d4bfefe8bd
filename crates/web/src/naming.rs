//! Reads which documents a body names by their IDs, and says why some cannot be queued.

use std::collections::HashMap;

use model::{DocumentId, Priority, Source};
use store::{Flags, KnownBatch, Unfit};

use crate::error::Error;
use crate::fields::Fields;
use crate::offenders::Offenders;
use crate::quoted::quoted;
use crate::state::State;

const DOCUMENTS: &str = "documentIds";

/// What a body asks to refresh.
pub fn refreshed(body: &[u8], state: &State) -> Result<KnownBatch, Error> {
    let most = state.limits.items;
    let (ids, count) = Fields::read(body, &[DOCUMENTS], most)?.texts(DOCUMENTS)?;
    match count {
        0 => return Err(Error::BadRequest(format!("name at least one document in {DOCUMENTS}"))),
        count if count > most => {
            return Err(Error::BadRequest(format!(
                "{DOCUMENTS} holds {count} items; at most {most} fit one request, split it"
            )));
        }
        _ => {}
    }
    let mut offenders = Offenders::default();
    let documents = documents(DOCUMENTS, ids, &mut offenders, |value| {
        format!("{value} is not a document ID; documents of every source are named by ID here")
    });
    offenders.refuse()?;
    let priority = Priority::of_call(documents.len());
    let documents = once(documents.into_iter().map(|document| (document, false)));
    let flags = Flags::default();
    Ok(KnownBatch { documents, source: None, uploads: false, flags, priority, max_attempts: state.max_attempts })
}

/// The IDs of a field; `mend` says what is wrong with a value that is none.
pub fn documents(
    field: &str,
    values: Vec<String>,
    offenders: &mut Offenders,
    mend: impl Fn(&str) -> String,
) -> Vec<DocumentId> {
    let mut documents = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        match value.parse() {
            Ok(document) => documents.push(document),
            Err(_) => offenders.add(|| format!("{field}[{at}] {}", mend(&quoted(&value)))),
        }
    }
    documents
}

/// Each document once, where it was first named; one that is named to add anywhere may be new.
pub fn once(named: impl IntoIterator<Item = (DocumentId, bool)>) -> Vec<(DocumentId, bool)> {
    let mut places: HashMap<DocumentId, usize> = HashMap::new();
    let mut documents: Vec<(DocumentId, bool)> = Vec::new();
    for (document, add) in named {
        let place = *places.entry(document).or_insert(documents.len());
        match documents.get_mut(place) {
            None => documents.push((document, add)),
            Some(known) => known.1 |= add,
        }
    }
    documents
}

/// The refusal of documents that cannot be queued. What belongs to others is told before what is missing.
pub fn unfit(field: &str, unfit: &[(DocumentId, Unfit)]) -> Error {
    if let Some((document, _)) = unfit.iter().find(|(_, why)| *why == Unfit::Foreign) {
        return Error::Foreign(format!("document {document}"));
    }
    let mut offenders = Offenders::default();
    for (document, why) in unfit {
        offenders.add(|| match why {
            Unfit::Source(Source::Web) => {
                format!("document {document} is a web page; name its URL, with source web")
            }
            Unfit::Source(source) => format!("document {document} comes from {source}; queue it with source {source}"),
            Unfit::Upload => {
                format!(
                    "document {document} is an uploaded file, which cannot be refreshed; delete it and upload it again"
                )
            }
            Unfit::Unknown | Unfit::Foreign => {
                format!("{field} names {document}, which is no document; register the resource first")
            }
        });
    }
    offenders.refuse().err().unwrap_or_else(|| Error::BadRequest(format!("{field} cannot be queued")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_count_once_where_first_named_and_adding_wins() {
        let [one, two] = [DocumentId::new(), DocumentId::new()];
        let named = [(one, false), (two, true), (one, true), (two, false)];
        assert_eq!(once(named), [(one, true), (two, true)]);
    }

    #[test]
    fn what_belongs_to_others_is_told_first() {
        let [one, two] = [DocumentId::new(), DocumentId::new()];
        assert!(matches!(unfit("x", &[(one, Unfit::Unknown), (two, Unfit::Foreign)]), Error::Foreign(_)));
        let text = unfit("documentIds", &[(one, Unfit::Source(Source::Web)), (two, Unfit::Unknown)]).to_string();
        assert!(text.contains("is a web page") && text.contains("register the resource first"), "{text}");
    }
}
