//! What Review is to make of a text: which folder it belongs to, and the article that is proposed.

use model::Job;
use model::folder::shelf;
use store::{Landing, NewText, Store};

use crate::likeness::Likenesses;

/// What is proposed of a run's text. A document that no article follows yet may be like one.
pub(crate) async fn landing(
    store: &Store,
    likenesses: &Likenesses,
    (job, text): (&Job, &NewText),
    is_linked: bool,
) -> Result<Landing, store::Error> {
    let proposed = extract::article(&text.title, &text.blocks, &text.paragraphs, text.language.as_deref());
    let like = if is_linked { None } else { likenesses.find(store, job.workspace, &proposed).await? };
    let shelf = shelf(job.source, &job.external_id, &text.metadata.breadcrumbs);
    Ok(Landing { shelf, proposed, like })
}
