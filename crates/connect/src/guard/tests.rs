//! The tables of special addresses, of the allow-list and of what both make of a URL.

use super::special::{class_of, embedded};
use super::*;

fn guard(allow: &str, ports: &[u16]) -> Guard {
    Guard::new(allow.parse().unwrap(), ports.to_vec())
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn every_special_block_has_its_class_at_both_ends() {
    let cases = [
        ("0.0.0.0", "0.255.255.255", Class::Unspecified),
        ("10.0.0.0", "10.255.255.255", Class::Private),
        ("100.64.0.0", "100.127.255.255", Class::Shared),
        ("127.0.0.0", "127.255.255.255", Class::Loopback),
        ("169.254.0.0", "169.254.255.255", Class::LinkLocal),
        ("172.16.0.0", "172.31.255.255", Class::Private),
        ("192.0.0.0", "192.0.0.255", Class::Reserved),
        ("192.0.2.0", "192.0.2.255", Class::Documentation),
        ("192.31.196.0", "192.31.196.255", Class::Reserved),
        ("192.52.193.0", "192.52.193.255", Class::Reserved),
        ("192.88.99.0", "192.88.99.255", Class::Translated),
        ("192.168.0.0", "192.168.255.255", Class::Private),
        ("192.175.48.0", "192.175.48.255", Class::Reserved),
        ("198.18.0.0", "198.19.255.255", Class::Benchmark),
        ("198.51.100.0", "198.51.100.255", Class::Documentation),
        ("203.0.113.0", "203.0.113.255", Class::Documentation),
        ("224.0.0.0", "239.255.255.255", Class::Multicast),
        ("240.0.0.0", "255.255.255.255", Class::Reserved),
        ("::", "::", Class::Unspecified),
        ("::1", "::1", Class::Loopback),
        ("::2", "::ffff:ffff", Class::Translated),
        ("::ffff:0:0", "::ffff:ffff:ffff", Class::Translated),
        ("::ffff:0:0:0", "::ffff:0:ffff:ffff", Class::Translated),
        ("64:ff9b::", "64:ff9b::ffff:ffff", Class::Translated),
        ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", Class::Translated),
        ("100::", "100::ffff:ffff:ffff:ffff", Class::Reserved),
        ("100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", Class::Reserved),
        ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", Class::Translated),
        ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", Class::Benchmark),
        ("2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Reserved),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", Class::Documentation),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Translated),
        ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", Class::Reserved),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Documentation),
        ("4000::", "5eff::", Class::Reserved),
        ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Reserved),
        ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Private),
        ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Class::LinkLocal),
        ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Private),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Class::Multicast),
        ("2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:10.0.0.1", Class::Translated),
        ("169.254.169.254", "169.254.170.2", Class::Metadata),
        ("100.100.100.200", "168.63.129.16", Class::Metadata),
        ("192.0.0.192", "fd00:ec2::254", Class::Metadata),
    ];
    for (first, last, class) in cases {
        assert_eq!(
            (class_of(address(first)), class_of(address(last))),
            (Some(class), Some(class)),
            "{first} to {last}"
        );
    }
}

#[test]
fn public_addresses_right_beside_the_blocks_are_ordinary() {
    let ordinary = [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "8.8.8.8",
        "168.63.129.17",
        "2000::",
        "2001:200::",
        "2001:4860:4860::8888",
        "2003::",
        "2606:4700:4700::1111",
        "3ffd:ffff::",
    ];
    for text in ordinary {
        assert_eq!(class_of(address(text)), None, "{text}");
    }
}

#[test]
fn addresses_within_addresses_are_found() {
    let cases: [(&str, &[&str]); 8] = [
        ("::ffff:127.0.0.1", &["127.0.0.1"]),
        ("::127.0.0.1", &["127.0.0.1"]),
        ("::ffff:0:127.0.0.1", &["127.0.0.1"]),
        ("64:ff9b::169.254.169.254", &["169.254.169.254"]),
        ("2002:7f00:1::", &["127.0.0.1"]),
        ("2001:0:7f00:1::80ff:fffe", &["127.0.0.1", "127.0.0.1"]),
        ("2606:4700::5efe:10.0.0.1", &["10.0.0.1"]),
        ("2606:4700::1", &[]),
    ];
    for (outer, inner) in cases {
        let found: Vec<String> = embedded(outer.parse().unwrap()).iter().map(ToString::to_string).collect();
        assert_eq!(found, inner, "{outer}");
    }
}

