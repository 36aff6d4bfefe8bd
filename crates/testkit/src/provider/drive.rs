//! A fake of Google Drive, version 3, as its discovery document describes it: <https://developers.google.com/drive/api>.

pub mod accounts;
pub mod assertion;
pub mod sample;
pub mod specification;
pub mod world;

mod content;
mod errors;
mod fields;
mod item;
mod listing;
mod objects;
mod query;

use serde_json::json;

use self::accounts::{Accounts, SERVICE_ACCOUNT};
use self::errors::{error, not_found, parameter, refusal, unauthorized};
use self::item::{Item, State};
use self::listing::{Lister, masked, origin};
use self::objects::{USUAL_FIELDS, drive, file};
pub use self::world::World;
use super::cursors::Cursors;
use super::exchange::{Reply, Request};
use super::fake::{Fake, Refusal};
use super::switches::{Switches, Vanished};

/// The fake; its world is filled and changed while it runs.
#[derive(Debug, Default)]
pub struct Drive {
    pub world: World,
    pub accounts: Accounts,
    cursors: Cursors,
}

impl Fake for Drive {
    fn answer(&self, request: &Request, switches: &Switches) -> Reply {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/token") => return self.accounts.token(request),
            ("GET", "/o/oauth2/v2/auth") => return self.accounts.authorize(request),
            _ => {}
        }
        if self.accounts.knows(request) { self.route(request, switches) } else { unauthorized() }
    }

    fn refuse(&self, what: &Refusal, request: &Request) -> Reply {
        refusal(what, request.path == "/token")
    }
}

impl Drive {
    fn route(&self, request: &Request, switches: &Switches) -> Reply {
        let state = self.world.lock();
        let lister = Lister { state: &state, cursors: &self.cursors, switches, request };
        let segments = request.segments();
        if request.method != "GET" {
            return error(404, "notFound", "Not Found");
        }
        match segments.as_slice() {
            ["drive", "v3", "about"] => about(request),
            ["drive", "v3", "files"] => lister.files(),
            ["drive", "v3", "drives"] => lister.drives(),
            ["drive", "v3", "changes"] => lister.changes(),
            ["drive", "v3", "changes", "startPageToken"] => lister.start_page_token(),
            ["drive", "v3", "drives", id] => match state.visible(id).filter(|item| item.is_drive) {
                Some(item) => masked(request, &drive(item), "kind,id,name"),
                None => parameter(404, "notFound", &format!("Shared drive not found: {id}"), "driveId"),
            },
            ["drive", "v3", "files", id] => match found(&state, id, request) {
                None => not_found(id),
                Some(item) if request.parameter("alt") == Some("media") => {
                    self.content(item, request, switches, content::download)
                }
                Some(item) => {
                    let file = file(&state, item, &origin(request));
                    masked(request, &file, USUAL_FIELDS)
                }
            },
            ["drive", "v3", "files", id, "export"] => match found_anywhere(&state, id, request) {
                Some(item) => self.content(item, request, switches, content::export),
                None => not_found(id),
            },
            ["exported", id] => match found_anywhere(&state, id, request) {
                Some(item) => self.content(item, request, switches, content::export_link),
                None => not_found(id),
            },
            _ => error(404, "notFound", "Not Found"),
        }
    }

    /// What is in a file, for those whose token reaches so far.
    fn content(
        &self,
        item: &Item,
        request: &Request,
        switches: &Switches,
        give: impl Fn(&Item, &Request) -> Reply,
    ) -> Reply {
        if !self.accounts.may_download(request) {
            let message = "Request had insufficient authentication scopes.";
            return error(403, "insufficientPermissions", message);
        }
        match switches.takes_away(&request.path) {
            Some(Vanished::JustNow) => Reply::empty(204),
            Some(Vanished::Before) => not_found(&item.id),
            None => give(item, request),
        }
    }
}

/// `GET /drive/v3/about`, the test of a connection; it wants to be told which fields.
fn about(request: &Request) -> Reply {
    if request.parameter("fields").is_none() {
        let message = "The 'fields' parameter is required for this method.";
        return parameter(400, "required", message, "fields");
    }
    let user = json!({
        "kind": "drive#user", "displayName": "Importer", "me": true, "permissionId": "1", "emailAddress": SERVICE_ACCOUNT,
    });
    masked(request, &json!({ "kind": "drive#about", "user": user }), "*")
}

/// A file that the request may see; what is in a shared drive only if it says that it knows of those.
fn found<'a>(state: &'a State, id: &str, request: &Request) -> Option<&'a Item> {
    let knows_drives = request.parameter("supportsAllDrives") == Some("true");
    found_anywhere(state, id, request).filter(|item| knows_drives || (item.drive.is_none() && !item.is_drive))
}

fn found_anywhere<'a>(state: &'a State, id: &str, request: &Request) -> Option<&'a Item> {
    let id = if id == "root" { &state.root } else { id };
    let item = state.visible(id)?;
    let keys = request.header("x-goog-drive-resource-keys").unwrap_or_default();
    let is_open = item.resource_key.as_ref().is_none_or(|key| {
        let pair = format!("{}/{key}", item.id);
        keys.split(',').any(|given| given.trim() == pair)
    });
    is_open.then_some(item)
}

#[cfg(test)]
mod tests;
