//! Sites: what is said of them, listed and forgotten, by each workspace for itself.

use serde_json::json;

use crate::bed::{BOTH, Bed, READ, on_both_databases};

const SITES: &str = "/v2/sites/public";

on_both_databases! {
    async fn what_is_said_of_a_site_is_kept_until_it_is_forgotten(bed: Bed) {
        let (key, other) = (bed.key("acme", BOTH).await, bed.key("other", BOTH).await);
        assert_eq!(bed.get(&key, SITES).await.json(), json!({ "sites": [] }));
        let said = json!({ "host": "Docs.Example.com", "keep": ["main .article"], "drop": [".teaser", "#feedback"] });
        let kept = bed.post_to(&key, SITES, &said).await.json();
        assert_eq!((&kept["host"], &kept["keep"], &kept["drop"]), (&json!("docs.example.com"), &said["keep"], &said["drop"]));
        let again = bed.post_to(&key, SITES, &json!({ "host": "docs.example.com", "drop": ["aside"] })).await.json();
        assert_eq!((&again["keep"], &again["drop"]), (&json!([]), &json!(["aside"])), "it replaces what was said before");
        assert_eq!(bed.get(&key, SITES).await.json(), json!({ "sites": [again] }));
        assert_eq!(bed.get(&other, SITES).await.json(), json!({ "sites": [] }));

        let host = json!({ "host": "docs.example.com" });
        let forget = format!("{SITES}/forget");
        assert_eq!(bed.post_to(&other, &forget, &host).await.status, 404);
        assert_eq!(bed.post_to(&key, &forget, &host).await.json(), json!({ "sites": [] }));
        let gone = bed.post_to(&key, &forget, &host).await;
        assert_eq!(gone.refusal(), (404, "nothing was said of \"docs.example.com\"".to_owned()));
    }

    async fn a_selector_that_cannot_be_used_is_refused(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let (status, text) = bed.post_to(&key, SITES, &json!({ "host": "a.example", "drop": [".a", "p::before"] })).await.refusal();
        assert!(status == 400 && text.contains("drop[1]"), "{text}");
        assert_eq!(bed.get(&key, SITES).await.json(), json!({ "sites": [] }));
        let reader = bed.key("acme", READ).await;
        assert_eq!(bed.post_to(&reader, SITES, &json!({ "host": "a.example", "drop": [".a"] })).await.status, 403);
    }
}
