//! The whole list inside a network of its own, where every address there is has a listener that must stay silent.
//!
//! In a fresh network namespace all of IPv4 and IPv6 is routed to the loopback device, so one wildcard listener stands
//! behind every address a spelling can name: metadata services, private hosts, all of them.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use connect::{Client, Config, Reply};
use futures_util::StreamExt;
use model::{FailureCode, WebUrl};
use tokio::io::AsyncWriteExt;
use url::Host;

use crate::addresses::hostile;
use crate::origin::{Origin, allow, client_with, get, ok, robots, url};

/// The ports that the list names, with a canary behind each.
const PORTS: [u16; 4] = [80, 443, 6379, 55432];
/// Where the one public server of this little world stands.
const PUBLIC: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 5);
const PUBLIC_PORT: u16 = 8080;

const SETUP: &str = "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo";
const INSIDE: &str = "namespace::inside_a_namespace";

#[test]
fn no_spelling_reaches_anything_in_a_network_of_its_own() {
    let flags = [&["--net"][..], &["--map-root-user", "--net"]].into_iter().find(|flags| works(flags)).expect(
        "the guard is proven in a network namespace: install util-linux and iproute2, and run where `unshare --net` is allowed",
    );
    let run = Command::new("unshare")
        .args(flags)
        .args(["sh", "-c", &format!("{SETUP} && exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", INSIDE, "--ignored", "--nocapture"])
        // A proxy from the environment would lead straight to a canary.
        .envs(["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"].map(|name| (name, "http://127.0.0.1:80")))
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && out.contains("1 passed"), "{out}\n{err}");
}

fn works(flags: &[&str]) -> bool {
    let run = Command::new("unshare").args(flags).args(["sh", "-c", SETUP]).output();
    run.is_ok_and(|run| run.status.success())
}

/// Counts who comes, by the address that they came for.
struct Canaries(Arc<Mutex<Vec<IpAddr>>>);

impl Canaries {
    fn listen() -> Self {
        let visits = Arc::new(Mutex::new(Vec::new()));
        for port in PORTS {
            let listener = TcpListener::bind(("::", port)).unwrap();
            let visits = Arc::clone(&visits);
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    let mut stream = stream.unwrap();
                    visits.lock().unwrap().push(stream.local_addr().unwrap().ip().to_canonical());
                    let _ = stream.write_all(&ok("Connection: close\r\n", b"canary"));
                }
            });
        }
        Self(visits)
    }

    /// Everybody who has come so far, for the visits are counted in order: when ours was answered, all before it are in.
    fn visits(&self) -> Vec<IpAddr> {
        let last = Ipv4Addr::new(127, 9, 9, 9);
        for port in PORTS {
            let mut answer = [0; 1];
            TcpStream::connect((last, port)).unwrap().read_exact(&mut answer).unwrap();
        }
        let visits = self.0.lock().unwrap();
        visits.iter().copied().filter(|address| *address != IpAddr::V4(last)).collect()
    }
}

/// The public server: `/301?17` redirects to the 17th address of the list, and so does the robots.txt of `r17.test`.
async fn public_server() -> Origin {
    let listener = tokio::net::TcpListener::bind((PUBLIC, PUBLIC_PORT)).await.unwrap();
    Origin::on(listener, |request, mut stream| async move {
        let path = request.split(' ').nth(1).unwrap_or_default();
        let host = request.split("host: r").nth(1).and_then(|rest| rest.split('.').next());
        let (status, line) =
            path.trim_start_matches('/').split_once('?').or(host.map(|host| ("302", host))).unwrap_or(("200", ""));
        let answer = match line.parse::<usize>().ok().and_then(|line| hostile().nth(line)) {
            Some(target) => {
                format!("HTTP/1.1 {status} X\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .into_bytes()
            }
            None => ok("Connection: close\r\n", b"public"),
        };
        let _ = stream.write_all(&answer).await;
    })
}

/// `r*.test` and `public.test` are the public server; `a17.test` stands at the 17th address; `flip.test` changes with every
/// question; everything else is this machine.
fn resolver() -> impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static {
    let asked = AtomicUsize::new(0);
    move |name| {
        let label = name.strip_suffix(".test").unwrap_or_default();
        let number = |prefix| label.strip_prefix(prefix).and_then(|line: &str| line.parse::<usize>().ok());
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Ok(vec![match (label, number("a")) {
            ("public", _) => PUBLIC.into(),
            ("flip", _) if asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) => PUBLIC.into(),
            (_, Some(line)) => hostile().nth(line).and_then(literal).unwrap_or(here),
            _ if number("r").is_some() => PUBLIC.into(),
            _ => here,
        }])
    }
}

