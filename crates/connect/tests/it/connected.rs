//! A fake of a provider with a connection to it: no turns to wait for, a fixed proof, and everything counted.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use connect::Client;
use connect::provider::{self, Asking, Content, Form, Gate, Identity, Item, Proof, Reading};
use model::{Account, Clock, Failure, Listing, Secret, Timestamp};
use testkit::provider::Provider;
use testkit::provider::fake::Fake;

use crate::origin::config;

/// Later than anything that a fake's world has seen: 2026-06-01T00:00:00Z.
const NOW: Timestamp = Timestamp::from_micros(1_780_272_000_000_000);

/// A gate that lets everybody through.
pub struct Turnstile {
    proofs: Mutex<Vec<Proof>>,
    turns: AtomicUsize,
    eased: Mutex<Vec<Option<Duration>>>,
}

/// A fake, and all it takes to ask it.
pub struct Connected<F> {
    pub fake: Provider<F>,
    pub gate: Turnstile,
    pub clock: Clock,
    /// How long a request may be put off.
    pub patience: Duration,
    /// When to stop.
    pub until: Option<tokio::time::Instant>,
    client: Client,
    account: Account,
}

impl Turnstile {
    /// The first token is shown until it is refused, then the next.
    pub fn new(tokens: &[&str]) -> Self {
        Self::showing(tokens.iter().map(|token| Proof::Bearer(Secret::new(*token))).collect())
    }

    /// The first proof is shown until it is refused, then the next; nothing where there is none.
    pub fn showing(mut proofs: Vec<Proof>) -> Self {
        proofs.reverse();
        Self { proofs: Mutex::new(proofs), turns: AtomicUsize::new(0), eased: Mutex::new(Vec::new()) }
    }

    /// How many turns were taken.
    pub fn turns(&self) -> usize {
        self.turns.load(Ordering::SeqCst)
    }

    /// What the provider asked for each time that it was asked too often.
    pub fn eased(&self) -> Vec<Option<Duration>> {
        self.eased.lock().unwrap().clone()
    }
}

impl Gate for Turnstile {
    async fn turn(&self) -> Result<(), Failure> {
        self.turns.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn ease(&self, asked: Option<Duration>) {
        self.eased.lock().unwrap().push(asked);
    }

    async fn proof(&self, refused: Option<&Proof>) -> Result<Proof, Failure> {
        let mut proofs = self.proofs.lock().unwrap();
        if proofs.len() > 1 && refused == proofs.last() {
            proofs.pop();
        }
        Ok(proofs.last().cloned().unwrap_or(Proof::Anonymous))
    }
}

impl<F: Fake> Connected<F> {
    /// Starts the fake. `account` is given its address.
    pub async fn to(fake: F, token: &str, account: impl Fn(String) -> Account) -> Self {
        let fake = Provider::start(fake).await;
        let account = account(fake.origin());
        let clock = Clock::manual(NOW);
        let client = Client::new(&config(), clock.clone()).unwrap();
        Self {
            fake,
            gate: Turnstile::new(&[token]),
            clock,
            patience: Duration::from_secs(5),
            until: None,
            client,
            account,
        }
    }

    /// The same with limits of the account.
    pub fn limited(mut self, limit: impl Fn(&mut Account)) -> Self {
        limit(&mut self.account);
        self
    }

    fn asking(&self) -> Asking<'_, Turnstile> {
        Asking { client: &self.client, gate: &self.gate, patience: self.patience, until: self.until }
    }

    pub async fn probe(&self) -> Result<Identity, Failure> {
        provider::probe(&self.asking(), &self.account).await
    }

    pub async fn list(&self) -> Result<Listing, Failure> {
        let most = AtomicUsize::new(0);
        let listing = provider::list(&self.asking(), &self.account, &|seen| {
            most.fetch_max(seen, Ordering::SeqCst);
        })
        .await?;
        assert!(most.into_inner() >= listing.resources.len().min(1), "nobody was told of what was found");
        Ok(listing)
    }

    /// The ids of all that is listed, in order of their letters.
    pub async fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> =
            self.list().await.unwrap().resources.into_iter().map(|found| found.external_id).collect();
        ids.sort();
        ids
    }

    pub async fn read(&self, id: impl ToString, object: &str, known: Option<&str>) -> Result<Reading, Failure> {
        let item = Item { external_id: id.to_string(), object: object.to_owned(), known: known.map(str::to_owned) };
        provider::read(&self.asking(), &self.account, &item).await
    }

    /// The content of what must have some.
    pub async fn content(&self, id: impl ToString, object: &str) -> Content {
        match self.read(id, object, None).await.unwrap() {
            Reading::Content(content) => *content,
            Reading::Unchanged => panic!("nothing was known, so nothing can be unchanged"),
        }
    }
}

/// The text of a content that is text.
pub fn text(content: &Content) -> &str {
    match &content.form {
        Form::Text { text, .. } => text,
        Form::File { .. } => panic!("this is a file"),
    }
}
