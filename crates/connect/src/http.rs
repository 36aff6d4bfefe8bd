//! The one HTTP client that talks to the outside: one hop at a time, guarded, with a limit on everything.

mod ask;
mod body;
mod retry_after;
mod status;
pub(crate) mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use model::{Clock, Failure, FailureCode, Timestamp, WebUrl};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Proxy, RequestBuilder, Response, redirect};
use tokio::time::{Instant, timeout_at};

pub use ask::{Answer, Ask};
pub use body::Body;
use body::Limits;

use crate::error::ConfigError;
use crate::fault;
use crate::guard::{AllowList, Guard};
use crate::resolve::{Guarded, Resolve, SystemResolver};

/// The name that robots.txt files address us by.
pub const PRODUCT_TOKEN: &str = "Gleaner";

/// How long an unused connection is kept: longer than the usual pause between two pages of a host.
const POOL_IDLE: Duration = Duration::from_secs(30);

/// How the client behaves. It holds a proxy's password, so it cannot be printed.
#[derive(Clone)]
pub struct Config {
    /// Hosts and networks that may be reached although they are not public.
    pub allow: AllowList,
    /// Ports beside 80 and 443.
    pub ports: Vec<u16>,
    /// What `User-Agent` says.
    pub user_agent: String,
    /// An HTTP proxy for everything. It resolves names itself, so the addresses behind names are its business then;
    /// names, IP literals and ports are still checked here.
    pub proxy: Option<String>,
    /// How long until an answer begins, and the longest silence within it.
    pub first_byte: Duration,
    /// How long one hop may take in all.
    pub total: Duration,
    /// The most bytes of a body, both as sent and decompressed.
    pub max_bytes: u64,
    /// The most bytes of an answer's headers.
    pub max_header_bytes: usize,
    /// Certificates, as PEM, that are trusted beside the public ones.
    pub extra_roots: Vec<Vec<u8>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            allow: AllowList::default(),
            ports: Vec::new(),
            user_agent: user_agent(None),
            proxy: None,
            first_byte: Duration::from_secs(30),
            total: Duration::from_mins(2),
            max_bytes: 20 * 1_024 * 1_024,
            max_header_bytes: 32 * 1_024,
            extra_roots: Vec::new(),
        }
    }
}

/// The usual `User-Agent`, with the page on which the operator says what he fetches and why.
pub fn user_agent(about: Option<&str>) -> String {
    let product = format!("{PRODUCT_TOKEN}/{}", env!("CARGO_PKG_VERSION"));
    about.map_or_else(|| product.clone(), |page| format!("{product} (+{page})"))
}

/// What the last answer said of its version; sent back so that an unchanged page costs no body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag`, quotes and all.
    pub etag: Option<String>,
    /// The `Last-Modified`, as it was sent.
    pub last_modified: Option<String>,
}

impl Validators {
    fn headers(&self) -> HeaderMap {
        let given = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.last_modified)];
        let valid = given.into_iter().filter_map(|(name, value)| {
            // A value that is no line of ASCII is left out: the page is then fetched whole, which is never wrong.
            let value = HeaderValue::from_str(value.as_deref()?).ok()?;
            value.to_str().is_ok().then_some((name, value))
        });
        valid.collect()
    }
}

/// What one hop came to.
#[derive(Debug)]
pub enum Reply {
    /// The page is elsewhere. Whoever follows asks this client again, so that the new address is checked like any other.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// Where to.
        to: WebUrl,
    },
    /// The page is what it was.
    NotModified,
    /// The page.
    Page(Page),
}

/// A page whose content is still to be read.
#[derive(Debug)]
pub struct Page {
    /// The address that answered.
    pub url: WebUrl,
    /// The status, 2xx.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: Option<String>,
    /// What to ask with next time.
    pub validators: Validators,
    /// The content.
    pub body: Body,
}

/// The client. A clone shares the connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    guard: Arc<Guard>,
    clock: Clock,
    config: Arc<Config>,
}

