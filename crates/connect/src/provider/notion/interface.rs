//! The addresses of Notion's interface, and what is asked there.

use std::time::Duration;

use model::{Failure, Timestamp};
use serde_json::{Value, json};

use super::super::api::{Api, Refusal};
use super::super::gate::Gate;
use crate::Ask;

/// The most that a page of a list may hold.
const PAGE_SIZE: usize = 100;
/// Times of edits are whole minutes, so an edit in the same minute does not show. A version counts once this much has passed.
const SETTLED_AFTER: Duration = Duration::from_mins(3);

/// The interface behind one connection.
pub struct Interface<'a, G> {
    /// How it is asked.
    pub api: &'a Api<'a, G>,
    /// The address, without `/v1`.
    pub base: &'a str,
}

impl<G: Gate> Interface<'_, G> {
    /// A request for what lies at `path` below `/v1/`, which holds nothing that has to be encoded.
    pub fn at(&self, path: &str, query: &[(&str, &str)]) -> Result<Ask, Failure> {
        Ok(Ask::get(self.api.url(self.base, &format!("v1/{path}"), query)?))
    }

    /// Asks for what lies at `path`.
    pub async fn get(&self, path: &str) -> Result<Result<Value, Refusal>, Failure> {
        self.api.attempt(self.at(path, &[])?).await
    }

    /// A request for one page of a list that is asked for with `GET`.
    pub fn listed(&self, path: &str, cursor: Option<&str>) -> Result<Ask, Failure> {
        let size = PAGE_SIZE.to_string();
        let mut query = vec![("page_size", size.as_str())];
        query.extend(cursor.map(|cursor| ("start_cursor", cursor)));
        self.at(path, &query)
    }

    /// A request for one page of what `question` finds, which is put with `POST` and changes nothing.
    pub fn found(&self, path: &str, question: &Value, cursor: Option<&str>) -> Result<Ask, Failure> {
        let mut body = question.clone();
        if body.get("page_size").is_none() {
            body["page_size"] = json!(PAGE_SIZE);
        }
        if let Some(cursor) = cursor {
            body["start_cursor"] = json!(cursor);
        }
        Ok(Api::<G>::posting(self.api.url(self.base, &format!("v1/{path}"), &[])?, &body))
    }

    /// The version of what was last edited then; `None` while another edit could carry the same time.
    pub fn settled(&self, edited: &str, version: &str) -> Option<String> {
        let is_settled = is_before(edited, self.api.now().minus(SETTLED_AFTER));
        is_settled.then(|| version.to_owned())
    }
}

/// Whether a time as Notion writes it lies before another.
fn is_before(edited: &str, then: Timestamp) -> bool {
    edited.parse::<jiff::Timestamp>().is_ok_and(|edited| edited.as_microsecond() <= then.as_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_cannot_be_read_is_never_settled() {
        let then = Timestamp::from_micros(1_779_429_934_221_000);
        for (edited, expected) in
            [("2026-05-22T06:05:00.000Z", true), ("2026-05-22T06:06:00.000Z", false), ("yesterday", false), ("", false)]
        {
            assert_eq!(is_before(edited, then), expected, "{edited}");
        }
    }
}
