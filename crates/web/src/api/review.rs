//! Review: what awaits a decision, the decisions, and the record of them.

use axum::Json;
use axum::http::StatusCode;
use model::{AuditId, Draft, DraftId, Proposal, Seen};
use serde_json::Value;
use store::{Approval, Behind, DraftFilter, Read};

use super::drafting::publish;
use crate::auth::{Author, Reader};
use crate::authoring::{decision, id};
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::listing;
use crate::offenders::Offenders;
use crate::openapi::{Bodied, Protected};
use crate::paging::{AuditQuery, DraftsQuery};
use crate::path_id::Id;
use crate::possession::{conflict, draft, no_cursor, no_draft};
use crate::query::Query;
use crate::state::App;
use crate::wire::articles::{Article, Articles};
use crate::wire::review::{
    ApproveManyRequest, Audit, AuditEntry, Change, DecideRequest, ManyApproved, NotApproved, Review,
};

/// The most drafts that one call decides on.
const MOST: usize = 500;

/// List what awaits a decision
///
/// Returns one page of open drafts, those that changed last first.
#[utoipa::path(
    get, path = "/v2/review/public", operation_id = "list_drafts", tag = "review", security(("key" = ["read"])),
    params(DraftsQuery),
    responses(
        (status = 200, description = "One page.", body = Articles),
        (status = 400, description = "A parameter is unknown, out of range or not decodable.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST,
                "the query parameter proposal must be one of add, update, withdraw, nothing, got \"new\""))),
        Protected,
    ),
)]
pub async fn list_drafts(app: App, Reader(workspace): Reader, mut query: Query) -> Result<Json<Articles>, Error> {
    let filter = DraftFilter {
        proposal: query.word("proposal", Proposal::ALL)?,
        folder: query.parsed("folderId", "the ID of a folder")?,
    };
    let limit = listing::limit(&mut query)?;
    let cursor: Option<DraftId> = query.parsed("cursor", "the ID of a draft")?;
    query.nothing_else(&["proposal", "folderId", "limit", "cursor"])?;
    let mut read = app.store.read().await?;
    let behind = match cursor {
        None => Behind::start(),
        Some(id) => {
            let last = draft(&mut read, workspace, id).await.map_err(|error| no_cursor(error, "a draft", &id))?;
            Behind { at: last.updated_at, id: id.to_string() }
        }
    };
    let mut found = read.drafts(workspace, filter, &behind, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    Ok(Json(Articles { articles: found.into_iter().map(Article::from).collect(), has_more }))
}

/// Look at a draft
///
/// The draft, the live article that it would change, and the difference between them, paragraph by paragraph.
#[utoipa::path(
    get, path = "/v2/review/public/{id}", operation_id = "review_draft", tag = "review", security(("key" = ["read"])),
    params(("id" = String, Path, format = Uuid, description = "The draft's ID.", example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    responses(
        (status = 200, description = "The draft.", body = Review),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the draft ID must be a UUID, got \"42\""))),
        (status = 404, description = "There is no such draft.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no draft 7f5392e5-dc7d-4558-8860-cf3ea4b32f94"))),
        Protected,
    ),
)]
pub async fn review_draft(app: App, Reader(workspace): Reader, Id(id): Id<DraftId>) -> Result<Json<Review>, Error> {
    let mut read = app.store.read().await?;
    let draft = draft(&mut read, workspace, id).await?;
    reviewed(&mut read, draft).await.map(Json)
}

async fn reviewed(read: &mut Read, draft: Draft) -> Result<Review, Error> {
    let owner = read.draft_owner(draft.id).await?;
    let live = match (owner, draft.article) {
        (Some(workspace), Some(article)) => read.article(workspace, article).await?,
        _ => None,
    };
    let before = live.as_ref().map(|live| live.content.main_knowledge.clone()).unwrap_or_default();
    let after = if draft.proposal == Proposal::Withdraw { "" } else { draft.shown().main_knowledge.as_str() };
    let (old, new) = (diff::paragraphs(&before), diff::paragraphs(after));
    let comparison = diff::compare(&old, &new);
    let changes = comparison.rows().iter().map(|row| Change {
        kind: kind(row.kind).to_owned(),
        material: row.is_material,
        old: row.old.map(|at| old[at].to_owned()),
        new: row.new.map(|at| new[at].to_owned()),
    });
    let changes = changes.collect();
    let is_edit_behind = draft.is_edit_behind();
    let proposed = draft.edit.is_some().then(|| Draft { edit: None, ..draft.clone() }.into());
    let summary = comparison.summary();
    Ok(Review { draft: draft.into(), live: live.map(Article::from), proposed, is_edit_behind, summary, changes })
}

const fn kind(kind: diff::RowKind) -> &'static str {
    match kind {
        diff::RowKind::Same => "unchanged",
        diff::RowKind::Edited => "edited",
        diff::RowKind::Moved => "moved",
        diff::RowKind::Added => "added",
        diff::RowKind::Removed => "removed",
    }
}

