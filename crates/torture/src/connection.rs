//! A connection to a provider, made and watched over the public API.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use testkit::provider::exchange::Exchange;
use testkit::site::Visit;

use crate::client::Client;
use crate::evidence::{Call, Evidence, Reply, Seen};

const CONNECTIONS: &str = "/v2/connections/public";
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// One connection.
#[derive(Debug, Clone)]
pub struct Connection {
    client: Client,
    id: String,
}

impl Connection {
    /// Connects, or connects again, as the body says.
    pub async fn make(client: &Client, body: &Value) -> Result<Self> {
        let made = client.call("POST", CONNECTIONS, body).await?;
        let id = made["id"].as_str().context("a connection without an id")?.to_owned();
        Ok(Self { client: client.clone(), id })
    }

    /// Asks for a look at everything. Where one is under way already, that is it.
    pub async fn ask_sync(&self) -> Result<String> {
        let asked = self.client.call("POST", &format!("{CONNECTIONS}/{}/sync", self.id), &json!({})).await?;
        Ok(asked["id"].as_str().context("a sync without an id")?.to_owned())
    }

    /// Asks for a look and waits until it is over.
    pub async fn synced(&self, patience: Duration) -> Result<Value> {
        let (id, deadline) = (self.ask_sync().await?, Instant::now() + patience);
        loop {
            let sync = self.client.call("GET", &format!("/v2/syncs/public/{id}"), &json!({})).await?;
            if sync["finishedAt"].is_string() {
                return Ok(sync);
            }
            if Instant::now() > deadline {
                bail!("a sync does not end: {sync}");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// What the provider says against us when it is asked now; empty when it takes us.
    pub async fn objection(&self) -> Result<String> {
        let tested = self.client.call("POST", &format!("{CONNECTIONS}/{}/test", self.id), &json!({})).await?;
        Ok(tested["error"].as_str().context("a test that says nothing")?.to_owned())
    }
}

/// The evidence with the items of a provider in the place of pages, each promised under its name there.
pub fn of_items(evidence: Evidence, items: &[String]) -> Evidence {
    let address = |item: &str| format!("item://source/{item}");
    // A look that finds an item unchanged is no second result, though it is later than the first.
    let named = |seen: Seen| Seen { url: address(&seen.external_id), updated_at: String::new(), ..seen };
    let documents: Vec<Seen> = evidence.documents.into_iter().map(named).collect();
    let id_of = |item: &String| {
        let found = documents.iter().find(|seen| seen.external_id == *item);
        found.map_or_else(|| "nowhere".to_owned(), |seen| seen.id.clone())
    };
    let promise = Reply::Acknowledged(items.iter().map(id_of).collect());
    let calls = vec![Call { urls: items.iter().map(|item| address(item)).collect(), reply: promise }];
    let mut completions = evidence.completions;
    for completion in completions.values_mut() {
        completion.seen = named(completion.seen.clone());
    }
    Evidence { calls, documents, completions, ..evidence }
}

/// The good readings of items, as visits of the pages that [`of_items`] makes of them. `item` tells which a request was for.
pub fn readings(exchanges: &[Exchange], item: impl Fn(&Exchange) -> Option<String>) -> Vec<Visit> {
    let is_good = |exchange: &&Exchange| exchange.reply.as_ref().is_some_and(|reply| reply.status == 200);
    let visit = |exchange: &Exchange| {
        let path = format!("/{}", item(exchange)?);
        Some(Visit { path, at: exchange.request.at, from: Ipv4Addr::LOCALHOST.into(), status: 200 })
    };
    exchanges.iter().filter(is_good).filter_map(visit).collect()
}
