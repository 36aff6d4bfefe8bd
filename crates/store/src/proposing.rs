//! Landing in Review: a run's text becomes the draft of its document, in the transaction that ends the run.
//!
//! Which article the draft is against, and whether there is anything to propose, is decided by what is stored at that moment.

use model::{FolderId, Timestamp};

use crate::audit::Deed;
use crate::backend::{Touched, over_rows, run, statements};
use crate::landing::{Landed, Landing, replaces_proposal};
use crate::rows::rows;
use crate::{Error, Write};

/// Of a list of `[document, workspace, draft, folder, hash, proposed, reason to add, reason to update, article that is like it,
/// reason for nothing]`: the documents of workspaces that want drafts, each with the article that it follows or looks like.
macro_rules! landed {
    () => {
        landed!(" JOIN workspaces w ON w.id = d.workspace_id AND w.drafting")
    };
    ($only:literal) => {
        concat!("CROSS JOIN documents d", $only, landed!(article))
    };
    (article) => {
        " LEFT JOIN articles a ON a.id = COALESCE(d.linked_knowledge_id, r.value ->> 8) AND a.workspace_id = d.workspace_id
         WHERE d.id = r.value ->> 0 AND d.workspace_id = r.value ->> 1"
    };
}

/// The head of a statement over [`landed!`] that makes drafts.
macro_rules! proposes {
    () => {
        "INSERT INTO drafts (id, workspace_id, proposal, reason, state, revision, article_id, article_version, folder_id,
                             document_id, source_revision, content_hash, proposed, active, created_at, updated_at)
         SELECT r.value ->> 2, d.workspace_id, CASE WHEN a.id IS NULL THEN 'add' ELSE 'update' END,
                CASE WHEN a.id IS NULL THEN r.value ->> 6 ELSE r.value ->> 7 END, 'open', 1, a.id, a.version,
                COALESCE(a.folder_id, r.value ->> 3), d.id, d.revision, r.value ->> 4, r.value ->> 5,
                CASE WHEN NOT a.active THEN TRUE END, $2, $2
         FROM"
    };
}

/// The head of a statement over [`landed!`] that says on the documents what was proposed.
macro_rules! marks {
    () => {
        "UPDATE documents
         SET linked_operation = CASE WHEN found.same THEN 'DO_NOTHING' WHEN found.article IS NULL THEN 'ADD_ARTICLE_TO_FOLDER'
                                     ELSE 'UPDATE_ARTICLE' END,
             linked_reason = CASE WHEN found.same THEN found.why_nothing WHEN found.article IS NULL THEN found.why_add
                                  ELSE found.why_update END,
             changed = CASE WHEN found.same THEN FALSE ELSE documents.changed END
         FROM (SELECT d.id, a.id AS article, COALESCE(a.content_hash = r.value ->> 4 AND a.active, FALSE) AS same,
                      r.value ->> 6 AS why_add, r.value ->> 7 AS why_update, r.value ->> 9 AS why_nothing
               FROM"
    };
}

statements! {
    SHELVE = over_rows!(
        "INSERT INTO folders (id, workspace_id, parent_id, title, created_at, updated_at)
         SELECT r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, $2, $2 FROM",
        "WHERE TRUE ORDER BY 1 ON CONFLICT (id) DO NOTHING"
    );
    LAND = over_rows!(
        proposes!(),
        concat!(
            landed!(),
            " AND (a.content_hash IS NULL OR a.content_hash <> r.value ->> 4 OR NOT a.active)",
            replaces_proposal!()
        )
    );
    // What somebody asks for, whether drafts are made by themselves or not.
    LAND_ASKED = over_rows!(
        proposes!(),
        concat!(
            landed!(""),
            " AND (a.content_hash IS NULL OR a.content_hash <> r.value ->> 4 OR NOT a.active)",
            replaces_proposal!()
        )
    );
    // What the source takes back needs no decision, unless a person has put work into it.
    SETTLED = over_rows!(
        "UPDATE drafts SET state = 'superseded', revision = drafts.revision + 1, updated_at = $2 FROM",
        "WHERE drafts.document_id = r.value ->> 0 AND drafts.state = 'open' AND drafts.edit IS NULL
           AND EXISTS (SELECT 1 FROM documents d JOIN articles a ON a.id = d.linked_knowledge_id
                       WHERE d.id = drafts.document_id AND a.active AND a.content_hash = r.value ->> 4)"
    );
    // Told a second time, and long enough after the first: an outage or a mistake of an hour withdraws nothing.
    WITHDRAW = over_rows!(
        "INSERT INTO drafts (id, workspace_id, proposal, reason, state, revision, article_id, article_version, folder_id,
                             document_id, source_revision, content_hash, proposed, created_at, updated_at)
         SELECT r.value ->> 4, d.workspace_id, 'withdraw', r.value ->> 5, 'open', 1, a.id, a.version, a.folder_id, d.id,
                d.revision, a.content_hash, a.content, $2, $2
         FROM",
        concat!(
            "CROSS JOIN documents d JOIN articles a ON a.id = d.linked_knowledge_id AND a.active
             WHERE d.id = r.value ->> 0 AND d.gone_since < $2 AND $2 - d.gone_since >= CAST(r.value ->> 3 AS BIGINT)
               AND NOT EXISTS (SELECT 1 FROM drafts known WHERE known.document_id = d.id AND known.state = 'open'
                                                            AND known.proposal = 'withdraw')",
            replaces_proposal!()
        )
    );
    TAKE_BACK = over_rows!(
        "UPDATE drafts SET state = 'superseded', revision = drafts.revision + 1, updated_at = $2 FROM",
        "WHERE drafts.document_id = r.value ->> 0 AND drafts.state = 'open' AND drafts.proposal = 'withdraw'"
    );
    MARK = over_rows!(marks!(), concat!(landed!(), ") AS found WHERE documents.id = found.id"));
    MARK_ASKED = over_rows!(marks!(), concat!(landed!(""), ") AS found WHERE documents.id = found.id"));
}

