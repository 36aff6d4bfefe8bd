//! From an article to a draft and back: forks, publication, versions.

use axum::Json;
use axum::http::StatusCode;
use model::{ArticleId, DraftId, Proposal};
use store::{Approval, NewDraft};

use crate::auth::{Author, Reader};
use crate::authoring::{self, written};
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::openapi::{Bodied, Protected};
use crate::path_id::Id;
use crate::possession::{self, conflict, no_article, no_draft};
use crate::state::App;
use crate::wire::articles::{Article, RestoreRequest, Version, Versions, WriteRequest};

/// Make a draft of an article
///
/// Keeps another content for a live article as a draft that awaits a decision; the article stays as it is. `null` where there is
/// no such article.
#[utoipa::path(
    post, path = "/v2/hc-articles/{id}/draft/public", operation_id = "draft_article", tag = "articles", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The article's ID.", example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    request_body(content = WriteRequest, description = "The content of the draft."),
    responses(
        (status = 200, description = "The draft; `null` where there is no such article.", body = Option<Article>),
        (status = 400, description = "The body or the ID is malformed, or a required list is empty.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "parentFolderId is missing"))),
        (status = 404, description = "There is no such folder.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no folder 0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b"))),
        Bodied,
        Protected,
    ),
)]
pub async fn draft_article(
    app: App,
    author: Author,
    Id(id): Id<ArticleId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Option<Article>>, Error> {
    let written = written(&body)?;
    let folder = written.needed_folder()?;
    let mut write = app.store.write().await?;
    let Some(live) = write.article(author.workspace, id).await? else {
        let is_foreign = write.article_owner(id).await?.is_some();
        return if is_foreign { Err(Error::Foreign(format!("article {id}"))) } else { Ok(Json(None)) };
    };
    possession::folder(&mut write, author.workspace, folder).await?;
    let new = NewDraft {
        proposal: Proposal::Update,
        reason: "a person proposes another text".to_owned(),
        article: Some((id, live.version)),
        folder,
        backing: None,
        content: written.wording.content,
        active: written.wording.active,
        public: written.wording.public,
        origin: written.wording.origin,
    };
    let draft = write.add_draft(author.deed(app.store.now()), &new).await?;
    write.commit().await?;
    Ok(Json(Some(draft.into())))
}

/// Publish a draft
///
/// Makes the sent content the live article: a new version of the one that the draft is against, else a new article. Name
/// `draftRevision` to be refused when the draft has changed since you saw it. A draft whose article has moved on is refused
/// with both versions named.
#[utoipa::path(
    post, path = "/v2/hc-articles/{id}/publish/public", operation_id = "publish_draft", tag = "articles", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The draft's ID.", example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    request_body(content = WriteRequest, description = "The content to publish."),
    responses(
        (status = 200, description = "The article as it is live now.", body = Article),
        (status = 400, description = "The body or the ID is malformed, or a required list is empty.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "questions must hold at least one text"))),
        (status = 404, description = "There is no such draft.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no draft 7f5392e5-dc7d-4558-8860-cf3ea4b32f94"))),
        (status = 409, description = "The draft or its article has changed, or was decided on.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::CONFLICT,
                "the draft has changed: revision 1 was seen and it is at revision 2; look at it again"))),
        Bodied,
        Protected,
    ),
)]
pub async fn publish_draft(
    app: App,
    author: Author,
    Id(id): Id<DraftId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Article>, Error> {
    let written = written(&body)?;
    let approval = Approval {
        seen: written.seen,
        content: Some(written.wording.content),
        active: written.wording.active,
        public: written.wording.public,
        origin: written.wording.origin,
        folder: written.folder,
    };
    publish(&app, &author, id, &approval).await.map(|article| Json(article.into()))
}

/// Publishes a draft in a transaction of its own.
pub async fn publish(app: &App, author: &Author, id: DraftId, approval: &Approval) -> Result<model::Article, Error> {
    let mut write = app.store.write().await?;
    possession::draft(&mut write, author.workspace, id).await?;
    if let Some(folder) = approval.folder {
        possession::folder(&mut write, author.workspace, folder).await?;
    }
    let published = write.publish(author.deed(app.store.now()), id, approval).await?;
    let Some(published) = published else { return Err(no_draft(&mut write, id).await?) };
    let article = published.map_err(|refusal| conflict(&refusal))?;
    write.commit().await?;
    Ok(article)
}

/// List the versions of an article
///
/// Every version that was ever published, the latest first; also of an article that was deleted.
#[utoipa::path(
    get, path = "/v2/hc-articles/{id}/versions/public", operation_id = "list_versions", tag = "articles", security(("key" = ["read"])),
    params(("id" = String, Path, format = Uuid, description = "The article's ID.", example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    responses(
        (status = 200, description = "The versions.", body = Versions),
        (status = 400, description = "The ID is not a UUID.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "the article ID must be a UUID, got \"42\""))),
        (status = 404, description = "There never was such an article.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no article 7f5392e5-dc7d-4558-8860-cf3ea4b32f94"))),
        Protected,
    ),
)]
pub async fn list_versions(
    app: App,
    Reader(workspace): Reader,
    Id(id): Id<ArticleId>,
) -> Result<Json<Versions>, Error> {
    let mut read = app.store.read().await?;
    let versions = read.versions(workspace, id).await?;
    if versions.is_empty() {
        return Err(no_article(&mut read, id).await?);
    }
    Ok(Json(Versions { versions: versions.into_iter().map(Version::from).collect() }))
}

/// Restore a version of an article
///
/// Makes a draft of an earlier version. Nothing changes until the draft is published.
#[utoipa::path(
    post, path = "/v2/hc-articles/{id}/restore/public", operation_id = "restore_version", tag = "articles", security(("key" = ["write"])),
    params(("id" = String, Path, format = Uuid, description = "The article's ID.", example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")),
    request_body(content = RestoreRequest, description = "Which version."),
    responses(
        (status = 200, description = "The draft.", body = Article),
        (status = 400, description = "The body or the ID is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "version is missing"))),
        (status = 404, description = "There is no such article, or no such version.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "article 7f5392e5-dc7d-4558-8860-cf3ea4b32f94 has no version 9"))),
        Bodied,
        Protected,
    ),
)]
pub async fn restore_version(
    app: App,
    author: Author,
    Id(id): Id<ArticleId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Article>, Error> {
    let wanted = authoring::version(&body)?;
    let mut write = app.store.write().await?;
    let Some(live) = write.article(author.workspace, id).await? else { return Err(no_article(&mut write, id).await?) };
    let versions = write.versions(author.workspace, id).await?;
    let Some(version) = versions.into_iter().find(|version| version.version == wanted) else {
        return Err(Error::NotFound(format!("article {id} has no version {wanted}")));
    };
    let new = NewDraft {
        proposal: Proposal::Update,
        reason: format!("version {wanted} is to be restored"),
        article: Some((id, live.version)),
        folder: live.folder,
        backing: None,
        content: version.content,
        active: Some(version.active),
        public: Some(version.public),
        origin: None,
    };
    let draft = write.add_draft(author.deed(app.store.now()), &new).await?;
    write.commit().await?;
    Ok(Json(draft.into()))
}
