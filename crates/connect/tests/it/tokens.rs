//! Tokens for credentials, from the endpoints of the fakes.

use connect::Client;
use connect::provider::{Code, exchange, exchange_code};
use model::connection::{DriveAccount, NotionAccount};
use model::{Account, Clock, Credentials, Failure, FailureCode, Sealed, Secret};
use testkit::provider::drive::Drive;
use testkit::provider::drive::accounts as google;
use testkit::provider::notion::Notion;
use testkit::provider::notion::accounts as notion;
use testkit::provider::switches::Switch;
use testkit::provider::{Provider, fake::Fake};

use crate::origin::config;

fn account_of_notion(fake: &Provider<Notion>) -> Account {
    Account::Notion(NotionAccount { api_url: fake.origin() })
}

fn account_of_google(fake: &Provider<Drive>) -> Account {
    let (api_url, token_url) = (fake.origin(), fake.url("/token"));
    Account::GoogleDrive(DriveAccount { api_url, token_url, ..DriveAccount::default() })
}

fn consent_to_notion(refresh_token: &str) -> Credentials {
    Credentials::Consent {
        client_id: notion::CLIENT_ID.to_owned(),
        client_secret: Secret::new(notion::CLIENT_SECRET),
        refresh_token: Secret::new(refresh_token),
    }
}

fn consent_to_google(refresh_token: &str) -> Credentials {
    Credentials::Consent {
        client_id: google::CLIENT_ID.to_owned(),
        client_secret: Secret::new(google::CLIENT_SECRET),
        refresh_token: Secret::new(refresh_token),
    }
}

fn service_account(subject: &str, private_key: &str) -> Credentials {
    Credentials::ServiceAccount {
        email: google::SERVICE_ACCOUNT.to_owned(),
        key_id: "fake".to_owned(),
        private_key: Secret::new(private_key),
        subject: subject.to_owned(),
    }
}

/// The fakes check the time of a statement against the wall.
async fn exchanged(account: &Account, credentials: &Credentials) -> Result<Sealed, Failure> {
    let clock = Clock::system();
    let client = Client::new(&config(), clock.clone()).unwrap();
    exchange(&client, account, credentials, clock.now()).await
}

async fn asked<F: Fake>(fake: &Provider<F>, sealed: &Sealed, path: &str) -> u16 {
    let client = Client::new(&config(), Clock::system()).unwrap();
    let mut ask = connect::Ask::get(model::WebUrl::parse(&fake.url(path)).unwrap());
    let token = sealed.grant.as_ref().unwrap().access_token.reveal();
    ask.headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    ask.headers.insert("notion-version", "2026-03-11".parse().unwrap());
    client.ask(&ask).await.unwrap().status
}

fn refresh_token(sealed: &Sealed) -> &str {
    let Credentials::Consent { refresh_token, .. } = &sealed.credentials else { panic!("this was a consent") };
    refresh_token.reveal()
}

#[tokio::test]
async fn notion_gives_a_new_pair_and_ends_the_old_one() {
    let fake = Provider::start(Notion::default()).await;
    let account = account_of_notion(&fake);
    let (_, first) = fake.fake().accounts.new_pair();
    let sealed = exchanged(&account, &consent_to_notion(&first)).await.unwrap();
    assert_ne!(refresh_token(&sealed), first);
    assert_eq!(asked(&fake, &sealed, "/v1/users/me").await, 200);
    let again = exchanged(&account, &sealed.credentials).await.unwrap();
    assert_eq!(asked(&fake, &sealed, "/v1/users/me").await, 401);
    assert_eq!(asked(&fake, &again, "/v1/users/me").await, 200);

    let failure = exchanged(&account, &consent_to_notion(&first)).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ProviderDisconnected);
    assert!(failure.text.contains("invalid_grant"), "{failure}");
    let version = fake.log().exchanges()[0].request.header("notion-version").map(str::to_owned);
    assert_eq!(version.as_deref(), Some("2026-03-11"));
}

