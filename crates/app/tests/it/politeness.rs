//! A host gets one request at a time and a pause between, whoever asks and for whatever.

use std::time::Duration;

use testkit::site::{Answer, Gate, Site, pages};

use crate::charts::{assert_spaced, first};
use crate::ground::{Ground, on_both};
use crate::server::{status, until};

on_both!(
    every_request_takes_its_turn,
    processes_share_the_turns,
    a_crawl_delay_is_honoured,
    hosts_do_not_wait_for_each_other,
    a_slow_robots_file_lets_no_crowd_loose,
);

const DELAY: Duration = Duration::from_millis(300);
const POLITE: [&str; 2] = ["--host-delay", "300ms"];

fn pages_of(site: &Site, count: usize) -> Vec<String> {
    (0..count).map(|number| site.on(&format!("/page/{number}"), pages::ENGLISH.utf8())).collect()
}

async fn every_request_takes_its_turn(ground: Ground) {
    let site = Site::start().await;
    // robots.txt is elsewhere: its redirect is a request like any other.
    site.on("/robots.txt", Answer::redirect(302, "/rules.txt"));
    site.on("/rules.txt", Answer::text("User-agent: *\nDisallow: /private\n"));
    let mut urls = pages_of(&site, 3);
    urls.push(site.on("/old", Answer::redirect(301, "/older")));
    site.on("/older", Answer::redirect(301, "/page/0"));
    urls.push(site.on_in_turn("/shaky", vec![Answer::status(503), pages::ENGLISH.utf8()]));
    let server = ground.serve(&POLITE).await;
    server.queue(&urls).await;
    let documents = server.all_ended().await;
    assert!(documents.iter().all(|document| status(document) == "COMPLETED"), "{documents:#?}");
    assert_eq!(site.visits().len(), 2 + 3 + 3 + 2);
    assert_spaced(&site, DELAY);
}

async fn processes_share_the_turns(ground: Ground) {
    let (site, elsewhere, gate) = (Site::start().await, Site::start().await, Gate::closed());
    // The server's only place is taken, so that the helpers read the first pages; it reads the last ones, when they are gone.
    let server = ground.serve(&[&POLITE[..], &["--concurrency", "1"]].concat()).await;
    server.queue(&[elsewhere.on("/held", pages::ENGLISH.utf8().behind(&gate))]).await;
    until("the server is busy", async || (elsewhere.count("/held") == 1).then_some(())).await;
    let helpers = [ground.work(&POLITE), ground.work(&POLITE)];
    let urls = pages_of(&site, 12);
    for id in server.queue(&urls[..6]).await {
        server.ended(&id).await;
    }
    let read: usize = helpers.iter().map(|helper| helper.log().matches("document read").count()).sum();
    assert_eq!(read, 6);
    for helper in helpers {
        helper.stop().await;
    }
    server.queue(&urls[6..]).await;
    gate.open();
    let documents = server.all_ended().await;
    assert!(documents.iter().all(|document| status(document) == "COMPLETED"), "{documents:#?}");
    assert_eq!(site.count_below("/page/"), 12);
    // Each process may find out by itself that there is no robots.txt, when two ask before either has an answer.
    assert!(site.count("/robots.txt") <= 3);
    assert_spaced(&site, DELAY);
}

async fn a_crawl_delay_is_honoured(ground: Ground) {
    let site = Site::start().await;
    site.on("/robots.txt", Answer::text("User-agent: *\nCrawl-delay: 1\n"));
    let server = ground.serve(&[]).await;
    let pages = pages_of(&site, 4);
    // The first page brings in the file; from then on the wish is known.
    let ids = server.queue(&pages[..1]).await;
    server.ended(&ids[0]).await;
    server.queue(&pages[1..]).await;
    server.all_ended().await;
    let visits: Vec<_> = site.visits().into_iter().skip(1).collect();
    let gaps: Vec<_> = visits.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    assert_eq!(gaps.len(), 3);
    assert!(gaps.iter().all(|gap| *gap >= Duration::from_millis(880)), "{gaps:?}");
}

async fn hosts_do_not_wait_for_each_other(ground: Ground) {
    let (one, other) = (Site::start().await, Site::start().await);
    let server = ground.serve(&POLITE).await;
    server.queue(&[pages_of(&one, 6), pages_of(&other, 6)].concat()).await;
    // All of the second site stand behind all of the first in the queue, and their host is free all the same.
    server.all_ended().await;
    let last = one.visits().last().unwrap().at;
    assert!(first(&other, "/page/2") < last, "the second site was kept waiting for the first");
    assert_spaced(&one, DELAY);
    assert_spaced(&other, DELAY);
}

async fn a_slow_robots_file_lets_no_crowd_loose(ground: Ground) {
    let site = Site::start().await;
    site.on("/robots.txt", Answer::text("").after(Duration::from_millis(1_500)));
    let server = ground.serve(&POLITE).await;
    server.queue(&pages_of(&site, 6)).await;
    server.all_ended().await;
    assert_eq!(site.count("/robots.txt"), 1);
    assert_spaced(&site, DELAY);
}
