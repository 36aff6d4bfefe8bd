//! `gleaner crawl`, and the route: by itself, on a server, and with what is found imported.

use serde_json::{Value, json};
use testkit::site::{Answer, Site, pages};

use crate::ground::{Ground, finish, on_both};
use crate::server::status;

on_both!(
    pages_are_printed_one_a_line,
    every_address_is_told_with_its_reason,
    what_is_found_is_imported,
    a_server_crawls_for_its_callers,
    a_site_that_cannot_be_crawled_says_why,
);

/// A help centre with two articles, a copy, a private corner and a file.
async fn help_center() -> Site {
    let site = Site::start().await;
    site.on("/robots.txt", Answer::text("User-agent: *\nDisallow: /private"));
    let links = ["/en", "/de", "/copy", "/private", "/price-list.pdf", "/missing"];
    let links = links.map(|link| format!("<li><a href='{link}'>{link}</a>")).concat();
    let words = "<p>Here is where all the articles of our help centre are listed, one after the other.";
    site.on("/", Answer::html(format!("<title>Help</title><main><h1>Help</h1>{words}<ul>{links}</ul></main>")));
    site.on("/en", pages::ENGLISH.utf8());
    site.on("/de", pages::GERMAN.utf8());
    site.on("/copy", Answer::redirect(301, "/en"));
    site
}

async fn pages_are_printed_one_a_line(ground: Ground) {
    let site = help_center().await;
    let done = ground.run(&["crawl", &site.url("/")]).await;
    assert!(
        done.err.contains("7 addresses: 3 accepted, 1 robots, 1 duplicate_of, 1 not_html, 1 not_found"),
        "{}",
        done.err
    );
    let expected: String = ["/", "/en", "/de"].map(|path| format!("{}\n", site.url(path))).concat();
    assert_eq!(done.ok(), expected);
    let listed = ground.run(&["list", "--json"]).await.json();
    assert_eq!(listed["documents"], json!([]), "a crawl imports nothing by itself");
}

async fn every_address_is_told_with_its_reason(ground: Ground) {
    let site = help_center().await;
    let told = ground.run(&["crawl", &site.url("/"), "--all"]).await.ok();
    let row = |path: &str| {
        told.lines().find(|line| line.contains(&format!("{} ", site.url(path)))).unwrap_or_else(|| panic!("{told}"))
    };
    assert!(row("/private").contains("robots") && row("/private").contains("Disallow: /private (line 2)"), "{told}");
    assert!(row("/copy").contains("duplicate_of"), "{told}");

    let report = ground.run(&["crawl", &site.url("/"), "--json", "--exclude", "/d*"]).await.json();
    let urls = report["report"]["urls"].as_array().unwrap();
    let of = |path: &str| urls.iter().find(|found| found["url"] == site.url(path)).unwrap();
    assert_eq!((&of("/copy")["duplicateOf"], &of("/de")["outcome"]), (&json!(site.url("/en")), &json!("off_scope")));
    assert_eq!(report["report"]["sitemaps"][0]["url"], site.url("/sitemap.xml"));
}

async fn what_is_found_is_imported(ground: Ground) {
    let site = help_center().await;
    let report = ground.run(&["crawl", &site.url("/"), "--ingest", "--json"]).await.json();
    let documents = report["documents"].as_array().unwrap();
    let urls: Vec<&str> = documents.iter().map(|document| document["originalUrl"].as_str().unwrap()).collect();
    assert_eq!(urls, ["/", "/en", "/de"].map(|path| site.url(path)));
    assert!(documents.iter().all(|document| status(document) == "COMPLETED"), "{report:#}");
    assert_eq!(report["report"]["urls"].as_array().unwrap().len(), 7);
    let again = ground.run(&["crawl", &site.url("/"), "--ingest", "--include", "/en"]).await.ok();
    assert!(again.contains("COMPLETED") && again.contains("gleaner show "), "{again}");
}

async fn a_server_crawls_for_its_callers(ground: Ground) {
    let site = help_center().await;
    let server = ground.serve(&[]).await;
    let remotely = ["--server", &server.address, "--key", ground.key()];
    let run = async |arguments: &[&str]| finish(ground.bare(&[arguments, &remotely].concat())).await;
    let report: Value = run(&["crawl", &site.url("/"), "--json"]).await.json();
    let urls = report["report"]["urls"].as_array().unwrap();
    let accepted = urls.iter().filter(|found| found["outcome"] == "accepted");
    assert_eq!(
        accepted.map(|found| found["url"].as_str().unwrap()).collect::<Vec<_>>(),
        ["/", "/en", "/de"].map(|path| site.url(path))
    );
    let listed = run(&["crawl", &site.url("/"), "--ingest"]).await.ok();
    assert!(listed.contains(pages::GERMAN.title), "{listed}");
    assert!(!ground.path().join("gleaner-data").exists(), "a local store was made for nothing");
}

async fn a_site_that_cannot_be_crawled_says_why(ground: Ground) {
    let site = Site::start().await;
    site.on("/robots.txt", Answer::text("User-agent: *\nDisallow: /"));
    let refusal = ground.run(&["crawl", &site.url("/")]).await.refusal();
    assert!(refusal.contains("robots: ") && refusal.contains("Disallow: / (line 2)"), "{refusal}");
    for (arguments, expected) in [
        (["crawl", "example.com", "--quick"], "absolute http or https URL"),
        (["crawl", "https://example.com/", "--include=help/**"], "must begin with /"),
        (["crawl", "https://example.com/", "--depth=6"], "6 is not in 0..=5"),
        (["crawl", "https://example.com/", "--limit=0"], "0 is not in 1..=5000"),
    ] {
        let refusal = ground.run(&arguments).await.refusal();
        assert!(refusal.contains(expected), "{refusal}");
    }
}