/// Approve a draft
///
/// Publishes the draft as it was seen: when it has another `draftRevision` by now, or its article has moved on, nothing happens
/// and the answer is 409.
#[utoipa::path(
    post, path = "/v2/review/public/{id}/approve", operation_id = "approve_draft", tag = "review", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The draft's ID.", example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    request_body(content = DecideRequest, description = "What was seen. Other fields are refused."),
    responses(
        (status = 200, description = "The article as it is live now.", body = Article),
        (status = 400, description = "The body or the ID is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "draftRevision is missing"))),
        (status = 404, description = "There is no such draft.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no draft 7f5392e5-dc7d-4558-8860-cf3ea4b32f94"))),
        (status = 409, description = "It was changed or decided on, or its article has moved on.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::CONFLICT,
                "the draft has changed: revision 1 was seen and it is at revision 2; look at it again"))),
        Bodied,
        Protected,
    ),
)]
pub async fn approve_draft(
    app: App,
    author: Author,
    Id(id): Id<DraftId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Article>, Error> {
    let (seen, _) = decision(&body)?;
    publish(&app, &author, id, &Approval { seen, ..Approval::default() }).await.map(|article| Json(article.into()))
}

/// Approve many drafts
///
/// Publishes each draft as it was seen, each by itself: those that changed meanwhile, or were decided on, are told and left alone.
#[utoipa::path(
    post, path = "/v2/review/public/approve", operation_id = "approve_drafts", tag = "review", security(("key" = ["write"])),
    request_body(content = ApproveManyRequest, description = "What was seen."),
    responses(
        (status = 200, description = "What became of each.", body = ManyApproved),
        (status = 400, description = "The body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "drafts[0].draftRevision is missing or no number from 1"))),
        (status = 404, description = "There is no such draft; none was published.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no draft 7f5392e5-dc7d-4558-8860-cf3ea4b32f94"))),
        Bodied,
        Protected,
    ),
)]
pub async fn approve_drafts(app: App, author: Author, JsonBody(body): JsonBody) -> Result<Json<ManyApproved>, Error> {
    let seen = seen_drafts(&body)?;
    let mut read = app.store.read().await?;
    for (id, _) in &seen {
        draft(&mut read, author.workspace, *id).await?;
    }
    drop(read);
    let mut answer = ManyApproved { published: Vec::new(), refused: Vec::new() };
    for (id, revision) in seen {
        let seen = Seen { draft: Some(revision), article: None };
        match publish(&app, &author, id, &Approval { seen, ..Approval::default() }).await {
            Ok(article) => answer.published.push(article.into()),
            Err(refusal @ Error::Conflict(_)) => {
                answer.refused.push(NotApproved { id: id.to_string(), reason: refusal.to_string() });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Json(answer))
}

fn seen_drafts(body: &[u8]) -> Result<Vec<(DraftId, i64)>, Error> {
    let bad = |text: String| Error::BadRequest(text);
    let whole: Value =
        serde_json::from_slice(body).map_err(|error| bad(format!("the body is not valid JSON: {error}")))?;
    let items = whole.get("drafts").and_then(Value::as_array);
    let items = items.ok_or_else(|| bad("drafts must be an array of objects".to_owned()))?;
    if items.is_empty() || items.len() > MOST {
        return Err(bad(format!("drafts must hold 1 to {MOST} objects, it holds {}", items.len())));
    }
    let (mut offenders, mut found) = (Offenders::default(), Vec::with_capacity(items.len()));
    for (at, item) in items.iter().enumerate() {
        let text = item.get("id").and_then(Value::as_str).unwrap_or_default();
        let revision = item.get("draftRevision").and_then(Value::as_i64).filter(|revision| *revision > 0);
        match (id::<DraftId>("id", text), revision) {
            (Ok(draft), Some(revision)) => found.push((draft, revision)),
            (Err(error), _) => offenders.add(|| format!("drafts[{at}].{error}")),
            (_, None) => offenders.add(|| format!("drafts[{at}].draftRevision is missing or no number from 1")),
        }
    }
    offenders.refuse().map(|()| found)
}

/// Dismiss a draft
///
/// Decides against the draft as it was seen. Its document is not `changed` any more; a later material change makes a new draft.
#[utoipa::path(
    post, path = "/v2/review/public/{id}/dismiss", operation_id = "dismiss_draft", tag = "review", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The draft's ID.", example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    request_body(content = DecideRequest, description = "What was seen, and why. Other fields are refused."),
    responses(
        (status = 200, description = "The draft, which is decided on.", body = Article),
        (status = 400, description = "The body or the ID is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "draftRevision is missing"))),
        (status = 404, description = "There is no such draft.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no draft 7f5392e5-dc7d-4558-8860-cf3ea4b32f94"))),
        (status = 409, description = "It was changed or decided on.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::CONFLICT, "the draft is published already"))),
        Bodied,
        Protected,
    ),
)]
pub async fn dismiss_draft(
    app: App,
    author: Author,
    Id(id): Id<DraftId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Article>, Error> {
    let (seen, reason) = decision(&body)?;
    let mut write = app.store.write().await?;
    let dismissed = write.dismiss_draft(author.deed(app.store.now()), id, seen, &reason).await?;
    let Some(dismissed) = dismissed else { return Err(no_draft(&mut write, id).await?) };
    let dismissed = dismissed.map_err(|refusal| conflict(&refusal))?;
    write.commit().await?;
    Ok(Json(dismissed.into()))
}

/// Read the record of decisions
///
/// Every publication, dismissal, edit, move and deletion, the latest first: who, when, and which revision. Nothing is ever
/// changed in it or taken out.
#[utoipa::path(
    get, path = "/v2/audit/public", operation_id = "list_audit", tag = "review", security(("key" = ["read"])),
    params(AuditQuery),
    responses(
        (status = 200, description = "One page.", body = Audit),
        (status = 400, description = "A parameter is unknown, out of range or not decodable.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST,
                "the query parameter limit must be a whole number from 1 to 500, got \"0\""))),
        Protected,
    ),
)]
pub async fn list_audit(app: App, Reader(workspace): Reader, mut query: Query) -> Result<Json<Audit>, Error> {
    let limit = listing::limit(&mut query)?;
    let cursor: Option<AuditId> = query.parsed("cursor", "the ID of an entry")?;
    query.nothing_else(&["limit", "cursor"])?;
    let mut entries = app.store.glance().await?.audit(workspace, cursor, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    Ok(Json(Audit { entries: entries.into_iter().map(AuditEntry::from).collect(), has_more }))
}
