//! Zendesk.

use model::connection::ZendeskAccount;
use model::{Failure, Listing};

use super::{Api, Gate, Identity, Item, Reading, Refusal, Vendor, Verdict};
use reqwest::header::HeaderMap;

/// What is particular to Zendesk.
pub fn vendor() -> Vendor {
    Vendor { name: "Zendesk", headers: HeaderMap::new(), user_suffix: "", judge }
}

fn judge(refusal: &Refusal) -> Verdict {
    refusal.usual(format!("it answered {}", refusal.status))
}

/// Asks who we are.
pub async fn probe<G: Gate>(_api: &Api<'_, G>, _account: &ZendeskAccount) -> Result<Identity, Failure> {
    Err(Failure::new(model::FailureCode::Internal, "not built yet"))
}

/// Lists what can be read.
pub async fn list<G: Gate>(
    _api: &Api<'_, G>,
    _account: &ZendeskAccount,
    _seen: &(dyn Fn(usize) + Sync),
) -> Result<Listing, Failure> {
    Err(Failure::new(model::FailureCode::Internal, "not built yet"))
}

/// Reads one item.
pub async fn read<G: Gate>(_api: &Api<'_, G>, _account: &ZendeskAccount, _item: &Item) -> Result<Reading, Failure> {
    Err(Failure::new(model::FailureCode::Internal, "not built yet"))
}
