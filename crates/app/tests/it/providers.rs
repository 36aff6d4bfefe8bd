//! Connected providers end to end: connected on the command line, synced, read by the workers, and synced again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};
use testkit::provider::Provider;
use testkit::provider::notion::accounts::INTERNAL_TOKEN;
use testkit::provider::notion::{Block, Notion};
use testkit::provider::switches::Switch;

use crate::ground::{Ground, on_both};
use crate::server::Server;

on_both!(
    a_source_is_synced_and_costs_little_when_nothing_changed,
    a_broken_connection_fails_its_documents_and_marks_nothing_gone,
    many_items_are_read_once_each_within_the_limit,
    files_are_read_where_they_are_named,
);

/// Keeps a secret where the command line takes it from.
fn secret(ground: &Ground, text: &str) -> PathBuf {
    let path = ground.path().join("secret");
    std::fs::write(&path, text).unwrap();
    path
}

async fn connect(ground: &Ground, fake: &Provider<Notion>, token: &str, rate: &str) -> crate::ground::Done {
    let (origin, file) = (fake.origin(), secret(ground, token));
    let flags = ["--secret-file", file.to_str().unwrap(), "--requests-per-second", rate];
    ground.run(&[&["connect", "notion", "--api-url", &origin], &flags[..]].concat()).await
}

