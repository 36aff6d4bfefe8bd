//! The end of documents.

use axum::Json;
use axum::http::StatusCode;
use model::DocumentId;

use crate::auth::Author;
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::fields::Fields;
use crate::naming::{documents, once};
use crate::offenders::Offenders;
use crate::openapi::{Bodied, Protected};
use crate::state::App;
use crate::wire::review::{DeleteRequest, Deleted, DeletedArticle, DeletedDocument};

const DOCUMENTS: &str = "documentIds";
const ARTICLES: &str = "deleteArticles";

/// Delete documents
///
/// Deletes documents with their texts, their jobs and their open drafts, all or none. The articles that follow them stay, unless
/// `deleteArticles` is true; versions of articles stay in any case.
#[utoipa::path(
    delete, path = "/v2/documents/public", operation_id = "delete_documents", tag = "documents", security(("key" = ["write"])),
    request_body(content = DeleteRequest, description = "Which."),
    responses(
        (status = 200, description = "They are gone.", body = Deleted),
        (status = 400, description = "The body is malformed, or an ID does not exist.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "name at least one document in documentIds"))),
        Bodied,
        Protected,
    ),
)]
pub async fn delete_documents(app: App, author: Author, JsonBody(body): JsonBody) -> Result<Json<Deleted>, Error> {
    let (named, with_articles) = named(&body, app.limits.items)?;
    let mut write = app.store.write().await?;
    let owners = write.owners(&named).await?;
    if let Some(foreign) = named.iter().find(|id| owners.get(id).is_some_and(|owner| *owner != author.workspace)) {
        return Err(Error::Foreign(format!("document {foreign}")));
    }
    let mut offenders = Offenders::default();
    for unknown in named.iter().filter(|id| !owners.contains_key(id)) {
        offenders.add(|| format!("{DOCUMENTS} names {unknown}, which is no document"));
    }
    offenders.refuse()?;
    let deed = author.deed(app.store.now());
    let (gone, articles) = write.delete_documents(deed, &named, with_articles).await?;
    write.commit().await?;
    Ok(Json(Deleted {
        deleted_documents: gone.into_iter().map(DeletedDocument::from).collect(),
        deleted_articles: articles.into_iter().map(DeletedArticle::from).collect(),
    }))
}

fn named(body: &[u8], most: usize) -> Result<(Vec<DocumentId>, bool), Error> {
    let mut fields = Fields::read(body, &[DOCUMENTS, ARTICLES], most)?;
    let with_articles = fields.flag(ARTICLES)?.unwrap_or(false);
    let (texts, count) = fields.texts(DOCUMENTS)?;
    if count == 0 {
        return Err(Error::BadRequest(format!("name at least one document in {DOCUMENTS}")));
    }
    if count > most {
        return Err(Error::BadRequest(format!(
            "{DOCUMENTS} holds {count} items; at most {most} fit one request, split it"
        )));
    }
    let mut offenders = Offenders::default();
    let ids = documents(DOCUMENTS, texts, &mut offenders, |value| format!("{value} is not a document ID"));
    offenders.refuse()?;
    Ok((once(ids.into_iter().map(|id| (id, false))).into_iter().map(|(id, _)| id).collect(), with_articles))
}
