//! Processes die while a provider is looked at, read, and asked for new tokens; afterwards every item is here once, and the pair
//! of tokens that is kept is one that the provider takes.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use model::faults::CONNECTION_POINTS;
use serde_json::{Value, json};
use testkit::provider::Provider;
use testkit::provider::confluence::Confluence;
use testkit::provider::confluence::access::READING;
use testkit::provider::confluence::oauth::{CLIENT_ID, CLIENT_SECRET, LEEWAY};
use testkit::provider::confluence::world::World;
use testkit::provider::exchange::Exchange;
use tokio::task::JoinSet;

use super::revoked;
use crate::chance::Chance;
use crate::checker::{Demands, judge};
use crate::connection::{Connection, of_items, readings};
use crate::crew::{Crew, HASTE, IN_HAND, On, Venue};
use crate::extent::Extent;
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(2);
/// How many pages the site has when one process dies, and when many do.
const PAGES: (usize, usize) = (30, 300);
/// A store that forgets its tokens is noticed whatever the site has.
const PAGES_OF_CONTROL: usize = 3;
/// Most of the time is spent waiting for leases to end.
const AT_ONCE: usize = 4;
/// Long enough that no living process loses its pages on a crowded machine.
const LEASE: [&str; 2] = ["--lease", "4s"];
/// After so many deaths a sync may have been given up.
const ASK_EVERY: usize = 4;

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    if !venue.has_faults {
        return Ok(vec![Outcome::skipped("connections", on.name(), "needs a build with the feature `faults`")]);
    }
    let mut outcomes = vec![at_each_point(venue, on).await?, at_random(venue, on, extent).await?];
    outcomes.push(revoked::run(venue, on).await?);
    outcomes.push(control(venue, on).await?);
    Ok(outcomes)
}

/// The provider lets a refresh token be used again for a while, so whatever dies needs nobody's help.
async fn at_each_point(venue: &Venue, on: On) -> Result<Outcome> {
    let mut verdict = Verdict::default();
    for points in CONNECTION_POINTS.chunks(AT_ONCE) {
        let mut dying = JoinSet::new();
        for point in points {
            let venue = venue.clone();
            let stage = async move { Stage::set(&venue, on, PAGES.0).await?.die_at(point).await };
            dying.spawn(async move { (*point, stage.await) });
        }
        while let Some(found) = dying.join_next().await {
            let (point, found) = found.context("a stage broke")?;
            let mut found = found.with_context(|| point)?;
            found.complaints.iter_mut().for_each(|complaint| *complaint = format!("{point}: {complaint}"));
            verdict.add(found);
        }
    }
    Ok(Outcome::new("connection points", on.name(), CONNECTION_POINTS.len(), verdict))
}

/// kill -9 of any process at any instant, with tokens that end again and again.
async fn at_random(venue: &Venue, on: On, extent: &Extent) -> Result<Outcome> {
    let stage = Stage::set(venue, on, PAGES.1).await?;
    let mut crew = Crew::start(Arc::clone(&stage.ground), 2, Twist::flags(&LEASE)).await?;
    let _watch = stage.witness.watch();
    let mut chance = Chance::new(extent.seed);
    for round in 0..extent.kills {
        if round % ASK_EVERY == 0 {
            stage.connection.ask_sync().await?;
        }
        let wait = chance.between(Duration::from_millis(50), Duration::from_millis(700));
        tokio::time::sleep(wait / 2).await;
        stage.fake.fake().world().access.consents.expire_access();
        tokio::time::sleep(wait / 2).await;
        crew.kill_one(&mut chance, &stage.witness).await?;
    }
    // The one under way may have had too many deaths.
    stage.connection.synced(PATIENCE).await?;
    let verdict = stage.aftermath().await?;
    let renewals = stage.fake.log().below("/oauth/token").len();
    Ok(Outcome::new("connection kills", on.name(), extent.kills, verdict).noted(format!("{renewals} renewals")))
}

