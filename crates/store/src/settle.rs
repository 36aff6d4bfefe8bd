//! The end of runs: texts, failures and put-offs of many jobs in one transaction, each fenced by its worker and attempt.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Failure, Job, Timestamp, WorkerId};
use serde_json::{Value, json};

use crate::backend::{Sql, Touched, over_rows, run, statements};
use crate::landing::{Landed, gone_row, is_landed};
use crate::revisions::Revision;
use crate::rows::rows;
use crate::settle_at_once;
use crate::settlement::{Again, Outcome, PutOff, Settlement};
use crate::{Change, Error, NewText, Store, Write};

/// The jobs that a worker's attempts hold, with their documents.
macro_rules! held {
    () => {
        "SELECT j.id, j.attempt, j.owner, d.revision FROM "
    };
    (join $is:literal) => {
        concat!("CROSS JOIN jobs j JOIN documents d ON d.id = ", $is, " WHERE ")
    };
    (tail) => {
        " AND j.attempt = CAST(r.value ->> 1 AS BIGINT) AND j.owner = r.value ->> 2
           AND j.document_id || '' = r.value ->> 3 AND j.workspace_id = r.value ->> 4
         ORDER BY d.workspace_id, d.source, d.external_id"
    };
}

statements! {
    // Documents are locked before their jobs and by their names, as queueing does it, so that nobody locks anybody out.
    HELD = Sql::split(
        concat!(held!(), "jsonb_each($1) AS r ", held!(join "j.document_id"), "j.id = r.value ->> 0", held!(tail)),
        concat!(
            held!(),
            "jsonb_array_elements(CAST($1 AS jsonb)) AS r(value) ",
            held!(join "ANY (ARRAY[j.document_id])"),
            "j.id = ANY (ARRAY[r.value ->> 0])",
            held!(tail),
            " FOR UPDATE OF d, j"
        ),
    );
    // What the fence would refuse. Only a test build can ask for it, to see its check fail.
    UNFENCED = over_rows!(
        "SELECT r.value ->> 0, CAST(r.value ->> 1 AS BIGINT), r.value ->> 2, d.revision FROM",
        "CROSS JOIN documents d WHERE d.id = r.value ->> 3"
    );
    COMPLETE = over_rows!(
        "UPDATE documents
         SET outcome = 'completed', error = '', last_job_id = r.value ->> 1, title = r.value ->> 2, title_folded = r.value ->> 3,
             mime_type = r.value ->> 4, storage_url = r.value ->> 5, language = r.value ->> 6, updated_at = $2,
             revision = revision + CAST(r.value ->> 7 AS BIGINT),
             old_revision = CASE WHEN r.value ->> 8 = 'material' THEN revision ELSE old_revision END,
             changed = changed OR r.value ->> 8 = 'material',
             etag = r.value ->> 10, last_modified = r.value ->> 11, read_as = r.value ->> 12, gone_since = NULL,
             text_bytes = CASE WHEN CAST(r.value ->> 7 AS BIGINT) = 1 THEN CAST(r.value ->> 9 AS BIGINT) ELSE text_bytes END,
             old_text_bytes = CASE WHEN r.value ->> 8 = 'material' THEN text_bytes ELSE old_text_bytes END
         FROM",
        "WHERE documents.id = r.value ->> 0"
    );
    // What is still the known version has the known text.
    CONFIRM = over_rows!(
        "UPDATE documents SET outcome = 'completed', error = '', last_job_id = r.value ->> 1, updated_at = $2, gone_since = NULL FROM",
        "WHERE documents.id = r.value ->> 0"
    );
    FAIL = over_rows!(
        "UPDATE documents
         SET outcome = 'failed', error = r.value ->> 2, last_job_id = r.value ->> 1, updated_at = $2,
             gone_since = CASE WHEN r.value ->> 3 IS NULL THEN gone_since ELSE COALESCE(gone_since, $2) END
         FROM",
        "WHERE documents.id = r.value ->> 0"
    );
}

/// A job, an attempt and its worker.
type Hold = (String, i64, String);

