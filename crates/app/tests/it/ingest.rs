//! `gleaner ingest`: with no server, beside one, and against one elsewhere.

use serde_json::Value;
use testkit::site::{Answer, Gate, Site, pages};

use crate::ground::{Done, Ground, finish, on_both};
use crate::server::{status, until};

on_both!(
    pages_are_read_without_a_server,
    a_page_that_fails_shows_its_reason,
    a_running_server_does_the_work,
    a_server_elsewhere_does_the_work,
    documents_of_others_are_left_alone,
    a_bad_address_queues_nothing,
    a_wrong_setting_queues_nothing,
    urls_come_from_standard_input,
    who_stops_waiting_is_told_what_it_waited_for,
);

async fn pages_are_read_without_a_server(ground: Ground) {
    let site = Site::start().await;
    let urls = [site.on("/en", pages::ENGLISH.utf8()), site.on("/de", pages::GERMAN.utf8())];
    let done = ground.run(&["ingest", &urls[0], &urls[1], "--log", "error"]).await;
    for url in &urls {
        assert!(done.err.lines().any(|line| line.starts_with(url.as_str())), "no progress on {url}:\n{}", done.err);
    }
    let table = done.ok();
    let row =
        |title: &str| table.lines().find(|line| line.contains(title)).unwrap_or_else(|| panic!("{title}:\n{table}"));
    for title in [pages::ENGLISH.title, pages::GERMAN.title] {
        assert!(row(title).contains("COMPLETED"), "{table}");
    }
    assert!(table.contains("gleaner show "), "{table}");

    let again = ground.run(&["ingest", &urls[0], "--json"]).await.json();
    let document = &again["documents"][0];
    assert_eq!((status(document), &document["revision"]), ("COMPLETED", &1.into()), "{document:#}");
    assert_eq!(again["unfinished"], Value::Array(Vec::new()));
}

/// They were queued with other settings: here, with the leave to fetch from this machine.
async fn documents_of_others_are_left_alone(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let server = ground.serve(&["--grace", "100ms"]).await;
    let theirs = server.queue(&[site.on("/theirs", pages::GERMAN.utf8().behind(&gate))]).await;
    until("their page is asked for", async || (site.count("/theirs") > 0).then_some(())).await;
    assert!(server.service.stop().await.success());

    let ours = ground.run(&["ingest", &site.url("/ours"), "--allow-private", "10.0.0.1", "--json"]).await;
    let report: Value = serde_json::from_str(&ours.out).unwrap();
    assert!(report["documents"][0]["error"].as_str().unwrap().starts_with("blocked_address: "), "{report:#}");
    let left = ground.run(&["show", &theirs[0], "--json"]).await.json();
    assert_eq!((status(&left), &left["waiting"]["code"]), ("PENDING", &"worker".into()), "{left:#}");

    gate.open();
    let server = ground.serve(&[]).await;
    assert_eq!(status(&server.ended(&theirs[0]).await), "COMPLETED");
}

async fn a_page_that_fails_shows_its_reason(ground: Ground) {
    let site = Site::start().await;
    let (good, missing) = (site.on("/en", pages::ENGLISH.utf8()), site.url("/missing"));
    let done = ground.run(&["ingest", &good, &missing]).await;
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.out.contains("COMPLETED") && done.out.contains("FAILED"), "{}", done.out);
    assert!(done.out.contains("not_found: "), "{}", done.out);
}

async fn a_running_server_does_the_work(ground: Ground) {
    let (site, gate) = (Site::start().await, Gate::closed());
    let server = ground.serve(&[]).await;
    let url = site.on("/page", pages::ENGLISH.utf8().behind(&gate));
    let ingest = tokio::spawn(finish(ground.command(&["ingest", &url, "--json"])));
    until("the page is asked for", async || (site.count("/page") > 0).then_some(())).await;
    assert_eq!(server.list(&[]).await.len(), 1);
    gate.open();
    let report = ingest.await.unwrap().json();
    let document = &report["documents"][0];
    assert_eq!(status(document), "COMPLETED", "{document:#}");
    let id = document["id"].as_str().unwrap();
    assert_eq!(site.count("/page"), 1);
    until("the server logs it", async || {
        let log = server.service.log();
        log.lines().any(|line| line.contains("document read") && line.contains(id)).then_some(())
    })
    .await;
}

