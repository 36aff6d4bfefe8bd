//! What proves to a provider that we may read: credentials, and the tokens that are got for them.

use serde::{Deserialize, Serialize};

use crate::Secret;

/// What proves to a provider that we may read. Held in the open only while it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Credentials {
    /// Nothing: what anybody may read.
    Anonymous,
    /// A token that is sent as it is (`Bearer`).
    Token {
        /// The token.
        token: Secret,
    },
    /// A name and a token (`Basic`).
    Basic {
        /// The name, mostly a mail address.
        user: String,
        /// The token.
        token: Secret,
    },
    /// A client that gets tokens for itself.
    Client {
        /// Its id.
        client_id: String,
        /// Its secret.
        client_secret: Secret,
        /// The scope that it asks for; the provider's usual one when empty.
        #[serde(default)]
        scope: String,
    },
    /// A person's consent, which gives a new token each time the last one ends.
    Consent {
        /// The client's id.
        client_id: String,
        /// The client's secret.
        client_secret: Secret,
        /// The latest refresh token.
        refresh_token: Secret,
    },
    /// A key of a Google service account.
    ServiceAccount {
        /// The account's address (`client_email`).
        email: String,
        /// The id of the key (`private_key_id`).
        key_id: String,
        /// The key as PEM (`private_key`).
        private_key: Secret,
        /// The user on whose behalf it reads; itself when empty.
        #[serde(default)]
        subject: String,
    },
}

impl Credentials {
    /// What kind of proof it is, for people.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Token { .. } => "token",
            Self::Basic { .. } => "basic",
            Self::Client { .. } => "client",
            Self::Consent { .. } => "consent",
            Self::ServiceAccount { .. } => "service_account",
        }
    }

    /// Whether they are exchanged for a grant before anything is asked.
    pub const fn is_exchanged(&self) -> bool {
        matches!(self, Self::Client { .. } | Self::Consent { .. } | Self::ServiceAccount { .. })
    }
}

/// A token that ends, got for the credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The token to send.
    pub access_token: Secret,
    /// When it ends, by our clock; `None` when nothing was said.
    pub expires_at: Option<i64>,
}

/// What is sealed of a connection, as one piece: a new pair of tokens replaces the old one or nothing happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The credentials, with the latest refresh token.
    pub credentials: Credentials,
    /// The latest grant.
    pub grant: Option<Grant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_printed() {
        let text = r#"{"kind":"consent","clientId":"me","clientSecret":"s1","refreshToken":"s2"}"#;
        let credentials: Credentials = serde_json::from_str(text).unwrap();
        let shown = format!("{credentials:?}");
        assert!(shown.contains("me") && !shown.contains("s1") && !shown.contains("s2"), "{shown}");
    }
}
