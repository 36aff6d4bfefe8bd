//! Notion: pages, and databases with their rows.

mod block;
mod blocks;
mod catalogue;
mod composer;
mod database;
mod enhanced;
mod id;
mod interface;
mod link;
mod listing;
mod object;
mod page;
mod paging;
mod property;
mod rendition;
mod rich_text;

use model::connection::NotionAccount;
use model::{Failure, FailureCode, Listing};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::api::{Api, Refusal, Vendor, Verdict};
use super::field::{list as values, text};
use super::gate::Gate;
use super::item::{Identity, Item, Reading};
use interface::Interface;

/// The version of the interface that is spoken, by its date: every request names it.
pub fn version() -> (HeaderName, HeaderValue) {
    (HeaderName::from_static("notion-version"), HeaderValue::from_static("2026-03-11"))
}

/// What is particular to Notion.
pub fn vendor() -> Vendor {
    Vendor { name: "Notion", headers: HeaderMap::from_iter([version()]), user_suffix: "", judge }
}

/// Errors have a JSON body with a code. What has none comes from a proxy in front, which turns callers away by their address or
/// their `User-Agent`, and says nothing of the page.
fn judge(refusal: &Refusal) -> Verdict {
    let body = refusal.json().unwrap_or_default();
    let code = text(&body, "/code");
    let said = match text(&body, "/message") {
        "" => format!("it answered {}", refusal.status),
        message => message.to_owned(),
    };
    match (refusal.status, code) {
        (429, _) | (_, "rate_limited") => match text(&body, "/additional_data/rate_limit_reason") {
            "" => Verdict::TooOften(said),
            reason => Verdict::TooOften(format!("{said} ({reason})")),
        },
        (_, "unauthorized") => Verdict::NoProof(said),
        (403, "restricted_resource") => {
            Verdict::Final(FailureCode::ProviderPermission, format!("{said}; let the connection read content"))
        }
        (400..=499, "") if refusal.status != 401 => Verdict::Passing(format!(
            "something in front of its interface answered {}, most likely because of this machine's address",
            refusal.status
        )),
        _ => refusal.usual(said),
    }
}

/// Asks who we are.
pub async fn probe<G: Gate>(api: &Api<'_, G>, account: &NotionAccount) -> Result<Identity, Failure> {
    let notion = Interface { api, base: &account.api_url };
    let me = notion.get("users/me").await?.map_err(|refusal| api.refused(&refusal))?;
    let names = [text(&me, "/bot/workspace_name"), text(&me, "/name"), "Notion"];
    let name = names.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_default().to_owned();
    let found: Value = api
        .attempt(notion.found("search", &json!({"page_size": 1}), None)?)
        .await?
        .map_err(|refusal| api.refused(&refusal))?;
    let mut notes = Vec::new();
    if values(&found, "/results").is_empty() {
        notes.push("nothing is shared with the connection yet; share pages with it in Notion".to_owned());
    }
    Ok(Identity { name, notes })
}

/// Lists what can be read.
pub async fn list<G: Gate>(
    api: &Api<'_, G>,
    account: &NotionAccount,
    seen: &(dyn Fn(usize) + Sync),
) -> Result<Listing, Failure> {
    listing::list(&Interface { api, base: &account.api_url }, seen).await
}

/// Reads a page or a database.
pub async fn read<G: Gate>(api: &Api<'_, G>, account: &NotionAccount, item: &Item) -> Result<Reading, Failure> {
    let notion = Interface { api, base: &account.api_url };
    let id = id::canonical(&item.external_id).ok_or_else(|| {
        let text = format!("{:?} is no id of Notion; it has 32 hexadecimal digits", item.external_id);
        Failure::new(FailureCode::NotFound, text)
    })?;
    let known = item.known.as_deref();
    if item.object == "database" {
        return database::read(&notion, &id, known).await;
    }
    match page::read(&notion, &id, known).await {
        Err(failure) if failure.code == FailureCode::NotFound && item.object != "page" => {
            database::read(&notion, &id, known).await
        }
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests;
