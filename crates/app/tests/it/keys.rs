//! API keys: made, listed and revoked from the command line, while a server runs.

use connect::api::ApiError;

use crate::ground::{Ground, on_both};
use crate::server::Client;

on_both!(keys_work_until_they_are_revoked);

async fn keys_work_until_they_are_revoked(ground: Ground) {
    let server = ground.serve(&[]).await;
    let key = ground.run(&["key", "create", "laptop", "--scopes", "read"]).await.ok();
    let laptop = Client::new(&server.address, key.trim());
    assert!(laptop.list(&[]).await.is_empty());
    assert_refused(&laptop.try_queue(&["http://127.0.0.1:9/"]).await, 403);

    let listed = ground.run(&["key", "list", "--json"]).await.ok();
    assert!(listed.contains("laptop") && !listed.contains(key.trim()), "{listed}");
    assert!(!ground.run(&["key", "list"]).await.ok().contains(key.trim()));

    assert!(ground.run(&["key", "revoke", "laptop"]).await.ok().starts_with("revoked laptop (fini_"));
    assert_refused(&laptop.try_document("5d9f67a8-d853-4af4-b7ce-23ebba1245e5").await, 401);
    assert!(server.list(&[]).await.is_empty(), "the other key still works");
    let twice = ground.run(&["key", "revoke", "laptop"]).await.refusal();
    assert!(twice.contains("no live key has the name"), "{twice}");
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(answer: &Result<T, ApiError>, expected: u16) {
    assert!(matches!(answer, Err(ApiError::Refused { status, .. }) if *status == expected), "{answer:?}");
}
