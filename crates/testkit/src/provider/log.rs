//! What a fake was asked, and what it answered.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::exchange::{Delivery, Exchange, Reply, Request};

/// Every exchange in order of arrival.
#[derive(Debug, Default)]
pub struct Log(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    exchanges: Vec<Exchange>,
    /// How many were thrown away before the first that is here.
    forgotten: usize,
}

impl Log {
    /// Every exchange so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.clone()
    }

    /// Those whose path starts so.
    pub fn below(&self, prefix: &str) -> Vec<Exchange> {
        let book = self.lock();
        book.exchanges.iter().filter(|exchange| exchange.request.path.starts_with(prefix)).cloned().collect()
    }

    /// How many requests there were.
    pub fn count(&self) -> usize {
        self.lock().exchanges.len()
    }

    /// How many requests were answered so.
    pub fn count_of(&self, status: u16) -> usize {
        let book = self.lock();
        book.exchanges.iter().filter(|exchange| exchange.reply.as_ref().is_some_and(|is| is.status == status)).count()
    }

    /// The largest number of requests that arrived in any stretch of time of this length.
    pub fn most_within(&self, period: Duration) -> usize {
        let instants: Vec<Instant> = self.lock().exchanges.iter().map(|exchange| exchange.request.at).collect();
        most_within(&instants, period)
    }

    /// Forgets everything so far.
    pub fn clear(&self) {
        let mut book = self.lock();
        book.forgotten += book.exchanges.len();
        book.exchanges.clear();
    }

    /// Writes a request down; the place is for [`Log::close`].
    pub(super) fn open(&self, mut request: Request) -> usize {
        let mut book = self.lock();
        // Taken here, so that the order of the log is the order of time.
        request.at = Instant::now();
        book.exchanges.push(Exchange { request, reply: None, delivery: Delivery::Whole });
        book.forgotten + book.exchanges.len() - 1
    }

    pub(super) fn close(&self, place: usize, reply: Reply, delivery: Delivery) {
        let mut book = self.lock();
        let place = place.checked_sub(book.forgotten);
        if let Some(exchange) = place.and_then(|place| book.exchanges.get_mut(place)) {
            (exchange.reply, exchange.delivery) = (Some(reply), delivery);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The largest number of instants, which are in order, in any stretch that is shorter than `period`.
fn most_within(instants: &[Instant], period: Duration) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (place, at) in instants.iter().enumerate() {
        while at.duration_since(instants[first]) >= period {
            first += 1;
        }
        most = most.max(place + 1 - first);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_densest_stretch() {
        let start = Instant::now();
        let cases: [(&[u64], usize); 5] = [
            (&[], 0),
            (&[0], 1),
            (&[0, 999, 1_000, 1_001], 3),
            (&[0, 333, 666, 1_000, 1_333, 1_666], 3),
            (&[0, 5_000, 5_001, 5_001, 5_900, 6_000], 4),
        ];
        for (millis, expected) in cases {
            let instants: Vec<Instant> = millis.iter().map(|millis| start + Duration::from_millis(*millis)).collect();
            assert_eq!(most_within(&instants, Duration::from_secs(1)), expected, "{millis:?}");
        }
    }
}
