//! Articles: listed, written, moved, deleted.

use axum::Json;
use axum::http::StatusCode;
use model::{ArticleId, Proposal, Seen};
use store::{Behind, DraftChange, DraftFilter, NewDraft};

use crate::auth::{Author, Reader};
use crate::authoring::{self, as_draft, written};
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::listing;
use crate::openapi::{Bodied, Protected};
use crate::paging::ArticlesQuery;
use crate::path_id::Id;
use crate::possession::{self, Piece, conflict, no_article, no_cursor, no_folder, piece};
use crate::query::Query;
use crate::state::App;
use crate::wire::articles::{Article, Articles, ArticlesByIdRequest, MoveRequest, WriteRequest};

/// What a list of articles can be narrowed to.
const TYPES: [&str; 2] = ["live", "draft"];

/// List articles and drafts
///
/// Returns one page, those that changed last first. Drafts that were decided on are not listed.
#[utoipa::path(
    get, path = "/v2/hc-articles/public", operation_id = "list_articles", tag = "articles", security(("key" = ["read"])),
    params(ArticlesQuery),
    responses(
        (status = 200, description = "One page.", body = Articles),
        (status = 400, description = "A parameter is unknown, out of range or not decodable.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the query parameter type must be live or draft, got \"old\""))),
        Protected,
    ),
)]
pub async fn list_articles(app: App, Reader(workspace): Reader, mut query: Query) -> Result<Json<Articles>, Error> {
    let (kind, limit) = (query.word("type", &TYPES)?, listing::limit(&mut query)?);
    let cursor: Option<ArticleId> = query.parsed("cursor", "the ID of an article or a draft")?;
    query.nothing_else(&["type", "limit", "cursor"])?;
    let mut read = app.store.read().await?;
    let behind = match cursor {
        None => Behind::start(),
        Some(id) => match piece(&mut read, workspace, id).await.map_err(|error| no_cursor(error, "an article", &id))? {
            Piece::Live(article) => Behind { at: article.updated_at, id: id.to_string() },
            Piece::Draft(draft) => Behind { at: draft.updated_at, id: id.to_string() },
        },
    };
    let mut found: Vec<(model::Timestamp, Article)> = Vec::new();
    if kind != Some(TYPES[1]) {
        let live = read.articles(workspace, &behind, limit + 1).await?;
        found.extend(live.into_iter().map(|article| (article.updated_at, article.into())));
    }
    if kind != Some(TYPES[0]) {
        let drafts = read.drafts(workspace, DraftFilter::default(), &behind, limit + 1).await?;
        found.extend(drafts.into_iter().map(|draft| (draft.updated_at, draft.into())));
    }
    found.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| b.id.cmp(&a.id)));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    Ok(Json(Articles { articles: found.into_iter().take(limit).map(|(_, article)| article).collect(), has_more }))
}

/// Get articles by ID
///
/// Returns those of the named articles and drafts that the workspace has; others are left out.
#[utoipa::path(
    post, path = "/v2/hc-articles/ids/public", operation_id = "articles_by_id", tag = "articles", security(("key" = ["read"])),
    request_body(content = ArticlesByIdRequest, description = "Which."),
    responses(
        (status = 200, description = "Those there are, in the order named.", body = [Article]),
        (status = 400, description = "The body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "name at least one article in articleIds"))),
        Bodied,
        Protected,
    ),
)]
pub async fn articles_by_id(
    app: App,
    Reader(workspace): Reader,
    JsonBody(body): JsonBody,
) -> Result<Json<Vec<Article>>, Error> {
    let wanted = authoring::pieces(&body, app.limits.items)?;
    let mut read = app.store.read().await?;
    let mut found: Vec<Article> = Vec::with_capacity(wanted.len());
    let live = read.articles_of(workspace, &wanted).await?;
    for id in wanted {
        if let Some(article) = live.iter().find(|article| article.id == id) {
            found.push(article.clone().into());
        } else if let Some(draft) = read.draft(workspace, as_draft(id)?).await? {
            found.push(draft.into());
        }
    }
    Ok(Json(found))
}

/// Create an article
///
/// Writes an article past Review, or with `isDraft: true` a draft that awaits a decision.
#[utoipa::path(
    post, path = "/v2/hc-articles/public", operation_id = "create_article", tag = "articles", security(("key" = ["write"])),
    request_body(content = WriteRequest, description = "The article. Other fields are ignored."),
    responses(
        (status = 200, description = "It is kept.", body = Article),
        (status = 400, description = "The body is malformed, or a required list is empty.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "questions must hold at least one text"))),
        (status = 404, description = "There is no such folder.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no folder 0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b"))),
        Bodied,
        Protected,
    ),
)]
pub async fn create_article(app: App, author: Author, JsonBody(body): JsonBody) -> Result<Json<Article>, Error> {
    let written = written(&body)?;
    let folder = written.needed_folder()?;
    let deed = author.deed(app.store.now());
    let mut write = app.store.write().await?;
    let made = if written.is_draft {
        possession::folder(&mut write, author.workspace, folder).await?;
        let new = NewDraft {
            proposal: Proposal::Add,
            reason: "a person wrote it".to_owned(),
            article: None,
            folder,
            backing: None,
            content: written.wording.content,
            active: written.wording.active,
            public: written.wording.public,
            origin: written.wording.origin,
        };
        write.add_draft(deed, &new).await?.into()
    } else {
        match write.write_article(deed, folder, &written.wording).await? {
            Some(article) => article.into(),
            None => return Err(no_folder(&mut write, folder).await?),
        }
    };
    write.commit().await?;
    Ok(Json(made))
}

