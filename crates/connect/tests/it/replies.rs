//! What an answer means: redirects, "not modified", failures with their statuses, and when to come back.

use std::time::Duration;

use connect::{Config, Reply};
use model::FailureCode as Code;

use crate::origin::{Origin, allow, client, client_with, config, fetch, get, ok, page, url};

#[tokio::test]
async fn a_page_comes_with_its_validators_and_they_go_back() {
    let origin = Origin::doing(|request, mut stream| async move {
        use tokio::io::AsyncWriteExt;
        let again = request.contains("if-none-match: \"v1\"\r\n") && request.contains("if-modified-since: Sun, 06 Nov");
        let answer = if again {
            b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec()
        } else {
            ok("ETag: \"v1\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/html; charset=utf-8\r\n", b"hi")
        };
        let _ = stream.write_all(&answer).await;
    })
    .await;
    let client = client(&config());
    let page = page(&client, &origin.url("/a?b=c")).await.unwrap();
    assert_eq!((page.status, page.url.clone()), (200, origin.url("/a?b=c")));
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(page.validators.etag.as_deref(), Some("\"v1\""));
    assert_eq!(page.validators.last_modified.as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    let again = client.get(&origin.url("/a?b=c"), &page.validators).await.unwrap();
    assert!(matches!(again, Reply::NotModified), "{again:?}");
}

#[tokio::test]
async fn not_modified_answers_only_who_asked() {
    let origin = Origin::saying("HTTP/1.1 304 Not Modified\r\n\r\n").await;
    assert_eq!(get(&client(&config()), &origin.url("/")).await.unwrap_err().code, Code::ServerError);
}

#[tokio::test]
async fn a_request_tells_who_asks_and_nothing_about_anybody_else() {
    let origin = Origin::saying(ok("Set-Cookie: a=b\r\n", b"hi")).await;
    let client = client(&Config { user_agent: connect::http::user_agent(Some("https://example.com/bot")), ..config() });
    for _ in 0..2 {
        fetch(&client, &origin.url("/a#part")).await.unwrap();
    }
    for request in origin.requests() {
        let request = String::from_utf8(request).unwrap();
        let mut lines: Vec<&str> = request.trim_end().split("\r\n").collect();
        lines[1..].sort_unstable();
        let expected = [
            "GET /a HTTP/1.1",
            "accept-encoding: gzip, br, zstd, deflate",
            "accept: text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.9,*/*;q=0.8",
            &format!("host: {}", origin.address),
            &format!("user-agent: Gleaner/{} (+https://example.com/bot)", env!("CARGO_PKG_VERSION")),
        ];
        assert_eq!(lines, expected);
    }
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let cases = [("/b?x=1#part", Some("/b?x=1")), ("b", Some("/b")), ("//127.0.0.1:1/b", None)];
        for (location, path) in cases {
            let origin =
                Origin::saying(format!("HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"))
                    .await;
            let reply = get(&client(&config()), &origin.url("/a")).await.unwrap();
            let target = path.map_or_else(|| url("http://127.0.0.1:1/b"), |path| origin.url(path));
            assert!(
                matches!(&reply, Reply::Redirect { status: told, to } if *told == status && *to == target),
                "{reply:?}"
            );
            assert_eq!(origin.requests().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_redirect_that_leads_nowhere_says_so() {
    let cases: [&[u8]; 13] = [
        b"",
        b"Location:\r\n",
        b"Location: ftp://example.com/\r\n",
        b"Location: javascript:alert(1)\r\n",
        b"Location: data:text/html,x\r\n",
        b"Location: file:///etc/passwd\r\n",
        b"Location: http://user:pw@example.com/\r\n",
        b"Location: http://\r\n",
        b"Location: http://[::1/\r\n",
        b"Location: http://exa mple.com/\r\n",
        b"Location: ht\ttp://example.com/\r\n",
        b"Location: /\xff\xfe\r\n",
        b"Location: http://example.com:99999/\r\n",
    ];
    for location in cases {
        let answer = [b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n", location, b"\r\n"].concat();
        let failure = get(&client(&config()), &Origin::saying(answer).await.url("/a")).await.unwrap_err();
        assert_eq!(failure.code, Code::BadRedirect, "{}: {failure}", String::from_utf8_lossy(location));
    }
}

/// A line break in `Location` ends the header; one that is encoded stays encoded.
#[tokio::test]
async fn line_breaks_in_a_location_go_nowhere() {
    let cases = [
        ("/a\r\nSet-Cookie: evil=1", Some("/a")),
        ("/a%0d%0aX-Evil:%201", Some("/a%0d%0aX-Evil:%201")),
        ("/a\nX-Evil: 1", Some("/a")),
        ("/a\rX-Evil: 1", None),
        ("/a\0b", None),
    ];
    for (location, path) in cases {
        let origin =
            Origin::saying(format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")).await;
        let reply = get(&client(&config()), &origin.url("/")).await;
        match (path, &reply) {
            (Some(path), Ok(Reply::Redirect { to, .. })) => assert_eq!(*to, origin.url(path)),
            (None, Err(failure)) => assert!(matches!(failure.code, Code::Connect | Code::BadRedirect), "{failure}"),
            _ => panic!("{location:?}: {reply:?}"),
        }
    }
}

#[tokio::test]
async fn a_status_that_is_no_page_is_a_failure_with_its_code() {
    let cases = [
        (204, Code::EmptyContent),
        (206, Code::ServerError),
        (300, Code::ServerError),
        (401, Code::AuthRequired),
        (403, Code::Forbidden),
        (404, Code::NotFound),
        (408, Code::Timeout),
        (410, Code::Gone),
        (425, Code::Timeout),
        (429, Code::RateLimited),
        (451, Code::Forbidden),
        (500, Code::ServerError),
        (503, Code::ServerError),
        (999, Code::Forbidden),
    ];
    for (status, code) in cases {
        let origin = Origin::saying(format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n")).await;
        let failure = get(&client(&config()), &origin.url("/")).await.unwrap_err();
        assert_eq!((failure.code, failure.retry_after), (code, None), "{status}: {failure}");
    }
    for status in [200, 201, 202, 203] {
        let origin = Origin::saying(format!("HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nhi")).await;
        assert_eq!(page(&client(&config()), &origin.url("/")).await.unwrap().status, status);
    }
}

#[tokio::test]
async fn when_to_come_back_is_read_in_both_forms() {
    let cases = [("7", Some(7)), ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)), ("later", None)];
    for status in [429, 503] {
        for (value, seconds) in cases {
            let answer = format!("HTTP/1.1 {status} X\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n");
            let failure = get(&client(&config()), &Origin::saying(answer).await.url("/")).await.unwrap_err();
            assert_eq!(failure.retry_after, seconds.map(Duration::from_secs), "{value}");
        }
    }
}

#[tokio::test]
async fn a_proxy_gets_everything_but_what_is_refused_by_name() {
    let proxy = Origin::saying(ok("", b"from the proxy")).await;
    let config =
        Config { proxy: Some(format!("http://user:pw@proxy.corp:{}", proxy.address.port())), ..Config::default() };
    // Only the proxy's own name may be looked up here.
    let client = client_with(&config, |name: &str| match name {
        "proxy.corp" => Ok(vec!["127.0.0.1".parse().unwrap()]),
        _ => Err(std::io::Error::other("not to be looked up")),
    });
    assert_eq!(fetch(&client, &url("http://example.com/a")).await.as_deref(), Ok(&b"from the proxy"[..]));
    assert!(proxy.requests()[0].starts_with(b"GET http://example.com/a HTTP/1.1\r\n"));
    for refused in ["http://127.0.0.1/", "http://localhost/", "http://169.254.169.254/", "http://example.com:22/"] {
        assert_eq!(get(&client, &url(refused)).await.unwrap_err().code, Code::BlockedAddress, "{refused}");
    }
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn settings_that_cannot_work_are_named() {
    let clock = || model::Clock::manual(crate::origin::NOW);
    let base = || Config { allow: allow(""), ..Config::default() };
    let cases = [
        (Config { proxy: Some("socks5://secret@proxy.corp".to_owned()), ..base() }, "proxy"),
        (Config { proxy: Some("proxy.corp".to_owned()), ..base() }, "proxy"),
        (Config { user_agent: "two\nlines".to_owned(), ..base() }, "user agent"),
        (Config { extra_roots: vec![b"no certificate".to_vec()], ..base() }, "extra root certificates"),
        (
            Config {
                extra_roots: vec![b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec()],
                ..base()
            },
            "extra root certificates",
        ),
    ];
    for (config, setting) in cases {
        let error = connect::Client::new(&config, clock()).map(|_| ()).unwrap_err();
        assert_eq!(error.setting, setting, "{error}");
        assert!(!error.reason.contains("secret"), "{error}");
    }
}