impl Client {
    /// A client on the machine's resolver.
    pub fn new(config: &Config, clock: Clock) -> Result<Self, ConfigError> {
        Self::with_resolver(config, clock, Arc::new(SystemResolver))
    }

    /// A client on another resolver, which is guarded like the machine's.
    pub fn with_resolver(config: &Config, clock: Clock, resolver: Arc<dyn Resolve>) -> Result<Self, ConfigError> {
        let guard = Arc::new(Guard::new(config.allow.clone(), config.ports.clone()));
        let http = build(config, &guard, resolver)?;
        Ok(Self { http, guard, clock, config: Arc::new(config.clone()) })
    }

    /// The time by the client's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Asks for one address and follows nothing. Every answer that is no page, redirect or "not modified" is a failure.
    pub async fn get(&self, url: &WebUrl, known: &Validators) -> Result<Reply, Failure> {
        self.hop(url, known, self.config.max_bytes).await
    }

    /// One hop; a body that says it is longer than `declared` is refused unread.
    pub(crate) async fn hop(&self, url: &WebUrl, known: &Validators, declared: u64) -> Result<Reply, Failure> {
        self.guard.check_url(url)?;
        let host = url.host().to_string();
        let deadline = Instant::now() + self.config.total;
        let request = self.http.get(url.as_url().clone()).headers(known.headers());
        let response = self.begin(request, &host, deadline).await?;
        self.check_peer(&host, response.remote_addr())?;
        self.check_headers(&host, response.headers())?;
        let status = response.status();
        match status.as_u16() {
            301 | 302 | 303 | 307 | 308 => {
                Ok(Reply::Redirect { status: status.as_u16(), to: target(url, response.headers())? })
            }
            304 if *known != Validators::default() => Ok(Reply::NotModified),
            200..=203 | 207..=299 => {
                if response.content_length().is_some_and(|length| length > declared) {
                    return Err(body::too_large(declared));
                }
                self.page(url, host, response, deadline).await.map(Reply::Page)
            }
            _ => Err(status::failure_of(status, url).after(self.retry_after(response.headers()))),
        }
    }

