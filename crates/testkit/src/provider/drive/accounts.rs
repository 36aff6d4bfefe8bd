//! Who may ask: a service account with the users that it may speak for, and a client of OAuth with its refresh tokens.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::assertion::{self, Claims};
use super::errors::oauth;
use crate::provider::exchange::{Reply, Request};

/// The private key of the service account; its public half is what assertions are checked with.
pub const PRIVATE_KEY: &str = include_str!("service-account.pem");
pub const SERVICE_ACCOUNT: &str = "importer@fake-project.iam.gserviceaccount.com";
/// The client that is registered for OAuth.
pub const CLIENT_ID: &str = "client-of-the-fake.apps.googleusercontent.com";
pub const CLIENT_SECRET: &str = "secret-of-the-fake";
/// Reads files and what is in them.
pub const READ: &str = "https://www.googleapis.com/auth/drive.readonly";
/// Reads what is said of files, and nothing that is in them.
pub const READ_METADATA: &str = "https://www.googleapis.com/auth/drive.metadata.readonly";
/// What Google's own client names as the audience, wherever the key file says that tokens come from.
pub const AUDIENCE: &str = "https://oauth2.googleapis.com/token";
/// More than either.
const EVERYTHING: &str = "https://www.googleapis.com/auth/drive";

/// What holds now.
#[derive(Debug)]
pub struct Accounts(Mutex<Book>);

#[derive(Debug)]
struct Book {
    /// The scopes of each access token.
    access: HashMap<String, Vec<String>>,
    refresh: HashSet<String>,
    codes: HashMap<String, Code>,
    /// Users of the domain; the service account may speak for those who are true.
    users: HashMap<String, bool>,
    made: usize,
}

/// A code with the address and the challenge that it was given for.
#[derive(Debug)]
struct Code {
    redirect_uri: String,
    challenge: Option<String>,
}

impl Default for Accounts {
    fn default() -> Self {
        let users = HashMap::from([("ann@example.com".to_owned(), true), ("bob@example.com".to_owned(), false)]);
        let (access, refresh, codes) = (HashMap::new(), HashSet::new(), HashMap::new());
        Self(Mutex::new(Book { access, refresh, codes, users, made: 0 }))
    }
}

impl Accounts {
    /// The key file of the service account, whose tokens come from the fake at `origin`.
    pub fn key_file(&self, origin: &str) -> Value {
        json!({
            "type": "service_account", "project_id": "fake-project", "private_key_id": "fake",
            "private_key": PRIVATE_KEY, "client_email": SERVICE_ACCOUNT, "client_id": "100000000000000000001",
            "auth_uri": format!("{origin}/o/oauth2/v2/auth"), "token_uri": format!("{origin}/token"),
        })
    }

    /// An access token of these scopes, as after an exchange.
    pub fn new_token(&self, scopes: &[&str]) -> String {
        self.lock().new_token(scopes.iter().map(|scope| (*scope).to_owned()).collect())
    }

    /// A refresh token, as after a consent.
    pub fn new_refresh_token(&self) -> String {
        self.lock().new_refresh_token()
    }

    /// Adds a user; the service account may speak for those who are delegated.
    pub fn add_user(&self, address: &str, is_delegated: bool) {
        self.lock().users.insert(address.to_owned(), is_delegated);
    }

    /// Removes a user from the domain.
    pub fn remove_user(&self, address: &str) {
        self.lock().users.remove(address);
    }

    /// Every access token of now has run out.
    pub fn expire_tokens(&self) {
        self.lock().access.clear();
    }

    /// From now on a refresh token does not hold.
    pub fn revoke(&self, refresh_token: &str) {
        self.lock().refresh.remove(refresh_token);
    }

    pub fn knows(&self, request: &Request) -> bool {
        request.bearer().is_some_and(|token| self.lock().access.contains_key(token))
    }

    /// Whether the token of a request reaches what is in files.
    pub fn may_download(&self, request: &Request) -> bool {
        let book = self.lock();
        let scopes = request.bearer().and_then(|token| book.access.get(token));
        scopes.is_some_and(|scopes| scopes.iter().any(|scope| scope == READ || scope == EVERYTHING))
    }

