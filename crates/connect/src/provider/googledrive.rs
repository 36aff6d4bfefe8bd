//! Google Drive: Docs, Sheets and Slides by export, other files as they are.

mod exported;
mod file;
mod interface;
mod listing;
mod reading;
mod tree;

use model::connection::DriveAccount;
use model::{Failure, FailureCode, Listing};
use reqwest::header::HeaderMap;

use super::api::{Api, Refusal, Vendor, Verdict};
use super::field::text;
use super::gate::Gate;
use super::item::{Identity, Item, Reading};
use file::{Kind, is_id, kind};
use interface::{Interface, reason};

/// What is particular to Google Drive.
pub fn vendor() -> Vendor {
    Vendor { name: "Google Drive", headers: HeaderMap::new(), user_suffix: "", judge }
}

/// The reason decides rather than the status: a 403 is a limit of requests, of the project, of the token, or of this one file.
fn judge(refusal: &Refusal) -> Verdict {
    let body = refusal.json();
    let said = match text(&body.clone().unwrap_or_default(), "/error/message") {
        "" => format!("it answered {}", refusal.status),
        message => message.to_owned(),
    };
    match (refusal.status, reason(refusal).as_str()) {
        (
            403 | 429,
            "rateLimitExceeded"
            | "userRateLimitExceeded"
            | "sharingRateLimitExceeded"
            | "dailyLimitExceeded"
            | "quotaExceeded",
        ) => Verdict::TooOften(said),
        (403, "accessNotConfigured" | "insufficientPermissions") => Verdict::Final(
            FailureCode::ProviderDisconnected,
            format!("{said}; switch the Drive API on in the project and connect with the scope drive.readonly"),
        ),
        (403, "fileNotDownloadable") => Verdict::Final(FailureCode::UnsupportedType, said),
        (403, "exportSizeLimitExceeded") => Verdict::Final(FailureCode::TooLarge, said),
        // What has no JSON body is a proxy's word, not Drive's.
        (403 | 404, _) if body.is_none() => {
            Verdict::Passing(format!("something in front of its interface answered {}", refusal.status))
        }
        _ => refusal.usual(said),
    }
}

/// Asks who we are, and whether the folders and the drive that the account is limited to are there.
pub async fn probe<G: Gate>(api: &Api<'_, G>, account: &DriveAccount) -> Result<Identity, Failure> {
    let drive = Interface { api, base: &account.api_url };
    let refused = |refusal: Refusal| api.refused(&refusal);
    let fields = [("fields", "user(displayName,emailAddress)")];
    let about = drive.get("about", &fields).await?.map_err(refused)?;
    let names = [text(&about, "/user/emailAddress"), text(&about, "/user/displayName"), "Google Drive"];
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned();
    for folder in &account.folders {
        let id = if is_id(folder) { folder } else { return Err(listing::no_id(folder)) };
        let found = drive.file(id, &HeaderMap::new(), "id,mimeType,trashed").await?.map_err(refused)?;
        if kind(text(&found, "/mimeType")) != Kind::Folder {
            let text = format!("Google Drive: {folder:?} is no folder; limit the connection to folders");
            return Err(Failure::new(FailureCode::NotFound, text));
        }
    }
    let mut notes = Vec::new();
    if !account.drive.is_empty() {
        notes.push(format!("only the shared drive {:?}", listing::name_of(&drive, &account.drive).await?));
    }
    Ok(Identity { name, notes })
}

/// Lists what can be read.
pub async fn list<G: Gate>(
    api: &Api<'_, G>,
    account: &DriveAccount,
    seen: &(dyn Fn(usize) + Sync),
) -> Result<Listing, Failure> {
    listing::list(&Interface { api, base: &account.api_url }, account, seen).await
}

/// Reads a file.
pub async fn read<G: Gate>(api: &Api<'_, G>, account: &DriveAccount, item: &Item) -> Result<Reading, Failure> {
    reading::read(&Interface { api, base: &account.api_url }, &item.external_id, item.known.as_deref()).await
}

#[cfg(test)]
mod tests;
