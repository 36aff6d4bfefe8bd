//! robots.txt as it is fetched: what each answer of a host means for the pages behind it.

use connect::{Config, RobotsFile, Verdict};
use model::FailureCode as Code;
use tokio::io::AsyncWriteExt;

use crate::origin::{Origin, client, config, ok, robots};

async fn outcome(answer: impl Into<Vec<u8>>) -> Result<RobotsFile, Code> {
    let origin = Origin::saying(answer).await;
    let file = robots(&client(&config()), &origin.url("/deep/page?x")).await;
    assert!(origin.requests()[0].starts_with(b"GET /robots.txt HTTP/1.1\r\n"));
    file.map_err(|failure| failure.code)
}

fn status(status: u16) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n")
}

#[tokio::test]
async fn a_file_is_kept_as_text_and_obeyed() {
    let text = "User-agent: *\nDisallow: /deep\n";
    let origin = Origin::saying(ok("Content-Type: text/plain\r\n", text.as_bytes())).await;
    let page = origin.url("/deep/page");
    let file = robots(&client(&config()), &page).await.unwrap();
    assert_eq!(file, RobotsFile::Rules(text.to_owned()));
    assert_eq!(file.rules().verdict(&page), Verdict::Disallowed { rule: "Disallow: /deep (line 2)".to_owned() });
    assert_eq!(file.rules().verdict(&origin.url("/open")), Verdict::Allowed);
}

#[tokio::test]
async fn no_file_allows_everything_and_trouble_allows_nothing() {
    for absent in [400, 401, 403, 404, 405, 410, 418, 451, 204] {
        assert_eq!(outcome(status(absent)).await, Ok(RobotsFile::AllowAll), "{absent}");
    }
    let trouble = [
        (429, Code::RateLimited),
        (408, Code::Timeout),
        (500, Code::ServerError),
        (503, Code::ServerError),
        (304, Code::ServerError),
    ];
    for (answered, code) in trouble {
        assert_eq!(outcome(status(answered)).await, Err(code), "{answered}");
        assert!(code.is_transient());
    }
    assert_eq!(outcome("").await, Err(Code::Connect));
    assert_eq!(outcome("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nUser-agent: *").await, Err(Code::Connect));
}

/// Redirects from `/robots.txt` through `/1`, `/2` and so on, `hops` times, to a file.
async fn chain(hops: usize) -> Origin {
    Origin::doing(move |request, mut stream| async move {
        let path = request.split(' ').nth(1).unwrap_or_default();
        let at: usize = path.trim_start_matches('/').parse().unwrap_or(0);
        let answer = if at < hops {
            format!("HTTP/1.1 301 X\r\nLocation: /{}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", at + 1)
                .into_bytes()
        } else {
            ok("Connection: close\r\n", b"User-agent: *\nDisallow: /")
        };
        let _ = stream.write_all(&answer).await;
    })
    .await
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    for (hops, asked, found) in [(0, 1, true), (5, 6, true), (6, 6, false), (100, 6, false)] {
        let origin = chain(hops).await;
        let file = robots(&client(&config()), &origin.url("/")).await.unwrap();
        assert_eq!(matches!(file, RobotsFile::Rules(_)), found, "{hops} hops: {file:?}");
        assert_eq!(origin.requests().len(), asked, "{hops} hops");
    }
}

#[tokio::test]
async fn a_loop_ends() {
    let origin = Origin::saying("HTTP/1.1 302 X\r\nLocation: /robots.txt\r\nContent-Length: 0\r\n\r\n").await;
    let file = robots(&client(&config()), &origin.url("/")).await;
    assert_eq!((file, origin.requests().len()), (Ok(RobotsFile::AllowAll), 1));
}

#[tokio::test]
async fn a_redirect_out_of_bounds_is_no_permission() {
    for target in ["http://10.0.0.1/robots.txt", "http://localhost/robots.txt", "http://[::1]/"] {
        let answer = format!("HTTP/1.1 302 X\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(outcome(answer).await, Err(Code::BlockedAddress), "{target}");
    }
}

/// Ten gigabytes are announced and keep coming: the start is read, the rest is not.
#[tokio::test]
async fn only_the_start_of_a_long_file_is_read() {
    let origin = Origin::doing(|_, mut stream| async move {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\nUser-agent: *\nDisallow: /early\n";
        let mut said = stream.write_all(head.as_bytes()).await;
        while said.is_ok() {
            said = stream.write_all(&b"# filler\n".repeat(1_000)).await;
        }
    })
    .await;
    let client = client(&Config { max_bytes: 1_024 * 1_024, ..config() });
    let file = robots(&client, &origin.url("/")).await.unwrap();
    assert!(matches!(&file, RobotsFile::Rules(text) if text.len() <= connect::robots::MOST_BYTES));
    assert_ne!(file.rules().verdict(&origin.url("/early")), Verdict::Allowed);
}
