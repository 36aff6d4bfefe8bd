//! Serves a router on a socket: bounded heads, bounded waiting, an orderly end.

use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long a client may take to send the head of a request, and may idle between requests.
const HEAD_WAIT: Duration = Duration::from_secs(10);
/// The most header fields of a request.
const MOST_HEADERS: usize = 64;
/// The most bytes of a request's head.
const LARGEST_HEAD: usize = 64 << 10;
/// How long open requests may take to end after the stop.
const STOP_WAIT: Duration = Duration::from_secs(20);
/// How long to wait when no connection can be accepted, and how often in a row before giving up.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);
const ACCEPT_TRIES: u32 = 60;

/// Serves until `stop` ends, then lets open requests end. Fails only when the socket gives no connection for a minute.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) -> io::Result<()> {
    serve_with(listener, router, stop, Waits { head: HEAD_WAIT, stop: STOP_WAIT }).await
}

#[derive(Clone, Copy)]
struct Waits {
    head: Duration,
    stop: Duration,
}

async fn serve_with(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
    waits: Waits,
) -> io::Result<()> {
    let mut stop = pin!(stop);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut failures = 0;
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    failures = 0;
                    connections.spawn(converse(stream, router.clone(), graceful.watcher(), waits.head));
                }
                Err(error) => {
                    failures += 1;
                    not_accepted(error, failures).await?;
                }
            }
        }
    }
    drop(listener);
    if timeout(waits.stop, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = waits.stop.as_secs(), "some requests did not end in time and were cut off");
    }
    connections.shutdown().await;
    Ok(())
}

/// One connection, to its end. HTTP/1.1 only: telling HTTP/2 apart would mean to wait for a first byte without a limit,
/// and what speaks HTTP/2 to clients stands in front and speaks HTTP/1.1 to us.
async fn converse(stream: TcpStream, router: Router, watcher: Watcher, head_wait: Duration) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_wait)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A client that left before it was accepted costs nothing; anything else (too many open files) needs a pause.
async fn not_accepted(error: io::Error, failures: u32) -> io::Result<()> {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return Ok(());
    }
    if failures > ACCEPT_TRIES {
        return Err(error);
    }
    tracing::warn!(%error, "no connection can be accepted; trying again");
    sleep(ACCEPT_PAUSE).await;
    Ok(())
}

#[cfg(test)]
mod tests;
