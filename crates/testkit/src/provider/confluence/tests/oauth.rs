//! Consents: their refresh tokens change, may be used again for a while, and after that end everything.

use super::super::access::READING;
use super::super::oauth::{CLIENT_ID, CLIENT_SECRET, LEEWAY};
use super::*;

async fn refreshed(bed: &Bed, refresh_token: &str) -> Answer {
    let body = json!({
        "grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "refresh_token": refresh_token,
    });
    Caller::new(&bed.provider.origin()).post("/oauth/token", &body).await
}

async fn opens(bed: &Bed, access: &Value) -> u16 {
    let caller = caller(&bed.provider, &format!("Bearer {}", access.as_str().unwrap()));
    caller.get(&format!("{}{V2}/spaces", bed.gateway())).await.status
}

#[tokio::test]
async fn a_refresh_token_may_be_used_again_for_a_while_and_never_after() {
    let bed = Bed::start().await;
    let first = bed.world().access.consents.give(&READING);
    let one = refreshed(&bed, &first).await.json();
    assert_eq!((opens(&bed, &one["access_token"]).await, &one["expires_in"]), (200, &json!(3600)));
    assert_ne!(one["refresh_token"], first.as_str());

    bed.world().wait(LEEWAY);
    let again = refreshed(&bed, &first).await.json();
    assert_eq!((opens(&bed, &again["access_token"]).await, opens(&bed, &one["access_token"]).await), (200, 200));
    bed.world().access.consents.expire_access();
    assert_eq!(opens(&bed, &again["access_token"]).await, 401);

    bed.world().wait(1);
    assert_eq!(refreshed(&bed, &first).await.status, 403);
    assert_eq!(refreshed(&bed, again["refresh_token"].as_str().unwrap()).await.status, 403, "it ends the others too");
    assert!(bed.world().access.consents.is_any_over());
}

#[tokio::test]
async fn who_is_not_the_client_gets_nothing() {
    let bed = Bed::start().await;
    let body =
        json!({"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": "x", "refresh_token": "y"});
    let answer = Caller::new(&bed.provider.origin()).post("/oauth/token", &body).await;
    assert_eq!((answer.status, &answer.json()["error"]), (401, &json!("access_denied")));
    assert_eq!(refreshed(&bed, "unknown").await.json()["error"], "invalid_grant");
}
