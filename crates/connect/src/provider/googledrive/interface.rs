//! The addresses of Google Drive's interface, and what is asked there.

use model::{Failure, WebUrl};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::super::api::{Api, Refusal};
use super::super::field::text;
use super::super::gate::Gate;
use super::file::is_id;
use crate::Ask;

/// The header that opens what was shared by a link: the id of a file and its key.
const KEYS: HeaderName = HeaderName::from_static("x-goog-drive-resource-keys");

/// The interface behind one connection.
pub struct Interface<'a, G> {
    /// How it is asked.
    pub api: &'a Api<'a, G>,
    /// The address, without `/drive/v3`.
    pub base: &'a str,
}

impl<G: Gate> Interface<'_, G> {
    /// The address of what lies at `path` below `/drive/v3/`, which holds nothing that has to be encoded.
    pub fn at(&self, path: &str, query: &[(&str, &str)]) -> Result<WebUrl, Failure> {
        self.api.url(self.base, &format!("drive/v3/{path}"), query)
    }

    /// Asks for what lies at `path`.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Result<Value, Refusal>, Failure> {
        self.api.attempt(Ask::get(self.at(path, query)?)).await
    }

    /// Asks what is told of one file.
    pub async fn file(&self, id: &str, keys: &HeaderMap, fields: &str) -> Result<Result<Value, Refusal>, Failure> {
        let query = [("fields", fields), ("supportsAllDrives", "true")];
        let mut ask = Ask::get(self.at(&format!("files/{id}"), &query)?);
        ask.headers = keys.clone();
        self.api.attempt(ask).await
    }
}

/// The header for a file and its key; none where there is no key.
pub fn keys(id: &str, key: &str) -> HeaderMap {
    let value = HeaderValue::from_str(&format!("{id}/{key}")).ok().filter(|_| is_id(id) && is_id(key));
    value.map(|value| (KEYS, value)).into_iter().collect()
}

/// The word for why a request was refused: the status alone does not say.
pub fn reason(refusal: &Refusal) -> String {
    text(&refusal.json().unwrap_or_default(), "/error/errors/0/reason").to_owned()
}
