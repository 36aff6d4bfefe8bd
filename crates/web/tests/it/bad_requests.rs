//! What is refused, and in which words.

use serde_json::{Value, json};

use crate::bed::{BOTH, Bed, DOCUMENTS};

const ID: &str = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5";
const NO_URL: &str = "is not an absolute http or https URL; web imports take URLs such as https://example.com/page";

#[tokio::test]
async fn queue_bodies() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let long = "x".repeat(300);
    let cases: Vec<(Value, String)> = vec![
        (json!({}), "name at least one item in documentIdsToAdd or documentIdsToRefresh".into()),
        (json!({ "documentIdsToAdd": [], "documentIdsToRefresh": [] }), "name at least one item in documentIdsToAdd or documentIdsToRefresh".into()),
        (json!([]), "the body must be a JSON object, got an array".into()),
        (json!({ "documentIdsToAdd": "https://example.com/" }), "documentIdsToAdd must be an array of strings, got a string".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/", "https://b.example/", "https://c.example/", 4] }), "documentIdsToAdd[3] must be a string, got a number".into()),
        (json!({ "documentIdsToRefresh": [["https://a.example/"]] }), "documentIdsToRefresh[0] must be a string, got an array".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/"], "english": "yes" }), "english must be a boolean, got a string".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/"], "baser": 1 }), "baser must be a boolean, got a number".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/"], "source": 1 }), "source must be a string, got a number".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/"], "source": "files" }), "source must be one of web, googledrive, notion, zendesk, confluence, got \"files\"".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/"], "source": "Web" }), "source must be one of web, googledrive, notion, zendesk, confluence, got \"Web\"".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/"], "source": "we\0b" }), "source contains a NUL character (U+0000); remove it".into()),
        (json!({ "documentIdsToAdd": [ID] }), format!("documentIdsToAdd[0] {ID:?} is an ID; web imports take URLs such as https://example.com/page, not IDs")),
        (json!({ "documentIdsToAdd": ["https://a.example/", "example.com"] }), format!("documentIdsToAdd[1] \"example.com\" {NO_URL}")),
        (json!({ "documentIdsToAdd": ["https://u:p@a.example/"] }), "documentIdsToAdd[0] \"https://u:p@a.example/\" contains a user name or password; remove everything before the @".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/\n"] , "documentIdsToRefresh": ["https://a.example/\u{7}"] }), "documentIdsToRefresh[0] \"https://a.example/\\u{7}\" contains a line break, a tab or another control character; remove it".into()),
        (json!({ "documentIdsToAdd": ["https://a.example/\0"] }), "documentIdsToAdd[0] contains a NUL character (U+0000); remove it".into()),
        (json!({ "documentIdsToAdd": [""] }), format!("documentIdsToAdd[0] \"\" {NO_URL}")),
        (json!({ "documentIdsToAdd": [long] }), format!("documentIdsToAdd[0] \"{}\"… {NO_URL}", "x".repeat(200))),
        (json!({ "documentIdsToAdd": ["a"], "documentIdsToRefresh": ["b"] }), format!("2 values are refused: (1) documentIdsToAdd[0] \"a\" {NO_URL}; (2) documentIdsToRefresh[0] \"b\" {NO_URL}")),
        (json!({ "documentIdsToRefresh": ["https://a.example/"] }), "documentIdsToRefresh \"https://a.example/\" is not known in this workspace; name it in documentIdsToAdd first".into()),
        (json!({ "source": "notion", "documentIdsToAdd": ["https://a.example/"] }), "documentIdsToAdd[0] \"https://a.example/\" is a URL; documents of notion are named by ID: register the resource first".into()),
        (json!({ "source": "zendesk", "documentIdsToRefresh": ["7"] }), "documentIdsToRefresh[0] \"7\" is not a document ID; documents of zendesk are named by ID: register the resource first".into()),
        (json!({ "source": "googledrive", "documentIdsToAdd": [ID] }), "source googledrive has no connected provider in this workspace; connect it first, or use web with URLs".into()),
    ];
    for (body, expected) in cases {
        let answer = bed.post(&key, body.to_string()).await;
        assert_eq!(answer.refusal(), (400, expected), "{body}");
        assert_eq!(answer.json()["error"], "Bad Request");
    }
    assert_eq!(bed.list(&key, "").await.ids().len(), 0);
}

#[tokio::test]
async fn bodies_that_are_no_json() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let cases: [(&[u8], &str); 7] = [
        (b"", "the body is empty; send a JSON object"),
        (b"{\n  \"source\": web\n}", "the body is not valid JSON: expected value (line 2, column 13)"),
        (b"{\"documentIdsToAdd\":[", "the body is not valid JSON: EOF while parsing a list (line 1, column 21)"),
        (b"{\"source\":\"\xff\"}", "the body is not valid UTF-8 after byte 11"),
        (
            b"{\"documentIdsToAdd\":[\"\\ud800\"]}",
            "the body is not valid JSON: unexpected end of hex escape (line 1, column 29)",
        ),
        (b"{\"source\":\"web\",\"source\":\"web\"}", "source is given twice; give it once (line 1, column 24)"),
        (b"source=web", "the body is not valid JSON: expected value (line 1, column 1)"),
    ];
    for (body, expected) in cases {
        assert_eq!(bed.post(&key, body.to_vec()).await.refusal(), (400, expected.to_owned()));
    }
    let deep = format!("{{\"documentIdsToAdd\":{}", "[".repeat(4 << 20));
    assert_eq!(bed.post(&key, deep).await.status, 400);
}

