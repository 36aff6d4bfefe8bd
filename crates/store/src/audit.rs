//! The audit record: who decided what. Entries are added in the transaction that does what they tell.

use model::{Action, AuditEntry, AuditId, Subject, Timestamp, WorkspaceId};
use serde_json::Value;

use crate::backend::{Sql, Touched, run, statements};
use crate::columns::{id, json, word};
use crate::{Error, Read, Write};

statements! {
    ADD = Sql::same(
        "INSERT INTO audit (id, workspace_id, at, actor, action, subject, subject_id, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    // Ids grow with time.
    LATEST = Sql::same(
        "SELECT id, at, actor, action, subject, subject_id, detail FROM audit
         WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    );
}

/// Above every id.
const END: &str = "g";

/// Who acts, where and when.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Who.
    pub actor: &'a str,
    /// When.
    pub at: Timestamp,
}

impl Read {
    /// The latest entries of a workspace, the last one first; `before` goes on after a page.
    pub async fn audit(
        &mut self,
        workspace: WorkspaceId,
        before: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>, Error> {
        type Row = (String, i64, String, String, String, String, String);
        let before = before.map_or_else(|| END.to_owned(), |before| before.to_string());
        let rows: Vec<Row> =
            run!(&mut self.tx, query_as::<Row>(LATEST), [workspace.to_string(), &before, limit], fetch_all)?;
        let entry = |(entry, at, actor, action, subject, subject_id, detail): Row| {
            Ok(AuditEntry {
                id: id(&entry)?,
                at: Timestamp::from_micros(at),
                actor,
                action: word(&action)?,
                subject: word(&subject)?,
                subject_id,
                detail: json(&detail)?,
            })
        };
        rows.into_iter().map(entry).collect()
    }
}

impl Write {
    /// Writes down what was done.
    pub(crate) async fn note(
        &mut self,
        deed: Deed<'_>,
        action: Action,
        (subject, subject_id): (Subject, &str),
        detail: &Value,
    ) -> Result<(), Error> {
        let binds = (AuditId::new().to_string(), deed.workspace.to_string(), detail.to_string());
        let _: Touched = run!(
            &mut self.tx,
            query(ADD),
            [
                &binds.0,
                &binds.1,
                deed.at.as_micros(),
                deed.actor,
                action.as_str(),
                subject.as_str(),
                subject_id,
                &binds.2
            ],
            execute
        )?;
        Ok(())
    }
}
