//! What is sent, held against the vendors' own OpenAPI documents.

use model::Account;
use model::connection::{DriveAccount, NotionAccount};
use testkit::provider::Provider;
use testkit::provider::contract::Contract;
use testkit::provider::drive::accounts::READ;
use testkit::provider::drive::{self, Drive};
use testkit::provider::fake::Fake;
use testkit::provider::notion::accounts::INTERNAL_TOKEN;
use testkit::provider::notion::{self, Notion};

use crate::connected::Connected;

/// Lists, reads everything that was listed, and holds each request against the document.
async fn check<F: Fake>(connected: &Connected<F>, contract: &Contract) {
    connected.probe().await.unwrap();
    for found in connected.list().await.unwrap().resources {
        // Some cannot be read, which is asked for like the others.
        let _ = connected.read(&found.external_id, &found.object, None).await;
    }
    requests_hold(&connected.fake, contract);
}

fn requests_hold<F: Fake>(fake: &Provider<F>, contract: &Contract) {
    // Links to exports are Google's to make, and in no document.
    let exchanges = [fake.log().below("/v1/"), fake.log().below("/drive/v3/")].concat();
    let broken = exchanges.iter().flat_map(|exchange| contract.check_request(&exchange.request));
    let mut texts: Vec<String> = broken.map(|violation| violation.to_string()).collect();
    texts.sort();
    texts.dedup();
    assert!(!exchanges.is_empty() && texts.is_empty(), "{} requests\n{}", exchanges.len(), texts.join("\n"));
}

#[tokio::test]
#[cfg_attr(
    not(vendor_specs),
    ignore = "the vendors' documents are not at hand; GLEANER_VENDOR_SPECS names their folder"
)]
async fn notion_is_asked_as_its_document_wants() {
    let connected =
        Connected::to(Notion::default(), INTERNAL_TOKEN, |api_url| Account::Notion(NotionAccount { api_url })).await;
    notion::sample::fill(&connected.fake.fake().world);
    check(&connected, &notion::specification::contract()).await;
}

#[tokio::test]
#[cfg_attr(
    not(vendor_specs),
    ignore = "the vendors' documents are not at hand; GLEANER_VENDOR_SPECS names their folder"
)]
async fn google_drive_is_asked_as_its_document_wants() {
    let fake = Drive::default();
    let token = fake.accounts.new_token(&[READ]);
    let account = |api_url| Account::GoogleDrive(DriveAccount { api_url, ..DriveAccount::default() });
    let connected = Connected::to(fake, &token, account).await;
    drive::sample::fill(&connected.fake.fake().world);
    check(&connected, &drive::specification::contract()).await;
}
