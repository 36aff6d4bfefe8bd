//! What Zendesk says when it refuses. Its errors come in four shapes, and "too many" as plain text that calls itself HTML.

use model::FailureCode;
use serde_json::Value;

use crate::provider::api::{Refusal, Verdict};
use crate::provider::field;

/// What an answer that is no success means.
pub fn judge(refusal: &Refusal) -> Verdict {
    let body = refusal.json().unwrap_or_default();
    let said = said(&body).unwrap_or_else(|| format!("it answered {}", refusal.status));
    match refusal.status {
        400 => Verdict::Final(FailureCode::NotFound, said),
        403 if refusal.retry_after.is_some() => Verdict::TooOften(said),
        // The token itself is good and opens nothing, so another one for the same credentials would not either.
        403 if said.contains("scope") => {
            Verdict::Final(FailureCode::ProviderDisconnected, format!("{said}; allow hc:read to the client"))
        }
        404 if body.is_null() || field::text(&body, "/error") == "InvalidEndpoint" => Verdict::Final(
            FailureCode::ProviderDisconnected,
            format!("there is no help centre at this address, or its plan has no such interface ({said})"),
        ),
        _ => refusal.usual(said),
    }
}

/// The vendor's own words.
fn said(body: &Value) -> Option<String> {
    let first = ["/error", "/error/title", "/errors/0/code"];
    let second = ["/description", "/error_description", "/error/message", "/errors/0/detail", "/errors/0/title"];
    let word = |places: &[&str]| places.iter().map(|place| field::text(body, place)).find(|text| !text.is_empty());
    match (word(&first), word(&second)) {
        (Some(what), Some(why)) => Some(format!("{what}: {why}")),
        (what, why) => what.or(why).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use FailureCode as Code;
    use Verdict::{Final, NoProof, Passing, TooOften};

    use super::*;

    fn refusal(status: u16, media_type: &str, body: &str, seconds: Option<u64>) -> Refusal {
        let retry_after = seconds.map(Duration::from_secs);
        Refusal { status, retry_after, media_type: media_type.to_owned(), body: body.as_bytes().to_vec() }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn pitfall_26_all_shapes_of_errors_are_told_apart() {
        let json = "application/json; charset=utf-8";
        let html = "text/html; charset=utf-8";
        let own = |text: &str| text.to_owned();
        let nowhere = |said: &str| {
            Final(
                Code::ProviderDisconnected,
                format!("there is no help centre at this address, or its plan has no such interface ({said})"),
            )
        };
        let cases = [
            (
                404,
                json,
                r#"{"error":"RecordNotFound","description":"Not found"}"#,
                Final(Code::NotFound, own("RecordNotFound: Not found")),
            ),
            (
                404,
                json,
                r#"{"error":"InvalidEndpoint","description":"Not found"}"#,
                nowhere("InvalidEndpoint: Not found"),
            ),
            (404, html, "<html>No help desk at acme.zendesk.com", nowhere("it answered 404")),
            (
                403,
                json,
                r#"{"error":{"title":"Forbidden","message":"No access"}}"#,
                Final(Code::ProviderPermission, own("Forbidden: No access")),
            ),
            (
                403,
                json,
                r#"{"error":"Forbidden","description":"You are missing the following required scopes: hc:read"}"#,
                Final(
                    Code::ProviderDisconnected,
                    own(
                        "Forbidden: You are missing the following required scopes: hc:read; allow hc:read to the client",
                    ),
                ),
            ),
            (
                400,
                json,
                r#"{"errors":[{"code":"InvalidPaginationParameter","title":"Invalid","detail":"page[after] is not valid"}]}"#,
                Final(Code::NotFound, own("InvalidPaginationParameter: page[after] is not valid")),
            ),
            (401, json, r#"{"error":"Couldn't authenticate you"}"#, NoProof(own("Couldn't authenticate you"))),
            (
                401,
                json,
                r#"{"error":"invalid_token","error_description":"expired"}"#,
                NoProof(own("invalid_token: expired")),
            ),
            (429, html, "Number of allowed API requests per minute exceeded", TooOften(own("it answered 429"))),
            (503, html, "<html>down", Passing(own("it answered 503"))),
            (500, json, r#"{"error":null,"description":7}"#, Passing(own("it answered 500"))),
        ];
        for (status, media_type, body, expected) in cases {
            assert_eq!(judge(&refusal(status, media_type, body, None)), expected, "{status} {body}");
        }
        let asked = refusal(403, json, r#"{"error":"Forbidden"}"#, Some(9));
        assert_eq!(judge(&asked), TooOften(own("Forbidden")));
    }
}
