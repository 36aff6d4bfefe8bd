//! The queries of the lists of articles, drafts and decisions, as they are described; the routes read them field by field.

use model::{ArticleId, AuditId, DraftId, FolderId, Proposal};
use utoipa::IntoParams;

use crate::words::ProposalWord;

/// The query of the list of articles.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the query; the route reads it field by field")]
pub struct ArticlesQuery {
    /// `live` for articles, `draft` for drafts that await a decision; both without it.
    #[param(rename = "type", value_type = Option<String>, example = "live")]
    kind: Option<String>,
    /// How many to return.
    #[param(required = false, minimum = 1, maximum = 500, default = 50)]
    limit: i64,
    /// The `id` of the last one of the page just received.
    #[param(value_type = Option<String>, format = Uuid)]
    cursor: Option<ArticleId>,
}

/// The query of the list of drafts.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the query; the route reads it field by field")]
pub struct DraftsQuery {
    /// Only drafts that propose this.
    #[param(value_type = Option<ProposalWord>)]
    proposal: Option<Proposal>,
    /// Only drafts for this folder.
    #[param(value_type = Option<String>, format = Uuid)]
    folder_id: Option<FolderId>,
    /// How many to return.
    #[param(required = false, minimum = 1, maximum = 500, default = 50)]
    limit: i64,
    /// The `id` of the last draft of the page just received.
    #[param(value_type = Option<String>, format = Uuid)]
    cursor: Option<DraftId>,
}

/// The query of the record of decisions.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the query; the route reads it field by field")]
pub struct AuditQuery {
    /// How many entries to return.
    #[param(required = false, minimum = 1, maximum = 500, default = 50)]
    limit: i64,
    /// The `id` of the last entry of the page just received.
    #[param(value_type = Option<String>, format = Uuid)]
    cursor: Option<AuditId>,
}
