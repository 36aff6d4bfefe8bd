//! A provider of documents on this machine: a real server that speaks a vendor's interface, well or badly, and keeps a log.

pub mod confluence;
pub mod contract;
pub mod cursors;
pub mod drive;
pub mod exchange;
pub mod fake;
pub mod log;
pub mod notion;
pub mod switches;
pub mod zendesk;

mod faults;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as Incoming, State};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::exchange::{Delivery, Request};
use self::fake::Fake;
use self::log::Log;
use self::switches::Switches;

/// No request of an importer comes near.
const LARGEST_REQUEST: usize = 16 << 20;

/// A running fake on a port of its own. It stops when dropped: it takes no connection any more, and those that wait end.
pub struct Provider<F> {
    address: SocketAddr,
    house: Arc<House<F>>,
    _running: watch::Sender<()>,
}

/// What every request needs.
struct House<F> {
    fake: F,
    switches: Switches,
    log: Log,
}

impl<F: Fake> Provider<F> {
    /// Starts the fake on any free port.
    pub async fn start(fake: F) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("this machine has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let house = Arc::new(House { fake, switches: Switches::default(), log: Log::default() });
        let routes = Router::new().fallback(respond::<F>).with_state(Arc::clone(&house));
        let (running, mut is_running) = watch::channel(());
        // An error means that the sender is gone, which is the only way to stop.
        let stopped = async move { while is_running.changed().await.is_ok() {} };
        tokio::spawn(async move { axum::serve(listener, routes).with_graceful_shutdown(stopped).await });
        Self { address, house, _running: running }
    }

    /// The server without a path, such as `http://127.0.0.1:40123`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// The fake itself, to change its world while it runs.
    pub fn fake(&self) -> &F {
        &self.house.fake
    }

    /// What it does badly.
    pub fn switches(&self) -> &Switches {
        &self.house.switches
    }

    /// Every request and its answer.
    pub fn log(&self) -> &Log {
        &self.house.log
    }
}

async fn respond<F: Fake>(State(house): State<Arc<House<F>>>, incoming: Incoming) -> Response {
    let (head, body) = incoming.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_REQUEST).await else {
        // Who breaks off the own request waits for no answer.
        return Response::new(Body::empty());
    };
    let request = Request::new(head, body);
    let place = house.log.open(request.clone());
    if let Some(delay) = house.switches.delay() {
        tokio::time::sleep(delay).await;
    }
    let reply = faults::before(&house.fake, &house.switches, &request)
        .unwrap_or_else(|| house.fake.answer(&request, &house.switches));
    let delivery = if house.switches.breaks_off(&reply) { Delivery::BrokenOff } else { Delivery::Whole };
    house.log.close(place, reply.clone(), delivery);
    reply.deliver(delivery)
}

#[cfg(test)]
mod tests;