async fn a_server_elsewhere_does_the_work(ground: Ground) {
    let site = Site::start().await;
    let server = ground.serve(&[]).await;
    let url = site.on("/page", pages::ENGLISH.utf8());
    let remotely = ["--server", &server.address, "--key", ground.key()];
    let run = async |arguments: &[&str]| -> Done { finish(ground.bare(&[arguments, &remotely].concat())).await };

    let report = run(&["ingest", &url, "--json"]).await.json();
    let id = report["documents"][0]["id"].as_str().unwrap();
    assert_eq!(run(&["show", id, "--json"]).await.json(), server.document(id).await);
    assert_eq!(run(&["list", "--json"]).await.json()["documents"][0]["id"], id);
    assert!(!ground.path().join("gleaner-data").exists(), "a local store was made for nothing");

    let wrong = finish(ground.bare(&["list", "--server", &server.address, "--key", "fini_wrong"])).await.refusal();
    assert!(wrong.to_lowercase().contains("key"), "{wrong}");
    let nobody =
        finish(ground.bare(&["list", "--server", "http://127.0.0.1:9", "--key", ground.key()])).await.refusal();
    assert!(nobody.contains("http://127.0.0.1:9 cannot be reached"), "{nobody}");
    let keyless = finish(ground.bare(&["list", "--server", &server.address])).await.refusal();
    assert!(keyless.contains("--key"), "{keyless}");
}

async fn a_wrong_setting_queues_nothing(ground: Ground) {
    let site = Site::start().await;
    let url = site.on("/page", pages::ENGLISH.utf8());
    for setting in [["--proxy", "nonsense"], ["--lease", "1ms"], ["--max-bytes", "0"]] {
        let refusal = ground.run(&["ingest", &url, setting[0], setting[1]]).await.refusal();
        assert!(refusal.contains(setting[0].trim_start_matches('-')), "{refusal}");
    }
    let refusal = ground.run(&["list"]).await.refusal();
    assert!(refusal.contains("there is no "), "nothing was made: {refusal}");
    assert_eq!(site.count_below("/"), 0);
}

async fn a_bad_address_queues_nothing(ground: Ground) {
    let site = Site::start().await;
    let good = site.on("/en", pages::ENGLISH.utf8());
    for bad in [
        "ftp://example.com/file",
        "example.com",
        "5d9f67a8-d853-4af4-b7ce-23ebba1245e5",
        "https://me:secret@example.com/",
    ] {
        let refusal = ground.run(&["ingest", &good, bad]).await.refusal();
        assert!(refusal.contains("URL") || refusal.contains("password"), "{refusal}");
    }
    let listed = ground.run(&["list", "--json"]).await.json();
    assert_eq!(listed["documents"], Value::Array(Vec::new()));
    assert_eq!(site.visits().len(), 0);
}

async fn who_stops_waiting_is_told_what_it_waited_for(ground: Ground) {
    let site = Site::start().await;
    let mut ingest = ground.start(&["ingest", &site.on("/", Answer::status(500)), "--retry-base", "1m"]);
    until("it waits", async || ingest.log().contains("waiting (retry)").then_some(())).await;
    ingest.signal(nix::sys::signal::Signal::SIGINT);
    assert!(!ingest.ended().await.success());
    let told = ingest.printed();
    assert!(told.contains("not finished; waiting (retry): ") && told.contains("server_error"), "{told}");
}

async fn urls_come_from_standard_input(ground: Ground) {
    let site = Site::start().await;
    let urls = [site.on("/en", pages::ENGLISH.utf8()), site.on("/plain", Answer::text("Some plain words to be read."))];
    let list = ground.path().join("urls.txt");
    std::fs::write(&list, format!("{}\n\n  {}\n", urls[0], urls[1])).unwrap();
    let mut command = ground.command(&["ingest", "-", "--json"]);
    command.stdin(std::fs::File::open(&list).unwrap());
    let report = finish(command).await.json();
    assert_eq!(report["documents"].as_array().unwrap().len(), 2);
}
