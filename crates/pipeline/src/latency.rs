//! Whether a host has become slow: its answers of late against what it is used to. Kept by each process for itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Below this nobody is slow.
const QUICK: Duration = Duration::from_secs(1);
/// So many times its own average is slow.
const SLOW: f64 = 3.0;
/// How much a new answer counts against those of late, and those of late against what is usual.
const OF_LATE: f64 = 0.4;
const USUAL: f64 = 0.05;
/// Hosts beyond that are forgotten, all at once: each is soon known again.
const MOST_HOSTS: usize = 10_000;

/// The answer times of the hosts that this process visits.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Mutex<HashMap<String, Latency>>);

/// Moving averages, in seconds.
#[derive(Debug, Clone, Copy)]
struct Latency {
    of_late: f64,
    usual: f64,
}

impl Latencies {
    /// Takes down how long a host took to answer. Says whether it suffers.
    pub(crate) fn note(&self, host: &str, took: Duration) -> bool {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MOST_HOSTS && !hosts.contains_key(host) {
            hosts.clear();
        }
        let took = took.as_secs_f64();
        let latency = hosts.entry(host.to_owned()).or_insert(Latency { of_late: took, usual: took });
        latency.of_late += OF_LATE * (took - latency.of_late);
        latency.usual += USUAL * (took - latency.usual);
        latency.of_late > QUICK.as_secs_f64() && latency.of_late > SLOW * latency.usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strained(millis: &[u64]) -> Vec<bool> {
        let latencies = Latencies::default();
        millis.iter().map(|millis| latencies.note("host", Duration::from_millis(*millis))).collect()
    }

    #[test]
    fn a_host_suffers_when_it_gets_much_slower_than_it_was() {
        assert_eq!(strained(&[200, 200, 2_000, 4_000]), [false, false, false, true]);
        assert_eq!(strained(&[20, 20, 200, 800]), [false; 4], "what is quick is never slow");
        assert_eq!(strained(&[5_000; 4]), [false; 4], "what was always slow has not become so");
        let back: Vec<u64> = [[200; 2].as_slice(), &[5_000; 2], &[200; 4]].concat();
        assert_eq!(strained(&back).last(), Some(&false));
    }

    #[test]
    fn hosts_are_told_apart() {
        let latencies = Latencies::default();
        latencies.note("quick", Duration::from_millis(100));
        assert!(!latencies.note("slow", Duration::from_secs(9)));
    }
}
