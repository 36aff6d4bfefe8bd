//! The site answers as told, and knows who came.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

/// What the site says to a plain request, to the end of the connection.
async fn ask(site: &Site, path: &str) -> String {
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn answers_come_in_turn_and_every_visit_is_written_down() {
    let site = Site::start().await;
    site.on_in_turn("/a", vec![Answer::status(503), Answer::text("well again")]);
    assert!(ask(&site, "/a").await.starts_with("HTTP/1.1 503 "));
    for _ in 0..2 {
        assert!(ask(&site, "/a").await.ends_with("well again"));
    }
    assert!(ask(&site, "/a?b=c").await.starts_with("HTTP/1.1 404 "));
    let paths: Vec<_> = site.visits().into_iter().map(|visit| visit.path).collect();
    assert_eq!(paths, ["/a", "/a", "/a", "/a?b=c"]);
    assert_eq!((site.count("/a"), site.count_below("/a")), (3, 4));
}

#[tokio::test]
async fn a_broken_answer_is_shorter_than_it_says() {
    let site = Site::start().await;
    site.on("/broken", Answer::text("0123456789").broken_off());
    let answer = ask(&site, "/broken").await;
    assert!(answer.contains("content-length: 10") && answer.ends_with("01234"), "{answer}");
}

#[tokio::test]
async fn nothing_passes_a_closed_gate() {
    let (site, gate) = (Site::start().await, Gate::closed());
    site.on("/later", Answer::text("at last").behind(&gate));
    let mut asked = Box::pin(ask(&site, "/later"));
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut asked).await.is_err());
    gate.open();
    assert!(asked.await.ends_with("at last"));
}
