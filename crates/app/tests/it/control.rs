//! What an operator and a client do to the queue: cancel, pause, resume, retry, and the numbers that tell of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::site::{Answer, Gate, Site, pages};

use crate::ground::{Ground, on_both};
use crate::server::{Client, Server, code, status, until};

on_both!(
    a_cancelled_run_stops_and_its_page_changes_nothing,
    everything_is_cancelled_from_the_command_line,
    a_paused_workspace_starts_nothing_until_it_is_resumed,
    a_paused_host_waits_in_every_workspace,
    what_failed_is_retried_once_the_site_is_mended,
    a_job_of_another_workspace_is_out_of_reach,
    scheduled_pages_say_so,
    weights_are_listed_and_set,
    after_a_busy_run_nothing_is_unexplained,
);

const JOBS: &str = "v2/jobs/public";
/// The check of runs is twice a second; the rest is for a slow machine.
const SOON: Duration = Duration::from_secs(3);

async fn job_of(client: &Client, document: &str) -> String {
    client.document(document).await["linkedJobId"].as_str().unwrap().to_owned()
}

fn host(site: &Site) -> String {
    site.origin().trim_start_matches("http://").to_owned()
}

async fn waits_as(client: &Client, id: &str, reason: &str) {
    until(&format!("it waits as {reason}"), async || {
        let waiting = &client.document(id).await["waiting"];
        (waiting["code"] == "paused" && waiting["text"].as_str().unwrap().contains(reason)).then_some(())
    })
    .await;
}

async fn a_cancelled_run_stops_and_its_page_changes_nothing(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let url = site.on("/slow", pages::ENGLISH.utf8().behind(&gate));
    // With a lease this long no heartbeat notices it in time.
    let server = ground.serve(&["--lease", "1m"]).await;
    let id = server.queue(&[url]).await.remove(0);
    until("the site is asked", async || (site.count("/slow") == 1).then_some(())).await;
    let job = job_of(&server, &id).await;

    let asked = Instant::now();
    let answer = server.post(&format!("{JOBS}/{job}/cancel"), None).await.unwrap();
    assert_eq!((&answer["state"], &answer["id"]), (&json!("cancelled"), &json!(job)));
    let cancelled = server.document(&id).await;
    assert_eq!((status(&cancelled), code(&cancelled)), ("FAILED", "cancelled"));
    until("the run is stopped", async || server.service.log().contains("stopped: the job was cancelled").then_some(()))
        .await;
    assert!(asked.elapsed() < SOON, "it took {:?}", asked.elapsed());

    gate.open();
    let other = server.queue(&[site.on("/other", pages::ENGLISH.utf8())]).await.remove(0);
    assert_eq!(status(&server.ended(&other).await), "COMPLETED");
    assert_eq!(server.document(&id).await, cancelled, "the page's late answer has changed something");
    let again = server.post(&format!("{JOBS}/{job}/cancel"), None).await.unwrap();
    assert_eq!(again, answer, "cancelling twice is no fault");
    let retried = server.post(&format!("{JOBS}/{job}/retry"), None).await.unwrap();
    assert_ne!(retried["id"], json!(job));
    assert_eq!(status(&server.ended(&id).await), "COMPLETED");
}

async fn everything_is_cancelled_from_the_command_line(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let urls: Vec<String> =
        (0..20).map(|page| site.on(&format!("/{page}"), pages::ENGLISH.utf8().behind(&gate))).collect();
    let server = ground.serve(&["--concurrency", "4"]).await;
    let ids = server.queue(&urls).await;
    until("some run", async || (site.count_below("/") > 4).then_some(())).await;
    let listed = ground.run(&["jobs", "list", "--state", "running", "--json"]).await.json();
    let running = listed["jobs"][0]["id"].as_str().unwrap();
    assert!(ground.run(&["queue", "cancel", running]).await.ok().contains("1 cancelled"));
    let refusal = ground.run(&["queue", "cancel", running]).await.refusal();
    assert!(refusal.contains("cancelled already; there is nothing to cancel"), "{refusal}");
    assert!(ground.run(&["jobs", "show", running]).await.ok().contains("cancelled: an operator cancelled the run"));
    let by_document = ["queue", "cancel", "--document", &ids[19], "--json"];
    assert_eq!(ground.run(&by_document).await.json(), json!({ "cancelled": 1 }));
    let nowhere = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5";
    let elsewhere = ["--server", &server.address, "--key", ground.key()];
    for place in [&[][..], &elsewhere] {
        let refusal = ground.run(&[&["queue", "cancel", "--document", nowhere], place].concat()).await.refusal();
        assert!(refusal.contains("gleaner: "), "{refusal}");
        let unasked = ground.run(&[&["queue", "cancel", "--all"], place].concat()).await.refusal();
        assert!(unasked.contains("nothing was changed; say --yes"), "{unasked}");
    }
    // One that has ended already is there all the same.
    assert_eq!(ground.run(&by_document).await.json(), json!({ "cancelled": 0 }));
    let all = [&["queue", "cancel", "--all", "--yes", "--json"], &elsewhere[..]].concat();
    assert_eq!(ground.run(&all).await.json(), json!({ "cancelled": 18 }));
    for document in server.all_ended().await {
        assert_eq!(code(&document), "cancelled", "{document:#}");
    }
    let unnamed = ground.run(&["queue", "cancel"]).await.refusal();
    assert!(unnamed.contains("--all"), "{unnamed}");
    gate.open();
}

