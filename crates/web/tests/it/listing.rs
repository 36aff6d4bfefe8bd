//! Lists: every filter, and pages both ways over documents with the same time.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::bed::{BOTH, Bed, on_both_databases};

/// Three batches of seven: within a batch all times are equal, so the order hangs on `externalId`.
async fn filled(bed: &Bed) -> String {
    let key = bed.key("acme", BOTH).await;
    for batch in 0..3 {
        let urls: Vec<_> = (0..7).map(|page| format!("https://example.com/{batch}/{}", (page * 3) % 7)).collect();
        let body = json!({ "documentIdsToAdd": urls, "english": batch != 1, "baser": batch == 2 });
        assert_eq!(bed.post(&key, body.to_string()).await.status, StatusCode::OK);
        bed.pass_time(Duration::from_secs(1));
    }
    let stranger = bed.key("stranger", BOTH).await;
    bed.added(&stranger, &["https://example.com/stranger"]).await;
    key
}

/// Walks from one end to the other and returns the pages in the order of the walk.
async fn walk(bed: &Bed, key: &str, filter: &str, direction: &str, mut cursor: Option<String>) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let at = cursor.map(|id| format!("&cursor={id}")).unwrap_or_default();
        let answer = bed.list(key, &format!("limit=3&direction={direction}&{filter}{at}")).await;
        let page = answer.ids();
        let more = answer.json()["hasMore"].as_bool().unwrap();
        assert!(!more || page.len() == 3, "a page with more behind it is full");
        cursor = if direction == "next" { page.last().cloned() } else { page.first().cloned() };
        pages.push(page);
        if !more {
            return pages;
        }
    }
}

fn field(document: &Value, name: &str) -> String {
    document[name].as_str().unwrap().to_owned()
}

on_both_databases! {
    async fn pages_in_both_directions_cover_the_list_once(bed: Bed) {
        let key = filled(&bed).await;
        for (filter, count) in [("", 21), ("english=false", 7), ("english=true", 14), ("title=/1/", 7), ("linkedJobStatus=PENDING", 21)] {
            let whole = bed.list(&key, &format!("limit=500&{filter}")).await;
            let ids = whole.ids();
            assert_eq!(ids.len(), count, "{filter}");
            let documents = whole.json()["documents"].as_array().unwrap().clone();
            let order: Vec<_> = documents.iter().map(|one| (field(one, "updatedAt"), field(one, "externalId"), field(one, "id"))).collect();
            assert!(order.is_sorted_by(|one, next| one > next), "{order:?}");

            assert_eq!(walk(&bed, &key, filter, "next", None).await.concat(), ids, "{filter}");
            let mut back = walk(&bed, &key, filter, "previous", ids.last().cloned()).await;
            back.reverse();
            assert_eq!(back.concat(), ids[..ids.len() - 1], "{filter}");
        }
    }

    async fn ends_and_empty_lists_have_nothing_more(bed: Bed) {
        let key = filled(&bed).await;
        let ids = bed.list(&key, "").await.ids();
        for query in [format!("cursor={}", ids[20]), format!("cursor={}&direction=previous", ids[0]), "source=files".to_owned()] {
            let answer = bed.list(&key, &query).await;
            assert_eq!(answer.json(), json!({ "documents": [], "hasMore": false }), "{query}");
        }
        assert_eq!(bed.list(&key, "direction=previous&limit=2").await.ids(), ids[..2], "without a cursor it has no meaning");
    }

    async fn each_filter_narrows_the_list(bed: Bed) {
        let key = filled(&bed).await;
        let first = &bed.list(&key, "limit=1").await.ids()[0];
        let cases = [
            ("", 21),
            ("limit=500", 21),
            ("source=web", 21),
            ("source=files", 0),
            ("english=true", 14),
            ("english=false", 7),
            ("baser=true", 7),
            ("baser=false", 14),
            ("changed=false", 21),
            ("changed=true", 0),
            ("success=false", 21),
            ("success=true", 0),
            ("linkedJobStatus=PENDING", 21),
            ("linkedJobStatus=COMPLETED", 0),
            ("linkedOperation=DO_NOTHING", 0),
            ("linkedKnowledgeId=5d9f67a8-d853-4af4-b7ce-23ebba1245e5", 0),
            ("title=EXAMPLE.COM%2F0", 7),
            ("originalUrl=Example.com/2/", 7),
            ("originalUrl=%25", 0),
            ("title=_", 0),
            ("title=", 21),
            ("english=true&baser=true", 7),
            ("english=false&baser=true", 0),
            ("unknown=1&unknown=2", 21),
            ("&&", 21),
        ];
        for (query, count) in cases {
            assert_eq!(bed.list(&key, query).await.ids().len(), count, "{query}");
        }
        assert_eq!(bed.list(&key, &format!("id={first}")).await.ids(), [first.as_str()]);
        assert_eq!(bed.list(&key, "title=stranger").await.ids().len(), 0);
    }
}
