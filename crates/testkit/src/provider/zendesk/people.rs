//! Who may ask a help centre, with which credentials, and what the token endpoint gave out.

/// The scopes that are known. Any other is granted as asked for and opens nothing, as the service does it.
const READING: [&str; 2] = ["read", "hc:read"];
const KNOWN: [&str; 6] = ["read", "write", "hc:read", "hc:write", "tickets:read", "users:read"];
/// How long an access token lives, in seconds.
const ACCESS_LIFE: i64 = 1_800;
/// How long a refresh token lives, in seconds: thirty days.
const REFRESH_LIFE: i64 = 2_592_000;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nobody is signed in.
    Anonymous,
    /// A customer.
    EndUser,
    /// An agent.
    Agent,
    /// An administrator.
    Admin,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) email: String,
    pub(super) role: Role,
    password: Option<String>,
    api_token: Option<String>,
}

/// An OAuth client.
#[derive(Debug, Clone)]
struct Client {
    id: String,
    secret: String,
    user: i64,
    /// What it may ask for at most; empty means anything.
    ceiling: Vec<String>,
}

/// An access token and the refresh token that came with it.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// What it was granted, words with spaces between.
    pub scope: String,
    client: String,
    user: i64,
    access_ends: i64,
    refresh_ends: i64,
}

/// Why the token endpoint says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPair {
    Client,
    Scope,
    Grant,
}

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoEntry {
    /// A wrong password or API token.
    Credentials {
        /// A wrong password is nobody to `/users/me`, a wrong API token is refused there too.
        password: bool,
    },
    /// An access token that is expired, revoked or made up.
    Token,
    /// An access token without a scope for reading.
    Scope,
}

/// Everybody with an account, and every token.
#[derive(Debug, Clone, Default)]
pub struct People {
    users: Vec<User>,
    clients: Vec<Client>,
    pairs: Vec<Pair>,
    codes: Vec<Code>,
    given: u64,
    retired: bool,
}

/// What the page of consent gave out, until it is exchanged.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) text: String,
    pub(super) client: String,
    pub(super) redirect: String,
    pub(super) scope: String,
    /// The S256 challenge, base64url without padding.
    pub(super) challenge: Option<String>,
}

impl Role {
    /// Whether it is an agent or an administrator.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Agent | Self::Admin)
    }
}

impl People {
    /// Somebody with an API token, used as `email/token:TOKEN`.
    pub fn with_api_token(&mut self, email: &str, role: Role, token: &str) {
        self.user(email, role, None, Some(token));
    }

    /// Somebody with a password, used as `email:PASSWORD`.
    pub fn with_password(&mut self, email: &str, role: Role, password: &str) {
        self.user(email, role, Some(password), None);
    }

    fn user(&mut self, email: &str, role: Role, password: Option<&str>, api_token: Option<&str>) -> i64 {
        let id = 26_155_588_900_000 + i64::try_from(self.users.len()).expect("tests have few users");
        let (password, api_token) = (password.map(ToOwned::to_owned), api_token.map(ToOwned::to_owned));
        self.users.push(User { id, email: email.to_owned(), role, password, api_token });
        id
    }

    /// An OAuth client that acts as somebody of this role. Without a ceiling it may ask for any scope.
    pub fn with_client(&mut self, id: &str, secret: &str, role: Role, ceiling: &[&str]) {
        let user = self.user(&format!("{id}@apps.example"), role, None, None);
        let ceiling = ceiling.iter().map(|scope| (*scope).to_owned()).collect();
        self.clients.push(Client { id: id.to_owned(), secret: secret.to_owned(), user, ceiling });
    }

    /// A first pair for a client, as a sign-in in the browser gives it.
    ///
    /// # Panics
    /// When there is no such client or the scope is above its ceiling.
    pub fn sign_in(&mut self, client: &str, scope: &str, now: i64) -> Pair {
        self.grant(client, scope, now).expect("the test asks for what the client may have")
    }

    pub(super) fn author(&self) -> i64 {
        self.users.first().map_or(26_155_588_908_179, |user| user.id)
    }

    pub(super) fn users(&self) -> &[User] {
        &self.users
    }

