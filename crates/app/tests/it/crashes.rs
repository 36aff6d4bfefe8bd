//! kill -9 and SIGSTOP at the worst moment: nothing is lost, nothing is done twice to the eye of a reader.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use testkit::site::{Answer, Gate, Site, pages};

use crate::ground::{Ground, on_both};
use crate::server::{status, until};

on_both!(
    a_killed_server_loses_nothing,
    a_killed_worker_is_replaced_by_the_others,
    a_killed_server_takes_calls_whole_or_not_at_all,
    who_lost_the_lease_writes_nothing,
);

const DOCUMENTS: usize = 100;
/// Longer than the reading of one document may take.
const FROZEN: Duration = Duration::from_secs(17);

/// Pages that wait for the gate, each with a text of its own.
fn gated(site: &Site, gate: &Gate) -> Vec<String> {
    let page = |number: usize| {
        let text = format!("<p>This is the page with the number {number}, and it says no more than that.</p>");
        site.on(&format!("/page/{number}"), Answer::html(text).behind(gate))
    };
    (0..DOCUMENTS).map(page).collect()
}

#[track_caller]
fn assert_each_read_once(documents: &[Value]) {
    assert_eq!(documents.len(), DOCUMENTS);
    for document in documents {
        assert_eq!((status(document), &document["revision"]), ("COMPLETED", &1.into()), "{document:#}");
        assert_eq!(document["oldParagraphs"], Value::Array(Vec::new()));
        let number = document["originalUrl"].as_str().unwrap().rsplit('/').next().unwrap();
        let says = document["paragraphs"][0].as_str().unwrap();
        assert!(says.contains(&format!("number {number},")), "{document:#}");
    }
}

async fn a_killed_server_loses_nothing(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    // The crash may cost one attempt; a second crash of the same run would be one too many.
    let flags = ["--attempts", "2"];
    let server = ground.serve(&flags).await;
    server.queue(&gated(&site, &gate)).await;
    until("pages are under way", async || (site.count_below("/page/") >= 50).then_some(())).await;
    server.service.kill().await;

    let server = ground.serve(&flags).await;
    gate.open();
    let documents = server.all_ended().await;
    assert_each_read_once(&documents);
    for number in 0..DOCUMENTS {
        assert!(site.count(&format!("/page/{number}")) <= 2, "page {number} was fetched again and again");
    }
}

async fn a_killed_worker_is_replaced_by_the_others(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let few = ["--concurrency", "20", "--attempts", "2"];
    let server = ground.serve(&few).await;
    let (victim, survivor) = (ground.work(&few), ground.work(&few));
    server.queue(&gated(&site, &gate)).await;
    until("all three are busy", async || (site.count_below("/page/") >= 60).then_some(())).await;
    victim.kill().await;
    gate.open();
    assert_each_read_once(&server.all_ended().await);
    assert!(survivor.log().contains("document read"));
}

/// The kill falls into every part of a call in turn: before it arrives, while it is written, after it is answered.
async fn a_killed_server_takes_calls_whole_or_not_at_all(ground: Ground) {
    const ROUNDS: u64 = 10;
    const URLS: usize = 1_000;
    let site = Site::start().await;
    let flags = ["--host-delay", "1s", "--log", "info"];
    let mut answered = Vec::new();
    for round in 0..ROUNDS {
        let server = ground.serve(&flags).await;
        let urls: Vec<String> = (0..URLS).map(|number| site.url(&format!("/round-{round}/{number}"))).collect();
        let client = server.client.clone();
        let call = tokio::spawn(async move { client.try_queue(&urls).await.is_ok() });
        tokio::time::sleep(Duration::from_millis(12 * round)).await;
        server.service.kill().await;
        answered.push(call.await.unwrap());
    }
    let server = ground.serve(&flags).await;
    for (round, answered) in answered.iter().enumerate() {
        let stored = server.list(&[("originalUrl", &format!("/round-{round}/"))]).await.len();
        assert!(stored == URLS || (stored == 0 && !answered), "round {round}: {stored} stored, answered: {answered}");
    }
}

async fn who_lost_the_lease_writes_nothing(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let says = |words: &str| Answer::html(format!("<p>{words}, and that is all there is to say about it.</p>"));
    let url = site.on_in_turn(
        "/page",
        vec![says("The first visitor reads this").behind(&gate), says("The second visitor reads that")],
    );
    let first = ground.serve(&[]).await;
    let ids = first.queue(&[url]).await;
    until("the first has asked", async || (site.count("/page") == 1).then_some(())).await;
    first.service.signal(Signal::SIGSTOP);

    let second = ground.serve(&[]).await;
    let done = second.ended(&ids[0]).await;
    assert!(done["paragraphs"][0].as_str().unwrap().starts_with("The second visitor"), "{done:#}");
    gate.open();
    first.service.signal(Signal::SIGCONT);
    // In the middle of its run, or when it comes to save what it read.
    let told = ["or another worker has it", "the job is no longer this worker's"];
    let refused = || told.iter().any(|told| first.service.log().contains(told));
    until("the first is told", async || refused().then_some(())).await;

    assert_eq!(second.document(&ids[0]).await, done, "the first has changed what the second saved");
    assert_eq!(first.document(&ids[0]).await, done, "the first does not see what the second saved");
    pages_are_still_read_by(&first, &site).await;
}

async fn pages_are_still_read_by(server: &crate::server::Server, site: &Site) {
    let ids = server.queue(&[site.on("/another", pages::ENGLISH.utf8())]).await;
    assert_eq!(status(&server.ended(&ids[0]).await), "COMPLETED");
}

/// On one database only: nothing here is a matter of storage.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_being_read_bears_a_freeze() {
    let (ground, site) = (Ground::sqlite(), Site::start().await);
    let server = ground.serve(&[]).await;
    let ids = server.queue(&[site.on("/file", Answer::text(r"{\rtf1\ansi Words in a rich text.\par}"))]).await;
    // Its reader starts for this file, and the time for it runs.
    let parent = server.service.pid();
    let reader = until("the file is being read", async || reader_of(parent)).await;
    kill(reader, Signal::SIGSTOP).unwrap();
    server.service.signal(Signal::SIGSTOP);
    tokio::time::sleep(FROZEN).await;
    server.service.signal(Signal::SIGCONT);
    kill(reader, Signal::SIGCONT).unwrap();
    // It hangs up on a client that was silent for so long.
    until("the server answers again", async || server.try_document(&ids[0]).await.ok()).await;
    assert_eq!(status(&server.ended(&ids[0]).await), "COMPLETED");
    assert_eq!(site.count("/file"), 1);
}

/// The child that reads documents for a process.
fn reader_of(parent: Pid) -> Option<Pid> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let mut pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.find(|pid: &i32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let of_parent = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)) == Some(&parent.to_string());
        of_parent && std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default().contains("parse-child")
    })
    .map(Pid::from_raw)
}
