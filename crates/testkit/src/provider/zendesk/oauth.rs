//! The token endpoint of Zendesk and the page of consent before it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use url::Url;

use super::people::{NoPair, Pair};
use super::world::World;
use crate::provider::exchange::{Reply, Request};

/// `POST /oauth/tokens`, with JSON or a form.
pub(super) fn token(world: &mut World, request: &Request) -> Reply {
    let json = request.json().unwrap_or(Value::Null);
    let field = |name: &str| json[name].as_str().map(ToOwned::to_owned).or_else(|| request.field(name));
    let (Some(client), now) = (field("client_id"), world.now()) else { return refused(NoPair::Client) };
    let secret = field("client_secret");
    if !world.people.is_client(&client, secret.as_deref()) {
        return refused(NoPair::Client);
    }
    let pair = match field("grant_type").as_deref() {
        // A client that stands for itself has to show its secret.
        Some("client_credentials") if secret.is_none() => Err(NoPair::Client),
        Some("client_credentials") => world.people.grant(&client, &field("scope").unwrap_or_default(), now),
        Some("refresh_token") => world.people.refresh(&client, &field("refresh_token").unwrap_or_default(), now),
        Some("authorization_code") => by_code(world, &client, field),
        _ => return Reply::json(400, &json!({"error": "unsupported_grant_type"})),
    };
    pair.map_or_else(refused, |pair| granted(&pair, now))
}

fn by_code(world: &mut World, client: &str, field: impl Fn(&str) -> Option<String>) -> Result<Pair, NoPair> {
    let code = world.people.take_code(&field("code").unwrap_or_default()).ok_or(NoPair::Grant)?;
    let proven = code.challenge.is_none_or(|challenge| {
        let verifier = field("code_verifier").unwrap_or_default();
        URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == challenge
    });
    if code.client != client || field("redirect_uri").as_deref() != Some(code.redirect.as_str()) || !proven {
        return Err(NoPair::Grant);
    }
    let now = world.now();
    world.people.grant(client, &code.scope, now)
}

fn granted(pair: &Pair, now: i64) -> Reply {
    let body = json!({
        "access_token": pair.access,
        "refresh_token": pair.refresh,
        "token_type": "bearer",
        "scope": pair.scope,
        "expires_in": pair.access_life(now),
        "refresh_token_expires_in": pair.refresh_life(now),
    });
    Reply::json(200, &body).header("cache-control", "no-store")
}

fn refused(why: NoPair) -> Reply {
    let (status, error, text) = match why {
        NoPair::Client => (401, "invalid_client", "Client authentication failed."),
        NoPair::Scope => (400, "invalid_scope", "The requested scope is invalid, unknown, or malformed."),
        NoPair::Grant => (400, "invalid_grant", "The grant or refresh token is invalid, expired or revoked."),
    };
    Reply::json(status, &json!({"error": error, "error_description": text}))
}

/// `GET /oauth/authorizations/new`: somebody signs in and agrees at once, and the browser is sent back.
pub(super) fn consent(world: &mut World, request: &Request) -> Reply {
    let (Some(client), Some(redirect)) = (request.parameter("client_id"), request.parameter("redirect_uri")) else {
        return refused(NoPair::Client);
    };
    let Ok(mut back) = Url::parse(redirect) else { return refused(NoPair::Client) };
    if !world.people.is_client(client, None) || request.parameter("response_type") != Some("code") {
        return refused(NoPair::Client);
    }
    let challenge = request.parameter("code_challenge");
    if challenge.is_some() && request.parameter("code_challenge_method") != Some("S256") {
        return refused(NoPair::Grant);
    }
    let scope = request.parameter("scope").unwrap_or_default();
    let code = world.people.consent(client, redirect, scope, challenge);
    back.query_pairs_mut().append_pair("code", &code);
    if let Some(state) = request.parameter("state") {
        back.query_pairs_mut().append_pair("state", state);
    }
    Reply::empty(302).header("location", back.as_str())
}
