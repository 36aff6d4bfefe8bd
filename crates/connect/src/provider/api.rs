//! One request to a provider: its turn, its proof, and what an answer that is no success means.

use std::time::Duration;

use model::{Failure, FailureCode, Secret, Timestamp, WebUrl};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::gate::{Gate, Proof};
use super::retrying::{Patience, Pause};
use crate::fault::shown;
use crate::{Answer, Ask, Body, Client, Trail};

/// The most of a refusal's body that is read.
const MOST_OF_A_REFUSAL: usize = 64 * 1024;
/// Why a list ends where the caller's time does.
pub const OUT_OF_TIME: &str = "time ran out";
/// The most letters of a provider's own words that are repeated.
const MOST_WORDS: usize = 200;

/// What is particular to a vendor.
#[derive(Clone)]
pub struct Vendor {
    /// Its name, as people write it.
    pub name: &'static str,
    /// Headers that every request carries.
    pub headers: HeaderMap,
    /// What the name that goes with a token ends in, such as Zendesk's `/token`; mostly nothing.
    pub user_suffix: &'static str,
    /// What an answer that is no success means.
    pub judge: fn(&Refusal) -> Verdict,
}

/// An answer that is no success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// What `Retry-After` asks for.
    pub retry_after: Option<Duration>,
    /// The `Content-Type`, lower case; empty when there is none.
    pub media_type: String,
    /// The beginning of the body.
    pub body: Vec<u8>,
}

/// What a refusal means. The text is what the vendor said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// We ask too often.
    TooOften(String),
    /// A fault that passes.
    Passing(String),
    /// The proof is not taken.
    NoProof(String),
    /// The same request will be refused again.
    Final(FailureCode, String),
}

/// The interface of one vendor, asked on behalf of one connection.
pub struct Api<'a, G> {
    pub(super) client: &'a Client,
    pub(super) gate: &'a G,
    pub(super) patience: Duration,
    pub(super) until: Option<Instant>,
    pub(super) vendor: Vendor,
}

/// A file that is being fetched.
#[derive(Debug)]
pub struct Download {
    /// What the server says that it is.
    pub media_type: Option<String>,
    /// The bytes.
    pub body: Body,
}

/// How much of an answer a caller wants to have before it counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Everything,
    Beginning,
}

/// What a request came to.
enum Sent {
    /// The answer with its body, when that is wanted.
    Answered(Answer, Vec<u8>),
    /// A refusal, for good in the end.
    Refused(Refusal),
}

impl Refusal {
    /// The body, when it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Whether somebody other than the interface answered: a proxy in front of it, or a login page.
    pub fn is_page(&self) -> bool {
        self.media_type.starts_with("text/html") && self.json().is_none()
    }

    /// What statuses mean everywhere: what a vendor's own judgement falls back to.
    pub fn usual(&self, said: String) -> Verdict {
        match self.status {
            401 => Verdict::NoProof(said),
            403 => Verdict::Final(FailureCode::ProviderPermission, said),
            404 => Verdict::Final(FailureCode::NotFound, said),
            410 => Verdict::Final(FailureCode::Gone, said),
            413 => Verdict::Final(FailureCode::TooLarge, said),
            429 => Verdict::TooOften(said),
            408 | 409 | 425 | 500..=599 => Verdict::Passing(said),
            200..=299 => Verdict::NoProof("it shows a page instead of data, most likely a login".to_owned()),
            300..=399 => Verdict::NoProof("it leads to another page, most likely a login".to_owned()),
            _ => Verdict::Final(FailureCode::ServerError, said),
        }
    }
}

