//! The fakes of providers as a process, for clients that are not written in Rust. It ends when its standard input does.
//!
//! Its one argument is a folder, into which the vendors' documents go as the tests use them. The one line that it prints says
//! where each fake is and what a client needs to know of its world.

use std::fs;
use std::io::{Read, stdin};
use std::path::Path;

use serde_json::{Value, json};
use testkit::provider::Provider;
use testkit::provider::confluence::{self, Confluence};
use testkit::provider::contract::is_at_hand;
use testkit::provider::drive::{self, Drive};
use testkit::provider::notion::{self, Block, Notion};
use testkit::provider::switches::Switch;
use testkit::provider::zendesk::{self, Zendesk};

/// Less than the sample has, so that a client has to begin again where a query ends.
const ROW_LIMIT: usize = 50;

#[tokio::main]
async fn main() {
    let folder = std::env::args().nth(1).expect("the first argument is a folder for the documents");
    let (notion, of_notion) = notion().await;
    let (drive, of_drive) = drive().await;
    let (zendesk, of_zendesk) = zendesk().await;
    let (confluence, of_confluence) = confluence().await;
    let mut documents = vec![("google-drive-v3", drive::specification::document())];
    if is_at_hand() {
        documents.push(("notion", notion::specification::document()));
        documents.push(("zendesk-help-center", zendesk::specification::document()));
        documents.push(("confluence-v2", confluence::specification::document()));
    }
    for (name, document) in &documents {
        let path = Path::new(&folder).join(format!("{name}.json"));
        fs::write(path, document.to_string()).expect("the folder takes files");
    }
    let worlds = json!({
        "notion": of_notion, "google-drive-v3": of_drive, "zendesk-help-center": of_zendesk, "confluence-v2": of_confluence,
    });
    println!("{worlds}");
    // An error is an end, too.
    let _ = tokio::task::spawn_blocking(|| stdin().read_to_end(&mut Vec::new())).await;
    drop((notion, drive, zendesk, confluence));
}

async fn notion() -> (Provider<Notion>, Value) {
    let provider = Provider::start(Notion::default()).await;
    let sample = notion::sample::fill(&provider.fake().world);
    provider.fake().world.set_row_limit(ROW_LIMIT);
    let strange =
        provider.fake().world.add_page("Strange", vec![Block::unheard_of("ai_block", "Newer than the document.")]);
    // A few refusals, so that the client has to come back.
    provider.switches().set_times(Switch::Throttled { every: 5, retry_after: Some(1) }, 2);
    let world = json!({
        "origin": provider.origin(), "token": notion::accounts::INTERNAL_TOKEN, "page": sample.page,
        "source": sample.database.source, "database": sample.database.id, "row": sample.row, "unshared": sample.unshared,
        "orphan": sample.orphan, "strange": strange, "rows": notion::sample::ROWS + 1,
    });
    (provider, world)
}

async fn drive() -> (Provider<Drive>, Value) {
    let provider = Provider::start(Drive::default()).await;
    let sample = drive::sample::fill(&provider.fake().world);
    provider.switches().set_times(Switch::Throttled { every: 4, retry_after: None }, 2);
    provider.switches().set(Switch::RateLimit403);
    let world = json!({
        "origin": provider.origin(), "key_file": provider.fake().accounts.key_file(&provider.origin()),
        "document": sample.document, "pdf": sample.pdf, "large": sample.large, "drive": sample.drive,
        "shared": sample.shared, "keyed": sample.keyed, "files": 14,
    });
    (provider, world)
}

async fn zendesk() -> (Provider<Zendesk>, Value) {
    let (mut world, sample) = zendesk::sample::world();
    for number in 0..40 {
        world.article(sample.section, &format!("Article {number}"), "<p>One of many.</p>");
    }
    world.incremental_page = 15;
    let articles = world.count();
    let provider = Provider::start(Zendesk::new(world)).await;
    provider.switches().set_times(Switch::Throttled { every: 5, retry_after: Some(1) }, 2);
    let world = json!({
        "origin": provider.origin(), "email": zendesk::sample::EMAIL, "api_token": zendesk::sample::API_TOKEN,
        "articles": articles, "sections": 2, "categories": 1, "section": sample.section, "nested": sample.nested,
        "open": sample.open, "draft": sample.draft, "restricted": sample.restricted,
    });
    (provider, world)
}

async fn confluence() -> (Provider<Confluence>, Value) {
    let (mut world, sample) = confluence::sample::world();
    for number in 0..40 {
        world.page_under(sample.page, &format!("Page {number}"), "<p>One of many.</p>");
    }
    let (pages, gateway) = (world.count(), world.gateway());
    let provider = Provider::start(Confluence::new(world)).await;
    let world = json!({
        "origin": provider.origin(), "email": confluence::sample::EMAIL, "token": confluence::sample::TOKEN,
        "scoped_token": confluence::sample::SCOPED_TOKEN, "gateway": gateway, "pages": pages, "space": sample.space,
        "personal": sample.personal, "page": sample.page, "child": sample.child,
    });
    (provider, world)
}
