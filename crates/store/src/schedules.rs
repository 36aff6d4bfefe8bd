//! Schedules: who refreshes what by itself, and whose round it is.

use std::time::Duration;

use model::{Coverage, DocumentId, Schedule, ScheduleId, Timestamp, WorkspaceId};

use crate::backend::{Sql, Touched, run, statements};
use crate::by_place::by_place;
use crate::columns::{id, word};
use crate::{Error, Read, Write};

/// How many are due that one look shows.
const MOST_DUE: i64 = 20;

statements! {
    ALL = Sql::same(
        "SELECT id, workspace_id, scope, every, next_at, last_at, last_queued, created_at FROM schedules
         WHERE workspace_id = $1 ORDER BY created_at, id"
    );
    DUE = Sql::same(
        "SELECT id, workspace_id, scope, every, next_at, last_at, last_queued, created_at FROM schedules
         WHERE next_at <= $1 ORDER BY next_at LIMIT $2"
    );
    SET = Sql::same(
        "INSERT INTO schedules (id, workspace_id, scope, every, next_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace_id, scope) DO UPDATE SET every = excluded.every, next_at = excluded.next_at"
    );
    OWNER = Sql::same("SELECT workspace_id FROM schedules WHERE id = $1");
    REMOVE = Sql::same("DELETE FROM schedules WHERE workspace_id = $1 AND id = $2");
    // Two that see it due: one gets it.
    TAKE = Sql::same("UPDATE schedules SET next_at = $3 WHERE id = $1 AND next_at = $2");
    DONE = Sql::same(
        "UPDATE schedules SET next_at = $3, last_at = $4, last_queued = $5 WHERE id = $1 AND next_at = $2"
    );
    // Whose run is under way is not queued again, so that no round overlaps the one before.
    MEMBERS = Sql::same(
        "SELECT d.id FROM documents d
         WHERE d.workspace_id = $1 AND d.id > $2 AND d.source <> 'files' AND (CAST($3 AS TEXT) IS NULL OR d.source = $3)
           AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.document_id = d.id)
         ORDER BY d.id LIMIT $4"
    );
    MEMBER = Sql::same(
        "SELECT d.id FROM documents d
         WHERE d.workspace_id = $1 AND d.id = $2 AND d.source <> 'files'
           AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.document_id = d.id)"
    );
}

by_place! {
    struct Row {
        id: String,
        workspace: String,
        scope: String,
        every: i64,
        next_at: i64,
        last_at: Option<i64>,
        last_queued: i64,
        created_at: i64,
    }
}

fn scope_word(scope: Coverage) -> String {
    match scope {
        Coverage::All => "all".to_owned(),
        Coverage::Source(source) => format!("source:{source}"),
        Coverage::Document(document) => format!("document:{document}"),
    }
}

fn scope(text: &str) -> Result<Coverage, Error> {
    match text.split_once(':') {
        None if text == "all" => Ok(Coverage::All),
        Some(("source", source)) => word(source).map(Coverage::Source),
        Some(("document", document)) => id(document).map(Coverage::Document),
        _ => Err(Error::Corrupt(format!("{text:?} is no scope of a schedule"))),
    }
}