impl<'a, G: Gate> Api<'a, G> {
    /// The same without patience, for callers who can ask for less when something passes.
    #[must_use]
    pub fn hurried(&self) -> Api<'a, G> {
        let Self { client, gate, until, ref vendor, .. } = *self;
        Api { client, gate, patience: Duration::ZERO, until, vendor: vendor.clone() }
    }

    /// Whether the time is over that the caller gave. What fails from then on says nothing about the provider.
    pub fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Whether nothing is shown that proves who asks.
    pub async fn is_anonymous(&self) -> Result<bool, Failure> {
        Ok(self.gate.proof(None).await? == Proof::Anonymous)
    }

    /// An address below `base`: `path` is appended to its path, whatever that ends in.
    pub fn url(&self, base: &str, path: &str, query: &[(&str, &str)]) -> Result<WebUrl, Failure> {
        let whole = format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/'));
        let bad = |why: String| {
            Failure::new(FailureCode::ProviderDisconnected, format!("the address of {} {why}", self.vendor.name))
        };
        let mut url = url::Url::parse(&whole).map_err(|error| bad(format!("cannot be read: {error}")))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        WebUrl::parse(url.as_str()).map_err(|refusal| bad(refusal.to_string()))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.client.now()
    }

    /// Gets JSON.
    pub async fn get<T: DeserializeOwned>(&self, url: WebUrl) -> Result<T, Failure> {
        self.attempt(Ask::get(url)).await?.map_err(|refusal| self.refused(&refusal))
    }

    /// Posts JSON and gets JSON. Only for requests that change nothing: one that was lost is sent again.
    pub async fn post<T: DeserializeOwned>(&self, url: WebUrl, body: &Value) -> Result<T, Failure> {
        self.attempt(Self::posting(url, body)).await?.map_err(|refusal| self.refused(&refusal))
    }

    /// A request that posts JSON.
    pub fn posting(url: WebUrl, body: &Value) -> Ask {
        Ask::post(url, "application/json", body.to_string().into_bytes())
    }

    /// Asks for JSON. What is refused for good is handed out, for callers to whom it means something.
    pub async fn attempt<T: DeserializeOwned>(&self, mut ask: Ask) -> Result<Result<T, Refusal>, Failure> {
        ask.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let place = shown(&ask.url);
        let bytes = match self.send(ask, Want::Everything).await? {
            Sent::Refused(refusal) => return Ok(Err(refusal)),
            Sent::Answered(_, bytes) => bytes,
        };
        serde_json::from_slice(&bytes).map(Ok).map_err(|error| {
            let text = format!("{} sent something that is not understood from {place}: {error}", self.vendor.name);
            Failure::new(FailureCode::ServerError, text)
        })
    }

    /// Gets a file. Redirects are followed; the proof is for the first host alone.
    pub async fn download(&self, url: WebUrl, headers: HeaderMap) -> Result<Download, Failure> {
        self.attempt_download(url, headers).await?.map_err(|refusal| self.refused(&refusal))
    }

    /// Gets a file like [`download`](Self::download). What is refused for good is handed out.
    pub async fn attempt_download(
        &self,
        url: WebUrl,
        headers: HeaderMap,
    ) -> Result<Result<Download, Refusal>, Failure> {
        let mut trail = Trail::new(url.clone(), Trail::PAGE);
        let (origin, mut here) = (url.origin(), url);
        loop {
            let mut ask = Ask::get(here.clone());
            let answer = if here.origin() == origin {
                ask.headers = headers.clone();
                match self.send(ask, Want::Beginning).await? {
                    Sent::Refused(refusal) => return Ok(Err(refusal)),
                    Sent::Answered(answer, _) => answer,
                }
            } else {
                self.client.ask(&ask).await?
            };
            match answer.status {
                200..=299 => {
                    let media_type = answer.header(CONTENT_TYPE.as_str()).map(str::to_owned);
                    return Ok(Ok(Download { media_type, body: answer.body }));
                }
                301 | 302 | 303 | 307 | 308 => here = target(&here, &answer)?,
                status => return Err(elsewhere(&here, status)),
            }
            trail.follow(here.clone())?;
        }
    }

    /// What a refusal means as one of the product's failures.
    pub fn refused(&self, refusal: &Refusal) -> Failure {
        self.failure((self.vendor.judge)(refusal), refusal.retry_after)
    }

    /// Sends a request until it is answered or refused for good, or the time is over.
    async fn send(&self, ask: Ask, want: Want) -> Result<Sent, Failure> {
        let Some(until) = self.until else { return self.send_patiently(ask, want).await };
        let over = || Failure::new(FailureCode::Timeout, format!("{}: {OUT_OF_TIME}", self.vendor.name));
        if self.is_over() {
            return Err(over());
        }
        timeout_at(until, self.send_patiently(ask, want)).await.unwrap_or_else(|_| Err(over()))
    }

    async fn send_patiently(&self, mut ask: Ask, want: Want) -> Result<Sent, Failure> {
        let own = std::mem::take(&mut ask.headers);
        let mut patience = Patience::new(self.patience);
        let mut proof = self.gate.proof(None).await?;
        let mut is_renewed = false;
        loop {
            ask.headers = self.headers(&own, &proof)?;
            self.gate.turn().await?;
            let failure = match self.once(&ask, want).await {
                Ok(Sent::Refused(refusal)) => {
                    let verdict = (self.vendor.judge)(&refusal);
                    if matches!(verdict, Verdict::Final(..)) {
                        return Ok(Sent::Refused(refusal));
                    }
                    if matches!(verdict, Verdict::NoProof(_)) && !is_renewed {
                        is_renewed = true;
                        let other = self.gate.proof(Some(&proof)).await?;
                        if other != proof {
                            proof = other;
                            continue;
                        }
                    }
                    if matches!(verdict, Verdict::TooOften(_)) || refusal.retry_after.is_some() {
                        self.gate.ease(refusal.retry_after).await;
                    }
                    self.failure(verdict, refusal.retry_after)
                }
                Ok(sent) => return Ok(sent),
                Err(failure) => failure,
            };
            match patience.after(&failure) {
                Pause::For(pause) => tokio::time::sleep(pause).await,
                Pause::Over => return Err(failure),
            }
        }
    }

    /// Sends a request. A body that is wanted whole and breaks off is a failure like any other, so that the request is repeated.
    async fn once(&self, ask: &Ask, want: Want) -> Result<Sent, Failure> {
        let mut answer = self.client.ask(ask).await?;
        match (answer.status, want) {
            // Where a login stands before the interface, its page comes as a success.
            (200..=299, Want::Everything) if is_page(&answer) => Ok(Sent::Refused(refusal(answer).await)),
            (200..=299, Want::Everything) => {
                let bytes = all(&mut answer.body).await?;
                if bytes.is_empty() {
                    let text = format!("{} answered without content", self.vendor.name);
                    return Err(Failure::new(FailureCode::ServerError, text));
                }
                Ok(Sent::Answered(answer, bytes))
            }
            (200..=299 | 301 | 302 | 303 | 307 | 308, Want::Beginning) => Ok(Sent::Answered(answer, Vec::new())),
            _ => Ok(Sent::Refused(refusal(answer).await)),
        }
    }

    fn headers(&self, own: &HeaderMap, proof: &Proof) -> Result<HeaderMap, Failure> {
        let mut headers = self.vendor.headers.clone();
        headers.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let Some(value) = authorization(&self.named(proof))? {
            headers.insert(AUTHORIZATION, value);
        }
        Ok(headers)
    }

    /// The proof with the name as the vendor wants it.
    fn named(&self, proof: &Proof) -> Proof {
        match proof {
            Proof::Basic(user, token) if !user.ends_with(self.vendor.user_suffix) => {
                Proof::Basic(format!("{user}{}", self.vendor.user_suffix), token.clone())
            }
            _ => proof.clone(),
        }
    }

    fn failure(&self, verdict: Verdict, retry_after: Option<Duration>) -> Failure {
        let (code, said) = match verdict {
            Verdict::TooOften(said) => (FailureCode::RateLimited, said),
            Verdict::Passing(said) => (FailureCode::ServerError, said),
            Verdict::NoProof(said) => (FailureCode::ProviderDisconnected, said),
            Verdict::Final(code, said) => (code, said),
        };
        Failure::new(code, format!("{}: {}", self.vendor.name, in_short(&said))).after(retry_after)
    }
}