impl Store {
    /// Settles a run, in one transaction with those that end at the same time. [`Error::Lost`] when the worker's attempt no
    /// longer holds the job: then nothing is kept.
    pub async fn settle(&self, worker: WorkerId, settlement: Settlement) -> Result<(), Error> {
        let (store, weight) = (self.clone(), settlement.weight());
        let settle = move |group| store.clone().settle_group(group);
        let held = self.desks.settling.ask((worker, settlement), weight, settle).await?;
        if held { Ok(()) } else { Err(Error::Lost) }
    }

    async fn settle_group(self, group: Vec<(WorkerId, Settlement)>) -> Result<Vec<bool>, Error> {
        let held = if let Some(list) = settle_at_once::list(&self.pools, &group)? {
            model::faults::reach("settle.before_commit");
            self.settle_at_once(&group, &list, self.now()).await?
        } else {
            let mut write = self.write().await?;
            let held = write.settle(&group, self.now()).await?;
            model::faults::reach("settle.before_commit");
            write.commit().await?;
            held
        };
        model::faults::reach("settle.after_commit");
        group.iter().zip(&held).for_each(|((_, settlement), held)| settlement.note(*held, &self.tally));
        Ok(held)
    }
}

/// A job that is held: its id, attempt and worker, and the number of the document's text.
type Held = (String, i64, String, i64);

impl Write {
    /// Settles runs, and says for each whether its worker still held the job. Of those that were lost nothing is kept.
    pub async fn settle(&mut self, settlements: &[(WorkerId, Settlement)], now: Timestamp) -> Result<Vec<bool>, Error> {
        let mut held = self.held(settlements).await?;
        let (mut sorted, mut answers) = (Sorted::default(), Vec::with_capacity(settlements.len()));
        for (worker, settlement) in settlements {
            // A run that is settled twice in one group, by its worker and by who gave it up, is settled once. An earlier attempt
            // of the same job may be in the group too, and does not hold it.
            let Job { id, attempt, .. } = settlement.job;
            let revision = held.remove(&(id.to_string(), attempt, worker.to_string()));
            answers.push(revision.is_some());
            if let Some(revision) = revision {
                sorted.add(settlement, revision)?;
            }
        }
        self.write_down(sorted, now).await?;
        Ok(answers)
    }

    /// Which of the jobs their workers hold, with the number of the document's text. They stay locked.
    async fn held(&mut self, settlements: &[(WorkerId, Settlement)]) -> Result<HashMap<Hold, i64>, Error> {
        let fence = rows(settlements.iter().map(|(worker, Settlement { job, .. })| {
            let (document, workspace) = (job.document.to_string(), job.workspace.to_string());
            json!([job.id.to_string(), job.attempt, worker.to_string(), document, workspace])
        }));
        let sql = if model::faults::is_on("fence.off") { UNFENCED } else { HELD };
        let held: Vec<Held> = run!(&mut self.tx, query_as::<Held>(sql), [&fence], fetch_all)?;
        Ok(held.into_iter().map(|(job, attempt, owner, revision)| ((job, attempt, owner), revision)).collect())
    }

    async fn write_down(&mut self, sorted: Sorted<'_>, now: Timestamp) -> Result<(), Error> {
        let micros = now.as_micros();
        if !sorted.completed.is_empty() {
            let completed = rows(sorted.completed);
            let _: Touched = run!(&mut self.tx, query(COMPLETE), [&completed, micros], execute)?;
        }
        if !sorted.revisions.is_empty() {
            self.add_revisions(sorted.revisions, micros).await?;
        }
        if !sorted.landed.is_empty() {
            self.land(sorted.landed, now).await?;
        }
        if !sorted.unchanged.is_empty() {
            let _: Touched = run!(&mut self.tx, query(CONFIRM), [&rows(sorted.unchanged), micros], execute)?;
        }
        if !sorted.back.is_empty() {
            self.take_back_withdrawals(&rows(sorted.back), now).await?;
        }
        if !sorted.failed.is_empty() {
            self.fail_documents(&rows(sorted.failed), now).await?;
        }
        if !sorted.gone.is_empty() {
            let gone = rows(sorted.gone);
            self.fail_documents(&gone, now).await?;
            self.propose_withdrawals(&gone, now).await?;
        }
        if !sorted.again.is_empty() {
            self.put_off(&rows(sorted.again), now).await?;
        }
        if !sorted.ended.is_empty() {
            self.end(&rows(sorted.ended), now).await?;
        }
        Ok(())
    }

