//! A help centre of Zendesk Guide: OAuth and API tokens, anonymous readers, locales, both ways of paging.

#![expect(clippy::result_large_err, reason = "a refusal is a whole reply, and nobody counts the cycles of a fake")]

mod entry;
mod listings;
mod oauth;
mod paging;
pub mod people;
mod refusals;
mod routes;
pub mod sample;
pub mod shelf;
pub mod specification;
mod wording;
pub mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Method;

use self::world::World;
use super::exchange::{Reply, Request};
use super::fake::{Fake, Refusal, ThrottleShape};
use super::switches::Switches;

const MINUTE: Duration = Duration::from_mins(1);

/// The fake: a world that tests change while it runs, and the count of the plan's limit.
#[derive(Debug)]
pub struct Zendesk {
    world: Mutex<World>,
    minute: Mutex<Minute>,
}

/// How many requests came since when.
#[derive(Debug)]
struct Minute {
    since: Instant,
    requests: u32,
}

impl Zendesk {
    /// The fake of a help centre.
    pub fn new(world: World) -> Self {
        let minute = Minute { since: Instant::now(), requests: 0 };
        Self { world: Mutex::new(world), minute: Mutex::new(minute) }
    }

    /// What it holds, to look at or to change. Requests wait while this is held.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many requests are left in this minute, and when the next one begins.
    fn count(&self) -> (Option<u32>, Duration) {
        let limit = self.world().plan.per_minute;
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.since.elapsed() >= MINUTE {
            *minute = Minute { since: Instant::now(), requests: 0 };
        }
        minute.requests += 1;
        (limit.checked_sub(minute.requests), MINUTE.saturating_sub(minute.since.elapsed()))
    }
}

impl Fake for Zendesk {
    fn answer(&self, request: &Request, switches: &Switches) -> Reply {
        let (left, next_minute) = self.count();
        let mut world = self.world();
        if left.is_none() && world.plan.is_kept {
            return refusals::throttled(Some(&(next_minute.as_secs() + 1).to_string()));
        }
        let reply = answer(&mut world, request, switches);
        let (limit, left) = (world.plan.per_minute.to_string(), left.unwrap_or(0).to_string());
        let reset = next_minute.as_secs().to_string();
        let reply = reply.header("x-rate-limit", &limit).header("x-rate-limit-remaining", &left);
        let reply = reply.header("ratelimit-limit", &limit).header("ratelimit-remaining", &left);
        reply.header("ratelimit-reset", &reset)
    }

    fn refuse(&self, refusal: &Refusal, _: &Request) -> Reply {
        match refusal {
            Refusal::Throttled { shape: ThrottleShape::Forbidden, .. } => refusals::forbidden(),
            Refusal::Throttled { retry_after, .. } => refusals::throttled(retry_after.as_deref()),
            Refusal::Unauthorized => refusals::no_token(),
            Refusal::Broken { status } => Reply::new(*status, "text/html", "<html><body>Zendesk is down</body></html>"),
        }
    }
}

fn answer(world: &mut World, request: &Request, switches: &Switches) -> Reply {
    let path = request.path.trim_end_matches(".json");
    let segments: Vec<_> = path.trim_start_matches('/').split('/').collect();
    match (&request.method, segments.as_slice()) {
        (&Method::POST, ["oauth", "tokens"]) => oauth::token(world, request),
        (&Method::GET, ["oauth", "authorizations", "new"]) => oauth::consent(world, request),
        (&Method::GET, ["api", "v2", "users", "me"]) => routes::me(world, request),
        (&Method::GET, ["api", "v2", "help_center", path @ ..]) => routes::help_center(world, request, switches, path),
        (&Method::GET, ["hc", "article_attachments", id] | ["hc", _, "article_attachments", id]) => {
            routes::download(world, request, id)
        }
        _ => refusals::no_route(),
    }
}

#[cfg(test)]
mod tests;
