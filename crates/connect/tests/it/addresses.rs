//! Every hostile spelling of an address is refused, whichever way it comes in.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use connect::{Config, Reply};
use model::{FailureCode, WebUrl};

use crate::origin::{Origin, allow, client_with, config, get, ok, robots, url};

/// The list, one address a line; ours and that of the security note.
pub fn hostile() -> impl Iterator<Item = &'static str> {
    include_str!("../../fixtures/addresses.txt").lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}

#[tokio::test]
async fn every_spelling_is_refused_by_the_parser_or_the_guard() {
    assert!(hostile().count() >= 93 + 15);
    let asked = std::sync::Arc::new(AtomicUsize::new(0));
    let seen = std::sync::Arc::clone(&asked);
    // Whatever gets as far as the resolver is told that it is this machine; the two that are example.com too.
    let config = Config { ports: vec![6379, 55432], ..Config::default() };
    let client = client_with(&config, move |_: &str| {
        seen.fetch_add(1, Ordering::Relaxed);
        Ok(vec!["127.0.0.1".parse().unwrap()])
    });
    for line in hostile() {
        if let Ok(page) = WebUrl::parse(line) {
            let failure = get(&client, &page).await.unwrap_err();
            assert_eq!(failure.code, FailureCode::BlockedAddress, "{line} as {page}: {failure}");
            assert!(failure.text.contains("--allow-private"), "{failure}");
        }
    }
    // Names like localtest.me can only be refused there, so some must have come that far, and few.
    let asked = asked.load(Ordering::Relaxed);
    assert!((4..=12).contains(&asked), "{asked} names were resolved");
}

#[tokio::test]
async fn one_bad_address_among_good_ones_condemns_the_name() {
    let origin = Origin::saying(ok("", b"hello")).await;
    let config = Config { ports: vec![origin.address.port()], ..config() };
    let client = client_with(&config, |name: &str| -> io::Result<Vec<IpAddr>> {
        let listed = "127.0.0.1".parse().unwrap();
        Ok(match name {
            "good.test" => vec![listed],
            "mixed.test" => vec![listed, "10.0.0.1".parse().unwrap()],
            _ => vec!["127.0.0.2".parse().unwrap(), listed],
        })
    });
    let at = |name: &str| url(&format!("http://{name}:{}/", origin.address.port()));
    assert!(matches!(get(&client, &at("good.test")).await, Ok(Reply::Page(_))));
    for name in ["mixed.test", "other.test"] {
        assert_eq!(get(&client, &at(name)).await.unwrap_err().code, FailureCode::BlockedAddress, "{name}");
    }
    assert_eq!(origin.requests().len(), 1);
}

#[tokio::test]
async fn a_listed_name_may_live_here_but_its_redirect_may_not() {
    let canary = Origin::saying(ok("", b"canary")).await;
    for status in [301, 302, 303, 307, 308] {
        let target = format!("http://{}/", canary.address);
        let answer = format!("HTTP/1.1 {status} X\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
        let origin = Origin::saying(answer).await;
        let config = Config { allow: allow("wiki.test"), ports: vec![canary.address.port()], ..Config::default() };
        let client = client_with(&config, |_: &str| Ok(vec!["127.0.0.1".parse().unwrap()]));
        let page = url(&format!("http://wiki.test:{}/", origin.address.port()));
        let Ok(Reply::Redirect { to, .. }) = get(&client, &page).await else { panic!("no redirect for {status}") };
        assert_eq!(get(&client, &to).await.unwrap_err().code, FailureCode::BlockedAddress);
        let refused = robots(&client, &page).await.unwrap_err();
        assert_eq!(refused.code, FailureCode::BlockedAddress);
        let named = url(&format!("http://evil.test:{}/", canary.address.port()));
        assert_eq!(get(&client, &named).await.unwrap_err().code, FailureCode::BlockedAddress);
    }
    assert!(canary.requests().is_empty());
}
