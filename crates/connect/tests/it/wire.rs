//! Nothing that a stranger writes can break out of its place in a request.

use connect::{Reply, Validators};
use model::WebUrl;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::origin::{Origin, client, config, get, ok};

/// Text with every character that could end a line, a header or a request.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[\\r\\n\\x00\\t :a%0-9dDA/?#\\\\é\u{85}\u{2028}]{0,30}"]
}

/// A request head is lines of printable ASCII, each once, and these headers only.
fn is_clean(request: &[u8]) -> bool {
    let Some(head) = request.strip_suffix(b"\r\n\r\n") else { return false };
    let Ok(head) = std::str::from_utf8(head) else { return false };
    let mut lines = head.split("\r\n");
    let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let known = ["host", "user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since"];
    let headers: Vec<&str> = lines.map(|line| line.split(": ").next().unwrap_or_default()).collect();
    head.replace("\r\n", "").bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ' || byte == b'\t')
        && first.len() == 3
        && headers.iter().all(|name| known.contains(name))
        && known.iter().all(|name| headers.iter().filter(|header| header == &name).count() <= 1)
}

#[test]
fn no_line_break_of_an_address_or_a_header_reaches_the_wire() {
    let runtime = Runtime::new().unwrap();
    let (origin, client) = runtime.block_on(async {
        let origin = Origin::saying(ok("Connection: close\r\n", b"")).await;
        (origin, client(&config()))
    });
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) };
    proptest!(config, |(path in nasty(), etag in proptest::option::of(nasty()), date in proptest::option::of(nasty()))| {
        let Ok(page) = WebUrl::parse(&format!("http://{}/{path}", origin.address)) else { return Ok(()) };
        let known = Validators { etag, last_modified: date };
        // Whatever it comes to, it is what was sent that counts.
        let _ = runtime.block_on(client.get(&page, &known));
        if let Some(request) = origin.requests().last() {
            prop_assert!(is_clean(request), "{:?}", String::from_utf8_lossy(request));
        }
    });
    assert!(origin.requests().len() > 100, "only {} requests were sent", origin.requests().len());
}

#[test]
fn no_line_break_of_a_redirect_reaches_the_wire() {
    let runtime = Runtime::new().unwrap();
    let cases = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) };
    let client = client(&config());
    proptest!(cases, |(location in nasty())| {
        let sent = runtime.block_on(async {
            let answer = format!("HTTP/1.1 302 X\r\nLocation: /{location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let origin = Origin::saying(answer).await;
            if let Ok(Reply::Redirect { to, .. }) = get(&client, &origin.url("/")).await && to.origin() == origin.url("/").origin() {
                let _ = get(&client, &to).await;
            }
            origin.requests()
        });
        for request in sent {
            prop_assert!(is_clean(&request), "{:?}", String::from_utf8_lossy(&request));
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

    #[test]
    fn the_canonical_form_of_an_address_is_its_own(rest in "\\PC{0,60}", scheme in "(https?|HTTP)://") {
        if let Ok(url) = WebUrl::parse(&format!("{scheme}{rest}")) {
            prop_assert_eq!(WebUrl::parse(url.as_str()), Ok(url.clone()), "{}", url);
            prop_assert!(url.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{}", url);
        }
    }

    #[test]
    fn so_is_that_of_an_address_full_of_traps(text in "https?://[a-z0-9.:@\\[\\]%]{1,8}[/\\\\?#&=;%20utm_aglid. éß+]{0,25}") {
        if let Ok(url) = WebUrl::parse(&text) {
            prop_assert_eq!(WebUrl::parse(url.as_str()), Ok(url.clone()), "{}", url);
        }
    }
}
