//! A site of Confluence: the cloud with both versions of its API and the gateway, or a server of one's own.

#![expect(clippy::result_large_err, reason = "a refusal is a whole reply, and nobody counts the cycles of a fake")]

pub mod access;
mod asked;
pub mod bodies;
pub mod content;
mod cql;
mod download;
pub mod oauth;
mod paging;
pub mod quirks;
mod refusals;
mod render;
pub mod sample;
pub mod specification;
mod v1;
mod v2;
mod wording;
pub mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::Method;
use serde_json::json;

use self::access::{Door, NoEntry};
use self::asked::Asked;
use self::world::{Edition, World};
use super::exchange::{Reply, Request};
use super::fake::{Fake, Refusal, ThrottleShape};
use super::switches::Switches;

/// The fake: a world that tests change while it runs.
#[derive(Debug)]
pub struct Confluence(Mutex<World>);

impl Confluence {
    /// The fake of a site.
    pub fn new(world: World) -> Self {
        Self(Mutex::new(world))
    }

    /// What it holds, to look at or to change. Requests wait while this is held.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fake for Confluence {
    fn answer(&self, request: &Request, switches: &Switches) -> Reply {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/oauth/token") => {
                let mut world = self.world();
                let now = world.now();
                return oauth::token(&mut world.access.consents, request, now);
            }
            ("GET", "/authorize") => return oauth::authorize(&mut self.world().access.consents, request),
            _ => {}
        }
        answer(&self.world(), request, switches).unwrap_or_else(|refusal| refusal)
    }

    fn refuse(&self, refusal: &Refusal, request: &Request) -> Reply {
        let world = self.world();
        match refusal {
            Refusal::Throttled { retry_after, shape } => throttled(retry_after.as_deref(), *shape),
            Refusal::Unauthorized => unknown(door(&world, request).map_or(Door::Site, |(door, _)| door)),
            Refusal::Broken { status: 504 } => refusals::timed_out(),
            Refusal::Broken { status } => {
                Reply::new(*status, "text/html", refusals::page("Confluence", "Something went wrong"))
            }
        }
    }
}

fn answer(world: &World, request: &Request, switches: &Switches) -> Result<Reply, Reply> {
    if world.quirks.login_page {
        return Err(refusals::login_page());
    }
    if let (Edition::Cloud { cloud_id }, "/_edge/tenant_info") = (&world.edition, request.path.as_str()) {
        return Ok(Reply::json(200, &json!({"cloudId": cloud_id})));
    }
    if let Some(place) = request.path.strip_prefix("/media/") {
        return download::media(world, request, place);
    }
    if request.method != Method::GET {
        return Err(Reply::empty(405));
    }
    let (door, path) = door(world, request).ok_or_else(refusals::not_found)?;
    // Behind the gateway the site calls itself by its own address, which here is the same server.
    let origin = format!("http://{}", request.header("host").unwrap_or("127.0.0.1"));
    let context = match &world.edition {
        Edition::Cloud { .. } => "/wiki",
        Edition::DataCenter { context } => context.as_str(),
    };
    let asked = Asked { world, request, switches, path, base: format!("{origin}{context}") };
    let inner = path.strip_prefix(context).ok_or_else(refusals::not_found)?;
    let segments: Vec<_> = inner.trim_start_matches('/').split('/').collect();
    let enter = |scope: &str| world.access.enter(door, scope, request).map_err(|why| refused(why, door));
    match segments.as_slice() {
        ["api", "v2", path @ ..] if door != Door::DataCenter => {
            enter(v2::scope(path))?;
            v2::answer(&asked, path)
        }
        ["rest", "api", "content", page, "child", "attachment", file, "download"] => {
            enter("read:attachment:confluence")?;
            download::by_api(&asked, page, file)
        }
        ["rest", "api", path @ ..] => {
            enter(v1::scope(path))?;
            v1::answer(&asked, path)
        }
        // The plain address of a file takes no token with scopes.
        ["download", "attachments", page, name] if door != Door::Gateway => {
            enter("read:attachment:confluence")?;
            download::by_name(&asked, page, name)
        }
        _ => Err(refusals::not_found()),
    }
}

/// The door that a request came to, and the path as the site has it.
fn door<'a>(world: &World, request: &'a Request) -> Option<(Door, &'a str)> {
    let Edition::Cloud { cloud_id } = &world.edition else { return Some((Door::DataCenter, &request.path)) };
    match request.path.strip_prefix("/ex/confluence/") {
        Some(rest) => Some((Door::Gateway, rest.strip_prefix(cloud_id.as_str())?)),
        None => Some((Door::Site, &request.path)),
    }
}

fn refused(why: NoEntry, door: Door) -> Reply {
    match why {
        NoEntry::Scope => refusals::no_scope(),
        NoEntry::Unknown => unknown(door),
    }
}

fn unknown(door: Door) -> Reply {
    match door {
        Door::Site => refusals::unknown(),
        Door::Gateway => refusals::unknown_at_gateway(),
        Door::DataCenter => refusals::unknown_at_server(),
    }
}

fn throttled(retry_after: Option<&str>, shape: ThrottleShape) -> Reply {
    let status = if shape == ThrottleShape::Forbidden { 403 } else { 429 };
    let text = "Rate limit exceeded";
    let reply = match shape {
        ThrottleShape::PlainText => Reply::new(status, "text/plain", text),
        _ => Reply::json(status, &json!({"code": status, "message": text})),
    };
    let reply = reply.header("x-ratelimit-limit", "40").header("x-ratelimit-remaining", "0");
    match retry_after {
        Some(when) => reply.header("x-ratelimit-nearlimit", "true").header("retry-after", when),
        None => reply,
    }
}

#[cfg(test)]
mod tests;
