//! Who may ask: the token of an internal connection, and the pairs of tokens of OAuth, which change with every refresh.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::errors::error;
use crate::provider::exchange::{Reply, Request};

pub const BOT: &str = "16d84278-ab0e-484c-9bdd-b35da3bd8905";
pub const WORKSPACE: &str = "2b7d5e0c-6f61-4d0a-8f3e-52c7a9be1d04";
pub const WORKSPACE_NAME: &str = "Fake workspace";

/// The client that is registered for OAuth.
pub const CLIENT_ID: &str = "client-of-the-fake";
pub const CLIENT_SECRET: &str = "secret-of-the-fake";
/// The token of the internal connection.
pub const INTERNAL_TOKEN: &str = "ntn_internal_token_of_the_fake";

/// The tokens that hold now.
#[derive(Debug)]
pub struct Accounts(Mutex<Book>);

#[derive(Debug)]
struct Book {
    access: HashSet<String>,
    /// The access token that goes with a refresh token.
    refresh: HashMap<String, String>,
    /// Codes with the address that each was given for.
    codes: HashMap<String, String>,
    made: usize,
}

impl Default for Accounts {
    fn default() -> Self {
        let access = HashSet::from([INTERNAL_TOKEN.to_owned()]);
        Self(Mutex::new(Book { access, refresh: HashMap::new(), codes: HashMap::new(), made: 0 }))
    }
}

impl Accounts {
    /// A code as the vendor's page of consent gives it to this address.
    pub fn new_code(&self, redirect_uri: &str) -> String {
        let mut book = self.lock();
        let code = book.name("code");
        book.codes.insert(code.clone(), redirect_uri.to_owned());
        code
    }

    /// A pair of access and refresh token, as after a consent.
    pub fn new_pair(&self) -> (String, String) {
        self.lock().new_pair()
    }

    /// From now on an access or refresh token does not hold.
    pub fn revoke(&self, token: &str) {
        let mut book = self.lock();
        book.access.remove(token);
        book.refresh.remove(token);
    }

    /// Every access token of now has run out.
    pub fn expire_access(&self) {
        self.lock().access.clear();
    }

    /// Whether a refresh token still holds.
    pub fn holds(&self, refresh_token: &str) -> bool {
        self.lock().refresh.contains_key(refresh_token)
    }

    pub fn knows(&self, request: &Request) -> bool {
        request.bearer().is_some_and(|token| self.lock().access.contains(token))
    }

    /// `POST /v1/oauth/token`.
    pub fn token(&self, request: &Request) -> Reply {
        if request.basic() != Some((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())) {
            return error(401, "invalid_client", "Client authentication failed.");
        }
        let Some(body) = request.json() else {
            return error(400, "invalid_request", "Error parsing JSON body.");
        };
        let field = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        match body["grant_type"].as_str() {
            Some("authorization_code") => self.exchange(&field("code"), body["redirect_uri"].as_str()),
            Some("refresh_token") => self.refresh(&field("refresh_token")),
            _ => error(400, "unsupported_grant_type", "The grant type is not supported."),
        }
    }

    /// `GET /v1/oauth/authorize`: whoever is sent here agrees at once.
    pub fn authorize(&self, request: &Request) -> Reply {
        let (client, address) = (request.parameter("client_id"), request.parameter("redirect_uri"));
        let (Some(CLIENT_ID), Some(address)) = (client, address) else {
            return Reply::new(400, "text/html", "<p>Missing or invalid client_id or redirect_uri.</p>");
        };
        let mut location = url::Url::parse(address).expect("tests redirect to real addresses");
        location.query_pairs_mut().append_pair("code", &self.new_code(address));
        location.query_pairs_mut().extend_pairs(request.parameter("state").map(|state| ("state", state)));
        Reply::empty(302).header("location", location.as_str())
    }

    fn exchange(&self, code: &str, redirect_uri: Option<&str>) -> Reply {
        let mut book = self.lock();
        // A code is gone after its first use, whether or not that was right.
        match book.codes.remove(code) {
            Some(address) if redirect_uri == Some(&address) => reply(&book.new_pair()),
            _ => error(400, "invalid_grant", "The code is not valid, was used, or was given for another redirect_uri."),
        }
    }

    fn refresh(&self, refresh_token: &str) -> Reply {
        let mut book = self.lock();
        let Some(access) = book.refresh.remove(refresh_token) else {
            return error(400, "invalid_grant", "The refresh token is not valid.");
        };
        book.access.remove(&access);
        reply(&book.new_pair())
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn new_pair(&mut self) -> (String, String) {
        let (access, refresh) = (self.name("access"), self.name("refresh"));
        self.access.insert(access.clone());
        self.refresh.insert(refresh.clone(), access.clone());
        (access, refresh)
    }

    fn name(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("ntn_{kind}_{}", self.made)
    }
}

fn reply((access, refresh): &(String, String)) -> Reply {
    Reply::json(
        200,
        &json!({
            "access_token": access, "token_type": "bearer", "refresh_token": refresh, "bot_id": BOT,
            "workspace_icon": null, "workspace_name": WORKSPACE_NAME, "workspace_id": WORKSPACE,
            "owner": { "type": "workspace", "workspace": true }, "duplicated_template_id": null,
        }),
    )
}

/// `GET /v1/users/me`.
pub fn me() -> Value {
    json!({
        "object": "user", "id": BOT, "name": "Importer", "avatar_url": null, "type": "bot",
        "bot": {
            "owner": { "type": "workspace", "workspace": true },
            "workspace_id": WORKSPACE, "workspace_name": WORKSPACE_NAME,
            "workspace_limits": { "max_file_upload_size_in_bytes": 5_242_880 },
        },
    })
}