async fn a_paused_workspace_starts_nothing_until_it_is_resumed(ground: Ground) {
    let site = Site::start().await;
    let url = site.on("/", pages::ENGLISH.utf8());
    let server = ground.serve(&[]).await;
    ground.run(&["queue", "pause", "--reason", "we move the help center"]).await.ok();
    let id = server.queue(&[url]).await.remove(0);
    waits_as(&server, &id, "we move the help center").await;
    until("it is held", async || (server.get("v2/queue/public").await["jobs"]["held"] == 1).then_some(())).await;
    let told = ground.run(&["queue", "status"]).await.ok();
    assert!(told.contains("the workspace is paused since") && told.contains("we move the help center"), "{told}");

    let key = ground.run(&["key", "create", "b", "--workspace", "B"]).await.ok();
    let other = Client::new(&server.address, key.trim());
    let free = other.queue(&[site.on("/free", pages::GERMAN.utf8())]).await.remove(0);
    assert_eq!(status(&other.ended(&free).await), "COMPLETED", "another workspace goes on");
    assert_eq!(site.count("/"), 0, "a paused page was asked for");

    assert!(ground.run(&["queue", "resume"]).await.ok().contains("not paused any more"));
    assert_eq!(status(&server.ended(&id).await), "COMPLETED");
    assert!(ground.run(&["queue", "resume"]).await.ok().contains("it was not paused"));
}

async fn a_paused_host_waits_in_every_workspace(ground: Ground) {
    let (paused, free) = (Site::start().await, Site::start().await);
    let server = ground.serve(&[]).await;
    let name = host(&paused);
    ground.run(&["queue", "pause", "--host", &name, "--reason", "they asked us to"]).await.ok();
    let key = ground.run(&["key", "create", "b", "--workspace", "B"]).await.ok();
    let other = Client::new(&server.address, key.trim());
    let held = [
        (&server.client, server.queue(&[paused.on("/1", pages::ENGLISH.utf8())]).await.remove(0)),
        (&other, other.queue(&[paused.on("/2", pages::ENGLISH.utf8())]).await.remove(0)),
    ];
    let id = server.queue(&[free.on("/", pages::ENGLISH.utf8())]).await.remove(0);
    assert_eq!(status(&server.ended(&id).await), "COMPLETED", "another host goes on");
    for (client, id) in &held {
        waits_as(client, id, "they asked us to").await;
    }
    let told = ground.run(&["queue", "status", "--all"]).await.ok();
    assert!(told.contains(&format!("the host {name} is paused since")), "{told}");
    ground.run(&["queue", "resume", "--host", &name]).await.ok();
    for (client, id) in &held {
        assert_eq!(status(&client.ended(id).await), "COMPLETED");
    }
}

async fn what_failed_is_retried_once_the_site_is_mended(ground: Ground) {
    let site = Site::start().await;
    let server = ground.serve(&["--attempts", "1"]).await;
    let missing: Vec<String> = (0..5).map(|page| site.on(&format!("/missing/{page}"), Answer::status(404))).collect();
    let broken: Vec<String> = (0..5).map(|page| site.on(&format!("/broken/{page}"), Answer::status(500))).collect();
    server.queue(&[missing, broken].concat()).await;
    assert!(server.all_ended().await.iter().all(|document| status(document) == "FAILED"));
    for page in 0..5 {
        site.on(&format!("/missing/{page}"), pages::ENGLISH.utf8());
        site.on(&format!("/broken/{page}"), pages::ENGLISH.utf8());
    }
    let by_code = ["queue", "retry", "--code", "server_error,timeout", "--json"];
    assert_eq!(ground.run(&by_code).await.json(), json!({ "retried": 5 }));
    let documents = server.all_ended().await;
    for document in &documents {
        let mended = document["originalUrl"].as_str().unwrap().contains("/broken/");
        assert_eq!(status(document), if mended { "COMPLETED" } else { "FAILED" }, "{document:#}");
    }
    let body = json!({ "host": host(&site), "limit": 2 });
    assert_eq!(server.post(&format!("{JOBS}/retry"), Some(&body)).await.unwrap(), json!({ "retried": 2 }));
    server.all_ended().await;
    let elsewhere = ["queue", "retry", "--all", "--json", "--server", &server.address, "--key", ground.key()];
    assert_eq!(ground.run(&elsewhere).await.json(), json!({ "retried": 3 }));
    assert!(server.all_ended().await.iter().all(|document| status(document) == "COMPLETED"));
    let job = job_of(&server, documents[0]["id"].as_str().unwrap()).await;
    let refusal = ground.run(&["queue", "retry", &job]).await.refusal();
    assert!(refusal.contains("completed; only what failed is retried"), "{refusal}");
}

