//! The hosts: what is known of each, and whose line may move when.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use model::{Lane, Pace, Timestamp};

use crate::numbers::LaneNo;

/// A host, its line, and the time between two turns when that was last worked out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Host {
    pub(crate) lane: Lane,
    pub(crate) has_line: bool,
    /// The key in line of the job that went last.
    pub(crate) served: i64,
    pub(crate) gap: Duration,
}

/// Every host that was ever limited.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    hosts: HashMap<LaneNo, Host>,
    /// The lines, by the next turn.
    due: BTreeSet<(Timestamp, LaneNo)>,
    steps: u64,
}

impl Lanes {
    pub(crate) fn get(&self, lane: LaneNo) -> Option<&Host> {
        self.hosts.get(&lane)
    }

    /// The lines that may move by then, and at most so many of them.
    pub(crate) fn due(&mut self, by: Timestamp, most: usize) -> Vec<LaneNo> {
        let due: Vec<LaneNo> =
            self.due.iter().take(most).take_while(|(next, _)| *next <= by).map(|(_, lane)| *lane).collect();
        self.steps += due.len() as u64;
        due
    }

    pub(crate) fn next_turn(&self) -> Option<Timestamp> {
        self.due.first().map(|(next, _)| *next)
    }

    /// Notes how a host is now. The gap is worked out again only where something changed.
    pub(crate) fn keep(&mut self, lane: LaneNo, mut host: Host, pace: &Pace, now: Timestamp) {
        let before = self.hosts.get(&lane).cloned().unwrap_or_default();
        if before == host && self.hosts.contains_key(&lane) {
            return;
        }
        // The row is opened before anything is changed, and what runs is counted anew each time.
        let unchanged = Lane { running: host.lane.running, ..before.lane.clone() } == host.lane;
        if !unchanged || (before.has_line, before.served) != (host.has_line, host.served) {
            host.gap = host.lane.gap(pace, now);
        }
        self.steps += 1;
        if before.has_line {
            self.due.remove(&(before.lane.next_start, lane));
        }
        if host.has_line {
            self.due.insert((host.lane.next_start, lane));
        }
        self.hosts.insert(lane, host);
    }

    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }
}
