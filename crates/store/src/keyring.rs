//! Keys that were looked up a moment ago. PostgreSQL tells of each revocation; while that cannot be heard, nothing is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::postgres::PgListener;

use crate::Error;
use crate::access::Access;
use crate::backend::{Pools, Sql, Touched, Tx, run, statements};

/// How long a key is believed from the moment when it was looked up: a server that was cut off hears of nothing.
const KEPT: Duration = Duration::from_secs(1);
/// More keys than this are not in use within a second anywhere.
const MOST: usize = 10_000;
const CHANNEL: &str = "gleaner_keys";
/// A connection that broke is made again after this.
const RECONNECT: Duration = Duration::from_secs(1);

type Hash = [u8; 32];

/// What is known of keys in this process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keyring(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    keys: HashMap<Hash, (Access, Instant)>,
    /// Counts what was heard, so that an answer from before a revocation is not kept after it.
    heard: u64,
    ear: Ear,
}

/// What had been heard when a key was looked up, and when that was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard {
    count: u64,
    at: Instant,
}

/// Whether this process hears of revocations.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Ear {
    /// Nobody has asked for a key yet.
    #[default]
    None,
    Opening,
    Open,
}

statements! {
    TELL = Sql::split("SELECT 1", "SELECT pg_notify('gleaner_keys', '')");
}

/// How long after a revocation somebody may still believe the key.
pub(crate) const fn doubt(pools: &Pools) -> Duration {
    match pools {
        Pools::Postgres(_) => KEPT,
        Pools::Sqlite { .. } => Duration::ZERO,
    }
}

/// Tells every process of a revocation, when the transaction commits.
pub(crate) async fn tell(tx: &mut Tx) -> Result<(), Error> {
    let _: Touched = run!(tx, query(TELL), [], execute)?;
    Ok(())
}

impl Keyring {
    /// What the key opens, when that is known for sure.
    pub(crate) fn find(&self, hash: &Hash) -> Option<Access> {
        let kept = self.kept();
        kept.keys.get(hash).filter(|(_, since)| since.elapsed() < KEPT).map(|(access, _)| access.clone())
    }

    /// To be taken before a key is looked up, and given to [`Keyring::keep`] with what was found.
    pub(crate) fn heard(&self) -> Heard {
        Heard { count: self.kept().heard, at: Instant::now() }
    }

    pub(crate) fn keep(&self, found: impl IntoIterator<Item = (Hash, Access)>, heard: Heard) {
        let mut kept = self.kept();
        if kept.ear != Ear::Open || kept.heard != heard.count {
            return;
        }
        if kept.keys.len() >= MOST {
            kept.keys.clear();
        }
        kept.keys.extend(found.into_iter().map(|(hash, access)| (hash, (access, heard.at))));
    }

    /// Forgets every key.
    pub(crate) fn forget(&self) {
        self.kept().forget();
    }

    /// Listens from the first call on. SQLite tells of nothing, so nothing is kept there.
    pub(crate) fn listen(&self, pools: &Pools) {
        let Pools::Postgres(pool) = pools else { return };
        let mut kept = self.kept();
        if kept.ear == Ear::None {
            kept.ear = Ear::Opening;
            tokio::spawn(listen(Arc::downgrade(&self.0), pool.clone()));
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        lock(&self.0)
    }
}

impl Kept {
    fn forget(&mut self) {
        self.heard += 1;
        self.keys.clear();
    }
}

/// Listens for as long as somebody has the keys.
async fn listen(keyring: Weak<Mutex<Kept>>, pool: PgPool) {
    loop {
        let broken = hear(&keyring, &pool).await;
        let Some(kept) = keyring.upgrade() else { return };
        {
            let mut kept = lock(&kept);
            kept.forget();
            kept.ear = Ear::Opening;
        }
        if pool.is_closed() {
            return;
        }
        tracing::debug!(error = ?broken.err(), "revoked keys cannot be heard of; each key is looked up until they can");
        tokio::time::sleep(RECONNECT).await;
    }
}

async fn hear(keyring: &Weak<Mutex<Kept>>, pool: &PgPool) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let Some(kept) = keyring.upgrade() else { return Ok(()) };
        {
            let mut kept = lock(&kept);
            kept.forget();
            kept.ear = Ear::Open;
        }
        drop(kept);
        if listener.try_recv().await?.is_none() {
            return Ok(());
        }
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use model::{KeyId, Scopes, WorkspaceId};

    use super::*;

    fn access() -> Access {
        Access { workspace: WorkspaceId::new(), key: KeyId::new(), scopes: Scopes { read: true, write: true } }
    }

    #[test]
    fn a_key_is_kept_only_while_revocations_are_heard_and_until_the_next() {
        let (keyring, hash, access) = (Keyring::default(), [7; 32], access());
        let keep = |heard| keyring.keep([(hash, access.clone())], heard);
        keep(keyring.heard());
        assert_eq!(keyring.find(&hash), None);
        keyring.kept().ear = Ear::Open;
        let before = keyring.heard();
        keep(before);
        assert_eq!(keyring.find(&hash), Some(access.clone()));
        keyring.forget();
        assert_eq!(keyring.find(&hash), None);
        // It was looked up before the revocation.
        keep(before);
        assert_eq!(keyring.find(&hash), None);
    }

    #[test]
    fn a_key_is_not_believed_for_long() {
        let (keyring, hash) = (Keyring::default(), [7; 32]);
        let mut kept = keyring.kept();
        let long_ago = Instant::now().checked_sub(KEPT).unwrap();
        kept.keys.insert(hash, (access(), long_ago));
        drop(kept);
        assert_eq!(keyring.find(&hash), None);
    }
}
