//! Schedules: one for a scope, each round taken by one process, and nothing queued that is under way.

use model::{Coverage, DocumentId, Schedule, ScheduleId, Source, WorkerId};
use store::Change;

use crate::stores::{TestStore, at, kept, on_both, seconds, text};

on_both!(there_is_one_schedule_for_a_scope, a_round_is_taken_once, a_round_leaves_out_what_is_under_way);

fn every_minute(scope: Coverage, next: i64) -> Schedule {
    Schedule {
        id: ScheduleId::new(),
        scope,
        every: seconds(60),
        next_at: at(next),
        last_at: None,
        last_queued: 0,
        created_at: at(0),
    }
}

async fn there_is_one_schedule_for_a_scope(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let document = DocumentId::new();
    let scopes = [Coverage::All, Coverage::Source(Source::Notion), Coverage::Document(document)];
    let mut write = store.write().await.unwrap();
    for scope in scopes {
        write.set_schedule(acme, &every_minute(scope, 10)).await.unwrap();
    }
    let kept = write.schedules(acme).await.unwrap();
    assert_eq!(kept.iter().map(|schedule| schedule.scope).collect::<std::collections::HashSet<_>>(), scopes.into());
    let again = Schedule { every: seconds(120), ..every_minute(Coverage::All, 20) };
    write.set_schedule(acme, &again).await.unwrap();
    let all = write.schedules(acme).await.unwrap().into_iter().find(|known| known.scope == Coverage::All).unwrap();
    assert_eq!((all.every, all.next_at), (seconds(120), at(20)));
    assert!(all.id != again.id, "it is the same schedule as before");
    assert_eq!(write.schedules(other).await.unwrap(), []);
    assert_eq!(write.schedule_owner(all.id).await.unwrap(), Some(acme));
    assert!(!write.remove_schedule(other, all.id).await.unwrap());
    assert!(write.remove_schedule(acme, all.id).await.unwrap() && !write.remove_schedule(acme, all.id).await.unwrap());
    write.commit().await.unwrap();
}

async fn a_round_is_taken_once(store: TestStore) {
    let acme = store.workspace("acme").await;
    let schedule = every_minute(Coverage::All, 10);
    kept(&store, async |write| write.set_schedule(acme, &schedule).await).await.unwrap();
    assert_eq!(store.read().await.unwrap().due_schedules(at(9)).await.unwrap(), []);
    let (owner, due) = store.read().await.unwrap().due_schedules(at(10)).await.unwrap().remove(0);
    assert_eq!((owner, due.id), (acme, schedule.id));
    let take = async || kept(&store, async |write| write.take_round(&due, at(130)).await).await.unwrap();
    assert!(take().await && !take().await);
    assert_eq!(store.read().await.unwrap().due_schedules(at(20)).await.unwrap(), []);
    assert_eq!(
        store.read().await.unwrap().due_schedules(at(130)).await.unwrap().len(),
        1,
        "whoever took it may have died"
    );
    kept(&store, async |write| write.end_round(&due, at(130), 7, at(11)).await).await.unwrap();
    let done = store.read().await.unwrap().schedules(acme).await.unwrap().remove(0);
    assert_eq!((done.last_at, done.last_queued, done.next_at), (Some(at(11)), 7, schedule.after(at(11))));
}

async fn a_round_leaves_out_what_is_under_way(store: TestStore) {
    let (acme, other, worker) = (store.workspace("acme").await, store.workspace("other").await, WorkerId::new());
    let urls = ["https://a.example/", "https://b.example/", "https://c.example/"];
    let mut documents = store.add(acme, &urls[..1], at(1)).await;
    let job = store.claim_one(worker, at(1)).await;
    store.complete(&job, worker, &text("A", &["a"]), Change::First, at(2)).await;
    documents.extend(store.add(acme, &urls[1..], at(3)).await);
    let members = async |workspace, scope, behind| {
        store.read().await.unwrap().scheduled_documents(workspace, scope, behind, 10).await.unwrap()
    };
    assert_eq!(members(acme, Coverage::All, None).await, [documents[0]]);
    assert_eq!(members(acme, Coverage::All, Some(documents[0])).await, []);
    assert_eq!(members(acme, Coverage::Source(Source::Web), None).await, [documents[0]]);
    assert_eq!(members(acme, Coverage::Source(Source::Notion), None).await, []);
    assert_eq!(members(acme, Coverage::Document(documents[0]), None).await, [documents[0]]);
    assert_eq!(members(acme, Coverage::Document(documents[1]), None).await, [], "its run is under way");
    assert_eq!(members(other, Coverage::Document(documents[0]), None).await, []);
    assert_eq!(members(other, Coverage::All, None).await, []);
}
