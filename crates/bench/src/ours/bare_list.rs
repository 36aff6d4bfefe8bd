//! The bare counterpart of a list: one select of the same rows from our own tables, by a plain driver.

use anyhow::Result;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::Connection;
use tokio_postgres::{Client, Statement};

use super::Service;
use crate::ground::Ground;
use crate::load::{Crew, Work};
use crate::raw;

/// What a list shows of a document, newest first.
const LIST: &str = "
SELECT d.id, d.source, d.external_id, d.original_url, d.title, d.storage_url, d.english, d.baser, d.outcome, d.error,
       d.created_at, d.updated_at, d.mime_type, d.kind, d.last_job_id, d.linked_knowledge_id, d.linked_operation,
       d.linked_reason, d.changed, d.language, d.revision, current_text.paragraphs, old_text.paragraphs, j.id, j.state
FROM documents d
LEFT JOIN jobs j ON j.document_id = d.id AND j.workspace_id = d.workspace_id
LEFT JOIN revisions current_text ON current_text.document_id = d.id AND current_text.workspace_id = d.workspace_id
     AND current_text.number = d.revision
LEFT JOIN revisions old_text ON old_text.document_id = d.id AND old_text.workspace_id = d.workspace_id
     AND old_text.number = d.old_revision
WHERE d.workspace_id = $1
ORDER BY d.updated_at DESC, d.external_id DESC, d.id DESC LIMIT 50";

/// Connections that read the list.
pub async fn listers(ground: &Ground, service: &Service, connections: usize) -> Result<Crew> {
    let workspace = service.workspace.to_string();
    let Some(url) = ground.url() else {
        let open = |_| Ok(InFile { connection: Connection::open(ground.sqlite())?, workspace: workspace.clone() });
        return Ok(Crew::new((0..connections).map(open).collect::<Result<Vec<_>>>()?));
    };
    let mut crew = Vec::new();
    for _ in 0..connections {
        let client = raw::postgres::connect(&url).await?;
        let list = client.prepare(LIST).await?;
        crew.push(OnServer { client, list, workspace: workspace.clone() });
    }
    Ok(Crew::new(crew))
}

struct OnServer {
    client: Client,
    list: Statement,
    workspace: String,
}

impl Work for OnServer {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async {
            let rows = self.client.query(&self.list, &[&self.workspace]).await?;
            anyhow::ensure!(rows.len() == 50, "{} documents were listed, not 50", rows.len());
            Ok(1)
        }
        .boxed()
    }
}

struct InFile {
    connection: Connection,
    workspace: String,
}

impl Work for InFile {
    fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
        async move {
            tokio::task::block_in_place(|| {
                let mut list = self.connection.prepare_cached(LIST)?;
                let texts = list.query_map([&self.workspace], |row| row.get::<_, Option<String>>(21))?;
                let texts = texts.collect::<rusqlite::Result<Vec<_>>>()?;
                anyhow::ensure!(texts.len() == 50, "{} documents were listed, not 50", texts.len());
                Ok(1)
            })
        }
        .boxed()
    }
}
