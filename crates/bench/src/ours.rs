//! Our side: the real router on a real socket, and the store under it.

pub mod bare_list;
pub mod callers;
pub mod history;
pub mod jobs;
pub mod statements;
pub mod worker;

use anyhow::Result;
use model::{Clock, Scopes, WorkspaceId};
use store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::ground::Ground;
use crate::http::Client;

/// The route that everything is about.
pub const DOCUMENTS: &str = "/v2/documents/public";

/// A running service, as `serve` runs it; it stops when dropped.
pub struct Service {
    pub store: Store,
    pub workspace: WorkspaceId,
    authority: String,
    key: String,
    _stop: DropGuard,
}

impl Service {
    /// Serves what stands on `ground`.
    pub async fn on(ground: &Ground) -> Result<Self> {
        let store = Store::open(&ground.target(), ground.folder(), Clock::system()).await?;
        let (workspace, key) = workspace_with_key(&store).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let authority = listener.local_addr()?.to_string();
        let stop = CancellationToken::new();
        let router = web::router(web::State::new(store.clone()));
        tokio::spawn(web::serve(listener, router, stop.clone().cancelled_owned()));
        Ok(Self { store, workspace, authority, key, _stop: stop.drop_guard() })
    }

    /// The store of another process on the same ground.
    pub async fn neighbour(&self, ground: &Ground) -> Result<Store> {
        Ok(Store::open(&ground.target(), ground.folder(), Clock::system()).await?)
    }

    /// The workspace of that name.
    pub async fn workspace(&self, name: &str) -> Result<WorkspaceId> {
        let mut write = self.store.write().await?;
        let (workspace, _) = write.ensure_workspace(name, self.store.now()).await?;
        write.commit().await?;
        Ok(workspace)
    }

    /// A new connection.
    pub async fn client(&self) -> Result<Client> {
        Client::connect(&self.authority, &self.key).await
    }
}

async fn workspace_with_key(store: &Store) -> Result<(WorkspaceId, String)> {
    let key = store::new_key()?;
    let mut write = store.write().await?;
    let (workspace, _) = write.ensure_workspace("bench", store.now()).await?;
    write.save_key(workspace, "bench", Scopes::ALL, &key, store.now()).await?;
    write.commit().await?;
    Ok((workspace, key.reveal().to_owned()))
}
