//! Queueing at size: a thousand in one call, and fifty callers who want the same.

use std::collections::HashSet;

use testkit::site::Site;

use crate::ground::{Ground, on_both};

on_both!(a_thousand_pages_in_one_call, the_same_call_from_everywhere_gives_the_same_documents);

/// The pages are behind a host delay, so that the workers leave the queue as it is.
const SLOW: [&str; 2] = ["--host-delay", "10s"];

async fn a_thousand_pages_in_one_call(ground: Ground) {
    let site = Site::start().await;
    let server = ground.serve(&SLOW).await;
    let urls: Vec<String> = (0..1_000).map(|number| site.url(&format!("/{number}"))).collect();
    let ids = server.queue(&urls).await;
    assert!(site.visits().len() <= 2, "the answer waited for the pages");
    let listed = server.list(&[]).await;
    let listed: HashSet<&str> = listed.iter().map(|document| document["id"].as_str().unwrap()).collect();
    assert_eq!(listed, ids.iter().map(String::as_str).collect());
    assert_eq!(listed.len(), 1_000);
}

async fn the_same_call_from_everywhere_gives_the_same_documents(ground: Ground) {
    let site = Site::start().await;
    let server = ground.serve(&SLOW).await;
    let urls: Vec<String> = (0..20).map(|number| site.url(&format!("/{number}"))).collect();
    let calls = (0..50).map(|_| {
        let (client, urls) = (server.client.clone(), urls.clone());
        tokio::spawn(async move { client.queue(&urls).await })
    });
    let mut answers = HashSet::new();
    for call in calls.collect::<Vec<_>>() {
        answers.insert(call.await.unwrap());
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(server.list(&[]).await.len(), urls.len());
}
