//! Cancelling: jobs end where they stand.

use model::Timestamp;

use crate::documents::Outcome;
use crate::jobs::Row;
use crate::numbers::{DocumentNo, JobNo, LaneNo, WorkspaceNo};
use crate::queue::Queue;

/// Which jobs of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one of that document.
    Document(DocumentNo),
    /// Every one at a host.
    Lane(LaneNo),
    /// Every one.
    All,
}

impl Queue {
    /// Ends jobs, waiting and running ones, with an error that says why; says how many.
    pub fn cancel(&mut self, workspace: WorkspaceNo, which: Which, error: &str, now: Timestamp) -> usize {
        let is_meant = |row: &Row| match which {
            Which::Document(document) => row.document == document,
            Which::Lane(lane) => row.lane == lane,
            Which::All => true,
        };
        let meant = |(job, row): (JobNo, &Row)| (row.workspace == workspace && is_meant(row)).then_some(job);
        let jobs: Vec<JobNo> = self.jobs.all().filter_map(meant).collect();
        for job in &jobs {
            self.end(*job, Outcome::Failed, error, now);
        }
        jobs.len()
    }
}
