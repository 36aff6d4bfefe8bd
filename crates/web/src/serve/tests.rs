//! Real sockets: slow clients, large heads, the end.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::*;

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_mins(1);

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    end: JoinHandle<io::Result<()>>,
}

async fn start(router: Router, waits: Waits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async move { stopped.await.unwrap_or(()) };
    let end = tokio::spawn(serve_with(listener, router, stopped, waits));
    Server { address, stop, end }
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

/// Sends, then reads until the server closes.
async fn exchange(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _reset_is_an_end_too = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_head_is_let_go() {
    let server = start(hello(), Waits { head: SHORT, stop: LONG }).await;
    for head in ["", "G", "GET / HTTP/1.1\r\nhost: a\r\nx: "] {
        let answer = timeout(LONG, exchange(server.address, head)).await.unwrap();
        assert!(!answer.contains("hello"), "{answer}");
    }
    let whole = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    assert!(exchange(server.address, whole).await.ends_with("hello"));
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = start(hello(), Waits { head: LONG, stop: LONG }).await;
    let many = "x: 1\r\n".repeat(MOST_HEADERS + 1);
    let long = format!("x: {}\r\n", "a".repeat(4 * LARGEST_HEAD));
    for headers in [many, long] {
        let answer =
            exchange(server.address, &format!("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{headers}\r\n")).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn an_open_request_is_answered_after_the_stop() {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, gate) = (entered.clone(), release.clone());
    let handler = async move || {
        inside.notify_one();
        gate.notified().await;
        "done"
    };
    let server = start(Router::new().route("/", get(handler)), Waits { head: LONG, stop: LONG }).await;
    let request = tokio::spawn(exchange(server.address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
    entered.notified().await;
    server.stop.send(()).unwrap();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.notify_one();
    assert!(request.await.unwrap().ends_with("done"));
    server.end.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_up_the_stop() {
    let entered = Arc::new(Notify::new());
    let inside = entered.clone();
    let handler = async move || {
        inside.notify_one();
        std::future::pending::<&str>().await
    };
    let server = start(Router::new().route("/", get(handler)), Waits { head: LONG, stop: SHORT }).await;
    let request = tokio::spawn(exchange(server.address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
    entered.notified().await;
    server.stop.send(()).unwrap();
    timeout(LONG, server.end).await.unwrap().unwrap().unwrap();
    assert_eq!(request.await.unwrap(), "");
}

#[tokio::test]
async fn the_public_door_serves_and_stops() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let end = tokio::spawn(serve(listener, hello(), async move { stopped.await.unwrap_or(()) }));
    assert!(exchange(address, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.ends_with("hello"));
    stop.send(()).unwrap();
    end.await.unwrap().unwrap();
}
