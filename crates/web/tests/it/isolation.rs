//! A workspace sees nothing of another: every route of the OpenAPI document is walked with a stranger's key.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Map, Value, json};

use crate::bed::{Answer, BOTH, Bed, DOCUMENTS, JOBS, QUEUE, on_both_databases, with_key};
use crate::promise::operations;

const URL: &str = "https://secret.example.com/plan";
const CONNECTIONS: &str = "/v2/connections/public";
const SYNCS: &str = "/v2/syncs/public";
const HOST: &str = "secret.example.com";
const ARTICLES: &str = "/v2/hc-articles/public";
const FOLDERS: &str = "/v2/hc-folders/public";
const AGENTS: &str = "/v2/bots/public";
const REVIEW: &str = "/v2/review/public";
const AUDIT: &str = "/v2/audit/public";
const SCHEDULES: &str = "/v2/schedules/public";

on_both_databases! {
    async fn no_route_shows_or_changes_what_belongs_to_another(bed: Bed) {
        let owner = bed.key("owner", BOTH).await;
        let stranger = bed.key("stranger", BOTH).await;
        let id = bed.added(&owner, &[URL]).await.remove(0);
        let job = bed.get(&owner, &format!("{DOCUMENTS}/{id}")).await.json()["linkedJobId"].as_str().unwrap().to_owned();
        let notion = json!({ "provider": "notion", "credentials": { "kind": "token", "token": "x" } });
        let id_of = |answer: &Answer| answer.json()["id"].as_str().unwrap().to_owned();
        let connection = id_of(&bed.post_to(&owner, CONNECTIONS, &notion).await);
        let sync = id_of(&bed.post_to(&owner, &format!("{CONNECTIONS}/{connection}/sync"), &json!({})).await);
        let made = Made::by(&bed, &owner).await;
        let own_of = async || {
            let mut own = Vec::new();
            for path in [DOCUMENTS, JOBS, QUEUE, CONNECTIONS, SYNCS, ARTICLES, REVIEW, FOLDERS, AGENTS, AUDIT, SCHEDULES] {
                own.push(without_now(bed.get(&owner, path).await.json()));
            }
            own
        };
        let before = own_of().await;
        let Made { folder, article, draft, agent, schedule } = &made;
        let ids = [id.as_str(), &job, &connection, &sync, folder, article, draft, agent, schedule];
        bed.pass_time(std::time::Duration::from_secs(1));

        let document: Value = serde_json::from_str(&web::openapi_json()).unwrap();
        let mut walked = 0;
        for (path, method, operation) in operations(&document).filter(|(path, ..)| path.starts_with("/v2/")) {
            let theirs = [
                ("/jobs/", &job), ("/connections/", &connection), ("/syncs/", &sync), ("/documents/public/{id}", &id),
                ("/publish/", draft), ("/review/", draft), ("/hc-articles/", article), ("/hc-folders/", folder), ("/bots/", agent),
                ("/schedules/", schedule),
            ];
            let own = theirs.into_iter().find(|(part, _)| path.contains(part)).map(|(_, id)| id.as_str());
            for probe in ids.into_iter().chain([URL, HOST]) {
                for request in requests(&document, (&path, &method, operation), probe) {
                    let answer = bed.send(request(&stranger)).await;
                    must_hide(&answer, probe, &ids);
                    if path.contains("{id}") && own == Some(probe) {
                        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}: {}", answer.text());
                    }
                    walked += 1;
                }
            }
        }
        assert!(walked >= 100, "only {walked} requests were made");
        assert_eq!(own_of().await, before);
    }
}

/// What the owner keeps in Review.
struct Made {
    folder: String,
    article: String,
    draft: String,
    agent: String,
    schedule: String,
}

impl Made {
    async fn by(bed: &Bed, owner: &str) -> Self {
        let id_of = |answer: Answer| answer.json()["id"].as_str().unwrap().to_owned();
        let folder = id_of(bed.post_to(owner, FOLDERS, &json!({ "title": HOST, "description": "" })).await);
        let article = id_of(bed.post_to(owner, ARTICLES, &written(HOST, &folder)).await);
        let draft = format!("{}/{article}/draft/public", ARTICLES.trim_end_matches("/public"));
        let draft = id_of(bed.post_to(owner, &draft, &written(HOST, &folder)).await);
        let agent = id_of(bed.post_to(owner, AGENTS, &json!({ "name": HOST })).await);
        let schedule = id_of(bed.post_to(owner, SCHEDULES, &json!({ "everySeconds": 3600 })).await);
        Self { folder, article, draft, agent, schedule }
    }
}

fn written(title: &str, folder: &str) -> Value {
    json!({
        "title": title, "mainKnowledge": "text", "agentInstruction": "", "questions": ["?"], "keywords": ["k"],
        "escalation": false, "parentFolderId": folder,
    })
}

