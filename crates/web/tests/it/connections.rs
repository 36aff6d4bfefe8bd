//! Connections and what lies behind them: kept without showing a secret, listed, registered, queued, synced.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use model::{Connection, Failure, FailureCode, Group, Identity, Listing, Resource};
use serde_json::{Value, json};
use web::providers::{Later, Providers};

use crate::bed::{BOTH, Bed, DOCUMENTS, READ, on_both_databases, with_key};

const CONNECTIONS: &str = "/v2/connections/public";
const NOTION: &str = "/v2/documents/public/resources/notion";
const SECRET: &str = "ntn_s3cret";

/// A provider that shows three items and one gap, or refuses us where the address says so.
struct Shelf;

fn resource(name: &str, group: Option<&str>) -> Resource {
    Resource {
        external_id: name.to_owned(),
        title: format!("Title of {name}"),
        url: format!("https://www.notion.so/{name}"),
        mime_type: "text/markdown".to_owned(),
        icon: None,
        object: "page".to_owned(),
        version: Some("1".to_owned()),
        group: group.map(str::to_owned),
        parent: None,
    }
}

fn refusal(connection: &Connection) -> Option<Failure> {
    let settings = serde_json::to_string(&connection.account.settings()).unwrap();
    let refused = |word: &str, code| settings.contains(word).then(|| Failure::new(code, "Notion: no"));
    refused("revoked", FailureCode::ProviderDisconnected).or_else(|| refused("broken", FailureCode::ServerError))
}

impl Providers for Shelf {
    fn probe<'a>(&'a self, connection: &'a Connection) -> Later<'a, Identity> {
        let identity = Identity { name: "Acme".to_owned(), notes: vec!["sees what was shared".to_owned()] };
        Box::pin(std::future::ready(refusal(connection).map_or(Ok(identity), Err)))
    }

    fn list<'a>(&'a self, connection: &'a Connection) -> Later<'a, Listing> {
        let listing = Listing {
            groups: vec![Group { id: "g".to_owned(), title: "G".to_owned(), url: String::new(), parent: None }],
            resources: ["a", "b", "c"].map(|name| resource(name, Some("g"))).to_vec(),
            gaps: vec!["the search was cut — after 10,000 rows".to_owned()],
        };
        Box::pin(std::future::ready(refusal(connection).map_or(Ok(listing), Err)))
    }
}

fn notion(settings: &Value) -> Value {
    json!({ "provider": "notion", "settings": settings, "credentials": { "kind": "token", "token": SECRET } })
}

/// A service that asks the shelf.
fn shelved(bed: &Bed) -> Bed {
    bed.asking(Arc::new(Shelf))
}

