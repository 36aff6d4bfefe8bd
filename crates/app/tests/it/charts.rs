//! The site's own record of arrivals, read as a chart: who came when, and how close together.

use std::time::{Duration, Instant};

use testkit::site::{Site, Visit};

/// A request may leave late, on a busy machine and above all when it is a process's first, and the next one on time. A crowd
/// that is let loose comes within a few milliseconds.
const JITTER: Duration = Duration::from_millis(200);

/// No two requests to a site are closer than `delay`, and all of them together do not beat it either.
#[track_caller]
pub fn assert_spaced(site: &Site, delay: Duration) {
    let visits = site.visits();
    assert!(visits.len() > 1, "there is nothing to judge");
    let gaps: Vec<Duration> = visits.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    assert!(gaps.iter().all(|gap| *gap + JITTER >= delay), "{}", chart(&visits));
    let count = u32::try_from(gaps.len()).unwrap();
    assert!(gaps.iter().sum::<Duration>() + JITTER >= delay * count, "{}", chart(&visits));
}

/// When a path was first asked for.
#[track_caller]
pub fn first(site: &Site, path: &str) -> Instant {
    let visits = site.visits();
    visits.iter().find(|visit| visit.path == path).unwrap_or_else(|| panic!("nobody asked for {path}")).at
}

fn chart(visits: &[Visit]) -> String {
    let start = visits[0].at;
    let line = |visit: &Visit| format!("{:>6} ms  {}", (visit.at - start).as_millis(), visit.path);
    visits.iter().map(line).collect::<Vec<_>>().join("\n")
}
