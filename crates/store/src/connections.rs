//! Connections to providers: what they lead to, in the open, and what proves that we may read there, sealed.

use std::time::Duration;

use model::{Connection, ConnectionId, Sealed, Source, Timestamp, WorkspaceId};

use crate::backend::{Sql, Touched, run, statements};
use crate::columns::{id, json};
use crate::vault::SealedBytes;
use crate::{Error, Read, Store, Write};

statements! {
    OF_WORKSPACE = Sql::same(
        "SELECT id, workspace_id, account, proof, problem, created_at, updated_at
         FROM connections WHERE workspace_id = $1 ORDER BY provider"
    );
    OF_PROVIDER = Sql::same(
        "SELECT id, workspace_id, account, proof, problem, created_at, updated_at
         FROM connections WHERE workspace_id = $1 AND provider = $2"
    );
    ONE = Sql::same(
        "SELECT id, workspace_id, account, proof, problem, created_at, updated_at FROM connections WHERE id = $1"
    );
    // Whoever connects again keeps the id, and with it the lane.
    CONNECT = Sql::same(
        "INSERT INTO connections (id, workspace_id, provider, account, proof, key_id, sealed, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         ON CONFLICT (id) DO UPDATE
         SET account = excluded.account, proof = excluded.proof, problem = '', key_id = excluded.key_id,
             sealed = excluded.sealed, version = connections.version + 1, renewer = NULL, renewing_until = 0,
             updated_at = excluded.updated_at"
    );
    DISCONNECT = Sql::same("DELETE FROM connections WHERE id = $1");
    NOTE = Sql::same("UPDATE connections SET problem = $2, updated_at = $3 WHERE id = $1 AND problem <> $2");
    SEALED = Sql::same("SELECT workspace_id, key_id, sealed, version FROM connections WHERE id = $1");
    BEGIN_RENEWAL = Sql::same(
        "UPDATE connections SET renewer = $3, renewing_until = $4 WHERE id = $1 AND version = $2 AND renewer IS NULL"
    );
    // Nobody knows what came of the renewal before: its process was lost, or the answer to it.
    TAKE_OVER_RENEWAL = Sql::same(
        "UPDATE connections SET renewer = $3, renewing_until = $4 WHERE id = $1 AND version = $2 AND renewing_until < $5"
    );
    KEEP_RENEWAL = Sql::same(
        "UPDATE connections SET renewing_until = $4 WHERE id = $1 AND version = $2 AND renewer = $3"
    );
    // Whoever brings the first pair is welcome, even when he was given up: the provider may take no other one any more.
    RENEW = Sql::same(
        "UPDATE connections SET key_id = $3, sealed = $4, version = version + 1, renewer = NULL, renewing_until = 0, problem = ''
         WHERE id = $1 AND version = $2"
    );
    END_RENEWAL = Sql::same(
        "UPDATE connections SET renewer = NULL, renewing_until = 0 WHERE id = $1 AND version = $2 AND renewer = $3"
    );
    LEAVE_RENEWAL = Sql::same(
        "UPDATE connections SET renewing_until = 0 WHERE id = $1 AND version = $2 AND renewer = $3"
    );
}

/// What is sealed of a connection, and which of the pairs it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The credentials and the latest grant.
    pub sealed: Sealed,
    /// How often it was replaced.
    pub version: i64,
}

/// The right to get new tokens for a connection, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    connection: ConnectionId,
    version: i64,
    by: String,
    /// Whether nobody knows what came of the renewal before: the provider may have answered it, and ended the old tokens.
    pub is_taken_over: bool,
}

type Row = (String, String, String, String, String, i64, i64);

fn connection((id_, workspace, account, proof, problem, created_at, updated_at): Row) -> Result<Connection, Error> {
    Ok(Connection {
        id: id(&id_)?,
        workspace: id(&workspace)?,
        account: json(&account)?,
        proof,
        problem,
        created_at: Timestamp::from_micros(created_at),
        updated_at: Timestamp::from_micros(updated_at),
    })
}

/// What the sealed bytes are bound to: moved to another row, they do not open.
fn place(workspace: &str, connection: ConnectionId) -> String {
    format!("connection/{workspace}/{connection}")
}

impl Read {
    /// The connections of a workspace, by provider.
    pub async fn connections(&mut self, workspace: WorkspaceId) -> Result<Vec<Connection>, Error> {
        let rows: Vec<Row> = run!(&mut self.tx, query_as::<Row>(OF_WORKSPACE), [workspace.to_string()], fetch_all)?;
        rows.into_iter().map(connection).collect()
    }

    /// The connection of a workspace to a provider.
    pub async fn connection_to(
        &mut self,
        workspace: WorkspaceId,
        provider: Source,
    ) -> Result<Option<Connection>, Error> {
        let binds = (workspace.to_string(), provider.as_str());
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(OF_PROVIDER), [&binds.0, binds.1], fetch_optional)?;
        row.map(connection).transpose()
    }

    /// A connection, whoever owns it.
    pub async fn connection(&mut self, connection_: ConnectionId) -> Result<Option<Connection>, Error> {
        let row: Option<Row> = run!(&mut self.tx, query_as::<Row>(ONE), [connection_.to_string()], fetch_optional)?;
        row.map(connection).transpose()
    }
}

