//! Queueing: what becomes of what was named, alone and all at once.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::bed::{BOTH, Bed, DOCUMENTS, on_both_databases};

async fn documents(bed: &Bed, key: &str) -> Vec<Value> {
    bed.list(key, "limit=500").await.json()["documents"].as_array().unwrap().clone()
}

on_both_databases! {
    async fn pages_are_added_then_refreshed_in_the_order_named(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let urls = ["https://example.com/c", "https://example.com/a", "https://example.com/b"];
        let added = bed.added(&key, &urls).await;
        for (id, url) in added.iter().zip(urls) {
            let document = bed.get(&key, &format!("{DOCUMENTS}/{id}")).await.json();
            assert_eq!((document["originalUrl"].as_str(), document["linkedJobStatus"].as_str()), (Some(url), Some("PENDING")));
            assert!(document["waiting"]["text"].is_string(), "{document}");
        }
        let body = json!({ "source": "web", "documentIdsToAdd": [urls[1], "https://example.com/d"], "documentIdsToRefresh": [urls[0], urls[2], urls[1]] });
        let answer = bed.post(&key, body.to_string()).await;
        assert_eq!(answer.texts("updatedDocumentIds"), [&*added[1], &*added[0], &*added[2]]);
        assert_eq!(answer.texts("addedDocumentIds").len(), 1);
        assert_eq!(documents(&bed, &key).await.len(), 4);
    }

    async fn spellings_of_one_page_are_one_document(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let first = " HTTPS://Example.com:443/a?utm_source=x#part ";
        let added = bed.added(&key, &[first, "https://example.com/a", "https://example.com/a#other"]).await;
        assert_eq!(added.len(), 1);
        let document = bed.get(&key, &format!("{DOCUMENTS}/{}", added[0])).await.json();
        assert_eq!(document["externalId"], "https://example.com/a");
        assert_eq!(document["originalUrl"].as_str().map(str::trim), Some(first.trim()));
    }

    async fn flags_are_stored_and_kept_when_left_out(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let url = "https://example.com/";
        for (flags, english, baser) in [
            (json!({}), true, false),
            (json!({ "english": false, "baser": true }), false, true),
            (json!({ "english": null }), false, true),
            (json!({ "english": true }), true, true),
        ] {
            let mut body = flags.clone();
            body["documentIdsToAdd"] = json!([url]);
            assert_eq!(bed.post(&key, body.to_string()).await.status, StatusCode::OK);
            let document = &documents(&bed, &key).await[0];
            assert_eq!((&document["english"], &document["baser"]), (&json!(english), &json!(baser)), "{flags}");
        }
    }

    async fn nulls_and_unknown_fields_count_as_absent(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let body = json!({ "source": null, "documentIdsToAdd": ["https://example.com/"], "documentIdsToRefresh": null,
            "english": null, "baser": null, "folder": { "deep": [[1]] } });
        assert_eq!(bed.post(&key, body.to_string()).await.status, StatusCode::OK);
    }

    async fn a_refused_batch_changes_nothing(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let known = "https://example.com/known";
        bed.added(&key, &[known]).await;
        let before = bed.list(&key, "").await;
        bed.pass_time(Duration::from_secs(1));
        for body in [
            json!({ "documentIdsToAdd": [known, "https://example.com/new", "ftp://example.com/"] }),
            json!({ "documentIdsToAdd": [known, "https://example.com/new"], "documentIdsToRefresh": ["https://example.com/unknown"] }),
        ] {
            assert_eq!(bed.post(&key, body.to_string()).await.status, StatusCode::BAD_REQUEST);
            assert_eq!(bed.list(&key, "").await.text(), before.text());
        }
    }

    async fn unknown_pages_to_refresh_are_all_named(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let urls: Vec<_> = (0..25).map(|page| format!("https://example.com/{page}")).collect();
        let (status, message) = bed.post(&key, json!({ "documentIdsToRefresh": urls }).to_string()).await.refusal();
        assert_eq!(status, 400);
        assert!(message.starts_with("25 values are refused, the first 20 are: (1) "), "{message}");
        assert!(message.contains("https://example.com/19") && !message.contains("https://example.com/20"), "{message}");
    }

    async fn a_thousand_pages_are_one_call(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let urls: Vec<_> = (0..1000).map(|page| format!("https://example.com/{page}")).collect();
        let added = bed.added(&key, &urls).await;
        assert_eq!(added.iter().collect::<BTreeSet<_>>().len(), 1000);
        let again = bed.add(&key, &urls).await;
        assert_eq!((again.texts("addedDocumentIds").len(), again.texts("updatedDocumentIds")), (0, added));
    }

    async fn fifty_equal_calls_at_once_make_one_set_of_documents(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let urls: Vec<_> = (0..10).map(|page| format!("https://example.com/{page}")).collect();
        let calls = (0..50).map(|_| {
            let (bed, key, urls) = (bed.clone(), key.clone(), urls.clone());
            tokio::spawn(async move { bed.add(&key, &urls).await })
        });
        let mut all = BTreeSet::new();
        let mut first_time = 0;
        for answer in join_all(calls).await {
            let answer = answer.unwrap();
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            let (added, updated) = (answer.texts("addedDocumentIds"), answer.texts("updatedDocumentIds"));
            assert_eq!(added.len() + updated.len(), 10);
            first_time += added.len();
            all.extend(added.into_iter().chain(updated));
        }
        assert_eq!((all.len(), first_time), (10, 10));
        assert_eq!(documents(&bed, &key).await.len(), 10);
    }
}

#[tokio::test]
async fn workers_are_told_after_a_commit_and_only_then() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let bell = bed.store.bell().clone();
    let ring = bell.listen();
    bed.add(&key, &["nonsense"]).await;
    assert!(tokio::time::timeout(Duration::from_millis(1), ring.heard()).await.is_err());
    bed.added(&key, &["https://example.com/"]).await;
    ring.heard().await;
}
