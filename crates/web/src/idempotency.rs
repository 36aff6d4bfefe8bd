//! `Idempotency-Key`: the same call made twice does its work once.

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use model::{Timestamp, WorkspaceId};
use sha2::{Digest, Sha256};
use store::{Recall, Write};
use utoipa::IntoParams;

use crate::error::Error;
use crate::state::State;

/// The header's name.
pub const HEADER: &str = "idempotency-key";
/// The longest key.
const LONGEST: usize = 255;

/// The key that the caller gave this call, if any, and the route it belongs to.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyKey {
    /// Makes the call safe to repeat: the same key and body give the first answer again, the same key with another body is
    /// refused. Up to 255 visible ASCII characters, such as `import-2026-05-22`, kept for 24 hours per workspace
    /// and route.
    #[param(
        rename = "Idempotency-Key", value_type = String, required = false,
        min_length = 1, max_length = 255, pattern = "^[!-~]+$",
    )]
    key: Option<String>,
    #[param(ignore)]
    route: String,
}

impl FromRequestParts<State> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Error> {
        let mut values = parts.headers.get_all(HEADER).iter();
        let key = match (values.next(), values.next()) {
            (None, _) => None,
            (Some(value), None) => Some(sound(value)?),
            (Some(_), Some(_)) => return Err(refused("is given twice; give it once")),
        };
        Ok(Self { route: format!("{} {}", parts.method, parts.uri.path()), key })
    }
}

fn sound(value: &HeaderValue) -> Result<String, Error> {
    let bytes = value.as_bytes();
    if bytes.is_empty() {
        return Err(refused("is empty; send up to 255 visible ASCII characters or leave it out"));
    }
    if bytes.len() > LONGEST {
        return Err(refused("is longer than 255 characters; shorten it, or send a hash of it"));
    }
    match value.to_str() {
        Ok(text) if bytes.iter().all(u8::is_ascii_graphic) => Ok(text.to_owned()),
        _ => Err(refused("holds something other than visible ASCII characters; send letters, digits and punctuation")),
    }
}

fn refused(why: &str) -> Error {
    Error::BadRequest(format!("the Idempotency-Key header {why}"))
}

impl IdempotencyKey {
    /// Ties the key to the body it came with; `None` without a key.
    pub fn with(self, body: &[u8]) -> Option<Call> {
        self.key.map(|key| Call { route: self.route, key, body: Sha256::digest(body).into() })
    }
}

/// One call that may be made again.
pub struct Call {
    route: String,
    key: String,
    body: [u8; 32],
}

impl Call {
    /// The answer given before; without one, the key is claimed in this transaction.
    pub async fn recall(
        &self,
        write: &mut Write,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<Option<String>, Error> {
        match write.recall_answer(workspace, (&self.route, &self.key), &self.body, now).await? {
            Recall::New => Ok(None),
            Recall::Known(answer) => Ok(Some(answer)),
            Recall::Differs => Err(reused()),
        }
    }

    /// Keeps the answer for the next time.
    pub async fn save(&self, write: &mut Write, workspace: WorkspaceId, answer: &str) -> Result<(), Error> {
        Ok(write.save_answer(workspace, (&self.route, &self.key), answer).await?)
    }
}

/// The refusal of a key that came with another body.
pub fn reused() -> Error {
    let text = "this Idempotency-Key came with another body in the last 24 hours; use a new key for a new request";
    Error::Conflict(text.to_owned())
}