fn literal(line: &str) -> Option<IpAddr> {
    match WebUrl::parse(line).ok()?.host() {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

fn guarded(list: &str) -> Client {
    let ports = [&PORTS[..], &[PUBLIC_PORT]].concat();
    client_with(&Config { allow: allow(list), ports, ..Config::default() }, resolver())
}

async fn refused(client: &Client, page: &WebUrl) {
    let failure = get(client, page).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::BlockedAddress, "{page}: {failure}");
}

#[ignore = "run by the test above, in a network namespace"]
#[tokio::test(flavor = "multi_thread")]
async fn inside_a_namespace() {
    assert!(
        TcpListener::bind("169.254.169.254:0").is_ok(),
        "this is the machine's own network; run `no_spelling_reaches_anything_in_a_network_of_its_own` instead"
    );
    let (canaries, origin) = (Canaries::listen(), public_server().await);
    let client = guarded(&PUBLIC.to_string());
    assert!(matches!(get(&client, &url("http://public.test:8080/")).await, Ok(Reply::Page(_))));

    for (line, target) in hostile().enumerate() {
        if let Ok(page) = WebUrl::parse(target) {
            refused(&client, &page).await;
        }
        for status in [301, 302, 303, 307, 308] {
            after_redirect(&client, &url(&format!("http://public.test:8080/{status}?{line}"))).await;
        }
        // Refused, or no file: what counts is who was connected to.
        let _ = robots(&client, &url(&format!("http://r{line}.test:8080/"))).await;
        refused(&client, &url(&format!("http://a{line}.test/"))).await;
    }
    assert_eq!(canaries.visits(), Vec::<IpAddr>::new());
    assert!(origin.requests().len() > hostile().count() * 6);

    flipping_names(&client, &origin).await;
    assert_eq!(canaries.visits(), Vec::<IpAddr>::new());

    control(&canaries).await;
}

/// The target is refused, or it was read as a path on the public server itself.
async fn after_redirect(client: &Client, page: &WebUrl) {
    match get(client, page).await {
        Ok(Reply::Redirect { to, .. }) if to.origin() == page.origin() => {}
        Ok(Reply::Redirect { to, .. }) => refused(client, &to).await,
        Ok(other) => panic!("{page}: {other:?}"),
        Err(failure) => assert_eq!(failure.code, FailureCode::BadRedirect, "{page}: {failure}"),
    }
}

/// A name that is public when asked once and private when asked again, ten thousand times.
async fn flipping_names(client: &Client, origin: &Origin) {
    let before = origin.requests().len();
    let page = url("http://flip.test:8080/");
    let tries = futures_util::stream::iter(0..10_000).map(|_| get(client, &page));
    let outcomes: Vec<bool> = tries.buffer_unordered(8).map(|outcome| outcome.is_ok()).collect().await;
    let fetched = outcomes.iter().filter(|fetched| **fetched).count();
    assert!((1_000..=9_000).contains(&fetched), "{fetched} of 10,000 were public");
    assert_eq!(origin.requests().len() - before, fetched);
}

/// With the guard wide open the same addresses are reached: so the silence before meant something.
async fn control(canaries: &Canaries) {
    let names = "localhost,*.localhost,localhost.localdomain,*.internal,metadata,metadata.goog";
    let client = guarded(&format!("0.0.0.0/0,::/0,{names}"));
    for page in hostile().filter_map(|line| WebUrl::parse(line).ok()) {
        let _ = get(&client, &page).await;
    }
    let visits = canaries.visits();
    let expected = [
        "127.0.0.1",
        "127.255.255.254",
        "10.0.0.1",
        "172.16.0.5",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "240.0.0.1",
        "0.1.2.3",
        "::1",
        "fd00:ec2::254",
        "fc00::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "5f00::1",
    ];
    for address in expected {
        assert!(visits.contains(&address.parse().unwrap()), "the canary at {address} was not reached: {visits:?}");
    }
    assert!(visits.len() > 100, "{} visits", visits.len());
}