impl Write {
    /// Proposes to withdraw the articles of documents that have been gone for long enough: rows of [`gone_row`].
    pub(crate) async fn propose_withdrawals(&mut self, gone: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(WITHDRAW), [gone, now.as_micros()], execute)?;
        Ok(())
    }

    /// Takes back what was proposed while their sources did not have them: `[document]`.
    pub(crate) async fn take_back_withdrawals(&mut self, back: &str, now: Timestamp) -> Result<(), Error> {
        let _: Touched = run!(&mut self.tx, query(TAKE_BACK), [back, now.as_micros()], execute)?;
        Ok(())
    }

    /// The folder of a source, made where there is none.
    pub(crate) async fn shelf(&mut self, deed: Deed<'_>, landing: &Landing) -> Result<FolderId, Error> {
        let folders = rows(landing.folders(deed.workspace));
        let _: Touched = run!(&mut self.tx, query(SHELVE), [&folders, deed.at.as_micros()], execute)?;
        Ok(landing.folder(deed.workspace))
    }

    /// Proposes the text of a document because somebody asks for it.
    pub(crate) async fn land_asked(&mut self, landed: &Landed, now: Timestamp) -> Result<(), Error> {
        let micros = now.as_micros();
        let (folders, draft) = (rows(&landed.folders), rows([&landed.draft]));
        let _: Touched = run!(&mut self.tx, query(SHELVE), [&folders, micros], execute)?;
        let _: Touched = run!(&mut self.tx, query(LAND_ASKED), [&draft, micros], execute)?;
        let _: Touched = run!(&mut self.tx, query(MARK_ASKED), [&draft], execute)?;
        Ok(())
    }

    /// Lets texts land whose documents have been settled in this transaction.
    pub(crate) async fn land(&mut self, landed: Vec<Landed>, now: Timestamp) -> Result<(), Error> {
        let micros = now.as_micros();
        let folders = rows(landed.iter().flat_map(|landed| &landed.folders));
        let drafts = rows(landed.iter().map(|landed| &landed.draft));
        let _: Touched = run!(&mut self.tx, query(SHELVE), [&folders, micros], execute)?;
        let _: Touched = run!(&mut self.tx, query(LAND), [&drafts, micros], execute)?;
        let _: Touched = run!(&mut self.tx, query(SETTLED), [&drafts, micros], execute)?;
        let _: Touched = run!(&mut self.tx, query(MARK), [&drafts], execute)?;
        Ok(())
    }
}
