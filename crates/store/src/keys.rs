//! API keys: only a hash is kept, looked up and compared by that; a revoked key is dead as soon as the commit is heard of.

use std::time::Duration;

use model::{ApiKey, KeyId, Scopes, Timestamp, WorkspaceId};
use serde_json::json;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::access::Access;
use crate::backend::{Sql, Touched, run, statements};
use crate::blobs::hexadecimal;
use crate::documents::id;
use crate::keyring::{self, tell};
use crate::rows::rows;
use crate::{Error, Read, Store, Write};

/// What may be shown of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its id.
    pub id: KeyId,
    /// The name its maker gave it.
    pub name: String,
    /// Its public part.
    pub handle: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A new random key.
pub fn new_key() -> Result<ApiKey, Error> {
    loop {
        let mut bytes = [0; ApiKey::ENTROPY];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        if let Some(key) = ApiKey::from_random(&bytes) {
            return Ok(key);
        }
    }
}

statements! {
    BY_HASH = Sql::same(
        "SELECT workspace_id, id, hash, can_read, can_write FROM api_keys WHERE hash = $1 AND revoked_at IS NULL"
    );
    BY_HASHES = Sql::split(
        "SELECT workspace_id, id, hash, can_read, can_write FROM api_keys
         WHERE hash IN (SELECT unhex(r.value ->> 0) FROM jsonb_each($1) AS r) AND revoked_at IS NULL",
        "SELECT workspace_id, id, hash, can_read, can_write FROM api_keys
         WHERE hash IN (SELECT decode(r.value ->> 0, 'hex') FROM jsonb_array_elements(CAST($1 AS jsonb)) AS r(value))
           AND revoked_at IS NULL",
    );
    OF_WORKSPACE = Sql::same(
        "SELECT id, name, handle, can_read, can_write, created_at, revoked_at
         FROM api_keys WHERE workspace_id = $1 ORDER BY created_at, id"
    );
    ADD = Sql::same(
        "INSERT INTO api_keys (workspace_id, id, name, handle, hash, can_read, can_write, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    REVOKE = Sql::same("UPDATE api_keys SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL");
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    workspace_id: String,
    id: String,
    hash: Vec<u8>,
    can_read: bool,
    can_write: bool,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    name: String,
    handle: String,
    can_read: bool,
    can_write: bool,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl Store {
    /// Whose key this is; `None` when it is unknown or revoked. Looked up together with the keys of other calls, unless it was
    /// looked up just before.
    pub async fn access(&self, presented: &ApiKey) -> Result<Option<Access>, Error> {
        let presented = hash(presented);
        if let Some(access) = self.keyring.find(&presented) {
            return Ok(Some(access));
        }
        self.keyring.listen(&self.pools);
        let store = self.clone();
        self.desks.access.ask(presented, 1, move |hashes| store.clone().access_group(hashes)).await
    }

    /// How long after the commit of a revocation some process may still let the key in.
    pub fn doubt_after_revocation(&self) -> Duration {
        keyring::doubt(&self.pools)
    }

    async fn access_group(self, hashes: Vec<[u8; 32]>) -> Result<Vec<Option<Access>>, Error> {
        let named = rows(hashes.iter().map(|hash| json!([hexadecimal(hash)])));
        let heard = self.keyring.heard();
        let mut read = self.glance().await?;
        let found: Vec<SecretRow> = run!(&mut read.tx, query_as::<SecretRow>(BY_HASHES), [&named], fetch_all)?;
        let found: Vec<Option<Access>> =
            hashes.iter().map(|presented| access_of(presented, &found)).collect::<Result<_, _>>()?;
        let live = hashes.into_iter().zip(&found).filter_map(|(hash, access)| Some((hash, access.clone()?)));
        self.keyring.keep(live, heard);
        Ok(found)
    }
}

/// How far an index compares shows in its time, but only of a hash, which nobody can steer. The last word is constant.
fn access_of(presented: &[u8; 32], found: &[SecretRow]) -> Result<Option<Access>, Error> {
    let matches = |row: &&SecretRow| bool::from(presented.as_slice().ct_eq(&row.hash));
    // All are compared, whichever it is.
    let access = found.iter().filter(matches).fold(None, |_, row| Some(row)).map(|row| {
        let scopes = Scopes { read: row.can_read, write: row.can_write };
        Ok(Access { workspace: id(&row.workspace_id)?, key: id(&row.id)?, scopes })
    });
    access.transpose()
}

impl Read {
    /// Whose key this is; `None` when it is unknown or revoked.
    pub async fn access(&mut self, presented: &ApiKey) -> Result<Option<Access>, Error> {
        let presented = hash(presented);
        let row: Option<SecretRow> =
            run!(&mut self.tx, query_as::<SecretRow>(BY_HASH), [presented.as_slice()], fetch_optional)?;
        access_of(&presented, row.as_slice())
    }

    /// Every key of a workspace, revoked ones too, oldest first.
    pub async fn keys(&mut self, workspace: WorkspaceId) -> Result<Vec<KeyInfo>, Error> {
        let rows: Vec<KeyRow> =
            run!(&mut self.tx, query_as::<KeyRow>(OF_WORKSPACE), [workspace.to_string()], fetch_all)?;
        rows.into_iter().map(KeyRow::info).collect()
    }
}

impl KeyRow {
    fn info(self) -> Result<KeyInfo, Error> {
        Ok(KeyInfo {
            id: id(&self.id)?,
            name: self.name,
            handle: self.handle,
            scopes: Scopes { read: self.can_read, write: self.can_write },
            created_at: Timestamp::from_micros(self.created_at),
            revoked_at: self.revoked_at.map(Timestamp::from_micros),
        })
    }
}

impl Write {
    /// Keeps the hash of a key.
    pub async fn save_key(
        &mut self,
        workspace: WorkspaceId,
        name: &str,
        scopes: Scopes,
        key: &ApiKey,
        now: Timestamp,
    ) -> Result<KeyId, Error> {
        let id = KeyId::new();
        let (workspace, id_text, hash, now) = (workspace.to_string(), id.to_string(), hash(key), now.as_micros());
        let binds = (&workspace, &id_text, hash.as_slice());
        let _: Touched = run!(
            &mut self.tx,
            query(ADD),
            [binds.0, binds.1, name, key.handle(), binds.2, scopes.read, scopes.write, now],
            execute
        )?;
        Ok(id)
    }

    /// Revokes every live key of the workspace with that name, id or handle, and returns them.
    pub async fn revoke_keys(
        &mut self,
        workspace: WorkspaceId,
        which: &str,
        now: Timestamp,
    ) -> Result<Vec<KeyInfo>, Error> {
        let named = |key: &KeyInfo| key.name == which || key.handle == which || key.id.to_string() == which;
        let mut revoked = self.keys(workspace).await?;
        revoked.retain(|key| key.revoked_at.is_none() && named(key));
        for key in &mut revoked {
            let binds = (workspace.to_string(), key.id.to_string(), now.as_micros());
            let _: Touched = run!(&mut self.tx, query(REVOKE), [&binds.0, &binds.1, binds.2], execute)?;
            key.revoked_at = Some(now);
        }
        self.keyring.forget();
        tell(&mut self.tx).await?;
        Ok(revoked)
    }
}

fn hash(key: &ApiKey) -> [u8; 32] {
    Sha256::digest(key.reveal().as_bytes()).into()
}
