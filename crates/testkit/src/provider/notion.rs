//! A fake of Notion: `Notion-Version: 2026-03-11`, as its OpenAPI document and its client describe it.
//!
//! What it does by the vendor's word: <https://developers.notion.com/reference>. The form of the `<unknown>` tags in Markdown
//! is assumed, the vendor only names them.

pub mod accounts;
pub mod block;
pub mod sample;
pub mod specification;
pub mod text;
pub mod world;

mod errors;
mod item;
mod listing;
mod markdown;
mod objects;
mod rows;

use uuid::Uuid;

use self::accounts::{Accounts, me};
pub use self::block::Block;
use self::errors::{error, not_found, refusal, unauthorized, validation};
use self::item::{Item, Kind};
use self::listing::Lister;
use self::objects::{block, object};
pub use self::text::Text;
pub use self::world::World;
use super::cursors::Cursors;
use super::exchange::{Reply, Request};
use super::fake::{Fake, Refusal};
use super::switches::{Switches, Vanished};

/// The one version of the interface that it speaks.
pub const VERSION: &str = "2026-03-11";

/// The fake; its world is filled and changed while it runs.
#[derive(Debug, Default)]
pub struct Notion {
    pub world: World,
    pub accounts: Accounts,
    cursors: Cursors,
}

impl Fake for Notion {
    fn answer(&self, request: &Request, switches: &Switches) -> Reply {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/v1/oauth/token") => return self.accounts.token(request),
            ("GET", "/v1/oauth/authorize") => return self.accounts.authorize(request),
            _ => {}
        }
        if !self.accounts.knows(request) {
            return unauthorized();
        }
        match request.header("notion-version") {
            Some(VERSION) => {}
            None => {
                let message = "Notion-Version header should be defined, instead was `undefined`.";
                return error(400, "missing_version", message);
            }
            Some(other) => {
                return error(400, "missing_version", &format!("Notion-Version `{other}` is not supported."));
            }
        }
        self.route(request, switches)
    }

    fn refuse(&self, what: &Refusal, request: &Request) -> Reply {
        refusal(what, request.path == "/v1/oauth/token")
    }
}

impl Notion {
    fn route(&self, request: &Request, switches: &Switches) -> Reply {
        let state = self.world.lock();
        let lister = Lister { state: &state, cursors: &self.cursors, switches };
        let segments = request.segments();
        let (kind, id, rest) = match (request.method.as_str(), segments.as_slice()) {
            ("GET", ["v1", "users", "me"]) => return Reply::json(200, &me()),
            ("POST", ["v1", "search"]) => return lister.search(request),
            ("POST", ["v1", "data_sources", id, "query"]) => ("data_sources", id, "query"),
            ("GET", ["v1", kind @ ("pages" | "databases" | "data_sources" | "blocks"), id]) => (*kind, id, ""),
            ("GET", ["v1", kind @ ("pages" | "blocks"), id, rest @ ("markdown" | "children")]) => (*kind, id, *rest),
            _ => return error(400, "invalid_request_url", "Invalid request URL."),
        };
        let Ok(id) = Uuid::parse_str(id) else {
            let message = format!("path failed validation: path.id should be a valid uuid, instead was `\"{id}\"`.");
            return validation(&message);
        };
        if !state.settings.reads_content && (kind == "blocks" || rest == "markdown") {
            return error(403, "restricted_resource", "Insufficient permissions for this endpoint.");
        }
        match (kind, rest) {
            ("data_sources", "query") => return lister.query(id, request),
            ("blocks", "children") => return lister.children(id, request),
            _ => {}
        }
        match switches.takes_away(&request.path) {
            Some(Vanished::JustNow) => return Reply::empty(204),
            Some(Vanished::Before) => return not_found(kind.trim_end_matches('s'), id),
            None => {}
        }
        let fits = |item: &&Item| match (kind, rest) {
            ("pages", "") => matches!(item.kind, Kind::Page),
            ("pages", "markdown") => matches!(item.kind, Kind::Page) || item.is_block(),
            ("databases", "") => matches!(item.kind, Kind::Database),
            ("data_sources", "") => matches!(item.kind, Kind::Source),
            ("blocks", "") => !matches!(item.kind, Kind::Source),
            _ => false,
        };
        match (state.visible(id).filter(fits), kind, rest) {
            (None, ..) => not_found(kind.trim_end_matches('s'), id),
            // A block that is kept back is not to be had by its id either.
            (Some(item), _, "markdown") if state.shown_in(item).is_none() => not_found("page", id),
            (Some(item), _, "markdown") => Reply::json(200, &markdown::page_markdown(&state, item)),
            (Some(item), "blocks", _) => Reply::json(200, &block(&state, item)),
            (Some(item), ..) => Reply::json(200, &object(&state, item)),
        }
    }
}

#[cfg(test)]
mod tests;