async fn a_job_of_another_workspace_is_out_of_reach(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let server = ground.serve(&[]).await;
    let id = server.queue(&[site.on("/", pages::ENGLISH.utf8().behind(&gate))]).await.remove(0);
    let job = job_of(&server, &id).await;
    let key = ground.run(&["key", "create", "b", "--workspace", "B"]).await.ok();
    let other = Client::new(&server.address, key.trim());
    for path in [format!("{JOBS}/{job}/cancel"), format!("{JOBS}/{job}/retry")] {
        let refused = other.post(&path, None).await;
        assert!(matches!(refused, Err(connect::api::ApiError::Refused { status: 403, .. })), "{refused:?}");
    }
    let all = other.post(&format!("{JOBS}/cancel"), Some(&json!({ "all": true }))).await.unwrap();
    assert_eq!(all, json!({ "cancelled": 0 }));
    assert_eq!(other.get(JOBS).await["jobs"], json!([]));
    gate.open();
    assert_eq!(status(&server.ended(&id).await), "COMPLETED");
}

async fn scheduled_pages_say_so(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let url = site.on("/", pages::ENGLISH.utf8().behind(&gate));
    let server = ground.serve(&[]).await;
    let mut ingest = ground.start(&["ingest", &url, "--priority", "scheduled"]);
    let priority = until("a job is there", async || {
        let jobs = server.get(JOBS).await;
        jobs["jobs"].get(0).map(|job: &Value| job["priority"].clone())
    })
    .await;
    assert_eq!(priority, "scheduled");
    gate.open();
    assert!(ingest.ended().await.success());
    let refusal = ground.run(&["ingest", &url, "--priority", "bulk"]).await.refusal();
    assert!(refusal.contains("use interactive or scheduled"), "{refusal}");
}

async fn weights_are_listed_and_set(ground: Ground) {
    drop(ground.serve(&[]).await);
    assert!(ground.run(&["workspace", "weight", "default", "3"]).await.ok().contains("default has weight 3"));
    let listed = ground.run(&["workspace", "list", "--json"]).await.json();
    assert_eq!(listed, json!({ "workspaces": [{ "name": "default", "weight": 3 }] }));
    let refusal = ground.run(&["workspace", "weight", "nobody", "3"]).await.refusal();
    assert!(refusal.contains("there is no workspace \"nobody\""), "{refusal}");
    assert!(refusal.contains("make it with: gleaner --workspace nobody key create NAME"), "{refusal}");
    ground.run(&["--workspace", "nobody", "key", "create", "laptop"]).await.ok();
    ground.run(&["workspace", "weight", "nobody", "3"]).await.ok();
    let refusal = ground.run(&["--workspace", "a b/../c", "key", "create", "laptop"]).await.refusal();
    assert!(refusal.contains("use 1 to 64 of the letters"), "{refusal}");
    assert!(!ground.run(&["workspace", "list"]).await.ok().contains("a b"), "it was made all the same");
    assert!(ground.run(&["workspace", "weight", "default", "0"]).await.refusal().contains("1..=1000"));
}

async fn after_a_busy_run_nothing_is_unexplained(ground: Ground) {
    const PAGES: usize = 150;
    let (one, other) = (Site::start().await, Site::start().await);
    let page = |number: usize| if number.is_multiple_of(10) { Answer::status(404) } else { pages::ENGLISH.utf8() };
    let urls: Vec<String> =
        (0..PAGES).map(|number| [&one, &other][number % 2].on(&format!("/{number}"), page(number))).collect();
    let server: Server = ground.serve(&["--host-delay", "20ms"]).await;
    server.queue(&urls).await;
    server.all_ended().await;
    let numbers = until("the numbers are of now", async || {
        let numbers = server.metrics().await;
        let live: f64 =
            numbers.iter().filter(|(name, _)| name.starts_with("gleaner_jobs{")).map(|(_, jobs)| jobs).sum();
        (live < 0.5).then_some(numbers)
    })
    .await;
    let unexplained: Vec<_> = numbers.iter().filter(|(name, _)| name.starts_with("gleaner_unexplained")).collect();
    assert!(unexplained.len() == 7 && unexplained.iter().all(|(_, jobs)| **jobs == 0.0), "{unexplained:?}");
    let failed = numbers[r#"gleaner_documents_finished_total{outcome="failed",code="not_found"}"#];
    let completed = numbers[r#"gleaner_documents_finished_total{outcome="completed",code=""}"#];
    assert_eq!((failed, completed), (15.0, 135.0));
    assert!(numbers["gleaner_jobs_claimed_total"] >= 150.0);
    let status = ground.run(&["queue", "status", "--all", "--json"]).await.json();
    assert!(status["unexplained"].as_object().unwrap().values().all(|jobs| *jobs == 0), "{status:#}");
}
