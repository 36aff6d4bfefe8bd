//! A list that takes longer than its caller can wait ends with what was seen until then, and says so.

use std::time::Duration;

use connect::provider::Proof;
use model::connection::{ConfluenceAccount, DriveAccount, NotionAccount, ZendeskAccount};
use model::{Account, Secret};
use testkit::provider::confluence::{self, Confluence};
use testkit::provider::drive::Drive;
use testkit::provider::drive::accounts::READ;
use testkit::provider::fake::Fake;
use testkit::provider::notion::Notion;
use testkit::provider::notion::accounts::INTERNAL_TOKEN;
use testkit::provider::switches::Switch;
use testkit::provider::zendesk::{self, Zendesk};
use tokio::time::Instant;

use crate::connected::{Connected, Turnstile};

const ANSWER: Duration = Duration::from_millis(250);
/// Five answers and some.
const WAIT: Duration = Duration::from_millis(1_400);

async fn ends_in_time<F: Fake>(mut connected: Connected<F>, items: usize) {
    connected.fake.switches().set(Switch::Slow(ANSWER));
    let start = Instant::now();
    connected.until = Some(start + WAIT);
    let listing = connected.list().await.unwrap();
    assert!(start.elapsed() < WAIT + Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(listing.gaps.iter().any(|gap| gap.contains("time ran out")), "{:?}", listing.gaps);
    assert!((1..items).contains(&listing.resources.len()), "{} of {items}", listing.resources.len());
    connected.until = Some(Instant::now());
    assert_eq!(connected.list().await.map_or(0, |listing| listing.resources.len()), 0, "there was no time at all");
}

#[tokio::test]
async fn a_list_of_notion_ends_in_time() {
    const PAGES: usize = 1_500;
    let account = |api_url| Account::Notion(NotionAccount { api_url });
    let connected = Connected::to(Notion::default(), INTERNAL_TOKEN, account).await;
    for number in 0..PAGES {
        connected.fake.fake().world.add_page(&format!("Page {number}"), Vec::new());
    }
    ends_in_time(connected, PAGES).await;
}

#[tokio::test]
async fn a_list_of_zendesk_ends_in_time() {
    const ARTICLES: usize = 1_500;
    let account = |site_url| {
        Account::Zendesk(ZendeskAccount { site_url, locale: "en-us".to_owned(), ..ZendeskAccount::default() })
    };
    let mut connected = Connected::to(Zendesk::new(zendesk::world::World::big(ARTICLES)), "", account).await;
    connected.gate = Turnstile::showing(Vec::new());
    ends_in_time(connected, ARTICLES).await;
}

#[tokio::test]
async fn a_list_of_confluence_ends_in_time() {
    const PAGES: usize = 3_000;
    let mut world = confluence::world::World::cloud();
    world.access.with_token("me@example.com", "token");
    world.fill(PAGES);
    let account = |origin| {
        Account::Confluence(ConfluenceAccount { site_url: format!("{origin}/wiki"), ..ConfluenceAccount::default() })
    };
    let mut connected = Connected::to(Confluence::new(world), "", account).await;
    connected.gate = Turnstile::showing(vec![Proof::Basic("me@example.com".to_owned(), Secret::new("token"))]);
    ends_in_time(connected, PAGES).await;
}

#[tokio::test]
async fn a_list_of_google_drive_ends_in_time() {
    const FILES: usize = 9_000;
    let fake = Drive::default();
    let (token, root) = (fake.accounts.new_token(&[READ]), fake.world.root());
    for number in 0..FILES {
        fake.world.add_document(&root, &format!("File {number}"), "One thing.");
    }
    let account = |api_url| Account::GoogleDrive(DriveAccount { api_url, ..DriveAccount::default() });
    ends_in_time(Connected::to(fake, &token, account).await, FILES).await;
}
