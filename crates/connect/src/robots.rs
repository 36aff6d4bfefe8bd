//! robots.txt: fetched politely, kept as text, read by the rules of RFC 9309.

mod pattern;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use model::{Failure, FailureCode, WebUrl};

pub use rules::{MOST_BYTES, Rules, Verdict};

use crate::http::{Client, Page, Reply, Validators};
use crate::redirect::Trail;

/// What a host says to crawlers, in a form that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RobotsFile {
    /// A file; bytes that are no UTF-8 text are percent-encoded, which means the same.
    Rules(String),
    /// No file: everything is allowed.
    AllowAll,
}

impl RobotsFile {
    /// The rules in force.
    pub fn rules(&self) -> Rules {
        match self {
            Self::Rules(text) => Rules::parse(text.as_bytes()),
            Self::AllowAll => Rules::default(),
        }
    }
}

/// The fetch of the robots.txt that governs a page, hop by hop, so that the caller can take a turn before each.
#[derive(Debug)]
pub struct RobotsFetch {
    here: WebUrl,
    trail: Trail,
}

impl RobotsFetch {
    /// A fetch that has not begun.
    pub fn of(page: &WebUrl) -> Result<Self, Failure> {
        let here = page.join("/robots.txt").map_err(|refusal| {
            Failure::new(FailureCode::Internal, format!("the address of the robots.txt {refusal}"))
        })?;
        Ok(Self { trail: Trail::new(here.clone(), Trail::ROBOTS), here })
    }

    /// The address that is asked next.
    pub fn next(&self) -> &WebUrl {
        &self.here
    }

    /// Asks it. `None` says that it redirects, and that there is another to ask.
    ///
    /// A failure means that what the host wants is not known, so nothing of it may be fetched: with a transient code the
    /// caller waits and asks again, with a permanent one (a blocked address) the page fails likewise.
    pub async fn ask(&mut self, client: &Client) -> Result<Option<RobotsFile>, Failure> {
        match self.hop(client).await {
            Err(failure) if is_absent(failure.code) => Ok(Some(RobotsFile::AllowAll)),
            other => other,
        }
    }

    async fn hop(&mut self, client: &Client) -> Result<Option<RobotsFile>, Failure> {
        // A file of any length is taken, because only its start is read.
        match client.hop(&self.here, &Validators::default(), u64::MAX).await? {
            Reply::Redirect { to, .. } => {
                self.trail.follow(to.clone())?;
                self.here = to;
                Ok(None)
            }
            Reply::Page(page) => Ok(Some(RobotsFile::Rules(text(&read(page).await?)))),
            Reply::NotModified => {
                Err(Failure::new(FailureCode::ServerError, "not modified, but nothing was asked of it"))
            }
        }
    }
}

/// The failures that say "there is no such file here" rather than "come back later". 429 is no such thing: it asks for
/// patience, and the standard lets us have it.
fn is_absent(code: FailureCode) -> bool {
    matches!(
        code,
        FailureCode::AuthRequired
            | FailureCode::Forbidden
            | FailureCode::NotFound
            | FailureCode::Gone
            | FailureCode::EmptyContent
            | FailureCode::BadRedirect
    )
}

async fn read(mut page: Page) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = page.body.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            break;
        }
    }
    Ok(bytes)
}

fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in rules::bounded(bytes).utf8_chunks() {
        // A database refuses NUL in text; a path cannot hold it either.
        text.push_str(&chunk.valid().replace('\0', "%00"));
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
