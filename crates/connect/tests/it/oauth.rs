//! Tokens of Zendesk and Atlassian for credentials: from the endpoint of the fake, and from servers that say one thing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connect::provider::{Code, Proof, exchange, exchange_code};
use connect::{Ask, Client};
use model::connection::{ConfluenceAccount, ZendeskAccount};
use model::{Account, Clock, Credentials, Failure, FailureCode, Sealed, Secret, WebUrl};
use ring::digest::{SHA256, digest};
use testkit::provider::Provider;
use testkit::provider::switches::Switch;
use testkit::provider::zendesk::Zendesk;
use testkit::provider::zendesk::people::Role;
use testkit::provider::zendesk::world::World;

use crate::connected::{Connected, Turnstile};
use crate::origin::{NOW, Origin, config, ok};

const CLIENT: &str = "gleaner";
const SECRET: &str = "hV9-client-secret";

fn client() -> Client {
    Client::new(&config(), Clock::manual(NOW)).unwrap()
}

fn zendesk(site_url: String) -> Account {
    Account::Zendesk(ZendeskAccount { site_url, ..ZendeskAccount::default() })
}

fn confluence(token_url: String) -> Account {
    let site_url = "https://acme.example/wiki".to_owned();
    Account::Confluence(ConfluenceAccount { site_url, token_url, ..ConfluenceAccount::default() })
}

fn itself(secret: &str, scope: &str) -> Credentials {
    Credentials::Client { client_id: CLIENT.to_owned(), client_secret: Secret::new(secret), scope: scope.to_owned() }
}

fn consent(refresh_token: &str) -> Credentials {
    let refresh_token = Secret::new(refresh_token);
    Credentials::Consent { client_id: CLIENT.to_owned(), client_secret: Secret::new(SECRET), refresh_token }
}

fn refresh_token(sealed: &Sealed) -> &str {
    match &sealed.credentials {
        Credentials::Consent { refresh_token, .. } => refresh_token.reveal(),
        other => panic!("no consent but {other:?}"),
    }
}

fn access_token(sealed: &Sealed) -> Secret {
    sealed.grant.as_ref().unwrap().access_token.clone()
}

/// A help centre with an article, and our client.
async fn fake(ceiling: &[&str]) -> Provider<Zendesk> {
    let mut world = World::big(3);
    world.people.with_client(CLIENT, SECRET, Role::Agent, ceiling);
    Provider::start(Zendesk::new(world)).await
}

async fn exchanged(account: &Account, credentials: &Credentials) -> Result<Sealed, Failure> {
    exchange(&client(), account, credentials, NOW).await
}

/// The failure, without any of these secrets in it.
fn refused(answer: Result<Sealed, Failure>, secrets: &[&str]) -> (FailureCode, String) {
    let failure = answer.unwrap_err();
    let shown = format!("{failure} {failure:?}");
    assert!(secrets.iter().chain([&SECRET]).all(|secret| !shown.contains(secret)), "{shown}");
    (failure.code, failure.text)
}

/// How many articles a token lets us list.
async fn listed(fake: &Provider<Zendesk>, token: Secret) -> Result<usize, FailureCode> {
    let world = fake.fake().world().clone();
    let mut connected = Connected::to(Zendesk::new(world), "", zendesk).await;
    connected.gate = Turnstile::showing(vec![Proof::Bearer(token)]);
    connected.list().await.map(|listing| listing.resources.len()).map_err(|failure| failure.code)
}

#[tokio::test]
async fn a_client_gets_a_token_for_itself() {
    let fake = fake(&[]).await;
    let credentials = itself(SECRET, "");
    let sealed = exchanged(&zendesk(fake.origin()), &credentials).await.unwrap();
    assert_eq!(sealed.credentials, credentials);
    let seconds = sealed.grant.as_ref().unwrap().expires_at.unwrap() - NOW.as_micros();
    assert_eq!(seconds, 1_800 * 1_000_000);
    assert_eq!(listed(&fake, access_token(&sealed)).await, Ok(3));
    let asked = fake.log().exchanges().remove(0).request;
    assert_eq!((asked.path.as_str(), asked.json().unwrap()["scope"].as_str()), ("/oauth/tokens", Some("hc:read")));
}

