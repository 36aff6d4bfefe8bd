//! Watches a run from outside and gathers the evidence.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use testkit::site::Visit;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::evidence::{Blow, Call, Completion, Evidence, Reply, Seen};

const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Takes notes, from several tasks at once.
#[derive(Debug, Clone)]
pub struct Witness {
    client: Client,
    notes: Arc<Mutex<Notes>>,
}

#[derive(Debug, Default)]
struct Notes {
    calls: Vec<Call>,
    completions: HashMap<String, Completion>,
    blows: Vec<Blow>,
}

impl Witness {
    /// A witness who asks this server.
    pub fn new(client: Client) -> Self {
        Self { client, notes: Arc::default() }
    }

    /// The client that it asks with.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Queues pages and notes the reply.
    pub async fn queue(&self, urls: Vec<String>) -> Reply {
        let reply = self.client.queue(&urls).await;
        self.notes().calls.push(Call { urls, reply: reply.clone() });
        reply
    }

    /// Notes that runs were ended; from now on pages may be fetched again, for as long as it `lasts`.
    pub fn blow(&self, in_flight: usize, lasts: Duration) {
        self.notes().blows.push(Blow { at: Instant::now(), lasts, in_flight });
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        self.notes().calls.clone()
    }

    /// How many pages were acknowledged, and how many of these were seen to be done.
    pub fn progress(&self) -> (usize, usize) {
        let notes = self.notes();
        let counts = notes.calls.iter().map(|call| match &call.reply {
            Reply::Acknowledged(ids) => ids.len(),
            Reply::Refused(_) | Reply::Unknown => 0,
        });
        (counts.sum(), notes.completions.len())
    }

    /// How many calls came to nothing known, and how many were refused.
    pub fn setbacks(&self) -> (usize, usize) {
        let notes = self.notes();
        let unknown = notes.calls.iter().filter(|call| call.reply == Reply::Unknown).count();
        let refused = notes.calls.iter().filter(|call| matches!(call.reply, Reply::Refused(_))).count();
        (unknown, refused)
    }

    /// Looks once. While a server is down there is nothing to see.
    pub async fn look(&self) -> Result<Vec<Seen>> {
        let documents = self.client.documents("").await?;
        let at = Instant::now();
        let mut notes = self.notes();
        for seen in documents.iter().filter(|seen| seen.has_completed()) {
            notes.completions.entry(seen.id.clone()).or_insert_with(|| Completion { at, seen: seen.clone() });
        }
        Ok(documents)
    }

    /// Looks again and again until the watch is dropped.
    pub fn watch(&self) -> Watch {
        let witness = self.clone();
        Watch(tokio::spawn(async move {
            loop {
                // A server that is down now is asked again later.
                let _ = witness.look().await;
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }))
    }

    /// Waits until every document has ended. After the patience is over the evidence speaks for itself.
    pub async fn all_ended(&self, patience: Duration) -> Result<Vec<Seen>> {
        let deadline = Instant::now() + patience;
        loop {
            match self.look().await {
                Ok(documents) if documents.iter().all(Seen::has_ended) || Instant::now() > deadline => {
                    return Ok(documents);
                }
                Err(error) if Instant::now() > deadline => return Err(error),
                _ => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
    }

    /// All that was seen, and the documents as they are now.
    pub async fn testify(&self, visits: Vec<Visit>) -> Result<Evidence> {
        let calls = self.calls();
        let documents = self.client.documents_and(&promised(&calls)).await?;
        let notes = self.notes();
        Ok(Evidence { calls, documents, completions: notes.completions.clone(), visits, blows: notes.blows.clone() })
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The ids of all that was acknowledged.
pub fn promised(calls: &[Call]) -> HashSet<&str> {
    let ids = calls.iter().filter_map(|call| match &call.reply {
        Reply::Acknowledged(ids) => Some(ids),
        Reply::Refused(_) | Reply::Unknown => None,
    });
    ids.flatten().map(String::as_str).collect()
}

/// A watch that ends with its value.
#[derive(Debug)]
pub struct Watch(JoinHandle<()>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits until something is so.
pub async fn until(what: &str, patience: Duration, mut is_so: impl FnMut() -> bool) -> Result<()> {
    const GLANCE: Duration = Duration::from_millis(10);
    let deadline = Instant::now() + patience;
    while !is_so() {
        if Instant::now() > deadline {
            bail!("waited in vain for {patience:?}: {what}");
        }
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}
