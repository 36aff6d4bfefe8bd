//! `gleaner connect --oauth`: the page of consent, the way back to the program, and tokens that nobody sees.

use std::path::Path;

use serde_json::Value;
use testkit::provider::Provider;
use testkit::provider::confluence::{self, Confluence};
use testkit::provider::fake::Fake;
use testkit::provider::zendesk::people::Role;
use testkit::provider::zendesk::{self, Zendesk};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::ground::Ground;
use crate::server::until;
use crate::service::Service;

const CLIENT: &str = "gleaner-of-the-test";
const SECRET: &str = "s3cret-of-the-client";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_consents_to_zendesk_in_the_browser() {
    let ground = Ground::sqlite();
    let mut world = zendesk::world::World::big(3);
    world.people.with_client(CLIENT, SECRET, Role::Agent, &["hc:read"]);
    let fake = Provider::start(Zendesk::new(world)).await;
    let site = fake.origin();
    let flags = ["connect", "zendesk", "--site", &site, "--client-id", CLIENT];
    consents(&ground, &fake, &flags, SECRET, "Zendesk takes us").await;
    let authorized = fake.log().below("/oauth/authorizations/new");
    let asked = |name: &str| authorized[0].request.parameter(name).map(str::to_owned);
    assert_eq!(asked("code_challenge_method").as_deref(), Some("S256"));
    let exchanged = &fake.log().below("/oauth/tokens")[0].request;
    assert!(exchanged.json().unwrap()["code_verifier"].as_str().unwrap().len() >= 43);
    assert_eq!(new_items(&ground, "zendesk").await, 3);
}

/// What was agreed to elsewhere is told with the client that it was given to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_from_before_is_a_consent() {
    let ground = Ground::sqlite();
    let mut world = confluence::world::World::cloud();
    world.fill(4);
    let (gateway, token) = (world.gateway(), world.access.consents.give(&confluence::access::READING));
    let fake = Provider::start(Confluence::new(world)).await;
    let [secret, refresh] =
        [("secret", confluence::oauth::CLIENT_SECRET), ("refresh", token.as_str())].map(|(name, text)| {
            std::fs::write(ground.path().join(name), text).unwrap();
            name
        });
    let (site, interface, tokens) = (fake.url("/wiki"), fake.url(&format!("{gateway}/wiki")), fake.url("/oauth/token"));
    let place = ["connect", "confluence", "--site", &site, "--api-url", &interface, "--token-url", &tokens];
    let proof = ["--client-id", confluence::oauth::CLIENT_ID, "--secret-file", secret, "--refresh-token-file", refresh];
    assert!(ground.run(&[&place[..], &proof].concat()).await.ok().contains("Confluence takes us"));
    assert_eq!(new_items(&ground, "confluence").await, 4);
}

/// What a person's consent gives is taken by the gateway alone, so the way there is found out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_consents_to_confluence_in_the_browser() {
    let ground = Ground::sqlite();
    let mut world = confluence::world::World::cloud();
    world.fill(4);
    let gateway = world.gateway();
    let fake = Provider::start(Confluence::new(world)).await;
    let origin = fake.origin();
    let (site, tokens, page) = (fake.url("/wiki"), fake.url("/oauth/token"), fake.url("/authorize"));
    let flags = [
        &["connect", "confluence", "--site", &site, "--gateway-url", &origin, "--token-url", &tokens][..],
        &["--authorize-url", &page, "--client-id", confluence::oauth::CLIENT_ID],
    ]
    .concat();
    consents(&ground, &fake, &flags, confluence::oauth::CLIENT_SECRET, "Confluence takes us").await;
    assert!(!fake.log().below(&format!("{gateway}/wiki/api/v2/spaces")).is_empty());
    assert_eq!(new_items(&ground, "confluence").await, 4);
}

/// Runs the command, plays the browser, and tries a forged answer first.
async fn consents<F: Fake>(ground: &Ground, fake: &Provider<F>, flags: &[&str], secret: &str, greeting: &str) {
    let file = ground.path().join("secret");
    std::fs::write(&file, secret).unwrap();
    let proof = ["--oauth", "--requests-per-second", "100", "--secret-file", file.to_str().unwrap()];
    let mut connecting = ground.start(&[flags, &proof].concat());
    let page = until("the page of consent is named", async || page_of(&connecting)).await;
    let back = location(&get(&page).await);
    let mut forged = back.clone();
    forged.set_query(Some("code=forged&state=guessed"));
    assert!(get(&forged).await.starts_with("HTTP/1.1 404"), "a forged answer was taken");
    assert!(get(&back).await.starts_with("HTTP/1.1 200"));
    assert!(connecting.ended().await.success(), "{}", connecting.log());
    assert!(connecting.printed().contains(greeting), "{}", connecting.printed());
    let tokens = fake.log().exchanges().into_iter().filter(|exchange| exchange.request.path.contains("/oauth/token"));
    for given in tokens.filter_map(|exchange| serde_json::from_slice::<Value>(&exchange.reply?.body).ok()) {
        for token in [&given["access_token"], &given["refresh_token"]].into_iter().filter_map(Value::as_str) {
            assert!(!ground.printed().contains(token) && !is_in_files(&ground.data(), token), "a token is shown");
        }
    }
    assert!(!ground.printed().contains(secret) && !is_in_files(&ground.data(), secret), "the secret is shown");
}

fn page_of(connecting: &Service) -> Option<Url> {
    connecting.printed().lines().find(|line| line.starts_with("http://")).map(|line| Url::parse(line).unwrap())
}

/// What a browser would get.
async fn get(url: &Url) -> String {
    let place = format!("127.0.0.1:{}", url.port().unwrap());
    let mut stream = TcpStream::connect(&place).await.unwrap();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = format!("GET {target} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn location(answer: &str) -> Url {
    let line = answer.lines().find(|line| line.to_ascii_lowercase().starts_with("location: "));
    Url::parse(&line.unwrap_or_else(|| panic!("no way back in {answer}"))["location: ".len()..]).unwrap()
}

fn is_in_files(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.into_iter().any(|file| {
        let bytes = std::fs::read(file).unwrap();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

async fn new_items(ground: &Ground, provider: &str) -> i64 {
    ground.run(&["sync", provider, "--dry-run", "--json"]).await.json()["sync"]["counts"]["new"].as_i64().unwrap()
}
