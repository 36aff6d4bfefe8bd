//! Who may ask a Confluence site, at which of its addresses, and for what.

use super::oauth::Consents;
use crate::provider::exchange::Request;

/// Which address a request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// The site itself in the cloud.
    Site,
    /// The gateway of the cloud.
    Gateway,
    /// A server of one's own.
    DataCenter,
}

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoEntry {
    /// Nobody, or nobody who is known at this door.
    Unknown,
    /// A token without the scope of the route.
    Scope,
}

/// A token with scopes, which only the gateway takes.
#[derive(Debug, Clone)]
struct Scoped {
    email: String,
    token: String,
    scopes: Vec<String>,
}

/// Every credential that is good.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Whether who shows nothing is let in at the site or the server.
    pub anonymous: bool,
    /// What people agreed to, for the gateway.
    pub consents: Consents,
    classic: Vec<(String, String)>,
    scoped: Vec<Scoped>,
    personal: Vec<String>,
}

/// The scopes that reading needs, as a token has them.
pub const READING: [&str; 7] = [
    "read:space:confluence",
    "read:page:confluence",
    "read:folder:confluence",
    "read:attachment:confluence",
    "read:content.metadata:confluence",
    "read:content-details:confluence",
    "search:confluence",
];

impl Access {
    /// An API token of old, or a name and password on a server of one's own.
    pub fn with_token(&mut self, email: &str, token: &str) {
        self.classic.push((email.to_owned(), token.to_owned()));
    }

    /// An API token with scopes. The gateway takes it with the mail address, and by itself after `Bearer`.
    pub fn with_scoped_token(&mut self, email: &str, token: &str, scopes: &[&str]) {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.scoped.push(Scoped { email: email.to_owned(), token: token.to_owned(), scopes });
    }

    /// A personal access token of Data Center.
    pub fn with_personal_token(&mut self, token: &str) {
        self.personal.push(token.to_owned());
    }

    /// Takes every credential back.
    pub fn revoke(&mut self) {
        self.classic.clear();
        self.scoped.clear();
        self.personal.clear();
    }

    /// Whether a request may come in at a door, for a route that needs this scope.
    pub(super) fn enter(&self, door: Door, scope: &str, request: &Request) -> Result<(), NoEntry> {
        let basic = request.basic();
        let is_classic = || basic.as_ref().is_some_and(|pair| self.classic.contains(pair));
        match door {
            Door::Site | Door::DataCenter if is_classic() || self.is_nobody(request) => Ok(()),
            Door::DataCenter => {
                let personal = request.bearer().is_some_and(|token| self.personal.iter().any(|known| known == token));
                personal.then_some(()).ok_or(NoEntry::Unknown)
            }
            Door::Site => Err(NoEntry::Unknown),
            Door::Gateway => {
                let is_this = |known: &&Scoped| match &basic {
                    Some((email, token)) => known.email == *email && known.token == *token,
                    None => request.bearer() == Some(known.token.as_str()),
                };
                let consented = request.bearer().and_then(|token| self.consents.scopes(token));
                let scopes =
                    consented.or_else(|| self.scoped.iter().find(is_this).map(|token| token.scopes.as_slice()));
                scopes
                    .ok_or(NoEntry::Unknown)?
                    .iter()
                    .any(|granted| granted == scope)
                    .then_some(())
                    .ok_or(NoEntry::Scope)
            }
        }
    }

    fn is_nobody(&self, request: &Request) -> bool {
        self.anonymous && request.header("authorization").is_none()
    }
}
