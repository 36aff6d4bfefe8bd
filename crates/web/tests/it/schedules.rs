//! Schedules over HTTP: set, listed, replaced and removed.

use serde_json::json;

use crate::bed::{BOTH, Bed, on_both_databases};

const SCHEDULES: &str = "/v2/schedules/public";

on_both_databases! {
    async fn a_schedule_is_set_shown_and_removed(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let document = bed.added(&key, &["https://docs.example.com/refunds"]).await.remove(0);
        let daily = bed.post_to(&key, SCHEDULES, &json!({ "everySeconds": 86_400, "source": "web" })).await.json();
        assert_eq!((&daily["source"], &daily["documentId"], &daily["lastAt"]), (&json!("web"), &json!(null), &json!(null)));
        let hourly = json!({ "everySeconds": 3_600, "source": "web", "now": true });
        let hourly = bed.post_to(&key, SCHEDULES, &hourly).await.json();
        assert_eq!((&hourly["id"], &hourly["everySeconds"]), (&daily["id"], &json!(3_600)), "one for each scope");
        let one = bed.post_to(&key, SCHEDULES, &json!({ "everySeconds": 60, "documentId": document })).await.json();
        let listed = bed.get(&key, SCHEDULES).await.json();
        assert_eq!(listed, json!({ "schedules": [hourly, one] }));
        let left = bed.delete(&key, &format!("{SCHEDULES}/{}", one["id"].as_str().unwrap()), &json!(null)).await.json();
        assert_eq!(left, json!({ "schedules": [hourly] }));
        let gone = bed.delete(&key, &format!("{SCHEDULES}/{}", one["id"].as_str().unwrap()), &json!(null)).await;
        assert_eq!(gone.status, 404);
        for (body, wanted) in [
            (json!({}), "everySeconds is missing"),
            (json!({ "everySeconds": 59 }), "everySeconds must be a whole number from 60"),
            (json!({ "everySeconds": 60, "source": "ftp" }), "source must be one of web"),
            (json!({ "everySeconds": 60, "source": "web", "documentId": document }), "not both"),
            (json!({ "everySeconds": 60, "documentId": "01a20a9c-3302-77ff-80ef-b257133079f5" }), "is no document"),
        ] {
            let (status, refusal) = bed.post_to(&key, SCHEDULES, &body).await.refusal();
            assert!(status == 400 && refusal.contains(wanted), "{refusal}");
        }
    }
}
