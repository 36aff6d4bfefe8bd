//! The numbers for monitors: what they say, what they keep to themselves, and that they come without a database, too.

use std::collections::HashMap;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use model::{FailureCode, WorkerId};
use serde_json::json;
use store::{Store, Which};
use tower::ServiceExt;
use web::State;

use crate::bed::{BOTH, Bed, JOBS, on_both_databases};

/// Every number by its name and labels. A line that is none and no comment is a fault.
async fn numbers(bed: &Bed) -> HashMap<String, f64> {
    let answer = bed.get("", "/metrics").await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let samples = answer.text().lines().filter(|line| !line.starts_with("# HELP ") && !line.starts_with("# TYPE "));
    let numbers: Vec<(String, f64)> = samples
        .map(|line| line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}")))
        .map(|(name, value)| (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("{name} {value}"))))
        .collect();
    let count = numbers.len();
    let numbers: HashMap<String, f64> = numbers.into_iter().collect();
    assert_eq!(numbers.len(), count, "a number is told twice");
    numbers
}

async fn is_open(store: &Store, metrics: bool) -> (u16, String) {
    let router = web::router(State { metrics, ..State::new(store.clone()) });
    let response = router.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    (status, String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().into()).unwrap())
}

on_both_databases! {
    async fn they_follow_the_queue_and_this_process(bed: Bed) {
        let (key, worker) = (bed.key("acme", BOTH).await, WorkerId::new());
        bed.store.worker_is_alive(worker, "test", true).await.unwrap();
        bed.added(&key, &["https://a.example/1", "https://a.example/2", "https://a.example/3"]).await;
        bed.fail_all(FailureCode::Timeout).await;
        bed.post_to(&key, &format!("{JOBS}/retry"), &json!({ "limit": 2 })).await;
        let workspace = bed.workspace("acme").await;
        let running = bed.claim(worker).await.remove(0);
        bed.store.cancel(workspace, &Which::Job(running.id), "enough").await.unwrap();
        bed.added(&key, &["https://b.example/"]).await;
        bed.pass_time(Duration::from_secs(20));

        let numbers = numbers(&bed).await;
        for (name, expected) in [
            ("gleaner_database_up", 1.0),
            (r#"gleaner_jobs{state="running",priority="interactive"}"#, 1.0),
            (r#"gleaner_jobs{state="ready",priority="interactive"}"#, 1.0),
            (r#"gleaner_jobs{state="held",priority="bulk"}"#, 0.0),
            ("gleaner_oldest_ready_seconds", 20.0),
            ("gleaner_workers_alive", 1.0),
            (r#"gleaner_documents_finished_total{outcome="completed",code=""}"#, 0.0),
            (r#"gleaner_documents_finished_total{outcome="failed",code="timeout"}"#, 3.0),
            (r#"gleaner_documents_finished_total{outcome="cancelled",code="cancelled"}"#, 1.0),
            ("gleaner_jobs_claimed_total", 5.0),
            (r#"gleaner_unexplained_documents{kind="ready"}"#, 0.0),
        ] {
            assert_eq!(numbers.get(name), Some(&expected), "{name}: {numbers:#?}");
        }
        assert_eq!(numbers.keys().filter(|name| name.starts_with("gleaner_jobs{")).count(), 15);
    }

    async fn they_name_nobody(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        bed.added(&key, &["https://secret.example.com/plan"]).await;
        bed.post_to(&key, "/v2/queue/public/pause", &json!({ "reason": "a merger" })).await;
        let text = bed.get("", "/metrics").await.text().to_owned();
        assert!(!["acme", "secret", "plan", "merger"].iter().any(|word| text.contains(word)), "{text}");
        assert!(text.contains("gleaner_pauses{kind=\"workspace\"} 1\n"), "{text}");
    }

    async fn the_queue_is_looked_at_every_five_seconds_at_most(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let ready = async || numbers(&bed).await[r#"gleaner_jobs{state="ready",priority="interactive"}"#];
        assert!(ready().await < 0.5);
        bed.added(&key, &["https://a.example/"]).await;
        assert!(ready().await < 0.5);
        bed.pass_time(Duration::from_secs(5));
        assert!(ready().await > 0.5);
    }

    async fn without_a_database_the_rest_is_told(bed: Bed) {
        bed.store.close().await;
        let numbers = numbers(&bed).await;
        assert_eq!(numbers.get("gleaner_database_up"), Some(&0.0));
        assert!(numbers.contains_key("process_start_time_seconds") && !numbers.contains_key("gleaner_workers_alive"));
    }
}

#[tokio::test]
async fn they_can_be_switched_off() {
    let bed = Bed::sqlite().await;
    let (status, text) = is_open(&bed.store, true).await;
    assert!(status == 200 && text.contains("gleaner_build_info{version="), "{text}");
    let (status, text) = is_open(&bed.store, false).await;
    assert!(status == 404 && text.contains("there is no route"), "{text}");
}