    /// Notes that the latest run of documents failed: `[document, job, error]`.
    pub(crate) async fn fail_documents(&mut self, failed: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(FAIL), [failed, now.as_micros()], execute)?;
        Ok(())
    }

    /// Ends a job with text. [`Error::Lost`] when the worker's attempt no longer holds the job: then nothing is written.
    pub async fn complete(
        &mut self,
        job: &Job,
        worker: WorkerId,
        text: &NewText,
        change: Change,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.settle_one(job, worker, Outcome::Text(Arc::new(text.clone()), change), now).await
    }

    /// Ends a job with a failure; the last good text stays.
    pub async fn fail(&mut self, job: &Job, worker: WorkerId, failure: &Failure, now: Timestamp) -> Result<(), Error> {
        self.settle_one(job, worker, Outcome::Failed(failure.clone()), now).await
    }

    /// Lets a job wait and run again.
    pub async fn run_again(&mut self, job: &Job, worker: WorkerId, again: Again, now: Timestamp) -> Result<(), Error> {
        self.settle_one(job, worker, Outcome::Again(again), now).await
    }

    async fn settle_one(&mut self, job: &Job, worker: WorkerId, outcome: Outcome, now: Timestamp) -> Result<(), Error> {
        let held = self.settle(&[(worker, Settlement { job: job.clone(), outcome })], now).await?;
        if held == [true] { Ok(()) } else { Err(Error::Lost) }
    }
}

/// The rows of each statement.
#[derive(Default)]
struct Sorted<'a> {
    completed: Vec<Value>,
    revisions: Vec<Revision<'a>>,
    landed: Vec<Landed>,
    unchanged: Vec<Value>,
    /// Documents that their sources have.
    back: Vec<Value>,
    gone: Vec<Value>,
    failed: Vec<Value>,
    again: Vec<Value>,
    ended: Vec<Value>,
}

impl<'a> Sorted<'a> {
    fn add(&mut self, settlement: &'a Settlement, revision: i64) -> Result<(), Error> {
        let Settlement { job, outcome } = settlement;
        let (id, document) = (job.id.to_string(), job.document.to_string());
        match outcome {
            Outcome::Text(text, change) => self.text(job, text, *change, revision),
            Outcome::Landed(text, change, landing) => {
                self.text(job, text, *change, revision);
                if is_landed(*change) {
                    self.landed.push(landing.rows(job, text)?);
                }
            }
            Outcome::Unchanged => {
                self.back.push(json!([document]));
                self.unchanged.push(json!([document, id]));
                self.ended.push(json!([id, "completed", ""]));
            }
            Outcome::Gone(failure, after) => {
                self.gone.push(Value::from(gone_row(&document, &id, failure, *after)));
                self.ended.push(json!([id, "failed", failure.to_string()]));
            }
            Outcome::Failed(failure) => {
                let error = failure.to_string();
                self.failed.push(json!([document, id, error]));
                self.ended.push(json!([id, "failed", error]));
            }
            Outcome::Again(again) => self.put_off(&id, &again.put_off()),
            Outcome::Lost(lost) => self.put_off(&id, &lost.put_off()),
        }
        Ok(())
    }

    fn text(&mut self, job: &Job, text: &'a NewText, change: Change, revision: i64) {
        let (id, document) = (job.id.to_string(), job.document.to_string());
        self.back.push(json!([document]));
        let step = i64::from(change != Change::None);
        let folded = text.title.to_lowercase();
        let folded = (folded != text.title).then_some(folded);
        let (blob, change_word) = (text.blob.url(), if change == Change::Material { "material" } else { "" });
        self.completed.push(json!([
            document,
            id,
            text.title,
            folded,
            text.mime_type,
            blob,
            text.language,
            step,
            change_word,
            text.bytes(),
            text.etag,
            text.last_modified,
            text.read_as
        ]));
        self.ended.push(json!([id, "completed", ""]));
        if step == 1 {
            let (workspace, number) = (job.workspace.to_string(), revision + 1);
            self.revisions.push(Revision { workspace, document, job: id, number, text });
        }
    }

    fn put_off(&mut self, id: &str, put_off: &PutOff<'_>) {
        let PutOff { at, code, why, taken_back, added, suspicion } = put_off;
        self.again.push(json!([id, at, code, why, taken_back, added, suspicion]));
    }
}
