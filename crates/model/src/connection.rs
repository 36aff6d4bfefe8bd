//! A provider that a workspace is connected to: where it is, how it is asked, and what proves that we may.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Secret, Source, Timestamp, WorkspaceId};

/// A connection, without its secrets. A workspace has at most one for each provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// What it leads to.
    pub account: Account,
    /// What proves that we may read there, in a word for people.
    pub proof: String,
    /// Why it does not work, when the last request said so; empty while it does.
    pub problem: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed, its problem included.
    pub updated_at: Timestamp,
}

impl Connection {
    /// The provider.
    pub fn provider(&self) -> Source {
        self.account.provider()
    }

    /// The name of the lane in which its requests take turns, on all machines.
    pub fn lane(&self) -> String {
        format!("{}:{}", self.provider(), self.id)
    }
}

/// Whether a lane belongs to a connection rather than to a host. No host has a colon before a letter.
pub fn is_lane_of_connection(lane: &str) -> bool {
    lane.split_once(':').is_some_and(|(provider, _)| provider.parse::<Source>().is_ok())
}

/// Where a provider's content is and how it is asked. Every address can be set, so that a gateway, a proxy or a test can stand
/// in for the provider's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "lowercase", deny_unknown_fields)]
pub enum Account {
    /// A Notion workspace.
    Notion(NotionAccount),
    /// A Zendesk help centre.
    Zendesk(ZendeskAccount),
    /// A Confluence site.
    Confluence(ConfluenceAccount),
    /// A Google Drive.
    GoogleDrive(DriveAccount),
}

/// How to ask Notion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NotionAccount {
    /// The API, without `/v1`.
    pub api_url: String,
}

/// How to ask Zendesk.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ZendeskAccount {
    /// The brand's own address, such as `https://acme.zendesk.com`.
    pub site_url: String,
    /// Where tokens come from; the site's `/oauth/tokens` when empty.
    pub token_url: String,
    /// Only articles in this locale; the source locale of each article when empty. Open help centres want one.
    pub locale: String,
    /// Whether drafts are imported.
    pub drafts: bool,
    /// Whether articles are imported that not everybody may read.
    pub restricted: bool,
}

/// How to ask Confluence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfluenceAccount {
    /// The site people see, such as `https://acme.atlassian.net/wiki`, or a Data Center's address with its context path.
    pub site_url: String,
    /// The API when it is not below the site, such as the gateway `https://api.atlassian.com/ex/confluence/CLOUD_ID/wiki`.
    pub api_url: String,
    /// Where tokens come from, for OAuth.
    pub token_url: String,
    /// Whether it is a Data Center, which has another API.
    pub data_center: bool,
    /// Only these spaces, by key; all when empty.
    pub spaces: Vec<String>,
    /// Whether pages are taken as Confluence renders them, which runs their macros, rather than as they are stored.
    pub rendered: bool,
}

/// How to ask Google Drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct DriveAccount {
    /// The API, without `/drive/v3`.
    pub api_url: String,
    /// Where tokens come from.
    pub token_url: String,
    /// Only what is below these folders, by id; all that can be seen when empty.
    pub folders: Vec<String>,
    /// Only this shared drive, by id.
    pub drive: String,
}

impl Default for NotionAccount {
    fn default() -> Self {
        Self { api_url: "https://api.notion.com".to_owned() }
    }
}

impl Default for DriveAccount {
    fn default() -> Self {
        Self {
            api_url: "https://www.googleapis.com".to_owned(),
            token_url: "https://oauth2.googleapis.com/token".to_owned(),
            folders: Vec::new(),
            drive: String::new(),
        }
    }
}

impl Account {
    /// Whose it is.
    pub const fn provider(&self) -> Source {
        match self {
            Self::Notion(_) => Source::Notion,
            Self::Zendesk(_) => Source::Zendesk,
            Self::Confluence(_) => Source::Confluence,
            Self::GoogleDrive(_) => Source::GoogleDrive,
        }
    }

    /// The least time between the starts of two requests, below what each vendor allows: Notion an average of three a second,
    /// Zendesk 200 a minute on its smallest plan; Atlassian and Google do not say, and tell when it is too much.
    pub const fn delay(&self) -> Duration {
        match self {
            Self::Notion(_) => Duration::from_millis(334),
            Self::Zendesk(_) => Duration::from_millis(300),
            Self::Confluence(_) => Duration::from_millis(100),
            Self::GoogleDrive(_) => Duration::from_millis(50),
        }
    }
}

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
    fn lanes_of_connections_are_no_hosts() {
        for (lane, expected) in [
            ("notion:0199c2a0-1111-7000-8000-000000000000", true),
            ("googledrive:x", true),
            ("example.com", false),
            ("example.com:8080", false),
            ("[::1]:80", false),
        ] {
            assert_eq!(is_lane_of_connection(lane), expected, "{lane}");
        }
    }

    #[test]
    fn an_account_is_read_with_the_vendors_addresses_where_none_are_given() {
        let account: Account = serde_json::from_str(r#"{"provider":"notion"}"#).unwrap();
        assert_eq!(account, Account::Notion(NotionAccount::default()));
        let refused = serde_json::from_str::<Account>(r#"{"provider":"zendesk","sight":true}"#);
        assert!(refused.is_err());
    }

    #[test]
    fn credentials_are_not_printed() {
        let text = r#"{"kind":"consent","clientId":"me","clientSecret":"s1","refreshToken":"s2"}"#;
        let credentials: Credentials = serde_json::from_str(text).unwrap();
        let shown = format!("{credentials:?}");
        assert!(shown.contains("me") && !shown.contains("s1") && !shown.contains("s2"), "{shown}");
    }
}
