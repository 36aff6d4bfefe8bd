//! Which article a text belongs to that no article follows yet.
//!
//! What the articles look like is kept in memory, by workspace, and brought up to date before each use by what changed since.

use std::collections::HashMap;

use diff::Looks;
use model::{Article, ArticleId, Content, WorkspaceId};
use store::{Behind, Likeness, Store};
use tokio::sync::Mutex;

/// How many articles are read at a time.
const PAGE: i64 = 200;
/// The most articles of a workspace that are looked at; a digest has half a kilobyte.
const MOST: usize = 100_000;

/// The looks of articles. One a process.
#[derive(Default)]
pub(crate) struct Likenesses(Mutex<HashMap<WorkspaceId, Known>>);

#[derive(Default)]
struct Known {
    articles: HashMap<ArticleId, Looks>,
    /// Up to where the articles have been read, in the order of their changes.
    read: Option<Behind>,
}

fn looks(content: &Content) -> Looks {
    Looks::of(&content.title, &diff::paragraphs(&content.main_knowledge))
}

impl Likenesses {
    /// The article of the workspace that is most like a proposal, where one is like enough.
    pub(crate) async fn find(
        &self,
        store: &Store,
        workspace: WorkspaceId,
        proposed: &Content,
    ) -> Result<Option<Likeness>, store::Error> {
        let looks = looks(proposed);
        let mut known = self.0.lock().await;
        let known = known.entry(workspace).or_default();
        known.catch_up(store, workspace).await?;
        let Some(like) = known.best(&looks) else { return Ok(None) };
        // It may be gone since.
        let is_there = store.glance().await?.article(workspace, like.article).await?.is_some();
        if !is_there {
            known.articles.remove(&like.article);
        }
        Ok(is_there.then_some(like))
    }
}

impl Known {
    async fn catch_up(&mut self, store: &Store, workspace: WorkspaceId) -> Result<(), store::Error> {
        loop {
            let changed = store.glance().await?.articles_since(workspace, self.read.as_ref(), PAGE).await?;
            let Some(last) = changed.last() else { return Ok(()) };
            self.read = Some(Behind { at: last.updated_at, id: last.id.to_string() });
            for article in &changed {
                self.note(article);
            }
        }
    }

    fn note(&mut self, article: &Article) {
        if self.articles.len() < MOST || self.articles.contains_key(&article.id) {
            self.articles.insert(article.id, looks(&article.content));
        }
    }

    fn best(&self, looks: &Looks) -> Option<Likeness> {
        let likenesses =
            self.articles.iter().filter_map(|(id, known)| Some((known.likeness(looks)?, *id, known.title())));
        let (share, article, title) =
            likenesses.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)))?;
        Some(Likeness::of(article, title, share))
    }
}
