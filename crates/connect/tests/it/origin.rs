//! A server that says exactly the bytes a test wants said, and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use connect::robots::RobotsFetch;
use connect::{AllowList, Body, Client, Config, Page, Reply, Resolve, RobotsFile, Validators};
use model::{Clock, Failure, Timestamp, WebUrl};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Sun, 06 Nov 1994 08:49:37 GMT: the time in every test.
pub const NOW: Timestamp = Timestamp::from_micros(784_111_777_000_000);

pub struct Origin {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Origin {
    /// Says the same to everybody and hangs up.
    pub async fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<[u8]> = answer.into().into();
        Self::doing(move |_, mut stream| {
            let answer = Arc::clone(&answer);
            async move {
                // The client may well hang up first: that is what many tests are about.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    /// Gives the request's head and the connection to `act`.
    pub async fn doing<F, Fut>(act: F) -> Self
    where
        F: Fn(String, TcpStream) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), act)
    }

    pub fn on<F, Fut>(listener: TcpListener, act: F) -> Self
    where
        F: Fn(String, TcpStream) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, act) = (Arc::clone(&requests), Arc::new(act));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (seen, act) = (Arc::clone(&seen), Arc::clone(&act));
                tokio::spawn(async move {
                    let head = head(&mut stream).await;
                    seen.lock().unwrap().push(head.clone());
                    act(String::from_utf8_lossy(&head).into_owned(), stream).await;
                });
            }
        });
        Self { address, requests }
    }

    pub fn url(&self, path: &str) -> WebUrl {
        url(&format!("http://{}{path}", self.address))
    }

    /// The heads of all requests so far, byte for byte.
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.requests.lock().unwrap().clone()
    }
}

async fn head(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    head
}

pub fn url(text: &str) -> WebUrl {
    WebUrl::parse(text).unwrap()
}

/// An answer with a body and its length.
pub fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// The usual settings, with this machine's servers let through.
pub fn config() -> Config {
    Config { allow: allow("127.0.0.1"), ..Config::default() }
}

pub fn allow(list: &str) -> AllowList {
    list.parse().unwrap()
}

pub fn client(config: &Config) -> Client {
    Client::new(config, Clock::manual(NOW)).unwrap()
}

pub fn client_with(config: &Config, resolver: impl Resolve) -> Client {
    Client::with_resolver(config, Clock::manual(NOW), Arc::new(resolver)).unwrap()
}

pub async fn get(client: &Client, url: &WebUrl) -> Result<Reply, Failure> {
    client.get(url, &Validators::default()).await
}

pub async fn page(client: &Client, url: &WebUrl) -> Result<Page, Failure> {
    match get(client, url).await? {
        Reply::Page(page) => Ok(page),
        other => panic!("no page but {other:?}"),
    }
}

/// How many bytes were handed out, and how it ended.
pub async fn drain(body: &mut Body) -> (Vec<u8>, Result<(), Failure>) {
    let mut bytes = Vec::new();
    loop {
        match body.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return (bytes, Ok(())),
            Err(failure) => return (bytes, Err(failure)),
        }
    }
}

/// The whole content, or why there is none.
pub async fn fetch(client: &Client, url: &WebUrl) -> Result<Vec<u8>, Failure> {
    let (bytes, end) = drain(&mut page(client, url).await?.body).await;
    end.map(|()| bytes)
}

/// The robots.txt that governs a page, fetched without a pause.
pub async fn robots(client: &Client, page: &WebUrl) -> Result<RobotsFile, Failure> {
    let mut fetch = RobotsFetch::of(page)?;
    loop {
        if let Some(file) = fetch.ask(client).await? {
            return Ok(file);
        }
    }
}
