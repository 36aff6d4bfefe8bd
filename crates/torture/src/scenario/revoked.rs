//! A process dies between a provider's new tokens and our commit, where the provider has ended the old ones with that answer.
//! Nobody can mend that but a person; everybody must be told so, and nothing may count as gone.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use testkit::provider::Provider;
use testkit::provider::notion::accounts::{CLIENT_ID, CLIENT_SECRET};
use testkit::provider::notion::{Block, Notion};

use crate::connection::Connection;
use crate::crew::{HASTE, On, Venue};
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(1);
const PAGES: usize = 5;
/// What takes the new tokens along.
const POINTS: [&str; 2] = ["renewal.after_exchange", "renewal.before_commit"];

pub async fn run(venue: &Venue, on: On) -> Result<Outcome> {
    let mut verdict = Verdict::default();
    for point in POINTS {
        let mut found = die_at(venue, on, point).await?;
        found.complaints.iter_mut().for_each(|complaint| *complaint = format!("{point}: {complaint}"));
        verdict.add(found);
    }
    Ok(Outcome::new("tokens lost", on.name(), POINTS.len(), verdict))
}

async fn die_at(venue: &Venue, on: On, point: &str) -> Result<Verdict> {
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let fake = Provider::start(Notion::default()).await;
    for number in 0..PAGES {
        fake.fake()
            .world
            .add_page(&format!("Page {number}"), vec![Block::paragraph("It says one thing and no other.")]);
    }
    let server = ground.serve(&Twist::default()).await?;
    let (client, refresh_token) = (ground.client()?, fake.fake().accounts.new_pair().1);
    let connection = Connection::make(&client, &wish(&fake, &refresh_token)).await?;
    let witness = Witness::new(client.clone());
    let mut verdict = Verdict::default();
    expect(&mut verdict, connection.synced(PATIENCE).await?["state"] == "completed", "it does not work at all");
    witness.all_ended(PATIENCE).await?;
    server.stop().await?;

    fake.fake().accounts.expire_access();
    let mut victim = ground.serve(&Twist::default().armed(point)).await?;
    let _ = connection.ask_sync().await;
    let has_died = until("the process dies", PATIENCE / 4, || victim.status().is_some()).await.is_ok();
    expect(&mut verdict, has_died, "the point was not reached, so nothing was tried");
    drop(victim);
    let _heir = ground.serve(&Twist::default()).await?;
    let sync = connection.synced(PATIENCE).await?;
    for said in [sync["error"].as_str().unwrap_or_default(), &connection.objection().await?] {
        let is_clear =
            ["provider_disconnected: ", "connect it again", "the new tokens"].iter().all(|words| said.contains(words));
        expect(&mut verdict, is_clear, &format!("nobody is told what to do: {said:?}"));
    }
    let documents = witness.all_ended(PATIENCE).await?;
    let are_there = documents.len() == PAGES && documents.iter().all(|seen| seen.has_completed() && seen.revision == 1);
    expect(&mut verdict, are_there, &format!("documents suffered: {documents:?}"));

    let refresh_token = fake.fake().accounts.new_pair().1;
    let again = Connection::make(&client, &wish(&fake, &refresh_token)).await?;
    let sync = again.synced(PATIENCE).await?;
    let is_mended = sync["state"] == "completed" && sync["counts"]["unchanged"] == PAGES;
    expect(&mut verdict, is_mended, &format!("connecting again does not mend it: {sync}"));
    Ok(verdict)
}

fn expect(verdict: &mut Verdict, is_so: bool, complaint: &str) {
    if !is_so {
        verdict.complain(complaint);
    }
}

fn wish(fake: &Provider<Notion>, refresh_token: &str) -> Value {
    json!({
        "provider": "notion",
        "settings": { "apiUrl": fake.origin() },
        "credentials": {
            "kind": "consent", "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "refreshToken": refresh_token,
        },
        "requestsPerSecond": 100,
    })
}
