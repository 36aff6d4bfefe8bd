//! Who asks, and whether the route lets them in.

use super::people::{NoEntry, Role, User};
use super::refusals;
use super::world::World;
use crate::provider::exchange::{Reply, Request};

/// Who sent a request; none is nobody.
pub(super) fn caller<'a>(world: &'a World, request: &Request) -> Result<Option<&'a User>, NoEntry> {
    if let Some(token) = request.bearer() {
        return world.people.by_token(token, world.now()).map(Some);
    }
    match request.basic() {
        Some((name, secret)) => world.people.by_basic(&name, &secret).map(Some),
        None if request.header("authorization").is_some() => Err(NoEntry::Credentials { password: false }),
        None => Ok(None),
    }
}

/// What somebody may do in the help centre. Who is not staff has to name a locale and be let in at all.
pub(super) fn enter(world: &World, request: &Request, locale: Option<&str>) -> Result<Role, Reply> {
    let role = caller(world, request).map_err(refusal)?.map_or(Role::Anonymous, |user| user.role);
    match role {
        // The reference says that the locale is required of them; how its absence is answered is not recorded.
        Role::EndUser if locale.is_none() => Err(refusals::forbidden()),
        Role::Anonymous if locale.is_none() || !world.open => Err(refusals::no_credentials()),
        _ => Ok(role),
    }
}

/// Lets staff in only.
pub(super) fn enter_staff(world: &World, request: &Request) -> Result<Role, Reply> {
    let role = caller(world, request).map_err(refusal)?.map_or(Role::Anonymous, |user| user.role);
    match role {
        Role::Agent | Role::Admin => Ok(role),
        Role::EndUser => Err(refusals::forbidden()),
        Role::Anonymous => Err(refusals::no_credentials()),
    }
}

/// How a refusal is worded.
pub(super) fn refusal(why: NoEntry) -> Reply {
    match why {
        NoEntry::Credentials { .. } => refusals::no_credentials(),
        NoEntry::Token => refusals::no_token(),
        NoEntry::Scope => refusals::no_scope(),
    }
}
