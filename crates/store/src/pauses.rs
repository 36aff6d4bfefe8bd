//! Pauses: an operator's word that a workspace or a host be left alone for now. Jobs are laid aside as claims meet them.

use model::{Timestamp, WorkspaceId};

use crate::backend::{Sql, Touched, run, statements};
use crate::{Error, Read, Store, Write};

/// What can be paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pausable {
    /// All of a workspace.
    Workspace(WorkspaceId),
    /// A host, in every workspace.
    Lane(String),
}

/// A pause that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// What is paused.
    pub what: Pausable,
    /// Why, in the operator's words.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
}

statements! {
    BEGIN = Sql::same(
        "INSERT INTO pauses (kind, name, reason, since) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, name) DO UPDATE
         SET reason = excluded.reason, since = CASE WHEN pauses.ending THEN excluded.since ELSE pauses.since END,
             ending = FALSE"
    );
    END = Sql::same("UPDATE pauses SET ending = TRUE WHERE kind = $1 AND name = $2 AND NOT ending");
    ENDING = Sql::same("SELECT kind, name FROM pauses WHERE ending");
    // One at a time takes the jobs of a pause up again.
    STILL_ENDING = Sql::split(
        "SELECT kind FROM pauses WHERE kind = $1 AND name = $2 AND ending",
        "SELECT kind FROM pauses WHERE kind = $1 AND name = $2 AND ending FOR UPDATE",
    );
    FORGET = Sql::same("DELETE FROM pauses WHERE kind = $1 AND name = $2 AND ending");
    ALL = Sql::same("SELECT kind, name, reason, since FROM pauses WHERE NOT ending ORDER BY kind, name");
}

const LANE: &str = "lane";
const WORKSPACE: &str = "workspace";

impl Pausable {
    fn kind(&self) -> &'static str {
        match self {
            Self::Workspace(_) => WORKSPACE,
            Self::Lane(_) => LANE,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Workspace(workspace) => workspace.to_string(),
            Self::Lane(lane) => lane.clone(),
        }
    }
}

impl Read {
    /// Every pause that holds.
    pub async fn pauses(&mut self) -> Result<Vec<Pause>, Error> {
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(ALL), [], fetch_all)?;
        rows.into_iter().map(pause).collect()
    }
}

/// Kind, name, reason and beginning of a pause.
pub(crate) type Row = (String, String, String, i64);

pub(crate) fn pause((kind, name, reason, since): Row) -> Result<Pause, Error> {
    let what = if kind == LANE { Pausable::Lane(name) } else { Pausable::Workspace(crate::columns::id(&name)?) };
    Ok(Pause { what, reason, since: Timestamp::from_micros(since) })
}

impl Write {
    /// Lets nothing of it start from now on; what runs goes on. A second pause changes the reason alone.
    pub async fn pause(&mut self, what: &Pausable, reason: &str, now: Timestamp) -> Result<(), Error> {
        let binds = (what.kind(), what.name(), now.as_micros());
        let _: Touched = run!(&mut self.tx, query(BEGIN), [binds.0, &binds.1, reason, binds.2], execute)?;
        Ok(())
    }

    /// Ends a pause, and says whether there was one. [`Store::release_held`] brings its jobs back.
    pub async fn resume(&mut self, what: &Pausable) -> Result<bool, Error> {
        let ended: Touched = run!(&mut self.tx, query(END), [what.kind(), &what.name()], execute)?;
        Ok(ended.0 == 1)
    }
}

impl Store {
    /// Takes the jobs up again that ended pauses have laid aside, some in each transaction; says how many. Whoever is stopped
    /// in the middle leaves the rest to the next.
    pub async fn release_held(&self) -> Result<u64, Error> {
        let mut read = self.glance().await?;
        let ending: Vec<(String, String)> = run!(&mut read.tx, query_as::<(String, String)>(ENDING), [], fetch_all)?;
        drop(read);
        let mut released = 0;
        for (kind, name) in ending {
            loop {
                let mut write = self.write().await?;
                let ending: Vec<(String,)> =
                    run!(&mut write.tx, query_as::<(String,)>(STILL_ENDING), [&kind, &name], fetch_all)?;
                if ending.is_empty() {
                    break;
                }
                let some = write.release(kind == LANE, &name, self.now()).await?;
                if some == 0 {
                    let _: Touched = run!(&mut write.tx, query(FORGET), [&kind, &name], execute)?;
                }
                write.commit().await?;
                released += some;
                if some == 0 {
                    break;
                }
            }
        }
        Ok(released)
    }
}