    /// Gives a pair to a client that is known.
    pub(super) fn grant(&mut self, client: &str, scope: &str, now: i64) -> Result<Pair, NoPair> {
        let client = self.clients.iter().find(|known| known.id == client).ok_or(NoPair::Client)?;
        let asked: Vec<_> = scope.split_whitespace().collect();
        let above = |scope: &&str| KNOWN.contains(scope) && !client.ceiling.iter().any(|allowed| allowed == scope);
        if !client.ceiling.is_empty() && asked.iter().any(above) {
            return Err(NoPair::Scope);
        }
        let (client, user) = (client.id.clone(), client.user);
        let pair = Pair {
            access: self.secret("access"),
            refresh: self.secret("refresh"),
            scope: asked.join(" "),
            client,
            user,
            access_ends: now + ACCESS_LIFE,
            refresh_ends: now + REFRESH_LIFE,
        };
        self.pairs.push(pair.clone());
        Ok(pair)
    }

    /// Exchanges a refresh token. The pair it belonged to is deleted; its successor is not touched by who comes with
    /// the old one again.
    pub(super) fn refresh(&mut self, client: &str, refresh: &str, now: i64) -> Result<Pair, NoPair> {
        let place = self.pairs.iter().position(|pair| pair.refresh == refresh && pair.client == client);
        let old = self.pairs.remove(place.ok_or(NoPair::Grant)?);
        if old.refresh_ends <= now {
            return Err(NoPair::Grant);
        }
        self.grant(client, &old.scope, now)
    }

    /// Whether a client may come with this secret. A public client may leave it away when it refreshes.
    pub(super) fn is_client(&self, id: &str, secret: Option<&str>) -> bool {
        self.clients.iter().any(|client| client.id == id && secret.is_none_or(|secret| secret == client.secret))
    }

    pub(super) fn consent(&mut self, client: &str, redirect: &str, scope: &str, challenge: Option<&str>) -> String {
        let code = self.secret("code");
        let [client, redirect, scope] = [client, redirect, scope].map(ToOwned::to_owned);
        self.codes.push(Code {
            text: code.clone(),
            client,
            redirect,
            scope,
            challenge: challenge.map(ToOwned::to_owned),
        });
        code
    }

    /// Takes a code away, so that nobody uses it twice.
    pub(super) fn take_code(&mut self, code: &str) -> Option<Code> {
        let place = self.codes.iter().position(|known| known.text == code)?;
        Some(self.codes.remove(place))
    }

    /// Lets every access token end now; refresh tokens stay good.
    pub fn expire_access_tokens(&mut self) {
        self.pairs.iter_mut().for_each(|pair| pair.access_ends = i64::MIN);
    }

    /// Takes every token pair back, as an administrator does it.
    pub fn revoke_tokens(&mut self) {
        self.pairs.clear();
    }

    /// Ends API tokens for everybody, as 2027-04-30 does.
    pub fn retire_api_tokens(&mut self) {
        self.retired = true;
    }

    /// How many token pairs are alive.
    pub fn pairs(&self) -> usize {
        self.pairs.len()
    }

    fn secret(&mut self, what: &str) -> String {
        self.given += 1;
        // Odd multipliers spread the count over all digits; nobody needs these to be hard to guess.
        let high = self.given.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let low = self.given.wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        format!("{what}-{high:016x}{low:016x}")
    }

    /// Who comes with `email:PASSWORD` or `email/token:TOKEN`.
    pub(super) fn by_basic(&self, user: &str, secret: &str) -> Result<&User, NoEntry> {
        let found = match user.strip_suffix("/token") {
            Some(email) if !self.retired => {
                self.users.iter().find(|user| user.email == email && user.api_token.as_deref() == Some(secret))
            }
            Some(_) => None,
            None => self.users.iter().find(|known| known.email == user && known.password.as_deref() == Some(secret)),
        };
        found.ok_or(NoEntry::Credentials { password: !user.ends_with("/token") })
    }

    /// Who comes with an access token that lives and may read.
    pub(super) fn by_token(&self, access: &str, now: i64) -> Result<&User, NoEntry> {
        let pair =
            self.pairs.iter().find(|pair| pair.access == access && pair.access_ends > now).ok_or(NoEntry::Token)?;
        if !pair.scope.split_whitespace().any(|scope| READING.contains(&scope)) {
            return Err(NoEntry::Scope);
        }
        self.users.iter().find(|user| user.id == pair.user).ok_or(NoEntry::Token)
    }
}

impl Pair {
    pub(super) fn access_life(&self, now: i64) -> i64 {
        self.access_ends - now
    }

    pub(super) fn refresh_life(&self, now: i64) -> i64 {
        self.refresh_ends - now
    }
}
