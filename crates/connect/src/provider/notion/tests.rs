//! Refusals of Notion, and what they mean.

use std::time::Duration;

use super::*;

fn refusal(status: u16, media_type: &str, body: &str) -> Refusal {
    Refusal {
        status,
        retry_after: Some(Duration::from_secs(3)),
        media_type: media_type.to_owned(),
        body: body.as_bytes().to_vec(),
    }
}

/// Errors as Notion words them, and what is not Notion's.
#[test]
fn refusals_are_told_apart() {
    use FailureCode::{NotFound, ProviderPermission, ServerError};
    let error = |status: u16, code: &str, message: &str| {
        let body = json!({"object": "error", "status": status, "code": code, "message": message, "request_id": "1"});
        judge(&refusal(status, "application/json", &body.to_string()))
    };
    let said = "Said.".to_owned();
    let cases = [
        (error(429, "rate_limited", "Said."), Verdict::TooOften(said.clone())),
        (error(529, "service_overload", "Said."), Verdict::Passing(said.clone())),
        (error(503, "service_unavailable", "Said."), Verdict::Passing(said.clone())),
        (error(504, "gateway_timeout", "Said."), Verdict::Passing(said.clone())),
        (error(500, "internal_server_error", "Said."), Verdict::Passing(said.clone())),
        (error(409, "conflict_error", "Said."), Verdict::Passing(said.clone())),
        (error(401, "unauthorized", "Said."), Verdict::NoProof(said.clone())),
        (error(404, "object_not_found", "Said."), Verdict::Final(NotFound, said.clone())),
        (error(400, "validation_error", "Said."), Verdict::Final(ServerError, said.clone())),
        (
            error(403, "restricted_resource", "Said."),
            Verdict::Final(ProviderPermission, "Said.; let the connection read content".to_owned()),
        ),
        (judge(&refusal(429, "text/html", "slow down")), Verdict::TooOften("it answered 429".to_owned())),
        (judge(&refusal(502, "text/html", "<html>")), Verdict::Passing("it answered 502".to_owned())),
    ];
    for (verdict, expected) in cases {
        assert_eq!(verdict, expected);
    }
    let limited =
        json!({"code": "rate_limited", "message": "Said.", "additional_data": {"rate_limit_reason": "workspace"}});
    let verdict = judge(&refusal(429, "application/json", &limited.to_string()));
    assert_eq!(verdict, Verdict::TooOften("Said. (workspace)".to_owned()));
}

/// The edge's page is no answer of the interface: nothing is gone, and nobody lacks a right.
#[test]
fn a_page_of_the_edge_passes() {
    for status in [403, 404] {
        let verdict = judge(&refusal(status, "text/html; charset=utf-8", "<!DOCTYPE html><title>Attention</title>"));
        assert!(matches!(&verdict, Verdict::Passing(said) if said.contains("in front of")), "{verdict:?}");
    }
}
