//! Articles of texts and documents, because somebody asks for them.

use axum::Json;
use axum::http::StatusCode;
use model::KnowledgeJobId;
use store::KnowledgeJob as Job;

use crate::auth::{Author, Reader};
use crate::body::JsonBody;
use crate::error::{Error, ErrorBody};
use crate::generating;
use crate::naming::unfit;
use crate::offenders::Offenders;
use crate::openapi::{Bodied, Protected};
use crate::state::App;
use crate::wire::knowledge::{
    GenerateManyRequest, GenerateRequest, Generating, GeneratingMany, GeneratingOne, KnowledgeJob, KnowledgeJobs,
    KnowledgeJobsRequest,
};

/// Make an article of a text
///
/// Proposes an article, or another text for the one that it is most like. It awaits a decision unless `isDraft` is false. The
/// article says what the text says: nothing is added.
#[utoipa::path(
    post, path = "/v2/knowledge/public", operation_id = "generate_knowledge", tag = "review", security(("key" = ["write"])),
    request_body(content = GenerateRequest, description = "The text. Other fields are ignored."),
    responses(
        (status = 200, description = "It is done; the job says what came of it.", body = Generating),
        (status = 400, description = "The body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "candidateKnowledge is missing or empty"))),
        (status = 404, description = "There is no such agent.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no agent 4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3"))),
        Bodied,
        Protected,
    ),
)]
pub async fn generate_knowledge(app: App, author: Author, JsonBody(body): JsonBody) -> Result<Json<Generating>, Error> {
    let (text, document, manner) = generating::one(&body)?;
    let proposed = generating::proposed(&text)?;
    let mut write = app.store.write().await?;
    if let Some(document) = document {
        match write.owner(document).await? {
            Some(owner) if owner == author.workspace => {}
            Some(_) => return Err(unfit("documentId", &[(document, store::Unfit::Foreign)])),
            None => return Err(Error::BadRequest(format!("documentId names {document}, which is no document"))),
        }
    }
    let source = match document {
        Some(document) => write.source_text(author.workspace, document).await?.map(|text| (document, text)),
        None => None,
    };
    let wish = match source {
        Some(source) => {
            let said = (Some(proposed), &manner);
            generating::of_document(&mut write, author.workspace, source, said).await?
        }
        None => generating::of_text(&mut write, author.workspace, proposed, &manner).await?,
    };
    let job = write.generate(author.deed(app.store.now()), &wish).await?;
    write.commit().await?;
    Ok(Json(Generating { background_job_id: job.id.to_string() }))
}

/// Make articles of documents
///
/// Proposes the stored text of each document, as its runs do by themselves. A document without a text gets a job that says so.
#[utoipa::path(
    post, path = "/v2/knowledge/public/bulk", operation_id = "generate_many", tag = "review", security(("key" = ["write"])),
    request_body(content = GenerateManyRequest, description = "The documents. Other fields are ignored."),
    responses(
        (status = 200, description = "It is done; the jobs say what came of each.", body = GeneratingMany),
        (status = 400, description = "The body is malformed, or an ID does not exist.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "origin must be sources, got \"inbox\""))),
        (status = 404, description = "There is no such agent.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND, "there is no agent 4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3"))),
        Bodied,
        Protected,
    ),
)]
pub async fn generate_many(app: App, author: Author, JsonBody(body): JsonBody) -> Result<Json<GeneratingMany>, Error> {
    let (documents, manner) = generating::many(&body, app.limits.items)?;
    let owners = app.store.glance().await?.owners(&documents).await?;
    if let Some(foreign) = documents.iter().find(|id| owners.get(id).is_some_and(|owner| *owner != author.workspace)) {
        return Err(Error::Foreign(format!("document {foreign}")));
    }
    let mut offenders = Offenders::default();
    for unknown in documents.iter().filter(|id| !owners.contains_key(id)) {
        offenders.add(|| format!("documentIds names {unknown}, which is no document"));
    }
    offenders.refuse()?;
    let mut jobs = Vec::with_capacity(documents.len());
    for document in documents {
        // Each by itself: nobody waits for the locks of a thousand.
        let deed = author.deed(app.store.now());
        let mut write = app.store.write().await?;
        let job = if let Some(text) = write.source_text(author.workspace, document).await? {
            let wish = generating::of_document(&mut write, author.workspace, (document, text), (None, &manner)).await?;
            write.generate(deed, &wish).await?
        } else {
            let reason = "the document has no text yet; wait until a run completes, then ask again".to_owned();
            let id = KnowledgeJobId::new();
            let job = Job { id, document: Some(document), article: None, reason, created_at: deed.at };
            write.keep_knowledge_job(author.workspace, &job).await?;
            job
        };
        write.commit().await?;
        let (document_id, background_job_id) = (document.to_string(), job.id.to_string());
        jobs.push(GeneratingOne { document_id, background_job_id });
    }
    Ok(Json(GeneratingMany { jobs }))
}

/// See what came of jobs
///
/// How each job stands, and the article or the draft that it made; where it made none, `reason` says why.
#[utoipa::path(
    post, path = "/v2/knowledge/public/jobs/status", operation_id = "knowledge_jobs", tag = "review", security(("key" = ["read"])),
    request_body(content = KnowledgeJobsRequest, description = "Which."),
    responses(
        (status = 200, description = "The jobs.", body = KnowledgeJobs),
        (status = 400, description = "The body is malformed.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::BAD_REQUEST, "jobIds must name 1 to 10000 jobs, it names 0"))),
        (status = 404, description = "An ID is none of a job of this kind in this workspace.", body = ErrorBody,
            example = json!(ErrorBody::new(StatusCode::NOT_FOUND,
                "there is no knowledge job 4cfcf2cc-7a06-4de2-b460-5b991fe6236a"))),
        Bodied,
        Protected,
    ),
)]
pub async fn knowledge_jobs(
    app: App,
    Reader(workspace): Reader,
    JsonBody(body): JsonBody,
) -> Result<Json<KnowledgeJobs>, Error> {
    let wanted = generating::jobs(&body, app.limits.items)?;
    let found = app.store.glance().await?.knowledge_jobs(workspace, &wanted).await?;
    let mut jobs = Vec::with_capacity(wanted.len());
    for id in wanted {
        let job = found.iter().find(|job| job.id == id);
        let job = job.ok_or_else(|| Error::NotFound(format!("there is no knowledge job {id}")))?;
        jobs.push(KnowledgeJob::from(job.clone()));
    }
    Ok(Json(KnowledgeJobs { jobs }))
}
