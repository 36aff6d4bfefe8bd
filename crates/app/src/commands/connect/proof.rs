//! What `gleaner connect` is given as proof: a secret out of a file or from the keyboard, never from the command line.

use std::io::{BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use model::{Credentials, Secret};
use serde::Deserialize;

use crate::args::connect::ProofArgs;

/// The most bytes of a secret.
const LONGEST: u64 = 64 * 1024;

/// What kind of proof was asked for.
pub enum Proof {
    /// None.
    Nothing,
    /// A secret that is sent as it is.
    Token,
    /// A user's token.
    OfUser(String),
    /// The secret of a client, and the scope that it asks for.
    OfClient(String, Option<String>),
    /// A client, and the file with the refresh token that it was given before.
    OfConsent(String, PathBuf),
    /// What a key file holds.
    Given(Credentials),
}

impl Proof {
    pub fn of(args: &ProofArgs, scope: Option<String>) -> Self {
        match (&args.user, &args.client_id, &args.refresh_token_file) {
            (Some(user), ..) => Self::OfUser(user.clone()),
            (None, Some(client), Some(file)) => Self::OfConsent(client.clone(), file.clone()),
            (None, Some(client), None) => Self::OfClient(client.clone(), scope),
            (None, None, _) => Self::Token,
        }
    }

    /// The credentials, with the secret that they need.
    pub fn credentials(self, file: Option<&Path>) -> anyhow::Result<Credentials> {
        Ok(match self {
            Self::Nothing => Credentials::Anonymous,
            Self::Token => Credentials::Token { token: secret("Token", file)? },
            Self::OfUser(user) => Credentials::Basic { user, token: secret("Token", file)? },
            Self::OfClient(client_id, scope) => Credentials::Client {
                client_id,
                client_secret: secret("Client secret", file)?,
                scope: scope.unwrap_or_default(),
            },
            Self::OfConsent(client_id, token) => Credentials::Consent {
                client_id,
                client_secret: secret("Client secret", file)?,
                refresh_token: secret("Refresh token", Some(&token))?,
            },
            Self::Given(credentials) => credentials,
        })
    }
}

/// A secret out of a file, or asked for.
pub fn secret(what: &str, file: Option<&Path>) -> anyhow::Result<Secret> {
    let mut text = String::new();
    match file {
        Some(path) if path == Path::new("-") => {
            std::io::stdin().lock().take(LONGEST).read_to_string(&mut text).context("standard input")?;
        }
        Some(path) => {
            let open = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
            open.take(LONGEST).read_to_string(&mut text).with_context(|| format!("cannot read {}", path.display()))?;
        }
        None => {
            if std::io::stdin().is_terminal() {
                eprint!("{what}: ");
            }
            std::io::stdin().lock().read_line(&mut text).context("standard input")?;
        }
    }
    let text = text.trim();
    ensure!(!text.is_empty(), "the {} is empty; give it alone in its file, or type it", what.to_lowercase());
    ensure!(!text.contains(char::is_whitespace), "the {} holds white space; give it alone", what.to_lowercase());
    Ok(Secret::new(text))
}

/// The key file of a service account.
#[derive(Deserialize)]
pub struct KeyFile {
    client_email: String,
    #[serde(default)]
    private_key_id: String,
    private_key: Secret,
    pub token_uri: String,
}

impl KeyFile {
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        // The parser's own words are left out: they may repeat the key.
        let key = serde_json::from_slice(&text).ok();
        key.with_context(|| {
            format!(
                "{} is no key file of a service account; Google's has client_email, private_key and token_uri",
                path.display()
            )
        })
    }

    pub fn credentials(self, subject: String) -> Credentials {
        Credentials::ServiceAccount {
            email: self.client_email,
            key_id: self.private_key_id,
            private_key: self.private_key,
            subject,
        }
    }
}
