//! What holds for every route: methods, ids, headers, compression, and a database that is gone.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use serde_json::{Value, json};

use crate::bed::{Answer, BOTH, Bed, DOCUMENTS, on_both_databases, posting, with_key};
use crate::log;

async fn ask(bed: &Bed, method: &str, path: &str) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    bed.send(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn other_methods_are_told_which_ones_there_are() {
    let bed = Bed::sqlite().await;
    for (method, path, allowed) in [
        ("PUT", DOCUMENTS, "GET,HEAD,POST,DELETE"),
        ("PATCH", "/healthz", "GET,HEAD"),
        ("BREW", "/readyz", "GET,HEAD"),
        ("POST", "/docs", "GET,HEAD"),
        ("POST", "/v2/documents/public/5d9f67a8-d853-4af4-b7ce-23ebba1245e5", "GET,HEAD"),
    ] {
        let answer = ask(&bed, method, path).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allowed), "{method} {path}");
        let expected = format!("{method} is not supported on this route; the Allow header names the methods that are");
        assert_eq!(answer.refusal().1, expected);
        let options = ask(&bed, "OPTIONS", path).await;
        assert_eq!((options.status.as_u16(), options.header("allow"), options.text()), (204, allowed, ""), "{path}");
    }
}

#[tokio::test]
async fn unknown_routes_have_the_envelope() {
    let bed = Bed::sqlite().await;
    for path in ["/v2", "/v2/documents/public/", "/docs/nothing.js", "/docs/..%2f..%2fCargo.toml", "/%ff"] {
        let answer = ask(&bed, "GET", path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json()["error"], "Not Found", "{path}");
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    for path in [DOCUMENTS, "/healthz", "/openapi.json", "/docs"] {
        let get = bed.get(&key, path).await;
        let head = bed.send(with_key(Request::head(path), &key).body(Body::empty()).unwrap()).await;
        assert_eq!((head.status, head.text()), (StatusCode::OK, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert_eq!(head.header("content-length"), get.body.len().to_string(), "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_an_id_and_safe_headers() {
    let bed = Bed::sqlite().await;
    for (path, given) in [("/healthz", "mine-1"), (DOCUMENTS, "mine-2"), ("/nothing", "mine-3")] {
        let answer = bed.send(Request::get(path).header("x-request-id", given).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("x-request-id"), given);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    for unsound in ["a b".to_owned(), "a".repeat(129)] {
        let answer =
            bed.send(Request::get("/healthz").header("x-request-id", &unsound).body(Body::empty()).unwrap()).await;
        assert!(uuid::Uuid::parse_str(answer.header("x-request-id")).is_ok());
    }
}

#[tokio::test]
async fn large_answers_are_compressed_for_who_takes_it_and_small_ones_never() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let urls: Vec<_> = (0..20).map(|page| format!("https://example.com/{page}")).collect();
    bed.added(&key, &urls).await;
    let (one, all) = (format!("{DOCUMENTS}?limit=1"), DOCUMENTS.to_owned());
    let script = "/docs/swagger-ui-bundle.js".to_owned();
    for (path, accepted, coding) in
        [(&all, "gzip", "gzip"), (&all, "identity", ""), (&one, "gzip", ""), (&script, "gzip", "")]
    {
        let request = with_key(Request::get(path), &key).header("accept-encoding", accepted);
        let response = tower::ServiceExt::oneshot(bed.router(), request.body(Body::empty()).unwrap()).await.unwrap();
        let found = response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap());
        assert_eq!(found, coding, "{path} {accepted}");
    }
}

on_both_databases! {
    async fn a_database_that_is_gone_is_told_and_may_be_asked_again(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        assert_eq!(bed.get("", "/readyz").await.status, StatusCode::OK);
        bed.store.close().await;
        for answer in [bed.get("", "/readyz").await, bed.get(&key, DOCUMENTS).await, bed.add(&key, &["https://example.com/"]).await] {
            assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
        }
        assert_eq!(bed.get("", "/healthz").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_request_is_one_log_line_without_its_key_its_query_and_its_body() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let workspace = bed.workspace("acme").await.to_string();
    let body = r#"{"documentIdsToAdd":["https://hidden.example.com/"]}"#;
    let one = "/v2/documents/public/{id}";
    for (id, request, expected) in [
        ("log-1", posting(&key).body(Body::from(body)), ("POST", DOCUMENTS, 200, Some(&workspace))),
        (
            "log-2",
            with_key(Request::get(format!("{DOCUMENTS}?title=hidden")), &key).body(Body::empty()),
            ("GET", DOCUMENTS, 200, Some(&workspace)),
        ),
        (
            "log-3",
            with_key(Request::get(format!("{DOCUMENTS}/hidden")), "fini_hidden").body(Body::empty()),
            ("GET", one, 401, None),
        ),
    ] {
        let mut request = request.unwrap();
        request.headers_mut().insert("x-request-id", id.parse().unwrap());
        bed.send(request).await;
        let lines = log::lines_with(id);
        assert!(!lines.contains("hidden") && !lines.contains(&key[13..]), "{lines}");
        let told: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [line] = told.as_slice() else { panic!("not one line: {lines}") };
        let (span, fields) = (&line["span"], &line["fields"]);
        let (method, route, status, workspace) = expected;
        assert_eq!(
            (&span["method"], &span["route"], &fields["status"]),
            (&json!(method), &json!(route), &json!(status))
        );
        assert_eq!(span.get("workspace").and_then(Value::as_str), workspace.map(String::as_str));
        assert!(fields["ms"].is_u64(), "{line}");
    }
}
