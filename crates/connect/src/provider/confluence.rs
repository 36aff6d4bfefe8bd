//! Confluence: the spaces of a site and their pages, in the cloud or on a Data Center.

pub mod gateway;
mod page;
mod refusal;
mod site;
mod storage;
mod tree;

use model::connection::ConfluenceAccount;
use model::{Failure, FailureCode, Group, Listing, Resource, WebUrl};
use reqwest::header::HeaderMap;
use serde_json::Value;

use self::page::Page;
use self::site::{Look, Site, Space, Spaces};
use self::storage::Place;
use self::tree::Folders;
use super::api::{Api, Vendor};
use super::field;
use super::gate::Gate;
use super::item::{Content, Form, Identity, Item, Reading};

/// The word for a page on the wire.
const OBJECT: &str = "page";

/// What is particular to Confluence.
pub fn vendor() -> Vendor {
    Vendor { name: "Confluence", headers: HeaderMap::new(), user_suffix: "", judge: refusal::judge }
}

/// Asks which spaces can be seen and, where that may be asked, who we are. A key that finds nothing is a failure: it would
/// import nothing for ever.
pub async fn probe<G: Gate>(api: &Api<'_, G>, account: &ConfluenceAccount) -> Result<Identity, Failure> {
    let site = Site::of(api, account);
    let spaces = site.spaces().await?;
    if !spaces.missing.is_empty() {
        let keys = spaces.missing.join(", ");
        let text = format!("Confluence has no space that this connection may see with the key {keys}; check the keys");
        return Err(Failure::new(FailureCode::NotFound, text));
    }
    let mut notes = Vec::new();
    if api.is_anonymous().await? {
        notes.push("nobody is signed in: only spaces that everybody may read can be seen".to_owned());
    } else if let Ok(user) = site.user().await {
        notes.extend(signed_in(&user)?);
    }
    notes.push(counted(&spaces));
    let base = spaces.base.as_deref().unwrap_or(site.shown());
    let name = WebUrl::parse(base).map_or_else(|_| base.to_owned(), |url| url.host().to_string());
    Ok(Identity { name, notes })
}

/// Who the site takes us for. A site that is open to everybody answers a wrong token like none at all.
fn signed_in(user: &Value) -> Result<Option<String>, Failure> {
    if field::text(user, "/type") == "anonymous" {
        let text = "Confluence does not know the token and takes us for anybody; connect again with a good one";
        return Err(Failure::new(FailureCode::ProviderDisconnected, text));
    }
    let name = ["/displayName", "/publicName", "/username"].iter().map(|place| field::text(user, place));
    Ok(name.into_iter().find(|name| !name.is_empty()).map(|name| format!("signed in as {name}")))
}

fn counted(spaces: &Spaces) -> String {
    let more = if spaces.gaps.is_empty() { "" } else { " or more" };
    match spaces.found.len() {
        0 => "no space can be seen: the account has no access, or the token none of its rights".to_owned(),
        1 => format!("1 space{more} can be seen"),
        count => format!("{count} spaces{more} can be seen"),
    }
}

/// Lists the current pages of the account's spaces.
pub async fn list<G: Gate>(
    api: &Api<'_, G>,
    account: &ConfluenceAccount,
    seen: &(dyn Fn(usize) + Sync),
) -> Result<Listing, Failure> {
    let site = Site::of(api, account);
    let Spaces { found: spaces, missing, gaps, .. } = site.spaces().await?;
    let mut listing = Listing { gaps, ..Listing::default() };
    listing.gaps.extend(missing.iter().map(|key| format!("the space {key} cannot be seen")));
    let mut folders = Folders::default();
    for space in spaces {
        let mut leaves = Vec::new();
        let before = listing.resources.len();
        let walked = site.pages(&space, |page| {
            leaves.extend(resource(page, &space, account).map(|resource| (resource, page.parent())));
            seen(before + leaves.len());
        });
        match walked.await {
            Ok(gap) => listing.gaps.extend(gap),
            Err(Failure { code: FailureCode::NotFound | FailureCode::ProviderPermission, text, .. }) => {
                listing.gaps.push(format!("the pages of the space {} cannot be listed: {text}", space.key));
            }
            Err(failure) => return Err(failure),
        }
        let site = &site;
        let settled = folders.settle(leaves, |folder| async move { site.folder(&folder).await });
        listing.resources.extend(settled.await);
        listing.groups.push(Group { id: space.key, title: space.name, url: space.url, parent: None });
    }
    Ok(listing)
}

fn resource(page: Page<'_>, space: &Space, account: &ConfluenceAccount) -> Option<Resource> {
    Some(Resource {
        external_id: page.id()?,
        title: page.title().to_owned(),
        url: page.url()?.as_str().to_owned(),
        mime_type: "text/html".to_owned(),
        icon: None,
        object: OBJECT.to_owned(),
        version: page.version(account.rendered),
        group: Some(space.key.clone()),
        parent: None,
    })
}

/// Reads one page. Where a version is known, only that is asked for first.
pub async fn read<G: Gate>(api: &Api<'_, G>, account: &ConfluenceAccount, item: &Item) -> Result<Reading, Failure> {
    let site = Site::of(api, account);
    if let Some(known) = &item.known {
        let record = find(&site, &item.external_id, Look::Version).await?;
        if site.read(&record).version(account.rendered).as_ref() == Some(known) {
            return Ok(Reading::Unchanged);
        }
    }
    let record = find(&site, &item.external_id, Look::Text).await?;
    let page = site.read(&record);
    let empty = |text: String| Failure::new(FailureCode::EmptyContent, text);
    let body = page.body(site.format()).ok_or_else(|| empty("the page has no text".to_owned()))?;
    let url = page.url().ok_or_else(|| {
        Failure::new(FailureCode::ProviderDisconnected, "the address of the site cannot be read; connect again with it")
    })?;
    let (html, warnings) = if account.rendered {
        (body.to_owned(), Vec::new())
    } else {
        let place = Place { site: page.base(), space: page.space(), page: &item.external_id };
        let converted = storage::read(body, &place);
        if converted.is_blank() {
            let why =
                ["the page has no text of its own"].into_iter().chain(converted.warnings.iter().map(String::as_str));
            return Err(empty(why.collect::<Vec<_>>().join("; ")));
        }
        (converted.html, converted.warnings)
    };
    Ok(Reading::Content(Box::new(Content {
        version: page.version(account.rendered),
        title: page.title().to_owned(),
        url: url.as_str().to_owned(),
        form: Form::html(&url, &html),
        warnings,
    })))
}

/// A page that readers find. One that they do not is told from one in the trash.
async fn find<G: Gate>(site: &Site<'_, '_, G>, page: &str, look: Look) -> Result<Value, Failure> {
    let record = match site.page(page, look).await {
        Err(missing) if missing.code == FailureCode::NotFound => {
            let trashed = match site.page(page, Look::Trash).await {
                Err(failure) if failure.code == FailureCode::NotFound => return Err(missing),
                found => found?,
            };
            let is_gone = site.read(&trashed).gone().is_some();
            if is_gone { trashed } else { return Err(missing) }
        }
        found => found?,
    };
    match site.read(&record).gone() {
        Some(why) => Err(Failure::new(FailureCode::Gone, why)),
        None => Ok(record),
    }
}
