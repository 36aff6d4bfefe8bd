//! A client of the public API that keeps "yes", "no" and "who knows" apart.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::evidence::{Refusal, Reply, Seen};

/// Longer than the server may take over any answer.
const PATIENCE: Duration = Duration::from_mins(1);
const ROUTE: &str = "/v2/documents/public";

/// A server's address and the key to it. One connection a request: a dead server is noticed by each request for itself.
#[derive(Debug, Clone)]
pub struct Client {
    address: SocketAddr,
    key: String,
}

/// What one request came to.
#[derive(Debug, Clone)]
pub enum Answer {
    Success(Value),
    Refused(Refusal),
    /// Nobody answered, or not to the end.
    Broken(String),
}

impl Client {
    pub const fn new(address: SocketAddr, key: String) -> Self {
        Self { address, key }
    }

    /// Queues pages.
    pub async fn queue(&self, urls: &[String]) -> Reply {
        let body = json!({ "source": "web", "documentIdsToAdd": urls }).to_string();
        match self.ask("POST", ROUTE, &body).await {
            Answer::Success(answer) => {
                let named = ["addedDocumentIds", "updatedDocumentIds"].map(|name| answer[name].as_array());
                let ids = named.into_iter().flatten().flatten().filter_map(Value::as_str);
                Reply::Acknowledged(ids.map(str::to_owned).collect())
            }
            Answer::Refused(refusal) => Reply::Refused(refusal),
            Answer::Broken(_) => Reply::Unknown,
        }
    }

    /// Any other question. Whatever is no success is an error.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        match self.ask(method, path, &body.to_string()).await {
            Answer::Success(answer) => Ok(answer),
            Answer::Refused(refusal) => bail!("{method} {path} was refused with {}: {}", refusal.status, refusal.body),
            Answer::Broken(why) => bail!("{method} {path} was not answered: {why}"),
        }
    }

    /// The shortest question that needs the database.
    pub async fn probe(&self) -> Answer {
        self.ask("GET", &format!("{ROUTE}?limit=1"), "").await
    }

    /// Every document, or those that fit a filter such as `linkedJobStatus=COMPLETED`.
    pub async fn documents(&self, filter: &str) -> Result<Vec<Seen>> {
        let mut documents: Vec<Seen> = Vec::new();
        loop {
            let cursor = documents.last().map(|last| format!("&cursor={}", last.id)).unwrap_or_default();
            let page = match self.ask("GET", &format!("{ROUTE}?limit=500&{filter}{cursor}"), "").await {
                Answer::Success(page) => page,
                Answer::Refused(refusal) => bail!("the list was refused with {}: {}", refusal.status, refusal.body),
                Answer::Broken(why) => bail!("the list did not arrive: {why}"),
            };
            documents.extend(page["documents"].as_array().context("no documents in the list")?.iter().map(Seen::read));
            if page["hasMore"] != true {
                return Ok(documents);
            }
        }
    }

    /// Every document, those with these ids above all. The list is in order of change, so what changes while its pages are
    /// turned may slip through between two of them; whoever is missed is asked for by name.
    pub async fn documents_and(&self, ids: &HashSet<&str>) -> Result<Vec<Seen>> {
        let listed = self.documents("").await?.into_iter().map(|seen| (seen.id.clone(), seen));
        let mut documents: HashMap<String, Seen> = listed.collect();
        for id in ids {
            if !documents.contains_key(*id) {
                documents
                    .extend(self.documents(&format!("id={id}")).await?.into_iter().map(|seen| (seen.id.clone(), seen)));
            }
        }
        Ok(documents.into_values().collect())
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        match timeout(PATIENCE, self.exchange(method, path, body)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => Answer::Broken(format!("{error:#}")),
            Err(_) => Answer::Broken(format!("no answer within {PATIENCE:?}")),
        }
    }

    async fn exchange(&self, method: &str, path: &str, body: &str) -> Result<Answer> {
        let mut stream = TcpStream::connect(self.address).await?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.key,
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        read(&String::from_utf8(bytes)?)
    }
}

/// Reads a whole answer. One that is shorter than it says was cut off.
fn read(text: &str) -> Result<Answer> {
    let (head, body) = text.split_once("\r\n\r\n").context("the head is not complete")?;
    let status: u16 = head.split_whitespace().nth(1).context("there is no status")?.parse()?;
    let header = |name: &str| {
        let mut fields = head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let length: usize = header("content-length").context("the answer does not say how long it is")?.parse()?;
    if body.len() < length {
        bail!("{} of {length} bytes arrived", body.len());
    }
    if (200..300).contains(&status) {
        return Ok(Answer::Success(serde_json::from_str(body)?));
    }
    let says_when = header("retry-after").is_some_and(|time| time.parse::<u32>().is_ok());
    Ok(Answer::Refused(Refusal { status, says_when, body: body.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_yes_no_and_who_knows_apart() {
        let yes = read("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        assert!(matches!(yes, Ok(Answer::Success(_))), "{yes:?}");
        let no = read("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\ncontent-length: 4\r\n\r\nbusy");
        assert!(matches!(no, Ok(Answer::Refused(Refusal { status: 503, says_when: true, .. }))), "{no:?}");
        let no = read("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n");
        assert!(matches!(no, Ok(Answer::Refused(Refusal { status: 500, says_when: false, .. }))), "{no:?}");
        for cut in ["", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"] {
            assert!(read(cut).is_err(), "{cut:?}");
        }
    }
}
