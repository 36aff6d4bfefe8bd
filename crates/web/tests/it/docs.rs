//! The documentation page loads what we serve and nothing else; the OpenAPI document in the repository is the one that is served.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::bed::Bed;

#[test]
fn the_document_in_the_repository_is_up_to_date() {
    let kept =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json")).unwrap_or_default();
    assert!(kept == web::openapi_json(), "docs/openapi.json has drifted: run `cargo xtask gen`");
}

#[tokio::test]
async fn the_document_is_served() {
    let bed = Bed::sqlite().await;
    let answer = bed.get("", "/openapi.json").await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, &*web::openapi_json()));
}

#[tokio::test]
async fn the_page_and_its_files_come_from_here() {
    let bed = Bed::sqlite().await;
    let root = bed.get("", "/").await;
    assert_eq!((root.status, root.header("location")), (StatusCode::TEMPORARY_REDIRECT, "/docs"));
    let page = bed.get("", "/docs").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'self'; ") && !policy.contains("unsafe"), "{policy}");
    let text = page.text();
    assert!(
        !text.contains("://") && !text.contains("<style") && !text.contains("style=") && !text.contains(" on"),
        "{text}"
    );
    let mut files = 0;
    for link in text.split(['"']).filter(|part| part.starts_with("docs/")) {
        let file = bed.get("", &format!("/{link}")).await;
        let kind = match link.rsplit('.').next() {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, kind), "{link}");
        assert_eq!(file.header("content-security-policy"), policy);
        files += 1;
    }
    assert_eq!(files, 5);
    assert!(bed.get("", "/docs/docs.js").await.text().contains("validatorUrl: null"));
}

#[tokio::test]
async fn a_file_that_the_caller_has_is_not_sent_again() {
    let bed = Bed::sqlite().await;
    let tag = bed.get("", "/docs/swagger-ui.css").await.header("etag").to_owned();
    for (known, status) in [(tag.as_str(), StatusCode::NOT_MODIFIED), ("\"other\"", StatusCode::OK)] {
        let request = Request::get("/docs/swagger-ui.css").header("if-none-match", known).body(Body::empty()).unwrap();
        let answer = bed.send(request).await;
        assert_eq!((answer.status, answer.body.is_empty()), (status, status == StatusCode::NOT_MODIFIED));
    }
}