impl Write {
    /// Keeps a connection with its secrets, instead of what was kept under its id, and gives its lane its pace. Refused with
    /// [`Error::Conflict`] where the workspace has another one to the same provider.
    pub async fn connect(&mut self, connection: &Connection, sealed: &Sealed, delay: Duration) -> Result<(), Error> {
        let (workspace, id) = (connection.workspace.to_string(), connection.id.to_string());
        let kept = self.seal(&place(&workspace, connection.id), sealed)?;
        let account = text_of(&connection.account)?;
        let provider = connection.provider().as_str();
        let at = connection.updated_at.as_micros();
        let _: Touched = run!(
            &mut self.tx,
            query(CONNECT),
            [&id, &workspace, provider, &account, &connection.proof, &kept.key, &kept.bytes, at],
            execute
        )?;
        let delay = if model::faults::is_on("limiter.off") { Duration::ZERO } else { delay };
        self.set_own_delay(&connection.lane(), delay).await
    }

    /// Forgets a connection and its secrets, and says whether there was one.
    pub async fn disconnect(&mut self, connection: ConnectionId) -> Result<bool, Error> {
        let gone: Touched = run!(&mut self.tx, query(DISCONNECT), [connection.to_string()], execute)?;
        Ok(gone.0 == 1)
    }

    /// Keeps what a provider said against a connection; empty when it works again.
    pub async fn note_problem(&mut self, connection: ConnectionId, problem: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(NOTE), [connection.to_string(), problem, now.as_micros()], execute)?;
        Ok(())
    }

    fn seal(&self, place: &str, sealed: &Sealed) -> Result<SealedBytes, Error> {
        self.vault.seal(place, text_of(sealed)?.as_bytes())
    }
}

impl Store {
    /// The secrets of a connection; `None` where it is gone.
    pub async fn open_secrets(&self, connection: ConnectionId) -> Result<Option<Opened>, Error> {
        type Row = (String, String, Vec<u8>, i64);
        let mut read = self.glance().await?;
        let row: Option<Row> = run!(&mut read.tx, query_as::<Row>(SEALED), [connection.to_string()], fetch_optional)?;
        let Some((workspace, key, bytes, version)) = row else { return Ok(None) };
        let open = self.vault.open(&place(&workspace, connection), &SealedBytes { key, bytes })?;
        let sealed = serde_json::from_slice(&open)
            .map_err(|_| Error::Corrupt("what was sealed of a connection is not understood".to_owned()))?;
        Ok(Some(Opened { sealed, version }))
    }

    /// Takes the right to renew what was opened, for so long; `None` while somebody else has it, or has renewed it already.
    pub async fn begin_renewal(
        &self,
        connection: ConnectionId,
        version: i64,
        lasting: Duration,
    ) -> Result<Option<Renewal>, Error> {
        let (id, by, now) = (connection.to_string(), model::JobId::new().to_string(), self.now());
        let until = now.plus(lasting).as_micros();
        let mut write = self.write().await?;
        let begun: Touched = run!(&mut write.tx, query(BEGIN_RENEWAL), [&id, version, &by, until], execute)?;
        let is_taken_over = begun.0 == 0 && {
            let binds = [until, now.as_micros()];
            let taken: Touched =
                run!(&mut write.tx, query(TAKE_OVER_RENEWAL), [&id, version, &by, binds[0], binds[1]], execute)?;
            taken.0 == 1
        };
        write.commit().await?;
        Ok((begun.0 == 1 || is_taken_over).then_some(Renewal { connection, version, by, is_taken_over }))
    }

    /// Keeps the right for so long from now. False where it was lost.
    pub async fn keep_renewal(&self, renewal: &Renewal, lasting: Duration) -> Result<bool, Error> {
        let until = self.now().plus(lasting).as_micros();
        let mut write = self.write().await?;
        let kept: Touched = run!(
            &mut write.tx,
            query(KEEP_RENEWAL),
            [renewal.connection.to_string(), renewal.version, &renewal.by, until],
            execute
        )?;
        write.commit().await?;
        Ok(kept.0 == 1)
    }

    /// Keeps new secrets in one piece. False where others were kept since: then nothing is.
    pub async fn renew(&self, renewal: &Renewal, sealed: &Sealed) -> Result<bool, Error> {
        let mut write = self.write().await?;
        let Some(connection) = write.connection(renewal.connection).await? else { return Ok(false) };
        let kept = write.seal(&place(&connection.workspace.to_string(), renewal.connection), sealed)?;
        let renewed: Touched = run!(
            &mut write.tx,
            query(RENEW),
            [renewal.connection.to_string(), renewal.version, &kept.key, &kept.bytes],
            execute
        )?;
        model::faults::reach("renewal.before_commit");
        write.commit().await?;
        model::faults::reach("renewal.after_commit");
        Ok(renewed.0 == 1)
    }

    /// Gives the right to renew back, when there is nothing new. `is_settled` where it is certain that the provider did not
    /// answer with new tokens; else whoever renews next is told.
    pub async fn end_renewal(&self, renewal: &Renewal, is_settled: bool) -> Result<(), Error> {
        let mut write = self.write().await?;
        let statement = if is_settled { END_RENEWAL } else { LEAVE_RENEWAL };
        let _: Touched = run!(
            &mut write.tx,
            query(statement),
            [renewal.connection.to_string(), renewal.version, &renewal.by],
            execute
        )?;
        write.commit().await
    }
}

fn text_of(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Corrupt(error.to_string()))
}
