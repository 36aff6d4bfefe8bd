//! Servers that send too much, too slowly, or stop in the middle.

use std::time::{Duration, Instant};

use connect::Config;
use futures_util::future::join_all;
use model::FailureCode as Code;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::origin::{Origin, client, config, drain, fetch, get, ok, page, url};

const CAP: u64 = 256 * 1_024;

/// Says `start`, then `again` for ever, with a pause before each.
async fn endless(start: &'static str, again: &'static [u8], pause: Duration) -> Origin {
    Origin::doing(move |_, mut stream| async move {
        let mut said = stream.write_all(start.as_bytes()).await;
        while said.is_ok() {
            sleep(pause).await;
            said = stream.write_all(again).await;
        }
    })
    .await
}

fn hasty() -> Config {
    Config { first_byte: Duration::from_secs(1), total: Duration::from_secs(2), max_bytes: CAP, ..config() }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const UNTIL_CLOSE: &str = "HTTP/1.0 200 OK\r\n\r\n";

#[tokio::test]
async fn an_endless_body_is_cut_at_the_cap() {
    for (start, again) in [(CHUNKED, &b"1000\r\n"[..]), (UNTIL_CLOSE, &b""[..])] {
        let mut piece = again.to_vec();
        piece.extend([b'x'; 0x1000]);
        if start == CHUNKED {
            piece.extend(b"\r\n");
        }
        let origin = endless(start, piece.leak(), Duration::ZERO).await;
        let mut page = page(&client(&Config { max_bytes: CAP, ..config() }), &origin.url("/")).await.unwrap();
        let (bytes, end) = drain(&mut page.body).await;
        assert_eq!(end.unwrap_err().code, Code::TooLarge);
        assert!(u64::try_from(bytes.len()).unwrap() <= CAP, "{}", bytes.len());
    }
}

#[tokio::test]
async fn a_trickle_ends_at_the_deadline() {
    let cases = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x"),
        (CHUNKED, "1\r\nx\r\n"),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100000\r\n\r\n", "\x1f"),
        ("HTTP/1.1 200 OK\r\n", "X-Header: x\r\n"),
        ("HTTP/1.1 2", "0"),
        ("", "HTTP/1.1 100 Continue\r\n\r\n"),
    ];
    let all = cases.map(|(start, again)| async move {
        let origin = endless(start, again.as_bytes(), Duration::from_millis(50)).await;
        let begun = Instant::now();
        let failure = fetch(&client(&hasty()), &origin.url("/")).await.unwrap_err();
        // A malformed start may be refused before the time is up, which is as good.
        assert!(matches!(failure.code, Code::Timeout | Code::Connect | Code::ParseFailed), "{start:?}: {failure}");
        assert!(begun.elapsed() < hasty().total + Duration::from_secs(1), "{start:?}: {:?}", begun.elapsed());
    });
    join_all(all).await;
}

#[tokio::test]
async fn the_failure_says_which_time_ran_out() {
    let silent = Origin::doing(|_, stream| hold(stream)).await;
    let stuck = Origin::doing(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab").await;
        hold(stream).await;
    })
    .await;
    let trickle = endless(CHUNKED, b"1\r\nx\r\n", Duration::from_millis(50)).await;
    let cases = [(silent, "did not answer within 1s"), (stuck, "sent nothing for 1s"), (trickle, "longer than 2s")];
    let all = cases.map(|(origin, words)| async move {
        let failure = fetch(&client(&hasty()), &origin.url("/")).await.unwrap_err();
        assert_eq!((failure.code, failure.text.contains(words)), (Code::Timeout, true), "{failure}");
    });
    join_all(all).await;
}

/// Keeps a connection open and says nothing, until the test is over.
async fn hold(stream: TcpStream) {
    std::future::pending::<()>().await;
    drop(stream);
}

#[tokio::test]
async fn a_length_over_the_cap_is_refused_unread() {
    let origin = Origin::saying("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\nx").await;
    let failure = get(&client(&config()), &origin.url("/")).await.unwrap_err();
    assert_eq!(failure.code, Code::TooLarge);
    assert!(failure.text.contains("20971520"), "{failure}");
}

#[tokio::test]
async fn a_body_that_ends_early_is_no_page() {
    let cases = [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "",
    ];
    for answer in cases {
        let origin = Origin::saying(answer).await;
        let failure = fetch(&client(&config()), &origin.url("/")).await.unwrap_err();
        assert_eq!(failure.code, Code::Connect, "{answer:?}: {failure}");
    }
}

#[tokio::test]
async fn bytes_beyond_the_length_are_not_the_pages() {
    let origin = Origin::saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\nevil").await;
    assert_eq!(fetch(&client(&config()), &origin.url("/")).await.as_deref(), Ok(&b"hello"[..]));
}

#[tokio::test]
async fn a_server_of_the_old_school_needs_no_length() {
    let origin = Origin::saying("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nhello").await;
    let client = client(&config());
    let page = page(&client, &origin.url("/")).await.unwrap();
    assert_eq!((page.status, page.content_type.as_deref()), (200, Some("text/html")));
    assert_eq!(fetch(&client, &origin.url("/")).await.as_deref(), Ok(&b"hello"[..]));
}

#[tokio::test]
async fn a_flood_of_headers_is_refused() {
    let many = "X-A: b\r\n".repeat(5_000);
    let long = format!("X-A: {}\r\n", "b".repeat(33 * 1_024));
    let longer = format!("X-A: {}\r\n", "b".repeat(2 * 1_024 * 1_024));
    for headers in [many, long, longer] {
        let origin = Origin::saying(ok(&headers, b"hello")).await;
        let failure = get(&client(&config()), &origin.url("/")).await.unwrap_err();
        assert_eq!(failure.code, Code::TooLarge, "{failure}");
    }
    let fits = format!("X-A: {}\r\n", "b".repeat(31 * 1_024));
    assert!(fetch(&client(&config()), &Origin::saying(ok(&fits, b"hello")).await.url("/")).await.is_ok());
}

#[tokio::test]
async fn a_closed_port_and_an_unknown_name_are_told_apart() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    let failure = get(&client(&config()), &url(&closed)).await.unwrap_err();
    assert_eq!(failure.code, Code::Connect, "{failure}");

    let nowhere = crate::origin::client_with(&config(), |_: &str| Ok(Vec::new()));
    let failure = get(&nowhere, &url("http://nowhere.test/")).await.unwrap_err();
    assert_eq!((failure.code, failure.text.contains("nowhere.test")), (Code::Dns, true), "{failure}");

    let broken = crate::origin::client_with(&config(), |_: &str| Err(std::io::Error::other("server failure")));
    let failure = get(&broken, &url("http://nowhere.test/")).await.unwrap_err();
    assert_eq!((failure.code, failure.text.contains("server failure")), (Code::Dns, true), "{failure}");
}
