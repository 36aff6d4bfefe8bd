//! The queue of a workspace: its numbers, its pauses, and what others must not learn from them.

use model::{WorkerId, WorkspaceId};
use serde_json::{Value, json};
use store::Pausable;

use crate::bed::{BOTH, Bed, DOCUMENTS, QUEUE, on_both_databases};

async fn pause_host(bed: &Bed, host: &str) {
    let mut write = bed.store.write().await.unwrap();
    write.pause(&Pausable::Lane(host.to_owned()), "they asked us to", bed.store.now()).await.unwrap();
    write.commit().await.unwrap();
}

async fn alive(bed: &Bed) -> WorkerId {
    let worker = WorkerId::new();
    bed.store.worker_is_alive(worker, "test", true).await.unwrap();
    worker
}

on_both_databases! {
    async fn the_queue_is_told_in_numbers(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let nothing = bed.get(&key, QUEUE).await.json();
        assert_eq!((&nothing["oldestWaitingSince"], &nothing["pauses"], &nothing["workersAlive"]), (&Value::Null, &json!([]), &json!(0)));
        bed.added(&key, &["https://a.example/1", "https://a.example/2"]).await;
        bed.added(&bed.key("other", BOTH).await, &["https://a.example/"]).await;
        let worker = alive(&bed).await;
        bed.claim(worker).await;
        let since = bed.store.now().to_string();
        bed.added(&key, &["https://b.example/"]).await;
        let queue = bed.get(&key, QUEUE).await.json();
        assert_eq!(queue["jobs"], json!({ "ready": 1, "delayed": 0, "in_line": 0, "held": 0, "running": 2 }));
        assert_eq!(queue["priorities"], json!({ "interactive": 3, "bulk": 0, "scheduled": 0 }));
        assert_eq!((&queue["oldestWaitingSince"], &queue["workersAlive"]), (&json!(since), &json!(1)));
    }

    async fn a_paused_workspace_says_so_until_it_is_resumed(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let other = bed.key("other", BOTH).await;
        let id = bed.added(&key, &["https://a.example/"]).await.remove(0);
        bed.added(&other, &["https://b.example/"]).await;
        let worker = alive(&bed).await;
        let queue = bed.post_to(&key, &format!("{QUEUE}/pause"), &json!({ "reason": " we move " })).await.json();
        assert_eq!((&queue["pauses"][0]["kind"], &queue["pauses"][0]["reason"]), (&json!("workspace"), &json!("we move")));
        let waiting = bed.get(&key, &format!("{DOCUMENTS}/{id}")).await.json()["waiting"].clone();
        assert_eq!((&waiting["code"], &waiting["text"]), (&json!("paused"), &json!("an operator paused it: we move")));
        assert_eq!(bed.get(&other, QUEUE).await.json()["pauses"], json!([]), "others do not hear of it");
        assert_eq!(bed.claim(worker).await.len(), 1, "only the other workspace's");
        assert_eq!(bed.get(&key, QUEUE).await.json()["jobs"]["held"], 1);

        let ring = bed.quiet_bell().await;
        let queue = bed.post_to(&key, &format!("{QUEUE}/resume"), &Value::Null).await.json();
        assert_eq!(queue["pauses"], json!([]));
        ring.heard().await;
        assert_eq!(bed.claim(worker).await.len(), 1);
        let idle = bed.post_to(&key, &format!("{QUEUE}/resume"), &Value::Null).await;
        assert_eq!(idle.status, 200, "no pause to end is no fault");
    }

    async fn a_paused_host_is_told_to_those_it_holds_up_and_to_nobody_else(bed: Bed) {
        let (key, other) = (bed.key("acme", BOTH).await, bed.key("other", BOTH).await);
        bed.added(&key, &["https://a.example/"]).await;
        bed.added(&other, &["https://b.example/"]).await;
        pause_host(&bed, "a.example").await;
        bed.claim(alive(&bed).await).await;
        let pauses = bed.get(&key, QUEUE).await.json()["pauses"].clone();
        assert_eq!((&pauses[0]["kind"], &pauses[0]["host"]), (&json!("host"), &json!("a.example")));
        assert_eq!(bed.get(&other, QUEUE).await.json()["pauses"], json!([]));
        bed.post_to(&key, &format!("{QUEUE}/resume"), &Value::Null).await;
        assert_eq!(bed.get(&key, QUEUE).await.json()["pauses"], pauses, "it is the operator's to end");
    }
}

#[tokio::test]
async fn a_reason_is_a_line_of_text() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let workspace: WorkspaceId = bed.workspace("acme").await;
    for body in
        [json!({}), json!({ "reason": "  " }), json!({ "reason": "a\nb" }), json!({ "reason": "é".repeat(501) })]
    {
        let (status, message) = bed.post_to(&key, &format!("{QUEUE}/pause"), &body).await.refusal();
        assert_eq!((status, message.as_str()), (400, "reason must be a line of text of 1 to 500 characters"), "{body}");
    }
    let fits = bed.post_to(&key, &format!("{QUEUE}/pause"), &json!({ "reason": "é".repeat(500) })).await;
    assert_eq!(fits.status, 200);
    let pauses = bed.store.read().await.unwrap().pauses().await.unwrap();
    assert!(matches!(pauses.as_slice(), [pause] if pause.what == Pausable::Workspace(workspace)), "{pauses:?}");
}
