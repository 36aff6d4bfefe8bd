//! Where a decision is made, and by whom.

use anyhow::Context;
use model::{Article, Draft, DraftId, Seen, WorkspaceId};
use store::{Approval, Deed, Store};

/// A store, and who decides on what is in it.
pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) workspace: WorkspaceId,
    pub(super) actor: String,
}

impl Desk {
    pub(super) fn deed(&self) -> Deed<'_> {
        Deed { workspace: self.workspace, actor: &self.actor, at: self.store.now() }
    }

    /// A draft, and the article that it is against.
    pub(super) async fn draft(&self, id: DraftId) -> anyhow::Result<(Draft, Option<Article>)> {
        let mut read = self.store.read().await?;
        let draft = read.draft(self.workspace, id).await?;
        let draft =
            draft.with_context(|| format!("there is no draft {id}; `gleaner review list` shows those there are"))?;
        let live = match draft.article {
            Some(article) => read.article(self.workspace, article).await?,
            None => None,
        };
        Ok((draft, live))
    }

    pub(super) async fn publish(&self, id: DraftId, revision: i64) -> anyhow::Result<Article> {
        let approval = Approval { seen: Seen { draft: Some(revision), article: None }, ..Approval::default() };
        let mut write = self.store.write().await?;
        let published = write.publish(self.deed(), id, &approval).await?;
        let article = published.with_context(|| format!("there is no draft {id}"))??;
        write.commit().await?;
        Ok(article)
    }
}
