//! `Idempotency-Key`: a call made twice works once.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use futures_util::future::join_all;

use crate::bed::{Answer, BOTH, Bed, DOCUMENTS, on_both_databases, posting};

const ONE: &str = r#"{"documentIdsToAdd":["https://example.com/1"]}"#;
const TWO: &str = r#"{"documentIdsToAdd":["https://example.com/2"]}"#;

async fn call(bed: &Bed, key: &str, name: &str, body: &str) -> Answer {
    bed.send(posting(key).header("idempotency-key", name).body(Body::from(body.to_owned())).unwrap()).await
}

on_both_databases! {
    async fn the_first_answer_is_given_again(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let first = call(&bed, &key, "k", ONE).await;
        bed.pass_time(Duration::from_mins(1));
        let again = call(&bed, &key, "k", ONE).await;
        assert_eq!((again.status, again.text()), (StatusCode::OK, first.text()));
        assert_eq!(again.header("content-type"), "application/json");
        assert_eq!(again.texts("addedDocumentIds").len(), 1);
        let document = bed.get(&key, &format!("{DOCUMENTS}/{}", again.texts("addedDocumentIds")[0])).await.json();
        assert_eq!(document["createdAt"], document["updatedAt"], "the second call did something");

        let fresh = call(&bed, &key, "other", ONE).await;
        assert_eq!(fresh.texts("updatedDocumentIds"), first.texts("addedDocumentIds"));
    }

    async fn another_body_is_a_conflict_and_changes_nothing(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        call(&bed, &key, "k", ONE).await;
        for body in [TWO, &format!("{ONE} ")] {
            let (status, message) = call(&bed, &key, "k", body).await.refusal();
            assert_eq!(status, 409);
            assert!(message.contains("use a new key"), "{message}");
        }
        assert_eq!(bed.get(&key, DOCUMENTS).await.ids().len(), 1);
    }

    async fn keys_of_two_workspaces_do_not_meet(bed: Bed) {
        let (one, other) = (bed.key("one", BOTH).await, bed.key("other", BOTH).await);
        let first = call(&bed, &one, "k", ONE).await;
        let second = call(&bed, &other, "k", TWO).await;
        assert_eq!(second.status, StatusCode::OK);
        assert_ne!(first.text(), second.text());
    }

    async fn a_key_is_forgotten_after_a_day(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let first = call(&bed, &key, "k", ONE).await;
        bed.pass_time(Duration::from_secs(24 * 3600 - 1));
        assert_eq!(call(&bed, &key, "k", ONE).await.text(), first.text());
        bed.pass_time(Duration::from_secs(2));
        assert_eq!(call(&bed, &key, "k", TWO).await.status, StatusCode::OK);
    }

    async fn a_refused_call_keeps_nothing(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let unknown = r#"{"documentIdsToRefresh":["https://example.com/1"]}"#;
        for body in ["{", "{}", r#"{"documentIdsToAdd":["nonsense"]}"#, unknown] {
            assert_eq!(call(&bed, &key, "k", body).await.status, StatusCode::BAD_REQUEST, "{body}");
        }
        assert_eq!(call(&bed, &key, "k", ONE).await.status, StatusCode::OK);
        assert_eq!(call(&bed, &key, "k", unknown).await.status, StatusCode::CONFLICT);
    }

    async fn twenty_calls_at_once_are_one(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let calls = (0..20).map(|_| {
            let (bed, key) = (bed.clone(), key.clone());
            tokio::spawn(async move { call(&bed, &key, "k", ONE).await })
        });
        let answers: Vec<_> = join_all(calls).await.into_iter().map(Result::unwrap).collect();
        for answer in &answers {
            assert_eq!((answer.status, answer.text()), (StatusCode::OK, answers[0].text()));
            assert_eq!(answer.texts("addedDocumentIds").len(), 1);
        }
    }
}

#[tokio::test]
async fn keys_are_visible_ascii_up_to_255() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    for good in ["a".repeat(255), "!~\"{}".to_owned()] {
        assert_eq!(call(&bed, &key, &good, ONE).await.status, StatusCode::OK, "{good}");
    }
    for (bad, why) in [
        (String::new(), "is empty"),
        ("a".repeat(256), "longer than 255"),
        ("a b".to_owned(), "visible ASCII"),
        ("é".to_owned(), "visible ASCII"),
    ] {
        let (status, message) = call(&bed, &key, &bad, ONE).await.refusal();
        assert!(
            status == 400 && message.starts_with("the Idempotency-Key header") && message.contains(why),
            "{bad}: {message}"
        );
    }
    let twice =
        posting(&key).header("idempotency-key", "a").header("idempotency-key", "b").body(Body::from(ONE)).unwrap();
    assert_eq!(
        bed.send(twice).await.refusal(),
        (400, "the Idempotency-Key header is given twice; give it once".to_owned())
    );
}
