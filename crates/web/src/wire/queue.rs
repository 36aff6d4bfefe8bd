//! The queue of a workspace as it goes out.

use model::job::JobState;
use model::{Priority, Timestamp};
use serde::{Deserialize, Serialize};
use store::{LiveCount, Pausable};
use utoipa::ToSchema;

use crate::words::{PAUSED, PausedWord};

/// How the queue of the workspace stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// The live jobs by state.
    pub jobs: JobCounts,
    /// The same jobs by priority.
    pub priorities: PriorityCounts,
    /// When the waiting job was queued that has waited longest; null when none waits.
    #[schema(required = true, format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub oldest_waiting_since: Option<String>,
    /// The pauses that hold jobs of the workspace: its own, and those of hosts where jobs of it are held.
    pub pauses: Vec<Pause>,
    /// How many workers are alive, for all workspaces together.
    #[schema(minimum = 0, example = 2)]
    pub workers_alive: i64,
}

/// Live jobs by state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobCounts {
    /// May start now.
    #[schema(minimum = 0, example = 3)]
    pub ready: i64,
    /// May start from a stated instant on.
    #[schema(minimum = 0, example = 1)]
    pub delayed: i64,
    /// Wait for their host's turn.
    #[schema(minimum = 0, example = 40)]
    pub in_line: i64,
    /// Laid aside by a pause.
    #[schema(minimum = 0, example = 0)]
    pub held: i64,
    /// Run now.
    #[schema(minimum = 0, example = 8)]
    pub running: i64,
}

/// Live jobs by priority.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriorityCounts {
    /// Of calls that name few pages.
    #[schema(minimum = 0, example = 12)]
    pub interactive: i64,
    /// Of calls that name many.
    #[schema(minimum = 0, example = 40)]
    pub bulk: i64,
    /// By the calendar.
    #[schema(minimum = 0, example = 0)]
    pub scheduled: i64,
}

/// A pause: nothing under it starts; what ran when it began goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pause {
    /// Whether the workspace is paused or a host.
    #[schema(value_type = PausedWord)]
    pub kind: String,
    /// The host; null for a pause of the workspace.
    #[schema(required = true, example = json!(null))]
    pub host: Option<String>,
    /// Why, in the operator's words.
    #[schema(example = "we move the help center")]
    pub reason: String,
    /// Since when.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub since: String,
}

/// Why the workspace is paused.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct PauseRequest {
    /// A sentence that everybody sees who asks why a document waits.
    #[schema(min_length = 1, max_length = 500, example = "we move the help center")]
    reason: String,
}

impl Queue {
    /// The queue with these live jobs, pauses and workers.
    pub fn new(counts: &[LiveCount], pauses: Vec<store::Pause>, workers_alive: i64) -> Self {
        let (mut jobs, mut priorities) = (JobCounts::default(), PriorityCounts::default());
        for count in counts {
            *jobs.of(count.state) += count.jobs;
            *priorities.of(count.priority) += count.jobs;
        }
        let waiting = counts.iter().filter(|count| count.state != JobState::Running);
        Self {
            jobs,
            priorities,
            oldest_waiting_since: waiting.map(|count| count.oldest).min().map(|oldest: Timestamp| oldest.to_string()),
            pauses: pauses.into_iter().map(Pause::from).collect(),
            workers_alive,
        }
    }
}

impl JobCounts {
    fn of(&mut self, state: JobState) -> &mut i64 {
        match state {
            JobState::Ready => &mut self.ready,
            JobState::Delayed => &mut self.delayed,
            JobState::InLine => &mut self.in_line,
            JobState::Held => &mut self.held,
            JobState::Running => &mut self.running,
        }
    }
}

impl PriorityCounts {
    fn of(&mut self, priority: Priority) -> &mut i64 {
        match priority {
            Priority::Interactive => &mut self.interactive,
            Priority::Bulk => &mut self.bulk,
            Priority::Scheduled => &mut self.scheduled,
        }
    }
}

impl From<store::Pause> for Pause {
    fn from(pause: store::Pause) -> Self {
        let (kind, host) = match pause.what {
            Pausable::Workspace(_) => (PAUSED[0], None),
            Pausable::Lane(host) => (PAUSED[1], Some(host)),
        };
        Self { kind: kind.to_owned(), host, reason: pause.reason, since: pause.since.to_string() }
    }
}