/// New tokens are used and not kept: whoever comes later has tokens that the provider has ended.
async fn control(venue: &Venue, on: On) -> Result<Outcome> {
    let stage = Stage::set(venue, on, PAGES_OF_CONTROL).await?;
    let _server = stage.ground.serve(&Twist::default().armed("renewal.off")).await?;
    let mut verdict = Verdict::default();
    stage.pair_holds(&mut verdict).await?;
    Ok(Outcome::new("tokens not kept", on.name(), 1, verdict).control())
}

/// A store with a connection to a site, and nobody who works.
struct Stage {
    ground: Arc<Ground>,
    fake: Provider<Confluence>,
    items: Vec<String>,
    connection: Connection,
    witness: Witness,
}

impl Stage {
    async fn set(venue: &Venue, on: On, pages: usize) -> Result<Self> {
        let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
        let server = ground.serve(&Twist::default()).await?;
        let mut world = World::cloud();
        let space = world.fill(pages);
        let home = world.homepage(space).context("a space has a homepage")?;
        world.edit(home, "<p>The pages below explain one thing each.</p>");
        let items = world.page_ids().iter().map(ToString::to_string).collect();
        let (refresh_token, gateway) = (world.access.consents.give(&READING), world.gateway());
        let fake = Provider::start(Confluence::new(world)).await;
        let client = ground.client()?;
        let connection = Connection::make(&client, &wish(&fake.origin(), &gateway, &refresh_token)).await?;
        server.stop().await?;
        Ok(Self { ground, fake, items, connection, witness: Witness::new(client) })
    }

    async fn die_at(self, point: &str) -> Result<Verdict> {
        let mut victim = self.ground.serve(&Twist::default().armed(point)).await?;
        self.witness.blow(2 * IN_HAND, PATIENCE);
        // It may die before it answers.
        let _ = self.connection.ask_sync().await;
        let has_died = until("the process dies", PATIENCE / 4, || victim.status().is_some()).await.is_ok();
        drop(victim);
        let _heir = self.ground.serve(&Twist::default()).await?;
        let mut verdict = self.aftermath().await?;
        if !has_died {
            verdict.complain("the point was not reached, so nothing was tried");
        }
        Ok(verdict)
    }

    /// What must be so once a server runs again.
    async fn aftermath(&self) -> Result<Verdict> {
        let sync = self.connection.synced(PATIENCE).await?;
        self.witness.all_ended(PATIENCE).await?;
        let visits = readings(&self.fake.log().exchanges(), content_of);
        let evidence = of_items(self.witness.testify(visits).await?, &self.items);
        let mut verdict = judge(&evidence, Demands::default());
        if sync["state"] != "completed" {
            verdict.complain(format!("the sync did not complete: {}", sync["error"]));
        }
        if evidence.documents.len() != self.items.len() {
            verdict.complain(format!("{} documents instead of {}", evidence.documents.len(), self.items.len()));
        }
        self.pair_holds(&mut verdict).await?;
        Ok(verdict)
    }

    /// Again and again the access token ends, later than a refresh token of before may be used.
    async fn pair_holds(&self, verdict: &mut Verdict) -> Result<()> {
        for _ in 0..3 {
            {
                let mut world = self.fake.fake().world();
                world.wait(LEEWAY + 1);
                world.access.consents.expire_access();
            }
            let objection = self.connection.objection().await?;
            if !objection.is_empty() {
                verdict.complain(format!("the pair that is kept is not taken any more: {objection}"));
            }
        }
        if self.fake.fake().world().access.consents.is_any_over() {
            verdict.complain("a refresh token was used after it was replaced, and that ended the consent");
        }
        Ok(())
    }
}

fn wish(origin: &str, gateway: &str, refresh_token: &str) -> Value {
    json!({
        "provider": "confluence",
        "settings": {
            "siteUrl": format!("{origin}/wiki"), "apiUrl": format!("{origin}{gateway}/wiki"),
            "tokenUrl": format!("{origin}/oauth/token"),
        },
        "credentials": {
            "kind": "consent", "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "refreshToken": refresh_token,
        },
        "requestsPerSecond": 100,
    })
}

/// The page whose text was asked for.
fn content_of(exchange: &Exchange) -> Option<String> {
    let request = &exchange.request;
    let (list, page) = request.path.rsplit_once('/')?;
    (list.ends_with("/pages") && request.parameter("body-format").is_some()).then(|| page.to_owned())
}
