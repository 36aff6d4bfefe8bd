//! Crawls: what a body asks for, what is refused, and what is answered. What a crawl finds is the pipeline's matter.

use std::sync::{Arc, Mutex};

use model::crawl::{CrawlPlan, CrawlReport, Found, FoundBy, SitemapRead};
use model::{CrawlOutcome, Failure, FailureCode, WebUrl};
use serde_json::json;
use web::crawls::Crawls;
use web::providers::Later;

use crate::bed::{BOTH, Bed, READ, on_both_databases};

const CRAWL: &str = "/v2/documents/public/deep-crawl/links";

/// Finds one page below each seed, and remembers what it was asked. It fails where the first seed says so.
#[derive(Default)]
struct Scout(Mutex<Vec<CrawlPlan>>);

fn found(url: &WebUrl, outcome: CrawlOutcome, is_seed: bool) -> Found {
    Found {
        url: url.clone(),
        outcome,
        reason: "so it is".to_owned(),
        depth: u32::from(!is_seed),
        found_by: if is_seed { FoundBy::Seed } else { FoundBy::Link(url.clone()) },
        is_seed,
        was_read: is_seed,
        last_modified: None,
    }
}

impl Crawls for Scout {
    fn crawl<'a>(&'a self, plan: &'a CrawlPlan) -> Later<'a, CrawlReport> {
        self.0.lock().unwrap().push(plan.clone());
        let mut report = CrawlReport::default();
        for seed in &plan.seeds {
            match seed.as_url().path() {
                "/fault" => {
                    let failure = Failure::new(FailureCode::Internal, "the disk is full of s3crets");
                    return Box::pin(std::future::ready(Err(failure)));
                }
                "/gone" => report.found.push(found(seed, CrawlOutcome::Failed(FailureCode::Gone), true)),
                _ => {
                    let child = seed.join("/child").unwrap();
                    report.found.push(found(seed, CrawlOutcome::Accepted, true));
                    report.found.push(found(&child, CrawlOutcome::Accepted, false));
                    report.found.push(found(&seed.join("/copy").unwrap(), CrawlOutcome::DuplicateOf(child), false));
                    let sitemap = seed.join("/sitemap.xml").unwrap();
                    report.sitemaps.push(SitemapRead { url: sitemap, listed: 2, problem: String::new() });
                }
            }
        }
        if plan.limit == 1 {
            report.gaps.push("the limit of 1 pages was reached".to_owned());
        }
        Box::pin(std::future::ready(Ok(report)))
    }
}

on_both_databases! {
    async fn pages_are_found_and_seeds_left_out(bed: Bed) {
        let (scout, key) = (Arc::new(Scout::default()), bed.key("acme", BOTH).await);
        let bed = bed.crawling(scout.clone());
        let answer = bed.post_to(&key, CRAWL, &json!({ "links": ["https://help.example.com"], "depth": 9 })).await;
        let expected = json!({ "data": ["https://help.example.com/child"], "message": "Successfully crawled parent URLs" });
        assert_eq!((answer.status.as_u16(), answer.json()), (200, expected));
        let plan = scout.0.lock().unwrap().remove(0);
        assert_eq!((plan.limit, plan.max_depth, plan.reads_all), (250, 5, false));

        let body = json!({ "links": ["https://help.example.com"], "limit": 1, "maxDepth": 0, "includePaths": ["/a/**"],
            "excludePaths": ["**.pdf"], "report": true });
        let answer = bed.post_to(&key, CRAWL, &body).await.json();
        assert_eq!(answer["message"], "Crawled parent URLs in part: the limit of 1 pages was reached");
        let plan = scout.0.lock().unwrap().remove(0);
        assert_eq!((plan.limit, plan.max_depth, plan.paths.include.len(), plan.paths.exclude.len()), (1, 0, 1, 1));
        let copy = &answer["report"]["urls"][2];
        assert_eq!((&copy["outcome"], &copy["duplicateOf"]), (&json!("duplicate_of"), &json!("https://help.example.com/child")));
        assert_eq!(answer["report"]["sitemaps"][0]["listed"], 2);
    }

    async fn what_cannot_be_crawled_is_told(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let bed = bed.crawling(Arc::new(Scout::default()));
        let answer = bed.post_to(&key, CRAWL, &json!({ "links": ["https://a.example/gone?token=x"] })).await.json();
        assert_eq!(answer["data"], json!([]));
        assert_eq!(answer["message"], "No parent URL could be crawled: https://a.example/gone (gone: so it is)");
        let links = json!({ "links": ["https://a.example/gone", "https://b.example/"] });
        let answer = bed.post_to(&key, CRAWL, &links).await.json();
        assert_eq!(answer["data"], json!(["https://b.example/child"]));
        assert!(answer["message"].as_str().unwrap().starts_with("Crawled parent URLs in part: https://a.example/gone"));
        let fault = bed.post_to(&key, CRAWL, &json!({ "links": ["https://a.example/fault"] })).await;
        assert!(fault.status == 500 && !fault.text().contains("s3cret"), "{}", fault.text());
    }

    async fn what_is_wrong_with_a_body_is_told(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let bed = bed.crawling(Arc::new(Scout::default()));
        let seeds = json!(["https://a.example/"]);
        let cases = [
            (json!({}), "name at least one URL in links"),
            (json!({ "links": [] }), "name at least one URL in links"),
            (json!({ "links": ["https://a.example/", "help"] }), "links[1] \"help\" is not an absolute http or https URL"),
            (json!({ "links": vec!["https://a.example/"; 101] }), "links holds 101 items; at most 100"),
            (json!({ "links": seeds, "limit": 0 }), "limit must be a whole number from 1 to 5000, got 0"),
            (json!({ "links": seeds, "limit": 5001 }), "limit must be a whole number from 1 to 5000, got 5001"),
            (json!({ "links": seeds, "maxDepth": 6 }), "maxDepth must be a whole number from 0 to 5, got 6"),
            (json!({ "links": seeds, "includePaths": ["help/**"] }), "includePaths[0] \"help/**\" must begin with / or *"),
            (json!({ "links": seeds, "excludePaths": "/a" }), "excludePaths must be an array of strings"),
        ];
        for (body, expected) in cases {
            let (status, text) = bed.post_to(&key, CRAWL, &body).await.refusal();
            assert!(status == 400 && text.contains(expected), "{text}");
        }
        let reader = bed.key("acme", READ).await;
        assert_eq!(bed.post_to(&reader, CRAWL, &json!({ "links": seeds })).await.status, 403);
    }
}
