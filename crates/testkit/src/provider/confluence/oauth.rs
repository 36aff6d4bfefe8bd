//! Atlassian's token endpoint: consents whose refresh tokens change with every use.
//!
//! By the vendor's word a refresh token that was used may be used again for ten minutes; after that its use ends the whole
//! consent: <https://community.developer.atlassian.com/t/54172>.

use std::collections::{BTreeMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use url::Url;

use crate::provider::exchange::{Reply, Request};

/// The client that is registered.
pub const CLIENT_ID: &str = "client-of-the-fake";
pub const CLIENT_SECRET: &str = "secret-of-the-fake";
/// For so many seconds a refresh token that was used may be used again.
pub const LEEWAY: i64 = 600;

/// Every consent that was given.
#[derive(Debug, Clone, Default)]
pub struct Consents {
    given: Vec<Consent>,
    codes: BTreeMap<String, Code>,
    made: usize,
}

/// A code that waits to be exchanged.
#[derive(Debug, Clone)]
struct Code {
    redirect_uri: String,
    challenge: Option<String>,
    scopes: Vec<String>,
}

/// One person's consent, with all tokens that came of it.
#[derive(Debug, Clone, Default)]
struct Consent {
    scopes: Vec<String>,
    access: HashSet<String>,
    /// When each refresh token was first used.
    refresh: BTreeMap<String, Option<i64>>,
    is_over: bool,
}

impl Consents {
    /// A consent to these scopes: its first refresh token.
    pub fn give(&mut self, scopes: &[&str]) -> String {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let refresh = self.name("refresh");
        let consent = Consent { scopes, refresh: BTreeMap::from([(refresh.clone(), None)]), ..Consent::default() };
        self.given.push(consent);
        refresh
    }

    /// From now on no access token of now holds.
    pub fn expire_access(&mut self) {
        self.given.iter_mut().for_each(|consent| consent.access.clear());
    }

    /// Whether any consent was ended by a refresh token that was used too late.
    pub fn is_any_over(&self) -> bool {
        self.given.iter().any(|consent| consent.is_over)
    }

    /// The scopes of an access token.
    pub(super) fn scopes(&self, access: &str) -> Option<&[String]> {
        let of = self.given.iter().find(|consent| !consent.is_over && consent.access.contains(access));
        of.map(|consent| consent.scopes.as_slice())
    }

    /// A new consent for a code, which is gone after its first use, right or not.
    fn take(&mut self, code: &str, redirect_uri: &str, verifier: &str) -> Option<String> {
        let code = self.codes.remove(code)?;
        let proven = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let is_proven = code.challenge.is_none_or(|challenge| challenge == proven);
        let scopes: Vec<&str> = code.scopes.iter().map(String::as_str).collect();
        (code.redirect_uri == redirect_uri && is_proven).then(|| self.give(&scopes))
    }

    fn refresh(&mut self, token: &str, now: i64) -> Option<(String, String, String)> {
        let (access, next) = (self.name("access"), self.name("refresh"));
        let consent = self.given.iter_mut().find(|consent| consent.refresh.contains_key(token))?;
        let used = *consent.refresh.get(token)?;
        consent.is_over |= used.is_some_and(|at| now - at > LEEWAY);
        if consent.is_over {
            return None;
        }
        consent.refresh.insert(token.to_owned(), Some(used.unwrap_or(now)));
        // The access tokens of before hold until they run out.
        consent.access.insert(access.clone());
        consent.refresh.insert(next.clone(), None);
        Some((access, next, consent.scopes.join(" ")))
    }

    fn name(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("atlassian-{kind}-{}", self.made)
    }
}

/// `GET /authorize`: whoever is sent here agrees at once to everything.
pub(super) fn authorize(consents: &mut Consents, request: &Request) -> Reply {
    let (Some(CLIENT_ID), Some(redirect)) = (request.parameter("client_id"), request.parameter("redirect_uri")) else {
        return refused(400, "invalid_request", "client_id or redirect_uri is wrong");
    };
    let Ok(mut back) = Url::parse(redirect) else { return refused(400, "invalid_request", "redirect_uri is wrong") };
    let code = consents.name("code");
    let scopes = request.parameter("scope").unwrap_or_default().split(' ').map(str::to_owned).collect();
    let challenge = request.parameter("code_challenge").map(str::to_owned);
    consents.codes.insert(code.clone(), Code { redirect_uri: redirect.to_owned(), challenge, scopes });
    back.query_pairs_mut().append_pair("code", &code);
    back.query_pairs_mut().extend_pairs(request.parameter("state").map(|state| ("state", state)));
    Reply::empty(302).header("location", back.as_str())
}

/// `POST /oauth/token`, at a time in seconds.
pub(super) fn token(consents: &mut Consents, request: &Request, now: i64) -> Reply {
    let body = request.json().unwrap_or(Value::Null);
    let field = |name: &str| body[name].as_str().unwrap_or_default();
    if (field("client_id"), field("client_secret")) != (CLIENT_ID, CLIENT_SECRET) {
        return refused(401, "access_denied", "Unauthorized");
    }
    let first = match field("grant_type") {
        "refresh_token" => Some(field("refresh_token").to_owned()),
        "authorization_code" => consents.take(field("code"), field("redirect_uri"), field("code_verifier")),
        _ => return refused(400, "unsupported_grant_type", "Unsupported grant type"),
    };
    match first.and_then(|refresh_token| consents.refresh(&refresh_token, now)) {
        Some((access, refresh, scope)) => Reply::json(
            200,
            &json!({
                "access_token": access, "refresh_token": refresh, "expires_in": 3600, "token_type": "Bearer",
                "scope": scope,
            }),
        ),
        None => refused(403, "invalid_grant", "Unknown or invalid refresh token."),
    }
}

fn refused(status: u16, error: &str, text: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": text}))
}
