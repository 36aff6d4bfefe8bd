//! A web site on this machine that answers as a test tells it, well or badly, and remembers who asked for what and when.

pub mod answer;
pub mod evil;
pub mod pages;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

pub use answer::{Answer, Gate};

/// One request, as it arrived.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Path and query.
    pub path: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub from: IpAddr,
    /// The status that it was answered with.
    pub status: u16,
}

/// A site on a port of its own, so it is a host of its own. It is gone when dropped.
pub struct Site {
    address: SocketAddr,
    book: Arc<Book>,
    server: AbortHandle,
}

/// What the site answers, and what it was asked.
#[derive(Default)]
struct Book {
    scripts: Mutex<HashMap<String, Script>>,
    otherwise: Mutex<Option<Rule>>,
    visits: Mutex<Vec<Visit>>,
}

/// Answers by the path.
type Rule = Box<dyn Fn(&str) -> Option<Answer> + Send + Sync>;

/// The answers of one path in turn; the last one stays.
#[derive(Debug)]
struct Script {
    answers: Vec<Answer>,
    given: usize,
}

impl Site {
    /// A site whose every page, robots.txt too, is missing until [`Site::on`] says otherwise.
    pub async fn start() -> Self {
        Self::serve(TcpListener::bind("127.0.0.1:0").await.expect("this machine has a free port"))
    }

    /// The same on a socket that is bound already, perhaps in a network of its own.
    pub fn start_on(listener: std::net::TcpListener) -> Self {
        listener.set_nonblocking(true).expect("every socket can be told not to block");
        Self::serve(TcpListener::from_std(listener).expect("a runtime takes every listening socket"))
    }

    fn serve(listener: TcpListener) -> Self {
        let address = listener.local_addr().expect("a bound socket has an address");
        let book = Arc::new(Book::default());
        let routes = Router::new().fallback(respond).with_state(Arc::clone(&book));
        let visitors = routes.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, visitors).await }).abort_handle();
        Self { address, book, server }
    }

    /// What every path answers that nothing else was said of.
    pub fn otherwise(&self, answer: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static) {
        *lock(&self.book.otherwise) = Some(Box::new(answer));
    }

    /// What a path answers from now on.
    pub fn on(&self, path: &str, answer: Answer) -> String {
        self.on_in_turn(path, vec![answer])
    }

    /// What a path answers, one visit after another; the last answer stays.
    pub fn on_in_turn(&self, path: &str, answers: Vec<Answer>) -> String {
        lock(&self.book.scripts).insert(path.to_owned(), Script { answers, given: 0 });
        self.url(path)
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// The site without a path.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far, in order of arrival.
    pub fn visits(&self) -> Vec<Visit> {
        lock(&self.book.visits).clone()
    }

    /// How often a path was asked for.
    pub fn count(&self, path: &str) -> usize {
        lock(&self.book.visits).iter().filter(|visit| visit.path == path).count()
    }

    /// How often any path that starts so was asked for.
    pub fn count_below(&self, prefix: &str) -> usize {
        lock(&self.book.visits).iter().filter(|visit| visit.path.starts_with(prefix)).count()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// An address where nobody listens.
pub async fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("this machine has a free port");
    format!("http://{}", listener.local_addr().expect("a bound socket has an address"))
}

async fn respond(
    State(book): State<Arc<Book>>,
    ConnectInfo(visitor): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let at = Instant::now();
    let answer = lock(&book.scripts).get_mut(&path).map(Script::next);
    let answer = answer.or_else(|| lock(&book.otherwise).as_ref().and_then(|rule| rule(&path)));
    let answer = answer.unwrap_or_else(|| Answer::status(404)).for_who_knows(request.headers());
    lock(&book.visits).push(Visit { path, at, from: visitor.ip(), status: answer.code() });
    answer.give().await
}

impl Script {
    fn next(&mut self) -> Answer {
        let place = self.given.min(self.answers.len().saturating_sub(1));
        self.given += 1;
        self.answers.get(place).cloned().unwrap_or_else(|| Answer::status(404))
    }
}

/// A book is in order whatever happened to a thread that held it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