    /// `POST /token`.
    pub fn token(&self, request: &Request) -> Reply {
        let field = |name: &str| request.field(name).unwrap_or_default();
        match field("grant_type").as_str() {
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => self.of_assertion(request, &field("assertion")),
            "refresh_token" | "authorization_code"
                if field("client_id") != CLIENT_ID || field("client_secret") != CLIENT_SECRET =>
            {
                oauth(401, "invalid_client", "The OAuth client was not found.")
            }
            "refresh_token" if self.lock().refresh.contains(&field("refresh_token")) => {
                granted(&self.lock().new_token(vec![READ.to_owned()]), None)
            }
            "refresh_token" => oauth(400, "invalid_grant", "Token has been expired or revoked."),
            "authorization_code" => self.of_code(&field("code"), &field("redirect_uri"), &field("code_verifier")),
            other => oauth(400, "unsupported_grant_type", &format!("Invalid grant_type: {other}")),
        }
    }

    /// `GET /o/oauth2/v2/auth`: whoever is sent here agrees at once.
    pub fn authorize(&self, request: &Request) -> Reply {
        let given = |name: &str| request.parameter(name);
        let (Some(CLIENT_ID), Some(address)) = (given("client_id"), given("redirect_uri")) else {
            return Reply::new(400, "text/html", "<p>Error 400: invalid_request</p>");
        };
        let code = {
            let mut book = self.lock();
            let code = book.name("4/code");
            let challenge = given("code_challenge").map(str::to_owned);
            book.codes.insert(code.clone(), Code { redirect_uri: address.to_owned(), challenge });
            code
        };
        let mut location = url::Url::parse(address).expect("tests redirect to real addresses");
        location.query_pairs_mut().append_pair("code", &code);
        location.query_pairs_mut().extend_pairs(given("state").map(|state| ("state", state)));
        Reply::empty(302).header("location", location.as_str())
    }

    fn of_assertion(&self, request: &Request, assertion: &str) -> Reply {
        let audience = format!("http://{}{}", request.header("host").unwrap_or_default(), request.path);
        let verified = assertion::verified(assertion, PRIVATE_KEY, SERVICE_ACCOUNT, &[&audience, AUDIENCE]);
        let Claims { subject, scopes } = match verified {
            Ok(claims) => claims,
            Err(wrong) => return oauth(400, "invalid_grant", wrong),
        };
        let known = [READ, READ_METADATA, EVERYTHING];
        if scopes.is_empty() || !scopes.iter().all(|scope| known.contains(&scope.as_str())) {
            return oauth(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
        }
        let mut book = self.lock();
        match subject.map(|subject| book.users.get(&subject).copied()) {
            Some(None) => oauth(400, "invalid_grant", "Invalid email or User ID"),
            Some(Some(false)) => {
                let why = "Client is unauthorized to retrieve access tokens using this method, \
                           or client not authorized for any of the scopes requested.";
                oauth(400, "unauthorized_client", why)
            }
            None | Some(Some(true)) => granted(&book.new_token(scopes), None),
        }
    }

    fn of_code(&self, code: &str, redirect_uri: &str, verifier: &str) -> Reply {
        let mut book = self.lock();
        let Some(given) = book.codes.remove(code).filter(|given| given.redirect_uri == redirect_uri) else {
            return oauth(400, "invalid_grant", "Malformed auth code.");
        };
        let answer = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        if given.challenge.is_some_and(|challenge| challenge != answer) {
            return oauth(400, "invalid_grant", "Invalid code verifier.");
        }
        let refresh = book.new_refresh_token();
        granted(&book.new_token(vec![READ.to_owned()]), Some(&refresh))
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn new_token(&mut self, scopes: Vec<String>) -> String {
        let token = self.name("ya29.access");
        self.access.insert(token.clone(), scopes);
        token
    }

    fn new_refresh_token(&mut self) -> String {
        let token = self.name("1//refresh");
        self.refresh.insert(token.clone());
        token
    }

    fn name(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind}-{}", self.made)
    }
}

fn granted(access: &str, refresh: Option<&str>) -> Reply {
    let mut body = json!({ "access_token": access, "expires_in": 3_599, "token_type": "Bearer" });
    if let Some(refresh) = refresh {
        body["refresh_token"] = refresh.into();
    }
    Reply::json(200, &body)
}