    /// Asks once and follows nothing. Any status is an answer; a failure means that there was none.
    pub async fn ask(&self, ask: &Ask) -> Result<Answer, Failure> {
        self.guard.check_url(&ask.url)?;
        let host = ask.url.host().to_string();
        let deadline = Instant::now() + self.config.total;
        let response = self.begin(self.request(ask), &host, deadline).await?;
        self.check_peer(&host, response.remote_addr())?;
        self.check_headers(&host, response.headers())?;
        let Config { total, first_byte: idle, max_bytes, .. } = *self.config;
        if response.content_length().is_some_and(|length| length > max_bytes) {
            return Err(body::too_large(max_bytes));
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let retry_after = self.retry_after(&headers);
        let body = Body::open(response, host, Limits { deadline, total, idle, max_bytes }).await?;
        Ok(Answer { status, headers, retry_after, body })
    }

    fn request(&self, ask: &Ask) -> RequestBuilder {
        let request = self.http.request(ask.method.clone(), ask.url.as_url().clone()).headers(ask.headers.clone());
        match &ask.body {
            None => request,
            Some((media_type, bytes)) => {
                let kind = HeaderValue::from_static(media_type);
                request.header(CONTENT_TYPE, kind).body(bytes.clone())
            }
        }
    }

    async fn begin(&self, request: RequestBuilder, host: &str, deadline: Instant) -> Result<Response, Failure> {
        let limit = self.config.first_byte.min(self.config.total);
        match timeout_at(deadline.min(Instant::now() + limit), request.send()).await {
            Ok(answer) => answer.map_err(|error| fault::failure_of(&error, host)),
            Err(_) => Err(Failure::new(FailureCode::Timeout, format!("`{host}` did not answer within {limit:?}"))),
        }
    }

    /// The last line of defence: whatever led here, an answer from an address out of bounds is not read.
    fn check_peer(&self, host: &str, peer: Option<SocketAddr>) -> Result<(), Failure> {
        if self.config.proxy.is_some() {
            return Ok(());
        }
        let unknown =
            || Failure::new(FailureCode::Internal, format!("the address that answered for `{host}` is not known"));
        self.guard.check_address(host, peer.ok_or_else(unknown)?.ip())
    }

    fn check_headers(&self, host: &str, headers: &HeaderMap) -> Result<(), Failure> {
        let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum();
        if bytes > self.config.max_header_bytes {
            let text = format!("`{host}` sends {bytes} bytes of headers, more than {}", self.config.max_header_bytes);
            return Err(Failure::new(FailureCode::TooLarge, text));
        }
        Ok(())
    }

    async fn page(&self, url: &WebUrl, host: String, response: Response, deadline: Instant) -> Result<Page, Failure> {
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, content_type) = (response.status().as_u16(), text(CONTENT_TYPE));
        let validators = Validators { etag: text(ETAG), last_modified: text(LAST_MODIFIED) };
        let Config { total, first_byte: idle, max_bytes, .. } = *self.config;
        let body = Body::open(response, host, Limits { deadline, total, idle, max_bytes }).await?;
        Ok(Page { url: url.clone(), status, content_type, validators, body })
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<Duration> {
        retry_after::parse(headers.get(RETRY_AFTER)?.to_str().ok()?, self.clock.now())
    }
}

fn build(config: &Config, guard: &Arc<Guard>, resolver: Arc<dyn Resolve>) -> Result<reqwest::Client, ConfigError> {
    let guard = config.proxy.is_none().then(|| Arc::clone(guard));
    let header = |name: HeaderName, value| (name, HeaderValue::from_static(value));
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::config(&config.extra_roots)?)
        .dns_resolver(Guarded { guard, resolver })
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        // Decompression is ours: the client's own would hide how many bytes came over the wire.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .http2_max_header_list_size(u32::try_from(config.max_header_bytes).unwrap_or(u32::MAX))
        .pool_idle_timeout(POOL_IDLE)
        .user_agent(user_agent_header(&config.user_agent)?)
        .default_headers(HeaderMap::from_iter([
            header(ACCEPT, "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.9,*/*;q=0.8"),
            header(ACCEPT_ENCODING, "gzip, br, zstd, deflate"),
        ]));
    let builder = match &config.proxy {
        Some(proxy) => builder.proxy(proxy_of(proxy)?),
        None => builder,
    };
    builder.build().map_err(|error| ConfigError::new("HTTP client", error.to_string()))
}

fn user_agent_header(text: &str) -> Result<HeaderValue, ConfigError> {
    HeaderValue::from_str(text).map_err(|_| ConfigError::new("user agent", "must be one line of printable ASCII"))
}

fn proxy_of(text: &str) -> Result<Proxy, ConfigError> {
    // The value is not repeated: it may hold a password.
    let refused = || ConfigError::new("proxy", "must be an http or https URL such as http://proxy.corp:3128");
    let url = url::Url::parse(text).map_err(|_| refused())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused());
    }
    Proxy::all(url).map_err(|_| refused())
}

fn target(from: &WebUrl, headers: &HeaderMap) -> Result<WebUrl, Failure> {
    let bad = |why: &str| {
        Failure::new(FailureCode::BadRedirect, format!("{} redirects, but its target {why}", fault::shown(from)))
    };
    let location = headers.get(LOCATION).ok_or_else(|| bad("is missing"))?;
    let location = std::str::from_utf8(location.as_bytes()).map_err(|_| bad("is not text"))?.trim();
    if location.is_empty() || location.chars().any(char::is_control) {
        return Err(bad("is empty or contains control characters"));
    }
    from.join(location).map_err(|refusal| bad(&refusal.to_string()))
}