#[tokio::test]
async fn a_client_that_may_not_is_told_to_connect_again() {
    let fake = fake(&["tickets:read"]).await;
    let account = zendesk(fake.origin());
    let cases = [(itself("wrong-secret", ""), "invalid_client"), (itself(SECRET, ""), "invalid_scope")];
    for (credentials, reason) in cases {
        let (code, said) = refused(exchanged(&account, &credentials).await, &["wrong-secret"]);
        assert_eq!(code, FailureCode::ProviderDisconnected);
        assert!(said.contains(reason) && said.contains("connect it again"), "{said}");
    }
}

#[tokio::test]
async fn pitfall_26_a_scope_that_nobody_knows_is_granted_and_opens_nothing() {
    let fake = fake(&[]).await;
    let sealed = exchanged(&zendesk(fake.origin()), &itself(SECRET, "hc:raed")).await.unwrap();
    assert_eq!(listed(&fake, access_token(&sealed)).await, Err(FailureCode::ProviderDisconnected));
    // Where less was granted than was asked for, that is told at once.
    let cases = [
        ("hc:read", "hc:read", true),
        ("hc:read", "read write", true),
        ("hc:read", "tickets:read", false),
        ("hc:read users:read", "hc:read", false),
    ];
    for (asked, granted, is_enough) in cases {
        let body = format!(r#"{{"access_token":"at-1","scope":"{granted}","expires_in":60}}"#);
        let origin = Origin::saying(ok("Content-Type: application/json\r\n", body.as_bytes())).await;
        let answer = exchanged(&zendesk(format!("http://{}", origin.address)), &itself(SECRET, asked)).await;
        assert_eq!(answer.is_ok(), is_enough, "{asked} {granted} {answer:?}");
        if !is_enough {
            assert_eq!(refused(answer, &["at-1"]).0, FailureCode::ProviderDisconnected);
        }
    }
}

#[tokio::test]
async fn a_refresh_replaces_both_tokens() {
    let fake = fake(&[]).await;
    let now = fake.fake().world().now();
    let first = fake.fake().world().people.sign_in(CLIENT, "hc:read", now);
    let account = zendesk(fake.origin());
    let sealed = exchanged(&account, &consent(&first.refresh)).await.unwrap();
    assert_ne!(refresh_token(&sealed), first.refresh);
    assert_eq!(listed(&fake, access_token(&sealed)).await, Ok(3));
    assert_eq!(listed(&fake, Secret::new(&first.access)).await, Err(FailureCode::ProviderDisconnected));
    // The old one is spent; who comes with it again does the new pair no harm.
    let (code, said) =
        refused(exchanged(&account, &consent(&first.refresh)).await, &[&first.refresh, refresh_token(&sealed)]);
    assert_eq!(code, FailureCode::ProviderDisconnected);
    assert!(said.contains("invalid_grant"), "{said}");
    let again = exchanged(&account, &sealed.credentials).await.unwrap();
    assert_eq!(listed(&fake, access_token(&again)).await, Ok(3));
    fake.fake().world().people.revoke_tokens();
    assert_eq!(refused(exchanged(&account, &again.credentials).await, &[]).0, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn a_person_agrees_once() {
    let fake = fake(&[]).await;
    let (account, redirect, verifier) =
        (zendesk(fake.origin()), "http://127.0.0.1:7/back", "pR4-verifier-of-the-challenge");
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    let query = format!(
        "client_id={CLIENT}&redirect_uri={redirect}&response_type=code&scope=hc:read&state=s1&code_challenge={challenge}&code_challenge_method=S256"
    );
    let page = WebUrl::parse(&fake.url(&format!("/oauth/authorizations/new?{query}"))).unwrap();
    let answer = client().ask(&Ask::get(page)).await.unwrap();
    let back = url::Url::parse(answer.header("location").unwrap()).unwrap();
    let given = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let code = |verifier: &str| Code {
        client_id: CLIENT.to_owned(),
        client_secret: Secret::new(SECRET),
        code: Secret::new(&given),
        redirect_url: redirect.to_owned(),
        verifier: Secret::new(verifier),
    };
    let sealed = exchange_code(&client(), &account, &code(verifier), NOW).await.unwrap();
    assert_eq!(listed(&fake, access_token(&sealed)).await, Ok(3));
    assert!(!refresh_token(&sealed).is_empty());
    let (code, said) = refused(exchange_code(&client(), &account, &code(verifier), NOW).await, &[&given, verifier]);
    assert_eq!(code, FailureCode::ProviderDisconnected);
    assert!(said.contains("invalid_grant"), "{said}");
}

#[tokio::test]
async fn what_passes_is_not_the_end_of_a_connection() {
    let fake = fake(&[]).await;
    let account = zendesk(fake.origin());
    let cases = [
        (Switch::Throttled { every: 1, retry_after: Some(7) }, FailureCode::RateLimited, Some(7)),
        (Switch::Broken { status: 503 }, FailureCode::ServerError, None),
    ];
    for (switch, code, seconds) in cases {
        fake.switches().set_times(switch, 1);
        let failure = exchanged(&account, &itself(SECRET, "")).await.unwrap_err();
        assert_eq!((failure.code, failure.retry_after.map(|wait| wait.as_secs())), (code, seconds), "{switch:?}");
    }
    assert!(exchanged(&account, &itself(SECRET, "")).await.is_ok());
}

#[tokio::test]
async fn atlassian_replaces_both_tokens_too() {
    let body = br#"{"access_token":"at-2","refresh_token":"rt-2","expires_in":3600,"scope":"read:page:confluence offline_access","token_type":"Bearer"}"#;
    let origin = Origin::saying(ok("Content-Type: application/json\r\n", body)).await;
    let sealed =
        exchanged(&confluence(format!("http://{}/oauth/token", origin.address)), &consent("rt-1")).await.unwrap();
    assert_eq!((access_token(&sealed).reveal(), refresh_token(&sealed)), ("at-2", "rt-2"));
    assert_eq!(sealed.grant.unwrap().expires_at, Some(NOW.as_micros() + 3_600 * 1_000_000));
    let head = String::from_utf8(origin.requests().remove(0)).unwrap();
    assert!(
        head.starts_with("POST /oauth/token HTTP/1.1\r\n") && head.contains("content-type: application/json\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn atlassians_refusals_are_told_apart() {
    let grant = r#"{"error":"invalid_grant","error_description":"Unknown or invalid refresh token rt-1."}"#;
    let cases = [
        ("403 Forbidden", grant, FailureCode::ProviderDisconnected, "invalid_grant"),
        ("400 Bad Request", grant, FailureCode::ProviderDisconnected, "invalid_grant"),
        ("401 Unauthorized", "<html>", FailureCode::ProviderDisconnected, "it answered 401"),
        ("200 OK", r#"{"expires_in":3600}"#, FailureCode::ServerError, "without a token"),
        ("200 OK", "<html>", FailureCode::ServerError, "without a token"),
        ("302 Found", "", FailureCode::ProviderDisconnected, "it answered 302"),
        ("502 Bad Gateway", "", FailureCode::ServerError, "it answered 502"),
        ("429 Too Many Requests", "slow", FailureCode::RateLimited, "too many requests"),
    ];
    for (status, body, expected, words) in cases {
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let origin = Origin::saying(answer).await;
        let (code, said) =
            refused(exchanged(&confluence(format!("http://{}/t", origin.address)), &consent("rt-1")).await, &["rt-1"]);
        assert_eq!(code, expected, "{status} {said}");
        assert!(said.contains(words), "{status} {said}");
    }
}
