//! Bodies that are too large, too slow, or not what they say.

use std::io;
use std::time::Duration;

use axum::body::Body;
use futures_util::stream;
use web::Limits;

use crate::bed::{BOTH, Bed, DOCUMENTS, posting, with_key};

const BODY: &str = r#"{"documentIdsToAdd":["https://example.com/"]}"#;

fn chunked(parts: impl IntoIterator<Item = String, IntoIter: Send + 'static>) -> Body {
    Body::from_stream(stream::iter(parts.into_iter().map(Ok::<_, io::Error>)))
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_declared_or_not() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let small = bed.limited(Limits { body: 100, ..Limits::default() });
    let refusal = (413, "the body is larger than 100 bytes; split the request".to_owned());
    let fits = format!("{BODY}{}", " ".repeat(100 - BODY.len()));
    assert_eq!(small.post(&key, fits.clone()).await.status, 200);
    assert_eq!(small.post(&key, format!("{fits} ")).await.refusal(), refusal);
    assert_eq!(small.post(&key, chunked(vec![fits.clone(), " ".to_owned()])).await.refusal(), refusal);
    let declared =
        posting(&key).header("content-length", "101").body(Body::from_stream(stream::pending::<io::Result<String>>()));
    assert_eq!(small.send(declared.unwrap()).await.refusal(), refusal);
    let endless = std::iter::repeat_with(|| " ".repeat(1 << 16));
    assert_eq!(bed.post(&key, chunked(endless)).await.status, 413);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let hasty = bed.limited(Limits { body_wait: Duration::from_millis(20), ..Limits::default() });
    let never = Body::from_stream(stream::pending::<io::Result<String>>());
    assert_eq!(hasty.post(&key, never).await.refusal().0, 408);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let broken = Body::from_stream(stream::iter([Ok("{".to_owned()), Err(io::Error::other("gone"))]));
    assert_eq!(
        bed.post(&key, broken).await.refusal(),
        (400, "the body broke off before its end; send it again".to_owned())
    );
}

#[tokio::test]
async fn a_body_says_that_it_is_plain_json() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    for good in ["application/json", "Application/JSON; charset=utf-8", "application/json;"] {
        let request = with_key(axum::http::Request::post(DOCUMENTS), &key).header("content-type", good);
        assert_eq!(bed.send(request.body(Body::from(BODY)).unwrap()).await.status, 200, "{good}");
    }
    for (bad, found) in [
        (None, "there is none"),
        (Some("text/plain"), "it is \"text/plain\""),
        (Some("application/jsonp"), "it is \"application/jsonp\""),
        (Some("application/x-www-form-urlencoded"), "it is \"application/x-www-form-urlencoded\""),
    ] {
        let mut request = with_key(axum::http::Request::post(DOCUMENTS), &key);
        if let Some(kind) = bad {
            request = request.header("content-type", kind);
        }
        let refusal = bed.send(request.body(Body::from(BODY)).unwrap()).await.refusal();
        assert_eq!(refusal, (415, format!("Content-Type must be application/json; {found}")));
    }
    let packed = posting(&key).header("content-encoding", "gzip").body(Body::from(BODY)).unwrap();
    let expected = "Content-Encoding \"gzip\" is not supported; send the body uncompressed";
    assert_eq!(bed.send(packed).await.refusal(), (415, expected.to_owned()));
}

#[tokio::test]
async fn a_request_holds_so_many_items() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let few = bed.limited(Limits { items: 3, ..Limits::default() });
    let body = |adds: usize, refreshes: usize| {
        let urls = |count| vec!["https://example.com/"; count];
        serde_json::json!({ "documentIdsToAdd": urls(adds), "documentIdsToRefresh": urls(refreshes) }).to_string()
    };
    assert_eq!(few.post(&key, body(2, 1)).await.status, 200);
    for (adds, refreshes) in [(4, 0), (0, 4), (2, 2), (9, 0)] {
        let expected = format!(
            "documentIdsToAdd and documentIdsToRefresh hold {} items; at most 3 fit one request, split it",
            adds + refreshes
        );
        assert_eq!(few.post(&key, body(adds, refreshes)).await.refusal(), (400, expected));
    }
    assert_eq!(bed.post(&key, body(10_001, 0)).await.refusal().0, 400);
}