/// How many items a sync gave each outcome.
fn counts(sync: &Value) -> BTreeMap<String, i64> {
    let counts = sync["sync"]["counts"].as_object().unwrap();
    counts
        .iter()
        .map(|(outcome, count)| (outcome.clone(), count.as_i64().unwrap()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn of(counts: &[(&str, i64)]) -> BTreeMap<String, i64> {
    counts.iter().map(|(outcome, count)| ((*outcome).to_owned(), *count)).collect()
}

async fn by_title(server: &Server) -> BTreeMap<String, Value> {
    let documents = server.all_ended().await;
    documents.into_iter().map(|document| (document["title"].as_str().unwrap().to_owned(), document)).collect()
}

async fn a_source_is_synced_and_costs_little_when_nothing_changed(ground: Ground) {
    let fake = Provider::start(Notion::default()).await;
    let world = &fake.fake().world;
    world.add_page("Refunds", vec![Block::heading(2, "When"), Block::paragraph("Within 30 days.")]);
    let prices = world.add_page("Prices", vec![Block::paragraph("Ten euros a month.")]);
    let hours = world.add_page("Hours", vec![Block::paragraph("From nine to five.")]);
    let server = ground.serve(&[]).await;
    let said = connect(&ground, &fake, INTERNAL_TOKEN, "100").await.ok();
    assert!(said.contains("Notion takes us: Fake workspace"), "{said}");

    let dry = ground.run(&["sync", "notion", "--dry-run", "--json"]).await.json();
    assert_eq!((counts(&dry), &dry["items"][0]["outcome"]), (of(&[("new", 3)]), &json!("new")));
    assert_eq!(server.list(&[]).await.len(), 0, "a dry run does nothing");
    assert_eq!(counts(&ground.run(&["sync", "notion", "--json"]).await.json()), of(&[("new", 3)]));
    let documents = by_title(&server).await;
    let texts = |documents: &BTreeMap<String, Value>, title: &str| documents[title]["paragraphs"].clone();
    assert_eq!(texts(&documents, "Refunds"), json!(["## When", "Within 30 days."]));
    assert_eq!(documents["Prices"]["source"], "notion");

    // Nothing changed: the listing tells, and no item is asked for.
    fake.log().clear();
    assert_eq!(counts(&ground.run(&["sync", "notion", "--json"]).await.json()), of(&[("unchanged", 3)]));
    assert_eq!(fake.log().below("/v1/pages/").len(), 0);
    // A refresh asks for the version alone.
    let named: Vec<&Value> = documents.values().map(|document| &document["id"]).collect();
    server.post("v2/documents/public/refresh", Some(&json!({ "documentIds": named }))).await.unwrap();
    let again = by_title(&server).await;
    assert_eq!(again["Prices"]["revision"], 1);
    assert!(again["Prices"]["updatedAt"].as_str() > documents["Prices"]["updatedAt"].as_str());
    let asked = fake.log().below("/v1/pages/");
    assert!(asked.len() == 3 && asked.iter().all(|asked| !asked.request.path.ends_with("/markdown")));

    world.advance(std::time::Duration::from_mins(5));
    world.rewrite(prices, vec![Block::paragraph("Twelve euros a month.")]);
    world.trash(hours);
    let dry = ground.run(&["sync", "notion", "--dry-run", "--json"]).await.json();
    let expected = of(&[("unchanged", 1), ("changed", 1), ("missing", 1)]);
    assert_eq!(counts(&dry), expected);
    assert_eq!(counts(&ground.run(&["sync", "notion", "--json"]).await.json()), expected);
    let after = by_title(&server).await;
    assert_eq!(texts(&after, "Prices"), json!(["Twelve euros a month."]));
    assert_eq!((&after["Prices"]["revision"], &after["Prices"]["changed"]), (&json!(2), &json!(true)));
    assert_eq!(texts(&after, "Prices").as_array().unwrap().len(), 1);
    let hours = &after["Hours"];
    assert!(hours["error"].as_str().unwrap().starts_with("gone: "), "{hours}");
    assert_eq!(hours["paragraphs"], json!(["From nine to five."]), "the last good text stays");
    assert_eq!(after["Refunds"]["revision"], 1);
    assert!(!ground.printed().contains(INTERNAL_TOKEN), "the log shows the token");
}

async fn a_broken_connection_fails_its_documents_and_marks_nothing_gone(ground: Ground) {
    let fake = Provider::start(Notion::default()).await;
    fake.fake().world.add_page("Refunds", vec![Block::paragraph("Within 30 days.")]);
    let server = ground.serve(&[]).await;
    let refused = connect(&ground, &fake, "ntn_wrong", "100").await;
    let told = refused.refusal();
    assert!(told.contains("Notion is kept, but does not take us") && !told.contains("ntn_wrong"), "{told}");
    connect(&ground, &fake, INTERNAL_TOKEN, "100").await.ok();
    ground.run(&["sync", "notion"]).await.ok();
    let before = by_title(&server).await;

    fake.switches().set(Switch::Revoked);
    let refresh = json!({ "documentIds": [before["Refunds"]["id"]] });
    server.post("v2/documents/public/refresh", Some(&refresh)).await.unwrap();
    let broken = &by_title(&server).await["Refunds"];
    assert!(broken["error"].as_str().unwrap().starts_with("provider_disconnected: Notion"), "{broken}");
    assert_eq!(broken["paragraphs"], before["Refunds"]["paragraphs"]);
    let failed = ground.run(&["sync", "notion"]).await.refusal();
    assert!(failed.contains("provider_disconnected"), "{failed}");
    let listed = ground.run(&["connect", "list", "--json"]).await.json();
    assert!(listed["connections"][0]["problem"].as_str().unwrap().contains("Notion"), "{listed}");

    fake.switches().clear(Switch::Revoked);
    server.post("v2/documents/public/refresh", Some(&refresh)).await.unwrap();
    assert_eq!(by_title(&server).await["Refunds"]["success"], true);
    let listed = ground.run(&["connect", "list", "--json"]).await.json();
    assert_eq!(listed["connections"][0]["problem"], "", "it takes us again");
}

async fn many_items_are_read_once_each_within_the_limit(ground: Ground) {
    const ITEMS: usize = 120;
    const RATE: usize = 40;
    let fake = Provider::start(Notion::default()).await;
    for number in 0..ITEMS {
        fake.fake()
            .world
            .add_page(&format!("Page {number}"), vec![Block::paragraph(format!("Text {number}.").as_str())]);
    }
    let server = ground.serve(&[]).await;
    let other = ground.work(&[]);
    connect(&ground, &fake, INTERNAL_TOKEN, &RATE.to_string()).await.ok();
    fake.log().clear();
    fake.switches().set(Switch::Throttled { every: 25, retry_after: Some(0) });
    ground.run(&["sync", "notion"]).await.ok();
    let documents = server.all_ended().await;
    assert_eq!(documents.len(), ITEMS);
    assert!(documents.iter().all(|document| document["success"] == true && document["revision"] == 1));
    assert!(fake.log().count_of(429) > 3, "nobody was asked to slow down");
    // A late request and one on time may fall into one second.
    assert!(fake.log().most_within(std::time::Duration::from_secs(1)) <= RATE + 2);
    let read = fake.log().below("/v1/pages/").into_iter().filter(|asked| asked.request.path.ends_with("/markdown"));
    let read = read.filter(|asked| asked.reply.as_ref().is_some_and(|reply| reply.status == 200)).count();
    assert_eq!(read, ITEMS, "each once");
    drop(other);
}

async fn files_are_read_where_they_are_named(ground: Ground) {
    let (guide, empty) = (ground.path().join("Guide.md"), ground.path().join("empty.txt"));
    std::fs::write(&guide, "# Refunds\n\nWithin 30 days.\n").unwrap();
    std::fs::write(&empty, "").unwrap();
    let done = ground.run(&["ingest", guide.to_str().unwrap(), "--json"]).await.json();
    let document = &done["documents"][0];
    assert_eq!((&document["source"], &document["title"]), (&json!("files"), &json!("Refunds")));
    assert_eq!(document["paragraphs"], json!(["# Refunds", "Within 30 days."]));
    let refused = ground.run(&["ingest", empty.to_str().unwrap()]).await.refusal();
    assert!(refused.contains("empty.txt") && refused.contains("it is empty"), "{refused}");
    let refused = ground.run(&["ingest", "nowhere.pdf"]).await.refusal();
    assert!(refused.contains("there is no file \"nowhere.pdf\" here"), "{refused}");
    let server = ground.serve(&[]).await;
    let remote = ["ingest", guide.to_str().unwrap(), "--server", &server.address, "--key", ground.key(), "--json"];
    let done = crate::ground::finish(ground.bare(&remote)).await.json();
    assert_eq!(done["documents"][0]["linkedJobStatus"], "COMPLETED");
}
