//! Clients that call our API again and again.

use anyhow::{Context, Result};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::{DOCUMENTS, Service};
use crate::http::Client;
use crate::load::{Crew, Work};
use crate::pages;

/// Clients that queue so many new pages a call.
pub async fn posters(service: &Service, clients: usize, rows: usize) -> Result<Crew> {
    let mut crew = Vec::new();
    for _ in 0..clients {
        crew.push(Poster { client: service.client().await?, rows });
    }
    Ok(Crew::new(crew))
}

/// Clients that read documents, one a call. There must be some.
pub async fn getters(service: &Service, clients: usize) -> Result<Crew> {
    let ids = listed(&mut service.client().await?, 100).await?;
    let mut crew = Vec::new();
    for place in 0..clients {
        let paths = ids.iter().map(|id| format!("{DOCUMENTS}/{id}")).collect();
        crew.push(Reader { client: service.client().await?, paths, place });
    }
    Ok(Crew::new(crew))
}

/// Clients that read lists of 50 documents.
pub async fn listers(service: &Service, clients: usize) -> Result<Crew> {
    let mut crew = Vec::new();
    for place in 0..clients {
        let paths = vec![format!("{DOCUMENTS}?limit=50")];
        crew.push(Reader { client: service.client().await?, paths, place });
    }
    Ok(Crew::new(crew))
}

/// Queues so many new pages.
pub async fn post(client: &mut Client, rows: usize) -> Result<()> {
    let body = json!({ "documentIdsToAdd": pages::urls(rows) }).to_string();
    client.post(DOCUMENTS, body).await?;
    Ok(())
}

async fn listed(client: &mut Client, limit: usize) -> Result<Vec<String>> {
    let page: Value = serde_json::from_slice(&client.get(&format!("{DOCUMENTS}?limit={limit}")).await?)?;
    let documents = page["documents"].as_array().context("a list has documents")?;
    documents.iter().map(|one| Ok(one["id"].as_str().context("a document has an id")?.to_owned())).collect()
}

struct Poster {
    client: Client,
    rows: usize,
}

impl Work for Poster {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async {
            post(&mut self.client, self.rows).await?;
            Ok(u32::try_from(self.rows)?)
        }
        .boxed()
    }
}

struct Reader {
    client: Client,
    paths: Vec<String>,
    place: usize,
}

impl Work for Reader {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async {
            self.place += 1;
            self.client.get(&self.paths[self.place % self.paths.len()]).await?;
            Ok(1)
        }
        .boxed()
    }
}
