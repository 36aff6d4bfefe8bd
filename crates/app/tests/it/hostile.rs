//! HTML that is made to break its reader: it ends, it ends nothing else, and pages after it are read.

use serde_json::Value;
use testkit::site::pages;
use testkit::site::{Site, evil};

use crate::ground::{Ground, on_both};
use crate::server::{code, status};

on_both!(hostile_pages_end_and_harm_nobody);

async fn hostile_pages_end_and_harm_nobody(ground: Ground) {
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
    for document in server.all_ended().await {
        assert_has_an_honest_end(&document, &after);
    }
}

fn assert_has_an_honest_end(document: &Value, good: &str) {
    match status(document) {
        "COMPLETED" => assert!(!document["paragraphs"].as_array().unwrap().is_empty(), "{document:#}"),
        _ => {
            assert_ne!(document["originalUrl"], good, "{document:#}");
            assert!(matches!(code(document), "resource_limit" | "parse_failed"), "{document:#}");
        }
    }
}
