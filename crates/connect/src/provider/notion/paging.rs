//! Lists in pages: cursors are opaque, may die, and lead nowhere for ever.

use std::collections::HashSet;

use model::Failure;
use serde_json::Value;

use super::super::api::{Api, OUT_OF_TIME, Refusal};
use super::super::field::{is_set, text};
use super::super::gate::Gate;
use crate::Ask;

/// More pages than any list of Notion has: ten thousand rows are a hundred.
const MOST_PAGES: usize = 5_000;
/// How often a list is read again from its start when its cursor is not taken any more.
const MOST_RESTARTS: usize = 3;

/// How a list ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With its last page.
    Whole,
    /// Before: only so much is given to one question.
    Limited,
    /// Before, because no more was wanted.
    Enough,
    /// Before, for this reason.
    Cut(String),
}

/// Hands out the elements of a list until `take` wants no more; twice where it has to be read again. A refusal of its first page
/// is for the caller.
pub async fn read_all<G: Gate>(
    api: &Api<'_, G>,
    page: impl Fn(Option<&str>) -> Result<Ask, Failure> + Send,
    mut take: impl FnMut(Value) -> bool + Send,
) -> Result<Result<End, Refusal>, Failure> {
    let mut trail = Cursors::default();
    let mut cursor: Option<String> = None;
    let mut restarts = 0;
    loop {
        let attempted = match api.attempt(page(cursor.as_deref())?).await {
            Err(_) if api.is_over() => return Ok(Ok(End::Cut(OUT_OF_TIME.to_owned()))),
            attempted => attempted?,
        };
        let mut answer: Value = match attempted {
            Ok(answer) => answer,
            Err(refusal) if refusal.status == 400 && cursor.is_some() && restarts < MOST_RESTARTS => {
                restarts += 1;
                (trail, cursor) = (Cursors::default(), None);
                continue;
            }
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(Value::Array(results)) = answer.get_mut("results").map(Value::take)
            && !results.into_iter().all(&mut take)
        {
            return Ok(Ok(End::Enough));
        }
        match trail.after(&answer) {
            Next::Page(next) => cursor = Some(next),
            Next::End(end) => return Ok(Ok(end)),
        }
    }
}

/// The cursors that a list has given so far.
#[derive(Debug, Default)]
struct Cursors(HashSet<String>);

#[derive(Debug, PartialEq, Eq)]
enum Next {
    Page(String),
    End(End),
}

impl Cursors {
    fn after(&mut self, page: &Value) -> Next {
        let cursor = text(page, "/next_cursor");
        let cut = |why: &str| Next::End(End::Cut(why.to_owned()));
        if !is_set(page, "/has_more") {
            return match (text(page, "/request_status/type"), text(page, "/request_status/incomplete_reason")) {
                ("incomplete", "query_result_limit_reached") => Next::End(End::Limited),
                ("incomplete", "") => cut("Notion cut the list"),
                ("incomplete", reason) => cut(&format!("Notion cut the list ({})", reason.replace('_', " "))),
                _ => Next::End(End::Whole),
            };
        }
        if cursor.is_empty() {
            return cut("Notion says that there is more, and not where");
        }
        if self.0.len() >= MOST_PAGES {
            return cut(&format!("the list has more than {MOST_PAGES} pages"));
        }
        if self.0.insert(cursor.to_owned()) { Next::Page(cursor.to_owned()) } else { cut("the list leads in a circle") }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_ends_when_it_says_so_and_never_runs_in_a_circle() {
        let cut = |why: &str| Next::End(End::Cut(why.to_owned()));
        let cases = [
            (json!({"has_more": true, "next_cursor": "b"}), Next::Page("b".to_owned())),
            (json!({"has_more": true, "next_cursor": "a"}), cut("the list leads in a circle")),
            (json!({"has_more": true, "next_cursor": null}), cut("Notion says that there is more, and not where")),
            (json!({"has_more": false, "next_cursor": null}), Next::End(End::Whole)),
            (json!({"has_more": false, "next_cursor": "b"}), Next::End(End::Whole)),
            (json!({"results": null}), Next::End(End::Whole)),
            (
                json!({"has_more": false, "request_status": {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}}),
                Next::End(End::Limited),
            ),
            (
                json!({"has_more": false, "request_status": {"type": "incomplete", "incomplete_reason": "some_new_reason"}}),
                cut("Notion cut the list (some new reason)"),
            ),
            (json!({"has_more": false, "request_status": {"type": "complete"}}), Next::End(End::Whole)),
        ];
        for (page, expected) in cases {
            assert_eq!(Cursors(HashSet::from(["a".to_owned()])).after(&page), expected, "{page}");
        }
    }

    #[test]
    fn a_list_without_end_is_cut() {
        let mut cursors = Cursors::default();
        let page = |number: usize| json!({"has_more": true, "next_cursor": number.to_string()});
        let end = (0..=MOST_PAGES).map(|number| cursors.after(&page(number))).find(|next| matches!(next, Next::End(_)));
        assert_eq!(end, Some(Next::End(End::Cut("the list has more than 5000 pages".to_owned()))));
    }
}
