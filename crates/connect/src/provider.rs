//! Providers: content that is asked of an interface, on behalf of a connection.
//!
//! Each provider is one module that knows its vendor's addresses, shapes and errors. All of them ask through [`Api`], which takes
//! turns, proves who asks, sits out what passes, and tells what does not as one of the product's failures. What they answer is
//! the same for all: an [`Identity`], a [`Listing`], or what came of [`read`]ing one item.

pub mod api;
pub mod confluence;
pub mod exchange;
mod field;
pub mod gate;
pub mod googledrive;
mod id;
pub mod item;
pub mod notion;
mod retrying;
mod walk;
pub mod zendesk;

use model::{Account, Failure, Listing};

pub use api::{Api, Refusal, Vendor, Verdict};
pub use exchange::{Code, exchange, exchange_code};
pub use gate::{Gate, Proof};
pub use item::{Content, Form, Identity, Item, Reading};

/// Asks who we are to the provider and whether the proof is really one.
pub async fn probe<G: Gate>(ask: &Asking<'_, G>, account: &Account) -> Result<Identity, Failure> {
    match account {
        Account::Notion(account) => notion::probe(&ask.of(notion::vendor()), account).await,
        Account::Zendesk(account) => zendesk::probe(&ask.of(zendesk::vendor()), account).await,
        Account::Confluence(account) => confluence::probe(&ask.of(confluence::vendor()), account).await,
        Account::GoogleDrive(account) => googledrive::probe(&ask.of(googledrive::vendor()), account).await,
    }
}

/// Lists everything that the connection may read. `seen` is told how many items there are so far.
pub async fn list<G: Gate>(
    ask: &Asking<'_, G>,
    account: &Account,
    seen: &(dyn Fn(usize) + Sync),
) -> Result<Listing, Failure> {
    match account {
        Account::Notion(account) => notion::list(&ask.of(notion::vendor()), account, seen).await,
        Account::Zendesk(account) => zendesk::list(&ask.of(zendesk::vendor()), account, seen).await,
        Account::Confluence(account) => confluence::list(&ask.of(confluence::vendor()), account, seen).await,
        Account::GoogleDrive(account) => googledrive::list(&ask.of(googledrive::vendor()), account, seen).await,
    }
}

/// Reads one item, unless it is still the version that is known.
///
/// [`model::FailureCode::NotFound`] where the provider does not tell what is gone from what we may not see, `Gone` where it says
/// that the item was deleted or trashed, `ProviderPermission` where it says that we may not, `UnsupportedType` where there is
/// nothing to read in such an item, `ProviderDisconnected` where the proof is not taken.
pub async fn read<G: Gate>(ask: &Asking<'_, G>, account: &Account, item: &Item) -> Result<Reading, Failure> {
    match account {
        Account::Notion(account) => notion::read(&ask.of(notion::vendor()), account, item).await,
        Account::Zendesk(account) => zendesk::read(&ask.of(zendesk::vendor()), account, item).await,
        Account::Confluence(account) => confluence::read(&ask.of(confluence::vendor()), account, item).await,
        Account::GoogleDrive(account) => googledrive::read(&ask.of(googledrive::vendor()), account, item).await,
    }
}

/// A client, a gate and some patience: all that asking takes but a vendor.
pub struct Asking<'a, G> {
    /// The guarded client.
    pub client: &'a crate::Client,
    /// Turns and tokens.
    pub gate: &'a G,
    /// How long one request may be put off in all while it is refused for a reason that passes.
    pub patience: std::time::Duration,
    /// When to stop, whatever has come by then; a list ends there with a gap.
    pub until: Option<tokio::time::Instant>,
}

impl<'a, G: Gate> Asking<'a, G> {
    fn of(&self, vendor: Vendor) -> Api<'a, G> {
        Api { client: self.client, gate: self.gate, patience: self.patience, until: self.until, vendor }
    }
}
