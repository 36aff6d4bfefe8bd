//! The server around a fake keeps its log, and does the harm that its switches say.

use std::time::Duration;

use serde_json::json;

use super::exchange::Reply;
use super::fake::{Refusal, ThrottleShape};
use super::switches::{Switch, Vanished};
use super::*;
use crate::caller::Caller;

/// Answers with what it was asked.
struct Echo;

impl Fake for Echo {
    fn answer(&self, request: &Request, switches: &Switches) -> Reply {
        match switches.takes_away(&request.path) {
            Some(Vanished::JustNow) => Reply::empty(204),
            Some(Vanished::Before) => Reply::empty(404),
            None => Reply::json(200, &json!({ "asked": request.to_string(), "sent": request.json() })),
        }
    }

    fn refuse(&self, refusal: &Refusal, _: &Request) -> Reply {
        match refusal {
            Refusal::Unauthorized => Reply::empty(401),
            Refusal::Broken { status } => Reply::empty(*status),
            Refusal::Throttled { retry_after, shape } => {
                let status = if *shape == ThrottleShape::Forbidden { 403 } else { 429 };
                let reply = Reply::new(status, "text/plain", format!("{shape:?}"));
                retry_after.iter().fold(reply, |reply, value| reply.header("retry-after", value))
            }
        }
    }
}

#[tokio::test]
async fn requests_and_answers_are_written_down() {
    let provider = Provider::start(Echo).await;
    let caller = Caller::new(&provider.origin()).with("authorization", "Bearer hush");
    caller.post("/a%20b?c=%C3%A9&c=2", &json!({"d": 1})).await;
    caller.get("/e").await;
    let log = provider.log().exchanges();
    let (first, second) = (&log[0], &log[1]);
    assert_eq!((first.request.method.as_str(), first.request.path.as_str()), ("POST", "/a%20b"));
    assert_eq!(first.request.query, [("c".to_owned(), "é".to_owned()), ("c".to_owned(), "2".to_owned())]);
    assert_eq!((first.request.json(), first.request.bearer()), (Some(json!({"d": 1})), Some("hush")));
    assert_eq!(first.reply.as_ref().unwrap().value().unwrap()["sent"], json!({"d": 1}));
    assert!(first.request.at <= second.request.at);
    assert!(!format!("{log:?}").contains("hush"), "{log:?}");
    assert_eq!((provider.log().count(), provider.log().count_of(200), provider.log().below("/e").len()), (2, 2, 1));
    provider.log().clear();
    caller.get("/f").await;
    assert_eq!(provider.log().exchanges()[0].reply.as_ref().unwrap().status, 200);
}

#[tokio::test]
async fn a_dropped_provider_answers_nobody() {
    let provider = Provider::start(Echo).await;
    let caller = Caller::new(&provider.origin());
    assert_eq!(caller.get("/").await.status, 200);
    let address = provider.address;
    drop(provider);
    // The socket closes when the server's task has seen that it is to stop.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_nth_request_is_one_too_many() {
    let provider = Provider::start(Echo).await;
    let caller = Caller::new(&provider.origin());
    provider.switches().set_times(Switch::Throttled { every: 3, retry_after: Some(7) }, 2);
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(caller.get("/").await.status);
    }
    assert_eq!(statuses, [200, 200, 429, 200, 200, 429, 200, 200, 200, 200]);
    let refused = provider.log().exchanges()[2].reply.clone().unwrap();
    assert_eq!(refused.headers["retry-after"], "7");
    assert_eq!(provider.log().count_of(429), 2);
}

#[tokio::test]
async fn too_many_has_other_shapes() {
    let provider = Provider::start(Echo).await;
    let caller = Caller::new(&provider.origin());
    let switches = provider.switches();
    switches.set(Switch::Throttled { every: 1, retry_after: Some(60) });
    switches.set(Switch::RetryAfterDate);
    switches.set(Switch::PlainText429);
    let refused = caller.get("/").await;
    let date = refused.header("retry-after");
    assert_eq!((refused.status, refused.text().as_str()), (429, "PlainText"));
    let then = jiff::fmt::rfc2822::parse(&date).unwrap().timestamp();
    let wait = then.duration_since(jiff::Timestamp::now()).as_secs();
    assert!(date.ends_with(" GMT") && (0..=61).contains(&wait), "{date}");
    switches.set(Switch::RateLimit403);
    switches.set(Switch::Throttled { every: 1, retry_after: None });
    let refused = caller.get("/").await;
    assert_eq!((refused.status, refused.header("retry-after").as_str()), (403, ""));
}

#[tokio::test]
async fn switches_are_set_and_cleared_while_it_runs() {
    let provider = Provider::start(Echo).await;
    let caller = Caller::new(&provider.origin());
    let switches = provider.switches();
    switches.set_times(Switch::Broken { status: 529 }, 2);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(caller.get("/").await.status);
    }
    assert_eq!(statuses, [529, 529, 200]);
    switches.set_for(Switch::Revoked, Duration::from_hours(1));
    assert_eq!(caller.get("/").await.status, 401);
    switches.set_for(Switch::Revoked, Duration::ZERO);
    assert_eq!(caller.get("/").await.status, 200);
    switches.set(Switch::EdgePage);
    let page = caller.get("/").await;
    assert!(page.status == 403 && page.text().starts_with("<!DOCTYPE html>") && !page.header("cf-ray").is_empty());
    switches.clear(Switch::EdgePage);
    switches.set(Switch::Slow(Duration::from_millis(1)));
    assert_eq!(caller.get("/").await.status, 200);
    switches.set(Switch::Broken { status: 500 });
    switches.clear_all();
    assert_eq!(caller.get("/").await.status, 200);
}

#[tokio::test]
async fn a_connection_breaks_in_the_middle_of_a_body() {
    let provider = Provider::start(Echo).await;
    let caller = Caller::new(&provider.origin());
    provider.switches().set_times(Switch::BrokenOff, 1);
    assert!(caller.try_get("/").await.is_err());
    assert_eq!(provider.log().exchanges()[0].delivery, Delivery::BrokenOff);
    assert_eq!(caller.get("/").await.status, 200);
}

#[tokio::test]
async fn an_item_vanishes_for_good() {
    let provider = Provider::start(Echo).await;
    let caller = Caller::new(&provider.origin());
    provider.switches().set_times(Switch::NoContentThenGone, 1);
    let mut statuses = Vec::new();
    for path in ["/a", "/a", "/b"] {
        statuses.push(caller.get(path).await.status);
    }
    assert_eq!(statuses, [204, 404, 200]);
}
