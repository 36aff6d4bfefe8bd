//! A provider that a workspace is connected to: where it is, how it is asked, and what proves that we may.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Credentials, Source, Timestamp, WebUrl, WorkspaceId};

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

/// The provider whose connection a lane belongs to; `None` for the lane of a host, after whose colon there are digits alone.
pub fn provider_of_lane(lane: &str) -> Option<Source> {
    let (provider, id) = lane.split_once(':')?;
    id.parse::<ConnectionId>().ok()?;
    provider.parse().ok()
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

impl Account {
    /// The account of a provider with these settings, which are a JSON object. The text says what is wrong with them.
    pub fn of(provider: Source, settings: &serde_json::Map<String, serde_json::Value>) -> Result<Self, String> {
        if matches!(provider, Source::Web | Source::Files) {
            return Err(format!("{} needs no connection", provider.title()));
        }
        let mut whole = settings.clone();
        whole.insert("provider".to_owned(), provider.as_str().into());
        let account: Self = serde_json::from_value(whole.into()).map_err(|error| error.to_string())?;
        account.check().map(|()| account)
    }

    /// What is set, as a JSON object.
    pub fn settings(&self) -> serde_json::Map<String, serde_json::Value> {
        let mut whole = match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(whole)) => whole,
            _ => serde_json::Map::new(),
        };
        whole.remove("provider");
        whole
    }

    /// Every address must be one that can be asked.
    fn check(&self) -> Result<(), String> {
        let (needed, others): (&[_], Vec<_>) = match self {
            Self::Notion(account) => (&[("apiUrl", &account.api_url)], vec![]),
            Self::Zendesk(account) => (&[("siteUrl", &account.site_url)], vec![("tokenUrl", &account.token_url)]),
            Self::Confluence(account) => (
                &[("siteUrl", &account.site_url)],
                vec![("apiUrl", &account.api_url), ("tokenUrl", &account.token_url)],
            ),
            Self::GoogleDrive(account) => (&[("apiUrl", &account.api_url), ("tokenUrl", &account.token_url)], vec![]),
        };
        let given = others.into_iter().filter(|(_, url)| !url.is_empty());
        for (name, url) in needed.iter().copied().chain(given) {
            WebUrl::parse(url).map_err(|_| format!("{name} must be an http or https URL, got {url:?}"))?;
        }
        Ok(())
    }

    /// Whether credentials of that kind prove anything to this provider; the text says which do.
    pub fn takes(&self, credentials: &Credentials) -> Result<(), String> {
        let kinds: &[&str] = match self {
            Self::Notion(_) => &["token", "consent"],
            Self::Zendesk(_) => &["anonymous", "token", "basic", "client", "consent"],
            Self::Confluence(_) => &["basic", "token", "consent"],
            Self::GoogleDrive(_) => &["service_account", "consent"],
        };
        let word = credentials.word();
        if kinds.contains(&word) {
            return Ok(());
        }
        Err(format!(
            "{} does not take credentials of the kind {word}; use {}",
            self.provider().title(),
            kinds.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    #[test]
    fn lanes_of_connections_are_no_hosts() {
        for (lane, expected) in [
            ("notion:0199c2a0-1111-7000-8000-000000000000", Some(Source::Notion)),
            ("example.com", None),
            ("notion:8080", None),
            ("[::1]:80", None),
        ] {
            assert_eq!(provider_of_lane(lane), expected, "{lane}");
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
    fn settings_are_checked_and_read_back() {
        let settings = |text: &str| serde_json::from_str::<serde_json::Map<_, _>>(text).unwrap();
        let cases = [
            (Source::Notion, "{}", ""),
            (Source::Zendesk, r#"{"siteUrl":"https://acme.zendesk.com","drafts":true}"#, ""),
            (Source::Zendesk, "{}", "siteUrl must be"),
            (Source::Confluence, r#"{"siteUrl":"https://acme.example/wiki","apiUrl":"ftp://x"}"#, "apiUrl must be"),
            (Source::GoogleDrive, r#"{"folders":"one"}"#, "sequence"),
            (Source::GoogleDrive, r#"{"foldres":[]}"#, "foldres"),
            (Source::Web, "{}", "needs no connection"),
        ];
        for (provider, text, refusal) in cases {
            let account = Account::of(provider, &settings(text));
            match &account {
                Ok(account) => {
                    assert_eq!(refusal, "", "{text}");
                    assert_eq!(Account::of(provider, &account.settings()).as_ref(), Ok(account));
                }
                Err(said) => assert!(!refusal.is_empty() && said.contains(refusal), "{text}: {said}"),
            }
        }
    }

    #[test]
    fn each_provider_says_which_credentials_it_takes() {
        let notion = Account::Notion(NotionAccount::default());
        assert_eq!(notion.takes(&Credentials::Token { token: Secret::new("x") }), Ok(()));
        let refusal = notion.takes(&Credentials::Anonymous).unwrap_err();
        assert_eq!(refusal, "Notion does not take credentials of the kind anonymous; use token, consent");
    }
}
