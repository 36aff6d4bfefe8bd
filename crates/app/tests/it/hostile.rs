//! HTML that is made to break its reader: it ends, it ends nothing else, and pages after it are read.

use serde_json::Value;
use testkit::site::pages;
use testkit::site::{Site, evil};

use crate::ground::Ground;
use crate::server::{PATIENCE, code, status};

/// On one database only: the limits that end these pages take their time, and nothing here is a matter of storage.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_pages_end_and_harm_nobody() {
    let ground = Ground::sqlite();
    let site = Site::start().await;
    let hostile = [
        site.on("/nested-b", evil::nested("b", 62_000 / 7)),
        site.on("/nested-div", evil::nested("div", 1_000_000 / 11)),
        site.on("/attributes", evil::attributes(100_000)),
    ];
    // One parser, so that whatever comes next needs the one that just suffered.
    let server = ground.serve(&["--parsers", "1"]).await;
    server.queue(&hostile).await;
    let after = site.on("/after", pages::ENGLISH.utf8());
    server.queue(&[after.as_str()]).await;
    // Each may use up the time that a document has, and they come one after another.
    for document in server.within(4 * PATIENCE).all_ended().await {
        assert_has_an_honest_end(&document, &after);
    }
}

fn assert_has_an_honest_end(document: &Value, good: &str) {
    if status(document) == "COMPLETED" {
        return assert_ne!(document["paragraphs"], Value::Array(Vec::new()), "{document:#}");
    }
    assert_ne!(document["originalUrl"], good, "{document:#}");
    assert!(matches!(code(document), "resource_limit" | "parse_failed"), "{document:#}");
}