async fn connected(bed: &Bed, key: &str, settings: Value) -> Value {
    let answer = bed.post_to(key, CONNECTIONS, &notion(&settings)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

on_both_databases! {
    async fn a_connection_is_kept_and_shows_no_secret(bed: Bed) {
        let (key, other) = (bed.key("acme", BOTH).await, bed.key("other", BOTH).await);
        assert_eq!(bed.get(&key, CONNECTIONS).await.json(), json!({ "connections": [] }));
        let first = connected(&bed, &key, json!({})).await;
        assert_eq!(first["settings"], json!({ "apiUrl": "https://api.notion.com" }));
        assert_eq!((&first["provider"], &first["proof"], &first["problem"]), (&json!("notion"), &json!("token"), &json!("")));
        let again = connected(&bed, &key, json!({ "apiUrl": "https://gateway.example" })).await;
        assert_eq!(again["id"], first["id"], "whoever connects again keeps the ID");
        let listed = bed.get(&key, CONNECTIONS).await;
        assert_eq!(listed.json(), json!({ "connections": [again] }));
        assert!(!String::from_utf8_lossy(&listed.body).contains("s3cret"));
        assert_eq!(bed.get(&other, CONNECTIONS).await.json(), json!({ "connections": [] }));

        let place = format!("{CONNECTIONS}/{}", first["id"].as_str().unwrap());
        assert_eq!(bed.delete(&other, &place, &Value::Null).await.status, 403);
        assert_eq!(bed.delete(&key, &place, &Value::Null).await.json(), again);
        assert_eq!(bed.delete(&key, &place, &Value::Null).await.status, 404);
    }

    async fn what_is_wrong_with_a_connection_is_told_without_its_secret(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let cases = [
            (json!({ "provider": "slack", "credentials": {} }), "the provider must be one of"),
            (json!({ "provider": "notion", "credentials": SECRET }), "credentials must be an object"),
            (json!({ "provider": "notion", "credentials": { "kind": "token", "key": SECRET } }), "have token"),
            (json!({ "provider": "zendesk", "credentials": { "kind": "anonymous" } }), "siteUrl must be"),
        ];
        for (body, expected) in cases {
            let (status, text) = bed.post_to(&key, CONNECTIONS, &body).await.refusal();
            assert!(status == 400 && text.contains(expected) && !text.contains("s3cret"), "{text}");
        }
        let reader = bed.key("acme", READ).await;
        assert_eq!(bed.post_to(&reader, CONNECTIONS, &notion(&json!({}))).await.status, 403);
    }

    async fn a_test_tells_who_we_are_or_why_not(bed: Bed) {
        let (bed, key) = (shelved(&bed), bed.key("acme", BOTH).await);
        let id = connected(&bed, &key, json!({})).await["id"].as_str().unwrap().to_owned();
        let test = format!("{CONNECTIONS}/{id}/test");
        let passed = bed.post_to(&key, &test, &Value::Null).await.json();
        assert_eq!(passed, json!({ "success": true, "name": "Acme", "notes": ["sees what was shared"], "error": "" }));
        connected(&bed, &key, json!({ "apiUrl": "https://revoked.example" })).await;
        let failed = bed.post_to(&key, &test, &Value::Null).await.json();
        assert_eq!((&failed["success"], &failed["error"]), (&json!(false), &json!("provider_disconnected: Notion: no")));
        let foreign = bed.key("other", BOTH).await;
        assert_eq!(bed.post_to(&foreign, &test, &Value::Null).await.status, 403);
    }

    async fn resources_are_discovered_registered_and_queued(bed: Bed) {
        let (bed, key) = (shelved(&bed), bed.key("acme", BOTH).await);
        let (status, text) = bed.get(&key, NOTION).await.refusal();
        assert_eq!((status, text.as_str()), (400, "notion is not connected in this workspace; connect it first"));
        connected(&bed, &key, json!({})).await;
        let found = bed.get(&key, NOTION).await;
        assert_eq!(found.headers["x-gleaner-incomplete"], "the search was cut ? after 10,000 rows");
        let items = found.json();
        assert_eq!(items.as_array().unwrap().len(), 3);
        assert_eq!(items[0], json!({ "externalId": "a", "title": "Title of a", "originalUrl": "https://www.notion.so/a",
                                     "mimeType": "text/markdown", "iconLink": null, "object": "page" }));
        // What discovery shows can be registered as it is.
        let registered = bed.post_to(&key, NOTION, &json!({ "resources": items })).await.json();
        let ids = registered["addedDocumentIds"].as_array().unwrap().clone();
        assert_eq!((ids.len(), &registered["updatedDocumentIds"]), (3, &json!([])));
        let document = bed.get(&key, &format!("{DOCUMENTS}/{}", ids[0].as_str().unwrap())).await.json();
        assert_eq!((&document["linkedJobStatus"], &document["title"]), (&json!(null), &json!("Title of a")), "nothing is queued");
        let again = bed.post_to(&key, NOTION, &json!({ "resources": items })).await.json();
        assert_eq!((&again["addedDocumentIds"], &again["updatedDocumentIds"]), (&json!([]), &json!(ids)));

        let queue = json!({ "source": "notion", "documentIdsToAdd": [ids[0], ids[1]], "documentIdsToRefresh": [ids[0]] });
        let queued = bed.post(&key, queue.to_string()).await.json();
        assert_eq!((&queued["addedDocumentIds"], &queued["updatedDocumentIds"]), (&json!([ids[0], ids[1]]), &json!([])));
        let document = bed.get(&key, &format!("{DOCUMENTS}/{}", ids[1].as_str().unwrap())).await.json();
        assert_eq!(document["linkedJobStatus"], "PENDING");
        for _ in 0..2 {
            bed.complete_all().await;
            bed.pass_time(std::time::Duration::from_secs(1));
        }
        let left: Vec<Value> = bed.get(&key, NOTION).await.json().as_array().unwrap().clone();
        assert_eq!(left.iter().map(|item| &item["externalId"]).collect::<Vec<_>>(), ["c"], "what was imported is left out");
    }

    async fn a_provider_that_fails_is_told_from_one_that_refuses(bed: Bed) {
        let (bed, key) = (shelved(&bed), bed.key("acme", BOTH).await);
        connected(&bed, &key, json!({ "apiUrl": "https://revoked.example" })).await;
        assert_eq!(bed.get(&key, NOTION).await.refusal(), (400, "provider_disconnected: Notion: no".to_owned()));
        connected(&bed, &key, json!({ "apiUrl": "https://broken.example" })).await;
        assert_eq!(bed.get(&key, NOTION).await.refusal(), (502, "server_error: Notion: no".to_owned()));
        for provider in ["web", "files", "slack"] {
            let (status, text) = bed.get(&key, &format!("/v2/documents/public/resources/{provider}")).await.refusal();
            assert!(status == 400 && text.contains("the provider must be one of"), "{text}");
        }
        let items = json!({ "resources": [{ "title": "no address" }, 5] });
        let (status, text) = bed.post_to(&key, NOTION, &items).await.refusal();
        assert!(status == 400 && text.contains("resources[0].originalUrl is missing") && text.contains("resources[1]"), "{text}");
    }

    async fn documents_are_refreshed_by_their_ids_whatever_their_source(bed: Bed) {
        let (key, other) = (bed.key("acme", BOTH).await, bed.key("other", BOTH).await);
        let pages = bed.added(&key, &["https://a.example/", "https://b.example/"]).await;
        bed.complete_all().await;
        let refresh = "/v2/documents/public/refresh";
        let answer = bed.post_to(&key, refresh, &json!({ "documentIds": [pages[1], pages[0], pages[1]] })).await;
        assert_eq!(answer.json(), json!([pages[1], pages[0]]));
        let document = bed.get(&key, &format!("{DOCUMENTS}/{}", pages[0])).await.json();
        assert_eq!(document["linkedJobStatus"], "PENDING");
        let unknown = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5";
        let cases = [
            (&key, json!({}), 400, "name at least one document"),
            (&key, json!({ "documentIds": ["https://a.example/"] }), 400, "is not a document ID"),
            (&key, json!({ "documentIds": [unknown, pages[0]] }), 400, unknown),
            (&other, json!({ "documentIds": [pages[0]] }), 403, "belongs to another workspace"),
        ];
        for (key, body, status, expected) in cases {
            let (found, text) = bed.post_to(key, refresh, &body).await.refusal();
            assert!(found == status && text.contains(expected), "{found} {text}");
        }
    }

    async fn files_are_uploaded_and_queued_at_once(bed: Bed) {
        let key = bed.key("acme", BOTH).await;
        let form = "--edge\r\nContent-Disposition: form-data; name=\"baser\"\r\n\r\ntrue\r\n\
            --edge\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../One.md\"\r\nContent-Type: text/markdown\r\n\r\n# One\r\n\
            --edge\r\nContent-Disposition: form-data; name=\"f\"; filename=\"Two.txt\"\r\n\r\nTwo\r\n--edge--\r\n";
        let answer = bed.upload(&key, "multipart/form-data; boundary=edge", form).await;
        let ids = answer.texts("addedDocumentIds");
        assert_eq!(ids.len(), 2);
        let document = bed.get(&key, &format!("{DOCUMENTS}/{}", ids[0])).await.json();
        assert_eq!((&document["source"], &document["type"], &document["title"]), (&json!("files"), &json!("file"), &json!("One.md")));
        assert_eq!((&document["baser"], &document["linkedJobStatus"]), (&json!(true), &json!("PENDING")));
        let (status, text) = bed.post_to(&key, "/v2/documents/public/refresh", &json!({ "documentIds": [ids[0]] })).await.refusal();
        assert!(status == 400 && text.contains("is an uploaded file"), "{text}");

        let cases = [
            ("application/json", "{}", 415, "Content-Type must be multipart/form-data"),
            ("multipart/form-data; boundary=edge", "--edge--\r\n", 400, "send at least one file"),
            ("multipart/form-data; boundary=edge", "--edge\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nhalf", 400, "malformed"),
            ("multipart/form-data; boundary=edge", "--edge\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n\r\n--edge--\r\n", 400, "is empty"),
        ];
        for (kind, body, status, expected) in cases {
            let (found, text) = bed.upload(&key, kind, body).await.refusal();
            assert!(found == status && text.contains(expected), "{found} {text}");
        }
        let small = bed.limited(web::Limits { file: 2, ..web::Limits::default() });
        assert_eq!(small.upload(&key, "multipart/form-data; boundary=edge", form).await.status, 413);
        assert_eq!(bed.list(&key, "limit=9").await.json()["documents"].as_array().unwrap().len(), 2, "a refused form has changed nothing");
    }

    async fn a_sync_is_asked_for_once_and_shown(bed: Bed) {
        let (key, other) = (bed.key("acme", BOTH).await, bed.key("other", BOTH).await);
        let id = connected(&bed, &key, json!({})).await["id"].as_str().unwrap().to_owned();
        let ask = format!("{CONNECTIONS}/{id}/sync");
        let sync = bed.post_to(&key, &ask, &json!({ "dryRun": true })).await.json();
        assert_eq!((&sync["state"], &sync["dryRun"], &sync["seen"], &sync["finishedAt"]), (&json!("waiting"), &json!(true), &json!(0), &json!(null)));
        let again = bed.post_to(&key, &ask, &json!({})).await.json();
        assert_eq!(again["id"], sync["id"], "one at a time");
        let place = format!("/v2/syncs/public/{}", sync["id"].as_str().unwrap());
        assert_eq!(bed.get(&key, &place).await.json(), sync);
        assert_eq!(bed.get(&key, "/v2/syncs/public").await.json(), json!({ "syncs": [sync] }));
        assert_eq!(bed.get(&other, "/v2/syncs/public").await.json(), json!({ "syncs": [] }));
        assert_eq!(bed.get(&other, &place).await.status, 403);
        assert_eq!(bed.get(&key, &format!("{place}/items?outcome=new")).await.json(), json!({ "items": [], "hasMore": false }));
        assert_eq!(bed.get(&key, &format!("{place}/items?outcome=odd")).await.status, 400);
        assert_eq!(bed.post_to(&key, &ask, &json!({ "dry": true })).await.status, 400);
        assert_eq!(bed.post_to(&other, &ask, &json!({})).await.status, 403);
    }
}

impl Bed {
    async fn upload(&self, key: &str, kind: &str, form: &'static str) -> crate::bed::Answer {
        let request = with_key(Request::post("/v2/uploads/public"), key).header("content-type", kind);
        self.send(request.body(Body::from(form)).unwrap()).await
    }
}
