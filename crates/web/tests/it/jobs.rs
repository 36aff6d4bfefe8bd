//! Jobs: listed with why they wait, cancelled, and retried, one by one and by the thousand.

use axum::http::StatusCode;
use model::{FailureCode, JobId, WorkerId};
use serde_json::{Value, json};
use store::{Outcome, Settlement};

use crate::bed::{BOTH, Bed, DOCUMENTS, JOBS, READ, WRITE, on_both_databases};

async fn document(bed: &Bed, key: &str, id: &str) -> Value {
    bed.get(key, &format!("{DOCUMENTS}/{id}")).await.json()
}

async fn job(bed: &Bed, key: &str, id: &str) -> Value {
    bed.get(key, &format!("{JOBS}/{id}")).await.json()
}

async fn refused(bed: &Bed, key: &str, path: &str, body: &Value) -> (u16, String) {
    bed.post_to(key, path, body).await.refusal()
}

fn urls(host: &str, count: usize) -> Vec<String> {
    (0..count).map(|page| format!("https://{host}/{page}")).collect()
}

on_both_databases! {
    async fn live_jobs_are_listed_page_by_page_with_why_they_wait(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        bed.added(&bed.key("other", BOTH).await, &urls("other.example", 3)).await;
        let ids = bed.added(&key, &urls("a.example", 5)).await;
        let running = bed.claim(WorkerId::new()).await.len();
        assert_eq!(running, 8);
        let more = bed.added(&key, &urls("b.example", 2)).await;

        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = bed.get(&key, &format!("{JOBS}?limit=3{cursor}")).await.json();
            seen.extend(page["jobs"].as_array().unwrap().clone());
            if page["hasMore"] == false {
                break;
            }
            cursor = format!("&cursor={}", seen.last().unwrap()["id"].as_str().unwrap());
        }
        let documents: Vec<&str> = seen.iter().map(|job| job["documentId"].as_str().unwrap()).collect();
        assert_eq!(documents, [&ids[..], &more[..]].concat());
        for job in &seen {
            let is_running = job["state"] == "running";
            assert_eq!(job["waiting"].is_null(), is_running, "{job}");
            assert_eq!(job["startedAt"].is_null(), !is_running, "{job}");
            assert_eq!((&job["priority"], &job["maxAttempts"]), (&json!("interactive"), &json!(5)));
        }
        assert_eq!((&seen[0]["host"], &seen[0]["attempt"], &seen[5]["attempt"]), (&json!("a.example"), &json!(1), &json!(0)));
        let ready = bed.get(&key, &format!("{JOBS}?state=ready")).await.json();
        assert_eq!(ready["jobs"].as_array().unwrap().len(), 2);
        let (status, message) = bed.get(&key, &format!("{JOBS}?state=done")).await.refusal();
        assert_eq!((status, message.contains("one of ready, delayed, in_line, held, running")), (400, true), "{message}");
    }

    async fn a_cancelled_job_ends_and_what_its_run_brings_changes_nothing(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let ids = bed.added(&key, &urls("a.example", 2)).await;
        let worker = WorkerId::new();
        let claimed = bed.claim(worker).await;
        let id = claimed[0].id.to_string();
        let cancel = format!("{JOBS}/{id}/cancel");
        let answer = bed.post_to(&key, &cancel, &Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let cancelled = answer.json();
        assert_eq!((&cancelled["state"], &cancelled["id"], &cancelled["attempt"]), (&json!("cancelled"), &json!(id), &json!(1)));
        assert!(cancelled["error"].as_str().unwrap().starts_with("cancelled: "), "{cancelled}");
        let before = document(&bed, &key, &ids[0]).await;
        assert_eq!((&before["linkedJobStatus"], &before["linkedJobId"]), (&json!("FAILED"), &json!(id)));

        let outcome = Outcome::Failed(model::Failure::new(FailureCode::NotFound, "too late"));
        let late = bed.store.settle(worker, Settlement { job: claimed[0].clone(), outcome }).await;
        assert!(matches!(late, Err(store::Error::Lost)), "{late:?}");
        assert_eq!(document(&bed, &key, &ids[0]).await, before);
        assert_eq!(bed.post_to(&key, &cancel, &Value::Null).await.json(), cancelled, "it is safe to repeat");
        assert_eq!(document(&bed, &key, &ids[1]).await["linkedJobStatus"], "IN_PROGRESS");
    }

    async fn what_has_ended_cannot_be_cancelled(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let ids = bed.added(&key, &urls("a.example", 1)).await;
        let id = bed.job_of(&key, &ids[0]).await;
        bed.fail_all(FailureCode::NotFound).await;
        let expected = format!("job {id} has failed already; there is nothing to cancel");
        assert_eq!(refused(&bed, &key, &format!("{JOBS}/{id}/cancel"), &Value::Null).await, (409, expected));
    }

    async fn a_failed_job_is_retried_once(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let ids = bed.added(&key, &urls("a.example", 1)).await;
        let first = bed.job_of(&key, &ids[0]).await;
        let retry = format!("{JOBS}/{first}/retry");
        let live = format!("job {first} waits or runs already; only what failed is retried");
        assert_eq!(refused(&bed, &key, &retry, &Value::Null).await, (409, live));
        bed.fail_all(FailureCode::Timeout).await;

        let ring = bed.quiet_bell().await;
        let answer = bed.post_to(&key, &retry, &Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        ring.heard().await;
        let second = answer.json();
        assert_eq!((&second["state"], &second["attempt"], &second["documentId"]), (&json!("ready"), &json!(0), &json!(ids[0])));
        assert_ne!(second["id"], json!(first));
        let again = refused(&bed, &key, &retry, &Value::Null).await;
        assert_eq!(again.0, 409);
        assert!(again.1.contains(second["id"].as_str().unwrap()), "{again:?}");

        bed.fail_all(FailureCode::Timeout).await;
        let superseded = refused(&bed, &key, &retry, &Value::Null).await;
        assert!(superseded.0 == 409 && superseded.1.contains("its latest job is"), "{superseded:?}");
        let ended = job(&bed, &key, &first).await;
        assert_eq!((&ended["state"], &ended["priority"], &ended["maxAttempts"]), (&json!("failed"), &Value::Null, &Value::Null));
        assert_eq!((&ended["error"], &ended["host"]), (&json!("timeout: staged"), &json!("a.example")));
        assert!(ended["finishedAt"].is_string() && ended["startedAt"].is_string(), "{ended}");
    }

    async fn failed_documents_are_retried_by_code_host_and_number(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let stranger = bed.key("other", BOTH).await;
        bed.added(&key, &urls("a.example", 4)).await;
        bed.fail_all(FailureCode::Timeout).await;
        bed.added(&key, &urls("b.example", 3)).await;
        bed.fail_all(FailureCode::RateLimited).await;
        bed.added(&stranger, &urls("a.example", 2)).await;
        bed.fail_all(FailureCode::Timeout).await;
        let retry = format!("{JOBS}/retry");
        for (body, expected) in [
            (json!({ "codes": ["dns"] }), 0),
            (json!({ "codes": ["timeout"], "host": "B.example" }), 0),
            (json!({ "host": "B.example", "limit": 2 }), 2),
            (json!({ "codes": ["dns", "rate_limited"] }), 1),
            (json!({ "limit": 1 }), 1),
            (json!({ "all": true }), 3),
            (json!({ "all": true }), 0),
        ] {
            let answer = bed.post_to(&key, &retry, &body).await;
            assert_eq!(answer.json(), json!({ "retried": expected }), "{body}");
        }
        assert_eq!(bed.claim(WorkerId::new()).await.len(), 7, "nothing of the other workspace");
        assert_eq!(bed.post_to(&stranger, &retry, &json!({ "host": "a.example" })).await.json(), json!({ "retried": 2 }));
    }

    async fn more_than_fit_one_transaction_are_retried_and_cancelled(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        bed.added(&key, &urls("a.example", 2_500)).await;
        for expected in [2_500, 0] {
            let answer = bed.post_to(&key, &format!("{JOBS}/cancel"), &json!({ "host": "a.example" })).await;
            assert_eq!(answer.json(), json!({ "cancelled": expected }));
        }
        for expected in [2_500, 0] {
            let answer = bed.post_to(&key, &format!("{JOBS}/retry"), &json!({ "codes": ["cancelled"] })).await;
            assert_eq!(answer.json(), json!({ "retried": expected }));
        }
        let page = bed.get(&key, &format!("{JOBS}?limit=1")).await.json();
        assert_eq!(page["jobs"][0]["priority"], "bulk");
    }

    async fn many_jobs_are_cancelled_by_host_document_or_all(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let stranger = bed.key("other", BOTH).await;
        let foreign = bed.added(&stranger, &urls("a.example", 2)).await;
        let ids = bed.added(&key, &urls("a.example", 4)).await;
        bed.added(&key, &urls("b.example", 2)).await;
        let cancel = format!("{JOBS}/cancel");
        let unknown = JobId::new().to_string();
        let (status, message) = refused(&bed, &key, &cancel, &json!({ "documentIds": [ids[0], foreign[0]] })).await;
        assert_eq!((status, message.contains(&foreign[0])), (403, true), "{message}");
        let (status, message) = refused(&bed, &key, &cancel, &json!({ "documentIds": [ids[0], unknown] })).await;
        assert_eq!((status, message.contains("documentIds[1]")), (400, true), "{message}");
        for (body, expected) in [
            (json!({ "documentIds": [ids[0], ids[1]] }), 2),
            (json!({ "documentIds": [ids[0]] }), 0),
            (json!({ "host": "A.EXAMPLE" }), 2),
            (json!({ "all": true }), 2),
            (json!({ "all": true }), 0),
        ] {
            assert_eq!(bed.post_to(&key, &cancel, &body).await.json(), json!({ "cancelled": expected }), "{body}");
        }
        let left = bed.get(&stranger, JOBS).await.json();
        assert_eq!(left["jobs"].as_array().unwrap().len(), 2);
    }

    async fn each_route_asks_for_its_scope(bed: Bed) {
        let (reader, writer) = (bed.key("acme", READ).await, bed.key("acme", WRITE).await);
        let id = JobId::new();
        for path in [JOBS.to_owned(), format!("{JOBS}/{id}"), "/v2/queue/public".to_owned()] {
            assert_eq!(bed.get(&writer, &path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for (path, body) in [
            (format!("{JOBS}/{id}/cancel"), Value::Null),
            (format!("{JOBS}/{id}/retry"), Value::Null),
            (format!("{JOBS}/cancel"), json!({ "all": true })),
            (format!("{JOBS}/retry"), json!({ "all": true })),
            ("/v2/queue/public/pause".to_owned(), json!({ "reason": "x" })),
            ("/v2/queue/public/resume".to_owned(), Value::Null),
        ] {
            assert_eq!(bed.post_to(&reader, &path, &body).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }

    async fn priorities_are_as_asked_or_go_by_size(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        for (host, count, asked, expected) in [
            ("a.example", 1, None, "interactive"),
            ("b.example", 101, None, "bulk"),
            ("c.example", 101, Some("interactive"), "interactive"),
            ("d.example", 1, Some("scheduled"), "scheduled"),
        ] {
            let body = json!({ "documentIdsToAdd": urls(host, count), "priority": asked });
            let id = bed.post(&key, body.to_string()).await.texts("addedDocumentIds").remove(0);
            let id = bed.job_of(&key, &id).await;
            assert_eq!(job(&bed, &key, &id).await["priority"], expected, "{host}");
        }
        for (wrong, got) in [(json!("bulk"), "\"bulk\""), (json!(1), "a number")] {
            let body = json!({ "documentIdsToAdd": ["https://a.example/"], "priority": wrong });
            let (status, message) = bed.post(&key, body.to_string()).await.refusal();
            assert!(status == 400 && message.starts_with("priority must be ") && message.ends_with(got), "{message}");
        }
    }
}

#[tokio::test]
async fn what_names_nothing_or_too_much_is_told_so() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let one_of_three = "name one of host, documentIds, or all: true";
    let something = "name at least one of codes, host and limit, or say all: true alone";
    let host = "host must be a host such as docs.example.com or docs.example.com:8080, got \"https://a.example/\"";
    for (route, body, expected) in [
        ("cancel", json!({}), one_of_three),
        ("cancel", json!({ "all": false, "documentIds": [] }), one_of_three),
        ("cancel", json!({ "all": true, "host": "a.example" }), one_of_three),
        ("cancel", json!({ "host": "https://a.example/" }), host),
        ("cancel", json!({ "documentIds": ["x"] }), "documentIds[0] must be a document ID (a UUID), got \"x\""),
        ("retry", json!({}), something),
        ("retry", json!({ "all": true, "codes": ["dns"] }), something),
        ("retry", json!({ "limit": 0 }), "limit must be a whole number from 1 to 4294967295, got 0"),
        ("retry", json!({ "limit": 1.5 }), "limit must be a whole number from 1 to 4294967295, got another number"),
        ("retry", json!({ "limit": "1" }), "limit must be a whole number from 1 to 4294967295, got a string"),
    ] {
        let (status, message) = refused(&bed, &key, &format!("{JOBS}/{route}"), &body).await;
        assert_eq!((status, message.as_str()), (400, expected), "{body}");
    }
    let (_, message) = refused(&bed, &key, &format!("{JOBS}/retry"), &json!({ "codes": ["dns", "sad"] })).await;
    assert!(
        message.starts_with("codes[1] must be one of robots_disallowed, ") && message.ends_with("got \"sad\""),
        "{message}"
    );
    for path in [format!("{JOBS}/{}", JobId::new()), format!("{JOBS}/42")] {
        let (status, message) = bed.get(&key, &path).await.refusal();
        assert!(
            (status == 404 && message.starts_with("there is no job "))
                || (status == 400 && message.ends_with("got \"42\"")),
            "{message}"
        );
    }
}
