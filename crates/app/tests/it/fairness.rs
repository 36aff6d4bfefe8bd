//! Nobody's big import keeps others waiting: not another workspace's, and not another host's.

use connect::api::ApiError;
use testkit::site::{Answer, Gate, Site, pages};

use crate::ground::{Ground, on_both};
use crate::server::{Client, status};

on_both!(a_big_workspace_does_not_starve_a_small_one, a_slow_host_does_not_block_the_others);

const MANY: usize = 300;
const AT_ONCE: usize = 4;

async fn a_big_workspace_does_not_starve_a_small_one(ground: Ground) {
    let (big, small, gate) = (Site::start().await, Site::start().await, Gate::closed());
    let urls: Vec<String> =
        (0..MANY).map(|number| big.on(&format!("/{number}"), pages::ENGLISH.utf8().behind(&gate))).collect();
    let server = ground.serve(&["--concurrency", "4"]).await;
    server.queue(&urls).await;
    crate::server::until("the big import occupies every place", async || {
        (big.count_below("/") > AT_ONCE).then_some(())
    })
    .await;

    let key = ground.run(&["key", "create", "b", "--workspace", "B"]).await.ok();
    let other = Client::new(&server.address, key.trim());
    let ids = other.queue(&[small.on("/", pages::GERMAN.utf8())]).await;
    gate.open();
    assert_eq!(status(&other.ended(&ids[0]).await), "COMPLETED");
    let foreign = server.list(&[]).await[0]["id"].as_str().unwrap_or_default().to_owned();
    let refused = other.try_document(&foreign).await;
    assert!(
        matches!(refused, Err(ApiError::Refused { status: 403, .. })),
        "workspaces see only their own: {refused:?}"
    );

    let asked = crate::charts::first(&small, "/");
    let before = big.visits().iter().filter(|visit| visit.at < asked).count();
    assert!(before <= 1 + 3 * AT_ONCE, "{before} requests for the big import came first");
}

async fn a_slow_host_does_not_block_the_others(ground: Ground) {
    let (slow, quick) = (Site::start().await, Site::start().await);
    let urls: Vec<String> =
        (0..MANY).map(|number| slow.on(&format!("/{number}"), Answer::html("<p>Slow.</p>"))).collect();
    let server = ground.serve(&["--concurrency", "4", "--host-delay", "3s"]).await;
    server.queue(&urls).await;
    let ids = server.queue(&[quick.on("/", pages::ENGLISH.utf8())]).await;
    assert_eq!(status(&server.ended(&ids[0]).await), "COMPLETED");
    let documents = server.list(&[("linkedJobStatus", "PENDING")]).await;
    assert!(documents.len() > MANY - 20, "only {} are left", documents.len());
    let in_line = documents.iter().filter(|document| document["waiting"]["code"] == "host").count();
    assert!(in_line > MANY - 20, "only {in_line} know that they wait for their host");
}