/// The value of the `Authorization` header.
pub(super) fn authorization(proof: &Proof) -> Result<Option<HeaderValue>, Failure> {
    use base64::Engine as _;
    let text = match proof {
        Proof::Anonymous => return Ok(None),
        Proof::Bearer(token) => format!("Bearer {}", token.reveal()),
        Proof::Basic(user, token) => {
            let pair = format!("{user}:{}", token.reveal());
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        }
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        Failure::new(FailureCode::ProviderDisconnected, "the token holds characters that no token has; connect again")
    })?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// A secret out of an answer.
pub(super) fn secret(value: &Value, name: &str) -> Option<Secret> {
    value.get(name)?.as_str().filter(|text| !text.is_empty()).map(Secret::new)
}

/// The whole of a body. Its length is limited by the client.
pub(super) async fn all(body: &mut Body) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn is_page(answer: &Answer) -> bool {
    answer.header(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
}

async fn refusal(mut answer: Answer) -> Refusal {
    let media_type = answer.header(CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
    let mut body = Vec::new();
    // What a refusal says beside its status is a help; where it breaks off, the status is enough.
    while let Ok(Some(chunk)) = answer.body.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() >= MOST_OF_A_REFUSAL {
            body.truncate(MOST_OF_A_REFUSAL);
            break;
        }
    }
    Refusal { status: answer.status, retry_after: answer.retry_after, media_type, body }
}

/// The host that a provider sent us to for a file does not know of the connection, so its refusals say nothing about that.
fn elsewhere(url: &WebUrl, status: u16) -> Failure {
    let code = match status {
        404 => FailureCode::NotFound,
        410 => FailureCode::Gone,
        _ => FailureCode::ServerError,
    };
    Failure::new(code, format!("{} was to hand out the file and answered {status}", shown(url)))
}

fn target(from: &WebUrl, answer: &Answer) -> Result<WebUrl, Failure> {
    let bad = || Failure::new(FailureCode::BadRedirect, format!("{} redirects to nowhere", shown(from)));
    let location = answer.header(LOCATION.as_str()).ok_or_else(bad)?;
    from.join(location.trim()).map_err(|_| bad())
}

/// A vendor's words on one line, cut.
fn in_short(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST_WORDS).collect()
}