#[test]
fn an_allow_list_is_read_and_shown() {
    let cases = [
        ("", Some("")),
        (" , ", Some("")),
        (
            "Wiki.Corp., *.intra.example ,10.1.2.3/8,::1,[fd00::1],127.1",
            Some("10.0.0.0/8,::1,fd00::1,127.0.0.1,wiki.corp,*.intra.example"),
        ),
        ("0.0.0.0/0,::/0", Some("0.0.0.0/0,::/0")),
        ("bücher.example", Some("xn--bcher-kva.example")),
        ("http://wiki.corp", None),
        ("wiki.corp:8080", None),
        ("10.0.0.0/33", None),
        ("wiki.corp/24", None),
        ("*", None),
        ("*.", None),
        ("*.10.0.0.1", None),
        ("wi*ki.corp", None),
        ("a b", None),
        (".", None),
    ];
    for (text, expected) in cases {
        let list = text.parse::<AllowList>();
        assert_eq!(list.as_ref().ok().map(ToString::to_string).as_deref(), expected, "{text:?}");
        if let Ok(list) = list {
            assert_eq!(list.to_string().parse(), Ok(list.clone()), "{text:?} is not stable");
            let json = serde_json::to_string(&list).unwrap();
            assert_eq!(serde_json::from_str::<AllowList>(&json).unwrap(), list);
        }
    }
    let error = "wiki.corp:8080".parse::<AllowList>().unwrap_err().to_string();
    assert!(error.starts_with("`wiki.corp:8080` is a host with a port"), "{error}");
}

#[test]
fn what_is_written_is_judged_before_any_resolver_is_asked() {
    let cases = [
        ("http://example.com/", "", true),
        ("https://93.184.216.34/", "", true),
        ("https://[2606:4700::1]/", "", true),
        ("http://10.0.0.1/", "", false),
        ("http://10.0.0.1/", "10.0.0.0/8", true),
        ("http://10.0.0.1:8080/", "10.0.0.0/8", true),
        ("http://10.0.0.1/", "11.0.0.0/8", false),
        ("http://localhost/", "", false),
        ("http://localhost./", "", false),
        ("http://a.localhost/", "", false),
        ("http://localhost/", "localhost", true),
        ("http://localhost./", "localhost", true),
        ("http://a.localhost/", "localhost", false),
        ("http://a.localhost/", "*.localhost", true),
        ("http://intranet/", "", false),
        ("http://wiki.internal/", "", false),
        ("http://wiki.internal/", "*.internal", true),
        ("http://printer.local/", "", false),
        ("http://notlocal/", "", false),
        ("http://example.com:8080/", "", false),
        ("http://example.com:8080/", "example.com", true),
        ("http://example.com:443/", "", true),
        ("http://[::ffff:10.0.0.1]/", "10.0.0.0/8", true),
        ("http://[::ffff:10.0.0.1]/", "::ffff:0:0/96", false),
        ("http://[::ffff:8.8.8.8]/", "", false),
        ("http://[64:ff9b::808:808]/", "64:ff9b::/96", true),
        ("http://[64:ff9b::a9fe:a9fe]/", "64:ff9b::/96", false),
        ("http://[::1]/", "::1", true),
    ];
    for (url, allow, allowed) in cases {
        let verdict = guard(allow, &[]).check_url(&WebUrl::parse(url).unwrap());
        assert_eq!(verdict.is_ok(), allowed, "{url} with {allow:?}: {verdict:?}");
    }
    assert!(guard("", &[8080]).check_url(&WebUrl::parse("http://example.com:8080/").unwrap()).is_ok());
    assert!(guard("", &[8080]).check_url(&WebUrl::parse("http://127.0.0.1:8080/").unwrap()).is_err());
}

#[test]
fn a_listed_name_opens_private_addresses_but_no_metadata() {
    let cases = [
        ("wiki.corp", "10.0.0.1", true),
        ("wiki.corp", "127.0.0.1", true),
        ("wiki.corp", "fd12::1", true),
        ("wiki.corp", "100.64.0.1", true),
        ("wiki.corp", "169.254.169.254", false),
        ("wiki.corp", "169.254.1.1", false),
        ("wiki.corp", "100.100.100.200", false),
        ("wiki.corp", "fd00:ec2::254", false),
        ("wiki.corp", "0.0.0.0", false),
        ("other.corp", "10.0.0.1", false),
        ("other.corp", "8.8.8.8", true),
    ];
    for (host, ip, allowed) in cases {
        assert_eq!(guard("wiki.corp", &[]).check_address(host, address(ip)).is_ok(), allowed, "{host} at {ip}");
    }
    let both = guard("wiki.corp,169.254.169.254", &[]);
    assert!(both.check_address("wiki.corp", address("169.254.169.254")).is_ok());
}

#[test]
fn a_refusal_names_the_host_the_class_and_the_mend_but_no_address() {
    let failure = guard("", &[]).check_address("wiki.corp", address("10.7.8.9")).unwrap_err();
    assert_eq!(failure.code, FailureCode::BlockedAddress);
    assert!(failure.text.contains("`wiki.corp` leads to a private address"), "{failure}");
    assert!(failure.text.ends_with("--allow-private wiki.corp"), "{failure}");
    assert!(!failure.text.contains("10.7.8.9"), "{failure}");
}
