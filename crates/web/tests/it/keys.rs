//! Keys: what is one, what it may do, when it ends.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::bed::{Answer, BOTH, Bed, DOCUMENTS, READ, WRITE, on_both_databases, posting};

const SCOPE: &str =
    r#"{"statusCode":403,"message":"API key does not have the required scope for this operation","error":"Forbidden"}"#;

async fn with_header(bed: &Bed, value: &str) -> Answer {
    bed.send(Request::get(DOCUMENTS).header("authorization", value).body(Body::empty()).unwrap()).await
}

on_both_databases! {
    async fn each_route_asks_for_its_scope(bed: Bed) {
        let writer = bed.key("acme", WRITE).await;
        let reader = bed.key("acme", READ).await;
        let both = bed.key("acme", BOTH).await;
        let id = bed.added(&both, &["https://example.com/"]).await.remove(0);
        let one = format!("{DOCUMENTS}/{id}");
        for (key, reads, writes) in [(&both, true, true), (&reader, true, false), (&writer, false, true)] {
            let answers = [
                (reads, bed.get(key, DOCUMENTS).await),
                (reads, bed.get(key, &one).await),
                (writes, bed.add(key, &["https://example.com/"]).await),
            ];
            for (allowed, answer) in answers {
                assert_eq!(answer.status == StatusCode::OK, allowed, "{}", answer.text());
                assert!(allowed || answer.text() == SCOPE, "{}", answer.text());
            }
        }
    }

    async fn a_revoked_key_is_dead_at_once(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let other = bed.key("acme", BOTH).await;
        assert_eq!(bed.get(&key, DOCUMENTS).await.status, StatusCode::OK);
        let workspace = bed.workspace("acme").await;
        let mut write = bed.store.write().await.unwrap();
        write.revoke_keys(workspace, &key[..13], bed.store.now()).await.unwrap();
        write.commit().await.unwrap();
        assert_eq!(bed.get(&key, DOCUMENTS).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(bed.add(&key, &["https://example.com/"]).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(bed.get(&other, DOCUMENTS).await.status, StatusCode::OK);
    }

    async fn everything_that_is_no_valid_key_is_answered_alike(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let unknown = store::new_key().unwrap();
        let damaged = format!("{}{}", &key[..key.len() - 1], if key.ends_with('0') { '1' } else { '0' });
        let values = [
            String::new(),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            key.clone(),
            format!("Basic {key}"),
            format!("Bearer {key} {key}"),
            format!("Bearer{key}"),
            format!("Bearer {}", unknown.reveal()),
            format!("Bearer {damaged}"),
            format!("Bearer {}", key.to_lowercase().replacen("fini_", "FINI_", 1)),
            "Bearer fini_\u{e9}".to_owned(),
        ];
        let mut texts = vec![bed.send(Request::get(DOCUMENTS).body(Body::empty()).unwrap()).await];
        for value in values {
            texts.push(with_header(&bed, &value).await);
        }
        let twice = Request::get(DOCUMENTS).header("authorization", format!("Bearer {key}"));
        texts.push(bed.send(twice.header("authorization", format!("Bearer {key}")).body(Body::empty()).unwrap()).await);
        for answer in &texts {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer:?}");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            assert_eq!(answer.text(), texts[0].text());
        }
    }

    async fn the_scheme_is_read_in_any_case(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        for scheme in ["Bearer", "bearer", "BEARER"] {
            for space in [" ", "  "] {
                assert_eq!(with_header(&bed, &format!("{scheme}{space}{key}")).await.status, StatusCode::OK);
            }
        }
    }

    async fn the_key_is_looked_at_before_the_request(bed: Bed) {
        let reader = bed.key("acme", READ).await;
        let writer = bed.key("acme", WRITE).await;
        assert_eq!(bed.list("", "limit=x").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(bed.list(&writer, "limit=x").await.status, StatusCode::FORBIDDEN);
        assert_eq!(bed.get(&writer, &format!("{DOCUMENTS}/x")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(bed.post("", "not json").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(bed.post(&reader, "not json").await.status, StatusCode::FORBIDDEN);
        let endless = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
        assert_eq!(bed.send(posting("").body(endless).unwrap()).await.status, StatusCode::UNAUTHORIZED);
    }
}
