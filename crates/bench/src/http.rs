//! A client of the API: one connection that is kept, and as little of its own work as can be.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// One kept connection.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    bearer: String,
}

impl Client {
    /// Connects to `authority` (`host:port`) with this API key.
    pub async fn connect(authority: &str, key: &str) -> Result<Self> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, authority: authority.to_owned(), bearer: format!("Bearer {key}") })
    }

    /// Sends a JSON body and returns the answer's. Anything but 200 is an error.
    pub async fn post(&mut self, path: &str, body: String) -> Result<Bytes> {
        self.send(Method::POST, path, body.into()).await
    }

    /// Asks and returns the answer's body. Anything but 200 is an error.
    pub async fn get(&mut self, path: &str) -> Result<Bytes> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    async fn send(&mut self, method: Method, path: &str, body: Bytes) -> Result<Bytes> {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(HOST, &self.authority).header(AUTHORIZATION, &self.bearer);
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        self.sender.ready().await.context("the server closed the connection")?;
        let answer = self.sender.send_request(request.body(Full::new(body))?).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        ensure!(status.as_u16() == 200, "{path} was answered with {status}: {}", String::from_utf8_lossy(&body));
        Ok(body)
    }
}
