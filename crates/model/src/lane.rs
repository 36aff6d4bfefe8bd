//! Turns at a host: how far apart they are, who may have the next, and how a host that suffers is given rest. Pure.

use std::time::Duration;

use crate::Timestamp;

/// How fast one host may be asked. A delay of zero, where nothing else asks for one, switches delay and cap off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The least time between the starts of two requests.
    pub delay: Duration,
    /// The most documents of one host that run at once.
    pub concurrency: i64,
    /// The most that a Crawl-delay in robots.txt can stretch the delay to.
    pub crawl_delay_cap: Duration,
    /// The most requests to one host in a day, UTC; `None` for no limit.
    pub daily: Option<i64>,
}

/// How long before its time a turn may be given out, up to half the delay. A claim comes some milliseconds after the turn it
/// is for, and every later turn moves by those; a job that had to come back for them would lose its place in the line.
const EARLY: Duration = Duration::from_millis(500);
/// Each step of strain doubles the delay: at most 64 times.
const MOST_STRAIN: i64 = 6;
/// A strained host is asked no faster than this, doubled by each step, even where no delay is set.
const STRAINED_DELAY: Duration = Duration::from_millis(250);
/// How long a host must go without trouble for each step back.
const RELIEF: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_hours(24);

/// What is kept of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lane {
    /// What a connection to a provider has instead of the delay of hosts; neither robots.txt nor a day's budget concern it.
    pub own_delay: Option<Duration>,
    /// What robots.txt asks for.
    pub crawl_delay: Duration,
    /// The earliest instant at which the next request may start.
    pub next_start: Timestamp,
    /// About when the job that comes last in line has its turn.
    pub tail: Timestamp,
    /// How many jobs of the host run.
    pub running: i64,
    /// How often the delay was doubled when the host last showed strain.
    pub strain: i64,
    /// When that was.
    pub strained_at: Timestamp,
    /// The day of `spent`, counted from 1970 in UTC.
    pub day: i64,
    /// The requests of that day.
    pub spent: i64,
}

/// What a job may do at a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Run, and start the first request then: at once or in a moment.
    Run(Timestamp),
    /// Wait in line.
    Wait,
}

impl Pace {
    /// Whether a host without a line, a Crawl-delay, strain or a rest of its own has no limits.
    pub fn is_off(&self) -> bool {
        self.delay.is_zero() && self.daily.is_none()
    }

    /// How long before its time a turn may be looked for.
    pub fn early(&self) -> Duration {
        EARLY.min(self.delay / 2)
    }
}

impl Lane {
    /// The time between two turns now.
    pub fn gap(&self, pace: &Pace, now: Timestamp) -> Duration {
        let of_host = || pace.delay.max(self.crawl_delay.min(pace.crawl_delay_cap));
        let gap = self.own_delay.unwrap_or_else(of_host);
        match self.strain_at(now) {
            0 => gap,
            strain => gap.max(STRAINED_DELAY) * (1 << strain),
        }
    }

    /// Whether any number of requests may start now.
    pub fn is_unlimited(&self, pace: &Pace, now: Timestamp) -> bool {
        self.budget(pace).is_none() && self.gap(pace, now).is_zero() && self.next_start <= now
    }

    /// Gives out the next turn if it has come.
    pub fn take_turn(&mut self, pace: &Pace, now: Timestamp) -> Turn {
        let gap = self.gap(pace, now);
        let held = self.next_start > now;
        if gap.is_zero() && !held && self.has_budget(pace, now) {
            self.spend(now);
            return Turn::Run(now);
        }
        let start = self.next_start.max(now);
        let full = !gap.is_zero() && self.running >= pace.concurrency;
        if full {
            // Nobody knows when a place becomes free; looking again after a delay costs little.
            self.next_start = start.max(now.plus(gap));
        } else if !self.has_budget(pace, start) {
            self.next_start = Timestamp::from_micros(0).plus(DAY * u32::try_from(day(start) + 1).unwrap_or(u32::MAX));
        } else if start.since(now) <= EARLY.min(gap / 2) {
            self.running += 1;
            self.spend(start);
            self.next_start = start.plus(gap);
            return Turn::Run(start);
        }
        Turn::Wait
    }

    /// Puts one more job at the end of the line, and says about when its turn is.
    pub fn stand_in_line(&mut self, pace: &Pace, now: Timestamp) -> Timestamp {
        let turn = self.tail.max(self.next_start);
        self.tail = turn.plus(self.gap(pace, now));
        turn
    }

    /// The next turn for one more request of a job that runs already.
    pub fn reserve(&mut self, pace: &Pace, now: Timestamp) -> Timestamp {
        let turn = self.next_start.max(now);
        self.next_start = turn.plus(self.gap(pace, now));
        self.spend(turn);
        turn
    }

    /// Lets nobody ask before `until`.
    pub fn rest(&mut self, until: Timestamp) {
        self.next_start = self.next_start.max(until);
    }

    /// The host showed that it is asked too fast: the delay doubles, but not twice within one delay.
    pub fn show_strain(&mut self, pace: &Pace, now: Timestamp) {
        let strain = self.strain_at(now);
        if strain > 0 && now.since(self.strained_at) < self.gap(pace, now) {
            return;
        }
        self.strain = (strain + 1).min(MOST_STRAIN);
        self.strained_at = now;
        self.next_start = self.next_start.max(now.plus(self.gap(pace, now)));
    }

    /// The steps of strain that are left.
    pub fn strain_at(&self, now: Timestamp) -> i64 {
        let relieved = now.since(self.strained_at).as_micros() / RELIEF.as_micros();
        (self.strain - i64::try_from(relieved).unwrap_or(i64::MAX)).clamp(0, MOST_STRAIN)
    }

    fn has_budget(&self, pace: &Pace, at: Timestamp) -> bool {
        let spent = if day(at) > self.day { 0 } else { self.spent };
        self.budget(pace).is_none_or(|budget| spent < budget)
    }

    fn budget(&self, pace: &Pace) -> Option<i64> {
        pace.daily.filter(|_| self.own_delay.is_none())
    }

    fn spend(&mut self, at: Timestamp) {
        if day(at) > self.day {
            (self.day, self.spent) = (day(at), 0);
        }
        self.spent += 1;
    }
}

fn day(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(i64::try_from(DAY.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
