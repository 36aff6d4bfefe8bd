//! Faults of ours as a caller and the log see them.

use std::io;
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::routing::get;
use tower::ServiceExt;
use tracing::subscriber::set_default;

use super::*;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn ask(path: &str) -> (StatusCode, String, String) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    let _guard = set_default(subscriber);
    let router = Router::new()
        .route("/panic/{id}", get(async || -> Response { panic!("the secret cause") }))
        .route("/fault", get(async || Error::Internal(store::Error::Corrupt("the secret cause".to_owned()))));
    let request = Request::get(path).header("x-request-id", "me-1").header("authorization", "Bearer fini_x");
    let response = around(router).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    assert_eq!(response.headers()[HEADER], "me-1");
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.into()).unwrap(), log.text())
}

#[tokio::test]
async fn a_fault_tells_the_caller_its_id_and_the_log_the_rest() {
    for (path, route) in [("/panic/7?token=hidden", "/panic/{id}"), ("/fault", "/fault")] {
        let (status, body, log) = ask(path).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        let expected = r#"{"statusCode":500,"message":"internal error; the server's log has the cause under request me-1","error":"Internal Server Error"}"#;
        assert_eq!(body, expected);
        assert!(log.contains("the secret cause"), "{log}");
        let line = log.lines().last().unwrap();
        for part in [r#""message":"answered""#, r#""status":500"#, r#""ms":"#, r#""method":"GET""#, route, "me-1"] {
            assert!(line.contains(part), "{part} is missing in {line}");
        }
        assert!(!log.contains("fini_x") && !log.contains("hidden") && !log.contains("panic/7"), "{log}");
    }
}
