//! What is forgotten, and when.

use std::time::Duration;

use model::{JobId, Timestamp};

use crate::backend::{Sql, Touched, run, statements};
use crate::{Error, Write};

/// How long an idempotency key is kept.
pub(crate) const IDEMPOTENCY_LIFETIME: Duration = Duration::from_hours(24);
/// How long a silent worker is remembered: longer than anybody asks whether one is alive.
const WORKER_LIFETIME: Duration = Duration::from_hours(1);

/// How long finished work is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// The history of jobs.
    pub history: Duration,
}

statements! {
    // A job that ended before then was made before then, and ids grow with time.
    OLD_HISTORY = Sql::same("DELETE FROM job_history WHERE id < $2 AND finished_at < $1");
    OLD_KEYS = Sql::same("DELETE FROM idempotency_keys WHERE created_at < $1");
    OLD_WORKERS = Sql::same("DELETE FROM workers WHERE seen_at < $1");
    OLD_ROBOTS = Sql::same("DELETE FROM robots WHERE expires_at < $1");
}

impl Write {
    /// Deletes what nobody needs any more.
    pub async fn sweep(&mut self, retention: &Retention, now: Timestamp) -> Result<(), Error> {
        let cuts =
            [(OLD_KEYS, now.minus(IDEMPOTENCY_LIFETIME)), (OLD_WORKERS, now.minus(WORKER_LIFETIME)), (OLD_ROBOTS, now)];
        let cut = now.minus(retention.history);
        let first_id = JobId::first_of(cut).to_string();
        let _: Touched = run!(&mut self.tx, query(OLD_HISTORY), [cut.as_micros(), &first_id], execute)?;
        self.forget_syncs(cut).await?;
        for (sql, cut) in cuts {
            let _: Touched = run!(&mut self.tx, query(sql), [cut.as_micros()], execute)?;
        }
        Ok(())
    }
}
