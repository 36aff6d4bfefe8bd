//! The memory of a site: which blocks stand on a sample of its pages.

use model::{DocumentId, WorkspaceId};

use crate::backend::{Sql, Touched, run, statements};
use crate::columns::{id, json};
use crate::{Error, Read, Write};

/// One page of the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePage {
    /// Which.
    pub document: DocumentId,
    /// The fingerprints of its blocks that could be the site's own.
    pub fingerprints: Vec<u64>,
}

statements! {
    SAMPLE = Sql::same("SELECT document_id, fingerprints FROM site_pages WHERE workspace_id = $1 AND host = $2 ORDER BY document_id");
    KEEP = Sql::same(
        "INSERT INTO site_pages (workspace_id, host, document_id, fingerprints) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, host, document_id) DO UPDATE SET fingerprints = excluded.fingerprints"
    );
}

impl Read {
    /// The pages of a host that are remembered.
    pub async fn site_pages(&mut self, workspace: WorkspaceId, host: &str) -> Result<Vec<SitePage>, Error> {
        let binds = workspace.to_string();
        let rows: Vec<(String, String)> =
            run!(&mut self.tx, query_as::<(String, String)>(SAMPLE), [&binds, host], fetch_all)?;
        let page =
            |(document, list): (String, String)| Ok(SitePage { document: id(&document)?, fingerprints: json(&list)? });
        rows.into_iter().map(page).collect()
    }
}

impl Write {
    /// Remembers a page, instead of what was remembered of it before.
    pub async fn remember_page(&mut self, workspace: WorkspaceId, host: &str, page: &SitePage) -> Result<(), Error> {
        let list = serde_json::json!(page.fingerprints).to_string();
        let binds = (workspace.to_string(), page.document.to_string());
        let _: Touched = run!(&mut self.tx, query(KEEP), [&binds.0, host, &binds.1, &list], execute)?;
        Ok(())
    }
}
