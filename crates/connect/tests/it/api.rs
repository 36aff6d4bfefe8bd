//! The client of Gleaner's own API: what it asks, what it makes of answers, and that it keeps the key to itself.

use connect::api::{Api, ApiError};
use serde_json::json;

use crate::origin::{Origin, ok};

const KEY: &str = "fini_very_secret";

fn api(origin: &Origin) -> Api {
    Api::new(&format!("http://{}/", origin.address), KEY).unwrap()
}

fn first_line(origin: &Origin) -> String {
    let request = String::from_utf8(origin.requests().pop().unwrap()).unwrap();
    assert!(request.contains(&format!("authorization: Bearer {KEY}\r\n")), "{request}");
    request.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn each_method_asks_its_route() {
    let origin = Origin::saying(ok("", br#"{"fine":true}"#)).await;
    let (api, fine) = (api(&origin), Ok(json!({"fine": true})));
    assert_eq!(api.queue(&json!({"source": "web"})).await, fine);
    assert_eq!(first_line(&origin), "POST /v2/documents/public HTTP/1.1");
    assert_eq!(api.list(&[("limit", "5"), ("title", "a&b c")]).await, fine);
    assert_eq!(first_line(&origin), "GET /v2/documents/public?limit=5&title=a%26b+c HTTP/1.1");
    assert_eq!(api.list(&[]).await, fine);
    assert_eq!(first_line(&origin), "GET /v2/documents/public HTTP/1.1");
    assert_eq!(api.document("../a?b/c").await, fine);
    assert_eq!(first_line(&origin), "GET /v2/documents/public/..%2Fa%3Fb%2Fc HTTP/1.1");
}

#[tokio::test]
async fn refusals_and_strangers_are_told_apart() {
    let answer =
        |status: u16, body: &str| format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let refused = ApiError::Refused { status: 403, message: "the key lacks the scope".to_owned() };
    let envelope = r#"{"statusCode":403,"message":"the key lacks the scope","error":"Forbidden"}"#;
    let origin = Origin::saying(answer(403, envelope)).await;
    assert_eq!(api(&origin).list(&[]).await, Err(refused));

    for (status, body) in [(200, "<html>"), (404, "not here"), (502, "{}"), (302, "")] {
        let origin = Origin::saying(answer(status, body)).await;
        let error = api(&origin).list(&[]).await.unwrap_err();
        assert!(matches!(error, ApiError::Foreign { status: told, .. } if told == status), "{error}");
    }
    let origin = Origin::saying("").await;
    let error = api(&origin).list(&[]).await.unwrap_err();
    assert!(matches!(error, ApiError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn the_key_is_never_shown() {
    let origin = Origin::saying("").await;
    let api = api(&origin);
    let shown = format!("{api:?} {} {:?}", api.list(&[]).await.unwrap_err(), api.list(&[]).await);
    assert!(!shown.contains(KEY), "{shown}");
    for (server, key) in
        [("http://127.0.0.1:1", "fini_very_secret\nX-Evil: 1"), ("ftp://x", KEY), ("http://u:p@x", KEY)]
    {
        let error = Api::new(server, key).unwrap_err().to_string();
        assert!(!error.contains(KEY), "{error}");
    }
}
