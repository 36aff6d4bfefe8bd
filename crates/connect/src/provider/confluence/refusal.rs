//! What Confluence says when it refuses, in both versions of its interface and at the gateway.

use model::FailureCode;
use serde_json::Value;

use crate::provider::api::{Refusal, Verdict};
use crate::provider::field;

/// What an answer that is no success means.
pub fn judge(refusal: &Refusal) -> Verdict {
    let body = refusal.json().unwrap_or_default();
    let said = said(&body).unwrap_or_else(|| format!("it answered {}", refusal.status));
    let says = |words: &str| said.to_ascii_lowercase().contains(words);
    match refusal.status {
        400 => Verdict::Final(FailureCode::NotFound, said),
        // The token itself is good, so another one for the same credentials would open no more.
        401 | 403 if says("scope") => {
            Verdict::Final(FailureCode::ProviderDisconnected, format!("{said}; allow it to the token"))
        }
        403 if refusal.retry_after.is_some() || says("rate limit") => Verdict::TooOften(said),
        403 | 404 if refusal.is_page() => Verdict::Final(
            FailureCode::ProviderDisconnected,
            format!("a page instead of data is at this address ({said}); is it that of the site, with its path?"),
        ),
        _ => refusal.usual(said),
    }
}

/// The vendor's own words.
fn said(body: &Value) -> Option<String> {
    let places = [
        "/errors/0/detail",
        "/errors/0/title",
        "/errors/0/code",
        "/data/errors/0/message/translation",
        "/message",
        "/data/errors/0/message/key",
    ];
    let found = places.iter().map(|place| field::text(body, place)).find(|text| !text.is_empty());
    found.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use FailureCode as Code;
    use Verdict::{Final, NoProof, Passing, TooOften};

    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn all_shapes_of_errors_are_told_apart() {
        let json = "application/json";
        let own = |text: &str| text.to_owned();
        let page = |status: u16| {
            Final(
                Code::ProviderDisconnected,
                format!(
                    "a page instead of data is at this address (it answered {status}); is it that of the site, with its path?"
                ),
            )
        };
        let cases = [
            (
                404,
                json,
                r#"{"errors":[{"status":404,"code":"NOT_FOUND","title":"Not Found","detail":null}]}"#,
                Final(Code::NotFound, own("Not Found")),
            ),
            (
                400,
                json,
                r#"{"errors":[{"status":400,"code":"INVALID","title":"Provided value {x} for 'cursor' is not valid","detail":null}]}"#,
                Final(Code::NotFound, own("Provided value {x} for 'cursor' is not valid")),
            ),
            // The two recorded errors of version 1.
            (
                404,
                json,
                r#"{"message":"Cannot find content. Outdated version/old_draft/trashed?"}"#,
                Final(Code::NotFound, own("Cannot find content. Outdated version/old_draft/trashed?")),
            ),
            (
                404,
                json,
                r#"{"statusCode":404,"data":{"authorized":false,"valid":false,"errors":[{"message":{"translation":"No content with id <ContentId{id=12345}> can be found"}}],"successful":false}}"#,
                Final(Code::NotFound, own("No content with id <ContentId{id=12345}> can be found")),
            ),
            (
                401,
                json,
                r#"{"code":401,"message":"Unauthorized; scope does not match"}"#,
                Final(Code::ProviderDisconnected, own("Unauthorized; scope does not match; allow it to the token")),
            ),
            (401, json, r#"{"code":401,"message":"Unauthorized"}"#, NoProof(own("Unauthorized"))),
            (401, "text/html;charset=iso-8859-1", "<html>", NoProof(own("it answered 401"))),
            (
                403,
                json,
                r#"{"message":"You are not permitted to view it"}"#,
                Final(Code::ProviderPermission, own("You are not permitted to view it")),
            ),
            (403, json, r#"{"code":403,"message":"Rate limit exceeded"}"#, TooOften(own("Rate limit exceeded"))),
            (403, "text/html", "<html>captcha", page(403)),
            (404, "text/html", "<html>Dead link", page(404)),
            (429, "text/plain", "Rate limit exceeded", TooOften(own("it answered 429"))),
            (504, "text/html", "<html>504", Passing(own("it answered 504"))),
            (500, json, r#"{"message":null,"data":[]}"#, Passing(own("it answered 500"))),
            (200, "text/html", "<html>Log in", NoProof(own("it shows a page instead of data, most likely a login"))),
            (302, "text/html", "", NoProof(own("it leads to another page, most likely a login"))),
        ];
        for (status, media_type, body, expected) in cases {
            let refusal = Refusal {
                status,
                retry_after: None,
                media_type: media_type.to_owned(),
                body: body.as_bytes().to_vec(),
            };
            assert_eq!(judge(&refusal), expected, "{status} {body}");
        }
        let refusal = Refusal {
            status: 403,
            retry_after: Some(Duration::from_secs(3)),
            media_type: String::new(),
            body: Vec::new(),
        };
        assert_eq!(judge(&refusal), TooOften(own("it answered 403")));
    }
}
