//! What the owner of a workspace says of a site's pages.

use model::{Timestamp, WorkspaceId};

use crate::backend::{Sql, Touched, run, statements};
use crate::columns::json;
use crate::{Error, Read, Write};

/// CSS selectors for the pages of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The host, with the port where that is not the usual one.
    pub host: String,
    /// What is content; empty where the page itself is asked.
    pub keep: Vec<String>,
    /// What is not.
    pub drop: Vec<String>,
    /// When that was said.
    pub updated_at: Timestamp,
}

statements! {
    ONE = Sql::same("SELECT host, keep, leave_out, updated_at FROM sites WHERE workspace_id = $1 AND host = $2");
    ALL = Sql::same("SELECT host, keep, leave_out, updated_at FROM sites WHERE workspace_id = $1 ORDER BY host");
    SAY = Sql::same(
        "INSERT INTO sites (workspace_id, host, keep, leave_out, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace_id, host) DO UPDATE
         SET keep = excluded.keep, leave_out = excluded.leave_out, updated_at = excluded.updated_at"
    );
    FORGET = Sql::same("DELETE FROM sites WHERE workspace_id = $1 AND host = $2");
}

type Row = (String, String, String, i64);

fn site((host, keep, drop, updated_at): Row) -> Result<Site, Error> {
    Ok(Site { host, keep: json(&keep)?, drop: json(&drop)?, updated_at: Timestamp::from_micros(updated_at) })
}

impl Read {
    /// What was said of a host.
    pub async fn site(&mut self, workspace: WorkspaceId, host: &str) -> Result<Option<Site>, Error> {
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(ONE), [workspace.to_string(), host], fetch_optional)?;
        row.map(site).transpose()
    }

    /// Every host of which something was said, by name.
    pub async fn sites(&mut self, workspace: WorkspaceId) -> Result<Vec<Site>, Error> {
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(ALL), [workspace.to_string()], fetch_all)?;
        rows.into_iter().map(site).collect()
    }
}

impl Write {
    /// Keeps what is said of a host, instead of what was said before. Pages are read so from their next run on.
    pub async fn set_site(&mut self, workspace: WorkspaceId, site: &Site) -> Result<(), Error> {
        let list = |selectors: &[String]| serde_json::json!(selectors).to_string();
        let binds = (workspace.to_string(), list(&site.keep), list(&site.drop), site.updated_at.as_micros());
        let _: Touched = run!(&mut self.tx, query(SAY), [&binds.0, &site.host, &binds.1, &binds.2, binds.3], execute)?;
        Ok(())
    }

    /// Takes back what was said of a host, and says whether there was anything.
    pub async fn forget_site(&mut self, workspace: WorkspaceId, host: &str) -> Result<bool, Error> {
        let gone: Touched = run!(&mut self.tx, query(FORGET), [workspace.to_string(), host], execute)?;
        Ok(gone.0 == 1)
    }
}
