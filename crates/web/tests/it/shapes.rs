//! The exact text of each answer: names, order, formats.

use axum::body::Body;
use axum::http::Request;
use model::DocumentId;
use uuid::Uuid;

use crate::bed::{BOTH, Bed, DOCUMENTS, READ, posting};

/// The text with one field a line, IDs numbered and times hidden.
fn redacted(text: &str) -> String {
    let mut ids: Vec<String> = Vec::new();
    let parts: Vec<String> = text
        .split('"')
        .map(|part| {
            if Uuid::parse_str(part).is_ok() {
                let at = ids.iter().position(|id| id == part).unwrap_or_else(|| {
                    ids.push(part.to_owned());
                    ids.len() - 1
                });
                return format!("[id {}]", at + 1);
            }
            if part.len() == 24 && part.ends_with('Z') && part.as_bytes()[10] == b'T' {
                "[time]".to_owned()
            } else {
                part.to_owned()
            }
        })
        .collect();
    parts.join("\"").replace(",\"", ",\n\"")
}

#[tokio::test]
async fn answers_are_spelt_like_this() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let url = "https://docs.example.com/billing/refunds#top";

    let queued = bed.add(&key, &[url]).await;
    insta::assert_snapshot!("queued", redacted(queued.text()));
    let id = &queued.texts("addedDocumentIds")[0];
    let document = bed.get(&key, &format!("{DOCUMENTS}/{id}")).await;
    insta::assert_snapshot!("document", redacted(document.text()));
    insta::assert_snapshot!("documents", redacted(bed.list(&key, "limit=1").await.text()));
    insta::assert_snapshot!("no_documents", bed.list(&key, "source=notion").await.text());
    insta::assert_snapshot!("health", bed.get("", "/healthz").await.text());
    insta::assert_snapshot!("readiness", bed.get("", "/readyz").await.text());
    let read_back: web::wire::Document = serde_json::from_slice(&document.body).unwrap();
    assert_eq!(serde_json::to_string(&read_back).unwrap(), document.text());
}

#[tokio::test]
async fn refusals_are_spelt_like_this() {
    let bed = Bed::sqlite().await;
    let (key, reader, other) = (bed.key("acme", BOTH).await, bed.key("acme", READ).await, bed.key("other", BOTH).await);
    let id = &bed.added(&key, &["https://docs.example.com/"]).await[0];
    let nowhere: DocumentId = "00000000-0000-7000-8000-000000000000".parse().unwrap();
    let first =
        posting(&key).header("idempotency-key", "k").body(Body::from(r#"{"documentIdsToAdd":["https://a.example/"]}"#));
    bed.send(first.unwrap()).await;
    let second =
        posting(&key).header("idempotency-key", "k").body(Body::from(r#"{"documentIdsToAdd":["https://b.example/"]}"#));
    let answers = [
        bed.list(&key, "limit=0").await,
        bed.get("fini_wrong", DOCUMENTS).await,
        bed.post(&reader, "{}").await,
        bed.get(&other, &format!("{DOCUMENTS}/{id}")).await,
        bed.get(&key, &format!("{DOCUMENTS}/{nowhere}")).await,
        bed.get(&key, "/v2/nothing").await,
        bed.send(Request::delete("/healthz").body(Body::empty()).unwrap()).await,
        bed.send(second.unwrap()).await,
    ];
    let texts: Vec<_> = answers.iter().map(|answer| answer.text().replace(id.as_str(), "[id]")).collect();
    insta::assert_snapshot!("refusals", texts.join("\n"));
}