/// Update an article or a draft
///
/// Replaces the content. An article gets a new version, live at once. A draft keeps what its source proposes beside it; name
/// `draftRevision` to be refused when somebody else changed it meanwhile, and `originalArticleVersion` to say which version of
/// the article the text takes into account.
#[utoipa::path(
    put, path = "/v2/hc-articles/{id}/public", operation_id = "update_article", tag = "articles", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The ID of an article or a draft.",
        example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    request_body(content = WriteRequest, description = "The whole content. `parentFolderId` and `isDraft` are ignored."),
    responses(
        (status = 200, description = "It is kept.", body = Article),
        (status = 400, description = "The body or the ID is malformed, or a required list is empty.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "keywords must hold at least one text"))),
        (status = 404, description = "There is no such article.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no article 7f5392e5-dc7d-4558-8860-cf3ea4b32f94"))),
        (status = 409, description = "The draft was changed or decided on.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::CONFLICT, "the draft is published already"))),
        Bodied,
        Protected,
    ),
)]
pub async fn update_article(
    app: App,
    author: Author,
    Id(id): Id<ArticleId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Article>, Error> {
    let written = written(&body)?;
    let deed = author.deed(app.store.now());
    let mut write = app.store.write().await?;
    let kept = match piece(&mut write, author.workspace, id).await? {
        Piece::Live(_) => write.rewrite_article(deed, id, &written.wording).await?.map(Article::from),
        Piece::Draft(draft) => {
            let change = DraftChange {
                content: Some(written.wording.content),
                article_version: written.seen.article,
                active: written.wording.active,
                public: written.wording.public,
                folder: None,
            };
            let seen = Seen { draft: written.seen.draft, article: None };
            let changed = write.change_draft(deed, draft.id, seen, &change).await?;
            changed.transpose().map_err(|refusal| conflict(&refusal))?.map(Article::from)
        }
    };
    let Some(kept) = kept else { return Err(no_article(&mut write, id).await?) };
    write.commit().await?;
    Ok(Json(kept))
}

/// Move an article or a draft
///
/// Puts it into another folder.
#[utoipa::path(
    put, path = "/v2/hc-articles/{id}/move/public", operation_id = "move_article", tag = "articles", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The ID of an article or a draft.",
        example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    request_body(content = MoveRequest, description = "Where to."),
    responses(
        (status = 200, description = "It is there.", body = Article),
        (status = 400, description = "The body or the ID is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "parentFolderId is missing"))),
        (status = 404, description = "There is no such article or folder.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no folder 0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b"))),
        (status = 409, description = "The draft was decided on.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::CONFLICT, "the draft is published already"))),
        Bodied,
        Protected,
    ),
)]
pub async fn move_article(
    app: App,
    author: Author,
    Id(id): Id<ArticleId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Article>, Error> {
    let folder = authoring::destination(&body)?;
    let deed = author.deed(app.store.now());
    let mut write = app.store.write().await?;
    let found = piece(&mut write, author.workspace, id).await?;
    possession::folder(&mut write, author.workspace, folder).await?;
    let moved = match found {
        Piece::Live(_) => write.move_article(deed, id, folder).await?.map(Article::from),
        Piece::Draft(draft) => {
            let change = DraftChange { folder: Some(folder), ..DraftChange::default() };
            let changed = write.change_draft(deed, draft.id, Seen::default(), &change).await?;
            changed.transpose().map_err(|refusal| conflict(&refusal))?.map(Article::from)
        }
    };
    let Some(moved) = moved else { return Err(no_article(&mut write, id).await?) };
    write.commit().await?;
    Ok(Json(moved))
}

/// Delete an article or a draft
///
/// Takes an article out of the answers at once; its versions stay, and the document that it followed stays without an article.
/// A draft is decided against.
#[utoipa::path(
    delete, path = "/v2/hc-articles/{id}/public", operation_id = "delete_article", tag = "articles", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The ID of an article or a draft.",
        example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    responses(
        (status = 200, description = "It is gone; this is what it was.", body = Article),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the article ID must be a UUID, got \"42\""))),
        (status = 404, description = "There is no such article.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no article 7f5392e5-dc7d-4558-8860-cf3ea4b32f94"))),
        (status = 409, description = "The draft was decided on.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::CONFLICT, "the draft is dismissed already"))),
        Protected,
    ),
)]
pub async fn delete_article(app: App, author: Author, Id(id): Id<ArticleId>) -> Result<Json<Article>, Error> {
    let deed = author.deed(app.store.now());
    let mut write = app.store.write().await?;
    let gone = match piece(&mut write, author.workspace, id).await? {
        Piece::Live(_) => write.delete_article(deed, id).await?.map(Article::from),
        Piece::Draft(draft) => {
            let dismissed = write.dismiss_draft(deed, draft.id, Seen::default(), "deleted").await?;
            dismissed.transpose().map_err(|refusal| conflict(&refusal))?.map(Article::from)
        }
    };
    let Some(gone) = gone else { return Err(no_article(&mut write, id).await?) };
    write.commit().await?;
    Ok(Json(gone))
}