#[tokio::test]
async fn list_queries() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let stranger = bed.key("stranger", BOTH).await;
    let foreign = &bed.added(&stranger, &["https://example.com/"]).await[0];
    let sources = "one of web, files, googledrive, zendesk, notion, confluence";
    let cases = [
        ("limit=0", "limit must be a whole number from 1 to 500, got \"0\"".to_owned()),
        ("limit=501", "limit must be a whole number from 1 to 500, got \"501\"".to_owned()),
        ("limit=-1", "limit must be a whole number from 1 to 500, got \"-1\"".to_owned()),
        ("limit=%2B5", "limit must be a whole number from 1 to 500, got \"+5\"".to_owned()),
        ("limit=", "limit must be a whole number from 1 to 500, got \"\"".to_owned()),
        ("limit=1e2", "limit must be a whole number from 1 to 500, got \"1e2\"".to_owned()),
        (
            "limit=99999999999999999999",
            "limit must be a whole number from 1 to 500, got \"99999999999999999999\"".to_owned(),
        ),
        ("source=Web", format!("source must be {sources}, got \"Web\"")),
        ("source", format!("source must be {sources}, got \"\"")),
        ("english=1", "english must be true or false, got \"1\"".to_owned()),
        ("changed=TRUE", "changed must be true or false, got \"TRUE\"".to_owned()),
        ("success=", "success must be true or false, got \"\"".to_owned()),
        ("baser=no", "baser must be true or false, got \"no\"".to_owned()),
        ("direction=back", "direction must be next or previous, got \"back\"".to_owned()),
        (
            "linkedJobStatus=pending",
            "linkedJobStatus must be one of PENDING, IN_PROGRESS, COMPLETED, FAILED, got \"pending\"".to_owned(),
        ),
        (
            "linkedOperation=X",
            "linkedOperation must be one of ADD_ARTICLE_TO_FOLDER, UPDATE_ARTICLE, DO_NOTHING, got \"X\"".to_owned(),
        ),
        ("id=42", "id must be a document ID (a UUID), got \"42\"".to_owned()),
        ("cursor=x", "cursor must be the ID of a document, got \"x\"".to_owned()),
        ("title=%00", "title contains a NUL character; remove it".to_owned()),
        ("originalUrl=a%00b", "originalUrl contains a NUL character; remove it".to_owned()),
        ("limit=1&limit=2", "limit is given more than once; give it once".to_owned()),
        (&*format!("cursor={ID}"), format!("cursor must be the ID of a document in this workspace, got \"{ID}\"")),
        (
            &*format!("cursor={foreign}"),
            format!("cursor must be the ID of a document in this workspace, got \"{foreign}\""),
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(bed.list(&key, query).await.refusal(), (400, format!("the query parameter {expected}")), "{query}");
    }
    for (query, expected) in [
        ("title=%zz", "the query holds a % without two hex digits in \"%zz\"; percent-encode it as UTF-8"),
        ("title=%ff", "the query holds bytes that are not UTF-8 in \"%ff\"; percent-encode it as UTF-8"),
    ] {
        assert_eq!(bed.list(&key, query).await.refusal(), (400, expected.to_owned()));
    }
}

#[tokio::test]
async fn every_described_parameter_is_read() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    let document: Value = serde_json::from_str(&web::openapi_json()).unwrap();
    let parameters = document["paths"][DOCUMENTS]["get"]["parameters"].as_array().unwrap();
    assert_eq!(parameters.len(), 14);
    for name in parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()) {
        let expected = format!("the query parameter {name} is given more than once; give it once");
        assert_eq!(bed.list(&key, &format!("{name}=1&{name}=1")).await.refusal(), (400, expected));
    }
}

#[tokio::test]
async fn document_ids() {
    let bed = Bed::sqlite().await;
    let key = bed.key("acme", BOTH).await;
    for (id, shown) in [("42", "42"), ("%20", " "), ("a%2Fb", "a/b"), ("%00", "\\0")] {
        let expected = format!("the document ID must be a UUID, got \"{shown}\"");
        assert_eq!(bed.get(&key, &format!("{DOCUMENTS}/{id}")).await.refusal(), (400, expected));
    }
    let undecodable = "the document ID in the path is not UTF-8".to_owned();
    assert_eq!(bed.get(&key, &format!("{DOCUMENTS}/%ff")).await.refusal(), (400, undecodable));
    let absent = format!("there is no document {ID}");
    assert_eq!(bed.get(&key, &format!("{DOCUMENTS}/{ID}")).await.refusal(), (404, absent));
}
