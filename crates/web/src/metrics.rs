//! The queue and this process in the Prometheus text format.

use std::fmt::{self, Display, Write};
use std::time::Duration;

use model::job::JobState;
use model::{FailureCode, Priority, Timestamp};
use store::{Pausable, PoolUse, Tally};

use crate::snapshot::Snapshot;
use crate::state::State;

/// How long the numbers of the queue are shown before they are looked up again: who asks often costs no more than that.
const FRESH: Duration = Duration::from_secs(5);

/// All numbers, as they are sent.
pub async fn page(state: &State) -> String {
    let mut page = Page::default();
    let mut snapshot = state.snapshot.lock().await;
    if snapshot.as_ref().is_none_or(|known| state.store.now().since(known.at) >= FRESH) {
        *snapshot = match Snapshot::take(&state.store, state.lease).await {
            Ok(snapshot) => Some(snapshot),
            Err(error) => {
                tracing::warn!(%error, "the numbers of the queue cannot be looked up now");
                None
            }
        };
    }
    page.database(snapshot.is_some(), state.store.pool_use());
    if let Some(snapshot) = &*snapshot {
        page.queue(snapshot);
    }
    drop(snapshot);
    page.process(state.store.tally(), state.started, state.version);
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn database(&mut self, is_up: bool, pool: PoolUse) {
        self.one("database_up", "gauge", "Whether the database answered just now.", u8::from(is_up));
        self.head("database_connections", "gauge", "Connections of this process to its database.");
        self.sample("database_connections", &[("state", "busy")], pool.busy);
        self.sample("database_connections", &[("state", "idle")], pool.idle);
    }

    fn queue(&mut self, snapshot: &Snapshot) {
        self.head("jobs", "gauge", "Live jobs.");
        for &state in JobState::ALL {
            for &priority in Priority::ALL {
                let found = snapshot.counts.iter().find(|count| (count.state, count.priority) == (state, priority));
                let labels = [("state", state.as_str()), ("priority", priority.as_str())];
                self.sample("jobs", &labels, found.map_or(0, |count| count.jobs));
            }
        }
        let ready =
            snapshot.counts.iter().filter(|count| count.state == JobState::Ready).map(|count| count.since).min();
        let age = ready.map_or(0.0, |since| snapshot.at.since(since).as_secs_f64());
        self.one("oldest_ready_seconds", "gauge", "How long the first ready job has been ready.", age);
        self.one("hosts_with_a_line", "gauge", "Hosts where jobs wait for their turn.", snapshot.lines);
        self.one("workers_alive", "gauge", "Workers that take any document.", snapshot.workers);
        self.head("pauses", "gauge", "Pauses that hold.");
        let of_hosts = snapshot.pauses.iter().filter(|pause| matches!(pause.what, Pausable::Lane(_))).count();
        self.sample("pauses", &[("kind", "workspace")], snapshot.pauses.len() - of_hosts);
        self.sample("pauses", &[("kind", "host")], of_hosts);
        self.head(
            "unexplained_documents",
            "gauge",
            "Documents that wait against the rules. More than none is a fault of Gleaner.",
        );
        for (kind, documents) in snapshot.unexplained.kinds() {
            self.sample("unexplained_documents", &[("kind", kind)], documents);
        }
    }

    fn process(&mut self, tally: &Tally, started: Timestamp, version: &str) {
        self.head("documents_finished_total", "counter", "Runs that ended in this process.");
        self.finished("completed", "", tally.completed());
        for &code in FailureCode::ALL {
            self.finished("failed", code.as_str(), tally.failed(code));
        }
        self.finished("cancelled", FailureCode::Cancelled.as_str(), tally.cancelled());
        let counters = [
            ("jobs_claimed_total", "Jobs that this process took to run.", tally.claimed()),
            ("attempts_retried_total", "Attempts that failed and are followed by another.", tally.retried()),
            ("runs_handed_back_total", "Runs given back when this process was asked to stop.", tally.handed_back()),
            ("settles_lost_total", "Runs whose job was cancelled or taken meanwhile; nothing was kept.", tally.lost()),
        ];
        for (name, help, value) in counters {
            self.one(name, "counter", help, value);
        }
        self.head("build_info", "gauge", "The version that runs.");
        self.sample("build_info", &[("version", version)], 1);
        let started = Duration::from_micros(u64::try_from(started.as_micros()).unwrap_or(0)).as_secs_f64();
        self.line(format_args!("# HELP process_start_time_seconds When this process started, in seconds since 1970."));
        self.line(format_args!("# TYPE process_start_time_seconds gauge"));
        self.line(format_args!("process_start_time_seconds {started}"));
    }

    fn finished(&mut self, outcome: &str, code: &str, runs: u64) {
        self.sample("documents_finished_total", &[("outcome", outcome), ("code", code)], runs);
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.sample(name, &[], value);
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP gleaner_{name} {help}"));
        self.line(format_args!("# TYPE gleaner_{name} {kind}"));
    }

    /// One value. Labels are words of ours, so nothing in them needs escaping.
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(label, word)| format!("{label}=\"{word}\"")).collect();
        match labels.as_slice() {
            [] => self.line(format_args!("gleaner_{name} {value}")),
            labels => self.line(format_args!("gleaner_{name}{{{}}} {value}", labels.join(","))),
        }
    }

    fn line(&mut self, text: fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.0, "{text}");
    }
}
