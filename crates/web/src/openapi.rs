//! The parts of the OpenAPI document that routes share: its head, its security, the answers that every guarded route has.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::json;
use utoipa::openapi::content::Content;
use utoipa::openapi::header::Header;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, Ref, RefOr};
use utoipa::{IntoResponses, OpenApi as _};

use crate::error::{Error, ErrorBody, UNAVAILABLE, internal_text};
use crate::words::DirectionWord;

/// The document without its routes.
pub fn head() -> OpenApi {
    let mut document = Head::openapi();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("fini_…").description(Some(KEY));
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("key", SecurityScheme::Http(bearer.build()));
    document
}

const KEY: &str = "An API key: `Authorization: Bearer fini_...`. A key belongs to one workspace and has the scopes `read`, \
    `write` or both; `write` does not imply `read`. Keep it on a server: `gleaner key revoke` ends it at once.";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Gleaner",
        description = "Queue pages for ingestion and follow each one to its end.\n\n\
            1. `POST /v2/documents/public` with URLs: each gets a document and a queued run.\n\
            2. `GET /v2/documents/public/{id}` until `linkedJobStatus` is `COMPLETED` or `FAILED`. While it is `PENDING`, \
            `waiting` says why; when it is `FAILED`, `error` says why.\n\
            3. Read `paragraphs`.\n\
            4. What is new awaits a decision: `GET /v2/review/public`. Only what is approved becomes an article.\n\n\
            Every answer carries `x-request-id`; name it when you report a problem. Every refusal has the same JSON body. \
            IDs are UUIDs, times are ISO 8601 in UTC with milliseconds.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "documents", description = "Source records: what was queued, what became of it, and its text."),
        (name = "articles", description = "What agents answer from, and the drafts of it."),
        (name = "folders", description = "The tree of articles, and the agents that answer from it."),
        (name = "review", description = "What awaits a decision, and the record of decisions."),
        (name = "connections", description = "Providers that the workspace is connected to."),
        (name = "jobs", description = "The runs of documents: watched, cancelled, retried."),
        (name = "queue", description = "The workspace's queue as a whole."),
        (name = "schedules", description = "What is refreshed by itself."),
        (name = "sites", description = "What of a site's pages is content, where Gleaner does not see it by itself."),
        (name = "health", description = "For load balancers, process supervisors and monitors. No key needed."),
        (name = "docs", description = "This description."),
    ),
    components(schemas(ErrorBody, DirectionWord)),
)]
struct Head;

/// The answers that every route behind a key can give.
pub struct Protected;

impl IntoResponses for Protected {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        use StatusCode as S;
        let unauthorized = refusal("No valid key.", S::UNAUTHORIZED, &Error::Unauthorized.to_string());
        let forbidden = "The key lacks the scope, or the object belongs to another workspace.";
        let fault = "A fault of ours. The log has the cause under the request ID.";
        let unavailable = refusal("Busy, or the database does not answer.", S::SERVICE_UNAVAILABLE, UNAVAILABLE);
        let answers = [
            ("401", unauthorized.header("WWW-Authenticate", header(Type::String, "Always `Bearer`."))),
            ("403", refusal(forbidden, S::FORBIDDEN, &Error::Scope.to_string())),
            ("500", refusal(fault, S::INTERNAL_SERVER_ERROR, &internal_text("b5a7c3f0"))),
            (
                "503",
                unavailable.header("Retry-After", header(Type::Integer, "Seconds until it is worth trying again.")),
            ),
        ];
        answers.into_iter().map(|(status, answer)| (status.to_owned(), answer.build().into())).collect()
    }
}

/// The answers that every route with a JSON body can give.
pub struct Bodied;

impl IntoResponses for Bodied {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let answers = [
            ("408", "The body did not arrive in time.", Error::Slow(30)),
            ("413", "The body is larger than 8 MiB.", Error::TooLarge(8 << 20)),
            (
                "415",
                "The body is not declared as application/json, or is compressed.",
                Error::MediaType("Content-Type must be application/json; it is \"text/plain\"".to_owned()),
            ),
        ];
        let answer = |(status, description, error): (&str, &str, Error)| {
            let body = error.body();
            let code = StatusCode::from_u16(body.status_code).unwrap_or_default();
            (status.to_owned(), refusal(description, code, &body.message).build().into())
        };
        answers.into_iter().map(answer).collect()
    }
}

fn refusal(description: &str, status: StatusCode, message: &str) -> ResponseBuilder {
    let body = Content::builder().schema(Some(Ref::from_schema_name("ErrorBody")));
    let body = body.example(Some(json!(ErrorBody::new(status, message)))).build();
    ResponseBuilder::new().description(description).content("application/json", body)
}

fn header(kind: Type, description: &str) -> Header {
    Header::builder().schema(Some(ObjectBuilder::new().schema_type(kind))).description(Some(description)).build()
}

/// The document with what every answer carries.
pub fn finished(mut document: OpenApi) -> OpenApi {
    let id = "The request's ID: the one it brought, when that is up to 128 visible ASCII characters, else a new one.";
    let operations = document
        .paths
        .paths
        .values_mut()
        .flat_map(|item| [&mut item.get, &mut item.post, &mut item.put, &mut item.delete])
        .flatten();
    for answer in operations.flat_map(|operation| operation.responses.responses.values_mut()) {
        if let RefOr::T(answer) = answer {
            answer.headers.insert("x-request-id".to_owned(), header(Type::String, id).into());
        }
    }
    document
}