#[tokio::test]
async fn a_code_is_exchanged_for_a_pair() {
    let fake = Provider::start(Notion::default()).await;
    let redirect_url = "http://127.0.0.1:9/callback";
    let code = Code {
        client_id: notion::CLIENT_ID.to_owned(),
        client_secret: Secret::new(notion::CLIENT_SECRET),
        code: Secret::new(fake.fake().accounts.new_code(redirect_url)),
        redirect_url: redirect_url.to_owned(),
        verifier: Secret::new("verifier"),
    };
    let clock = Clock::system();
    let client = Client::new(&config(), clock.clone()).unwrap();
    let sealed = exchange_code(&client, &account_of_notion(&fake), &code, clock.now()).await.unwrap();
    assert!(fake.fake().accounts.holds(refresh_token(&sealed)));
    assert_eq!(asked(&fake, &sealed, "/v1/users/me").await, 200);
    let failure = exchange_code(&client, &account_of_notion(&fake), &code, clock.now()).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn google_takes_the_statement_of_a_service_account() {
    let fake = Provider::start(Drive::default()).await;
    let account = account_of_google(&fake);
    for subject in ["", "ann@example.com"] {
        let sealed = exchanged(&account, &service_account(subject, google::PRIVATE_KEY)).await.unwrap();
        assert_eq!(asked(&fake, &sealed, "/drive/v3/about?fields=user").await, 200, "{subject}");
        assert!(sealed.grant.unwrap().expires_at.is_some());
    }
    for (subject, reason) in [("bob@example.com", "unauthorized_client"), ("nobody@example.com", "invalid_grant")] {
        let failure = exchanged(&account, &service_account(subject, google::PRIVATE_KEY)).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::ProviderDisconnected);
        assert!(failure.text.contains(reason), "{failure}");
    }
    let failure = exchanged(&account, &service_account("", "no key")).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn google_refreshes_and_keeps_the_refresh_token() {
    let fake = Provider::start(Drive::default()).await;
    let account = account_of_google(&fake);
    let token = fake.fake().accounts.new_refresh_token();
    let sealed = exchanged(&account, &consent_to_google(&token)).await.unwrap();
    assert_eq!(refresh_token(&sealed), token);
    assert_eq!(asked(&fake, &sealed, "/drive/v3/about?fields=user").await, 200);
    fake.fake().accounts.revoke(&token);
    let failure = exchanged(&account, &consent_to_google(&token)).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn what_passes_at_the_token_endpoint_disconnects_nobody() {
    let fake = Provider::start(Drive::default()).await;
    let account = account_of_google(&fake);
    let token = fake.fake().accounts.new_refresh_token();
    for (switch, expected) in [
        (Switch::Broken { status: 503 }, FailureCode::ServerError),
        (Switch::Throttled { every: 1, retry_after: Some(7) }, FailureCode::RateLimited),
    ] {
        fake.switches().set_times(switch, 1);
        let failure = exchanged(&account, &consent_to_google(&token)).await.unwrap_err();
        assert_eq!(failure.code, expected);
    }
}

/// Vendors repeat in their errors what they were sent.
#[tokio::test]
async fn no_secret_reaches_an_error() {
    let fake = Provider::start(Drive::default()).await;
    let account = account_of_google(&fake);
    let secrets = ["1//very-secret", google::CLIENT_SECRET, google::PRIVATE_KEY.lines().nth(3).unwrap()];
    let tampered = google::PRIVATE_KEY.replacen('A', "B", 40);
    for credentials in [
        consent_to_google(secrets[0]),
        service_account("nobody@example.com", google::PRIVATE_KEY),
        service_account("", &tampered),
    ] {
        let failure = exchanged(&account, &credentials).await.unwrap_err();
        for secret in secrets {
            assert!(!failure.to_string().contains(secret) && !format!("{failure:?}").contains(secret), "{failure}");
        }
    }
}
