//! Thousands of items of one connection, read by two processes under its limit while the provider now and then says that it is
//! too much: none is lost, none is read twice, and the provider never gets more than was allowed.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::json;
use testkit::provider::Provider;
use testkit::provider::exchange::Exchange;
use testkit::provider::switches::Switch;
use testkit::provider::zendesk::Zendesk;
use testkit::provider::zendesk::world::World;

use crate::checker::{Demands, judge};
use crate::connection::{Connection, of_items, readings};
use crate::crew::{HASTE, On, Venue};
use crate::extent::Extent;
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::Witness;

/// Every so many requests one is told that it was too much, and to wait for so many seconds.
const TOO_MUCH: Switch = Switch::Throttled { every: 25, retry_after: Some(1) };
/// Enough to see that nothing holds back.
const ITEMS_OF_CONTROL: usize = 120;
/// Requests that may come beside those that are due: one that was late on its way, and one that a pause made room for.
const BESIDE: usize = 2;
/// Stretches of time in which requests are counted, in seconds.
const STRETCHES: [u32; 2] = [1, 10];

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let mut outcomes = vec![race(venue, on, extent, &Twist::default()).await?];
    if venue.has_faults {
        let extent = Extent { items: extent.items.min(ITEMS_OF_CONTROL), ..*extent };
        outcomes.push(race(venue, on, &extent, &Twist::default().armed("limiter.off")).await?.control());
    }
    Ok(outcomes)
}

async fn race(venue: &Venue, on: On, extent: &Extent, twist: &Twist) -> Result<Outcome> {
    let is_limited = twist.environment.is_empty();
    let world = World::big(extent.items);
    let items: Vec<String> = world.article_ids().iter().map(ToString::to_string).collect();
    let fake = Provider::start(Zendesk::new(world)).await;
    if is_limited {
        fake.switches().set(TOO_MUCH);
    }
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let crew = [ground.serve(twist).await?, ground.work(twist)?];
    let client = ground.client()?;
    let body = json!({
        "provider": "zendesk", "settings": { "siteUrl": fake.origin(), "locale": "en-us" },
        "credentials": { "kind": "anonymous" }, "requestsPerSecond": extent.rate,
    });
    let (connection, start) = (Connection::make(&client, &body).await?, Instant::now());
    let patience = patience(extent);
    let sync = connection.synced(patience).await?;
    let witness = Witness::new(client);
    all_ended(&witness, &items, patience).await?;
    let took = start.elapsed();
    let exchanges = fake.log().exchanges();
    let evidence = of_items(witness.testify(readings(&exchanges, article_of)).await?, &items);
    let mut verdict = judge(&evidence, Demands::default());
    if sync["state"] != "completed" || evidence.documents.len() != items.len() {
        verdict.complain(format!("{} documents of {} items; {}", evidence.documents.len(), items.len(), sync["error"]));
    }
    let refused = fake.log().count_of(429);
    if is_limited && refused < exchanges.len() / 30 {
        verdict.complain("the provider hardly said that it was too much, so nothing was tried");
    }
    let most = within_limit(&fake, extent.rate, &mut verdict);
    let read = crew.iter().map(|process| process.log().matches("document read").count().to_string());
    let read = read.collect::<Vec<_>>().join(" and ");
    let note = format!(
        "{} items at {}/s in {} s; {} requests, {most} within a second at most, {refused} refused; read by each process: {read}",
        items.len(),
        extent.rate,
        took.as_secs(),
        exchanges.len()
    );
    let name = if is_limited { "provider limit" } else { "no limit" };
    Ok(Outcome::new(name, on.name(), items.len(), verdict).noted(note))
}

/// As the provider has counted. Returns the most in a second.
fn within_limit(fake: &Provider<Zendesk>, rate: u32, verdict: &mut Verdict) -> usize {
    for seconds in STRETCHES {
        let most = fake.log().most_within(Duration::from_secs(seconds.into()));
        let allowed = (rate * seconds) as usize + BESIDE;
        if most > allowed {
            verdict.complain(format!("{most} requests came within {seconds} s; {rate} a second are allowed"));
        }
    }
    fake.log().most_within(Duration::from_secs(1))
}

/// Three times as long as the limit makes it take, and some.
fn patience(extent: &Extent) -> Duration {
    Duration::from_secs(3 * extent.items as u64 / u64::from(extent.rate.max(1)) + 120)
}

/// Looks seldom where there is much: a list of thousands is work, too.
async fn all_ended(witness: &Witness, items: &[String], patience: Duration) -> Result<()> {
    let pause = Duration::from_millis(250 + items.len() as u64);
    let deadline = Instant::now() + patience;
    loop {
        let documents = witness.look().await?;
        if documents.len() >= items.len() && documents.iter().all(crate::evidence::Seen::has_ended) {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("not all of {} documents have ended after {patience:?}", documents.len());
        }
        tokio::time::sleep(pause).await;
    }
}

/// The article that was asked for.
fn article_of(exchange: &Exchange) -> Option<String> {
    let (list, article) = exchange.request.path.rsplit_once('/')?;
    list.ends_with("/articles").then(|| article.to_owned())
}