/// The tree says when it was read.
fn without_now(mut answer: Value) -> Value {
    if answer.get("snapshotObjV2").is_some() {
        answer["updatedAt"] = Value::Null;
    }
    answer
}

/// The answer may repeat what the stranger sent, and show what the stranger has queued under the same address; an ID of the
/// owner's it never has by itself, and a refusal has nothing of the document.
fn must_hide(answer: &Answer, probe: &str, ids: &[&str]) {
    let text = answer.text();
    assert!(!answer.status.is_server_error(), "{text}");
    let is_refusal = answer.status != StatusCode::OK;
    for id in ids {
        assert!((is_refusal && probe == *id) || !text.contains(id), "{text}");
    }
    for secret in [URL, HOST] {
        assert!(!is_refusal || probe.contains(secret) || !text.contains(secret), "{text}");
    }
}

type Ask = Box<dyn Fn(&str) -> Request<Body> + Send>;

/// Requests to one operation that name the probe wherever something can be named.
fn requests(document: &Value, (path, method, operation): (&str, &str, &Value), probe: &str) -> Vec<Ask> {
    let escaped = probe.replace('/', "%2F").replace(':', "%3A");
    let path =
        path.split('/').map(|part| if part.starts_with('{') { &escaped } else { part }).collect::<Vec<_>>().join("/");
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let texts = operation["parameters"].as_array().into_iter().flatten();
    let queries = texts
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| format!("{path}?{}={escaped}", parameter["name"].as_str().unwrap()));
    let bodies = operation
        .pointer("/requestBody/content/application~1json/schema")
        .map_or(vec![], |schema| bodies(document, schema, probe));
    let mut made: Vec<Ask> = Vec::new();
    for target in std::iter::once(path.clone()).chain(queries) {
        let method = method.clone();
        if bodies.is_empty() {
            made.push(Box::new(move |key| {
                with_key(Request::builder().method(method.clone()).uri(&target), key).body(Body::empty()).unwrap()
            }));
            continue;
        }
        for body in bodies.clone() {
            let (method, target) = (method.clone(), target.clone());
            made.push(Box::new(move |key| {
                let request =
                    Request::builder().method(method.clone()).uri(&target).header("content-type", "application/json");
                with_key(request, key).body(Body::from(body.to_string())).unwrap()
            }));
        }
    }
    made
}

/// Bodies of a schema, each naming the probe in one of its fields; one that only takes free text names nothing.
fn bodies(document: &Value, schema: &Value, probe: &str) -> Vec<Value> {
    let name = schema["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
    match name {
        "WriteRequest" => return vec![written("a stranger's", probe)],
        "MoveRequest" => return vec![json!({ "parentFolderId": probe })],
        "CreateFolderRequest" => {
            return vec![json!({ "title": "a stranger's", "description": "", "parentFolderId": probe })];
        }
        "UpdateFolderRequest" => return vec![json!({ "title": "a stranger's", "description": "", "active": true })],
        "AgentRequest" => return vec![json!({ "name": "a stranger's" })],
        "JunctionsRequest" => {
            return vec![json!({ "junctions": [{ "folderId": probe, "botId": probe, "action": "ADD" }] })];
        }
        "DecideRequest" => return vec![json!({ "draftRevision": 1 })],
        "ApproveManyRequest" => return vec![json!({ "drafts": [{ "id": probe, "draftRevision": 1 }] })],
        "SetScheduleRequest" => return vec![json!({ "everySeconds": 3600, "documentId": probe })],
        "GenerateRequest" => {
            return vec![json!({ "candidateKnowledge": "a stranger's", "origin": "sources", "documentId": probe })];
        }
        "GenerateManyRequest" => return vec![json!({ "documentIds": [probe], "origin": "sources" })],
        "RestoreRequest" => return vec![json!({ "version": 1 })],
        _ => {}
    }
    let fields = document["components"]["schemas"][name]["properties"].as_object().unwrap();
    let with = |field: &str, value: Value| Value::Object(Map::from_iter([(field.to_owned(), value)]));
    let named = fields.iter().filter_map(|(field, schema)| match field.as_str() {
        "host" => Some(with(field, json!(probe))),
        "all" | "dryRun" => Some(with(field, json!(true))),
        "reason" => Some(with(field, json!("a stranger's pause"))),
        "resources" => {
            let item = json!({ "originalUrl": "https://stranger.example/", "title": probe, "externalId": probe, "mimeType": "text/html" });
            Some(with(field, json!([item])))
        }
        "credentials" => Some(json!({ "provider": "notion", "credentials": { "kind": "token", "token": probe } })),
        _ => (schema["items"]["type"] == "string").then(|| with(field, json!([probe]))),
    });
    let bodies: Vec<_> = named.collect();
    assert!(!bodies.is_empty(), "{name} names nothing; teach this test to fill it");
    bodies
}