impl Read {
    /// The schedules of a workspace, oldest first.
    pub async fn schedules(&mut self, workspace: WorkspaceId) -> Result<Vec<Schedule>, Error> {
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(ALL), [workspace.to_string()], fetch_all)?;
        rows.into_iter().map(|row| row.schedule().map(|(_, schedule)| schedule)).collect()
    }

    /// The workspace that owns a schedule.
    pub async fn schedule_owner(&mut self, schedule: ScheduleId) -> Result<Option<WorkspaceId>, Error> {
        let row: Option<(String,)> =
            run!(&mut self.tx, query_as::<(String,)>(OWNER), [schedule.to_string()], fetch_optional)?;
        row.map(|(workspace,)| id(&workspace)).transpose()
    }

    /// Some of those whose round is due, of every workspace.
    pub async fn due_schedules(&mut self, now: Timestamp) -> Result<Vec<(WorkspaceId, Schedule)>, Error> {
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(DUE), [now.as_micros(), MOST_DUE], fetch_all)?;
        rows.into_iter().map(Row::schedule).collect()
    }

    /// Documents of a scope that have no live job, in the order of their ids, behind the one named.
    pub async fn scheduled_documents(
        &mut self,
        workspace: WorkspaceId,
        scope: Coverage,
        behind: Option<DocumentId>,
        limit: i64,
    ) -> Result<Vec<DocumentId>, Error> {
        let workspace = workspace.to_string();
        let behind = behind.map(|behind| behind.to_string()).unwrap_or_default();
        let rows: Vec<(String,)> = match scope {
            Coverage::Document(_) if !behind.is_empty() => Vec::new(),
            Coverage::Document(document) => {
                run!(&mut self.tx, query_as::<(String,)>(MEMBER), [&workspace, document.to_string()], fetch_all)?
            }
            Coverage::All | Coverage::Source(_) => {
                let source = if let Coverage::Source(source) = scope { Some(source.as_str()) } else { None };
                run!(&mut self.tx, query_as::<(String,)>(MEMBERS), [&workspace, &behind, source, limit], fetch_all)?
            }
        };
        rows.iter().map(|(document,)| id(document)).collect()
    }
}

impl Write {
    /// Keeps a schedule, instead of the one of the same scope.
    pub async fn set_schedule(&mut self, workspace: WorkspaceId, schedule: &Schedule) -> Result<(), Error> {
        let every = i64::try_from(schedule.every.as_micros()).unwrap_or(i64::MAX);
        let binds = (schedule.id.to_string(), workspace.to_string(), scope_word(schedule.scope));
        let _: Touched = run!(
            &mut self.tx,
            query(SET),
            [&binds.0, &binds.1, &binds.2, every, schedule.next_at.as_micros(), schedule.created_at.as_micros()],
            execute
        )?;
        Ok(())
    }

    /// Removes a schedule, and says whether there was such a one.
    pub async fn remove_schedule(&mut self, workspace: WorkspaceId, schedule: ScheduleId) -> Result<bool, Error> {
        let binds = (workspace.to_string(), schedule.to_string());
        let removed: Touched = run!(&mut self.tx, query(REMOVE), [&binds.0, &binds.1], execute)?;
        Ok(removed.0 == 1)
    }

    /// Takes a round that is due; says whether it was still there to be taken. Who takes one and dies leaves it due again at
    /// `until`.
    pub async fn take_round(&mut self, due: &Schedule, until: Timestamp) -> Result<bool, Error> {
        let binds = (due.id.to_string(), due.next_at.as_micros(), until.as_micros());
        let taken: Touched = run!(&mut self.tx, query(TAKE), [&binds.0, binds.1, binds.2], execute)?;
        Ok(taken.0 == 1)
    }

    /// Ends a round that was taken until then, and says how many documents it queued.
    pub async fn end_round(
        &mut self,
        taken: &Schedule,
        until: Timestamp,
        queued: i64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let binds = (taken.id.to_string(), until.as_micros(), taken.after(now).as_micros(), now.as_micros());
        let _: Touched = run!(&mut self.tx, query(DONE), [&binds.0, binds.1, binds.2, binds.3, queued], execute)?;
        Ok(())
    }
}

impl Row {
    fn schedule(self) -> Result<(WorkspaceId, Schedule), Error> {
        let schedule = Schedule {
            id: id(&self.id)?,
            scope: scope(&self.scope)?,
            every: Duration::from_micros(self.every.unsigned_abs()),
            next_at: Timestamp::from_micros(self.next_at),
            last_at: self.last_at.map(Timestamp::from_micros),
            last_queued: self.last_queued,
            created_at: Timestamp::from_micros(self.created_at),
        };
        Ok((id(&self.workspace)?, schedule))
    }
}
