//! Idempotency keys: the same key and body give the first answer again.

use model::{Timestamp, WorkspaceId};

use crate::backend::{Sql, Touched, run, statements};
use crate::sweep::IDEMPOTENCY_LIFETIME;
use crate::{Error, Write};

/// What is known of an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recall {
    /// Nothing; it is now taken, as far as this transaction is committed.
    New,
    /// The answer given then.
    Known(String),
    /// It came with another body.
    Differs,
}

statements! {
    EXPIRE = Sql::same(
        "DELETE FROM idempotency_keys WHERE workspace_id = $1 AND route = $2 AND name = $3 AND created_at <= $4"
    );
    // A second call with the same key waits here until the first has committed or gone.
    TAKE = Sql::same(
        "INSERT INTO idempotency_keys (workspace_id, route, name, body_hash, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace_id, route, name) DO NOTHING"
    );
    LOOK = Sql::same(
        "SELECT body_hash, answer FROM idempotency_keys WHERE workspace_id = $1 AND route = $2 AND name = $3"
    );
    ANSWER = Sql::same("UPDATE idempotency_keys SET answer = $4 WHERE workspace_id = $1 AND route = $2 AND name = $3");
}

impl Write {
    /// Looks an idempotency key up, and takes it when it is new.
    pub async fn recall_answer(
        &mut self,
        workspace: WorkspaceId,
        (route, name): (&str, &str),
        body_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Recall, Error> {
        let workspace = workspace.to_string();
        let oldest = now.minus(IDEMPOTENCY_LIFETIME).as_micros();
        let _: Touched = run!(&mut self.tx, query(EXPIRE), [&workspace, route, name, oldest], execute)?;
        let hash = body_hash.as_slice();
        let taken: Touched =
            run!(&mut self.tx, query(TAKE), [&workspace, route, name, hash, now.as_micros()], execute)?;
        if taken.0 == 1 {
            return Ok(Recall::New);
        }
        let stored: Option<(Vec<u8>, Option<String>)> =
            run!(&mut self.tx, query_as::<(Vec<u8>, Option<String>)>(LOOK), [&workspace, route, name], fetch_optional)?;
        match stored {
            // Whoever took the key and left no answer has left nothing to repeat.
            Some((stored, answer)) if stored == hash => Ok(answer.map_or(Recall::New, Recall::Known)),
            Some(_) => Ok(Recall::Differs),
            None => Err(Error::Corrupt("an idempotency key vanished".to_owned())),
        }
    }

    /// Keeps the answer for an idempotency key that this transaction took.
    pub async fn save_answer(
        &mut self,
        workspace: WorkspaceId,
        (route, name): (&str, &str),
        answer: &str,
    ) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(ANSWER), [workspace.to_string(), route, name, answer], execute)?;
        Ok(())
    }
}
