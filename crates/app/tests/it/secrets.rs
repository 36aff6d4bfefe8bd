//! No secret is ever printed or logged, at the most talkative level and whatever goes wrong.

use model::ApiKey;
use testkit::site::{Site, pages};

use crate::ground::{Ground, on_both};
use crate::server::Client;

on_both!(nothing_tells_a_secret, a_service_logs_no_query_and_no_small_talk);

async fn nothing_tells_a_secret(ground: Ground) {
    let site = Site::start().await;
    let loud = ["--log", "trace"];
    let server = ground.serve(&loud).await;
    let key = ground.run(&["key", "create", "second", "--log", "trace"]).await;
    assert!(!key.err.contains(key.out.trim()), "{}", key.err);
    let second: ApiKey = key.out.trim().parse().unwrap();
    let client = Client::new(&server.address, second.reveal());
    let ids = client.queue(&[site.on("/page", pages::ENGLISH.utf8()), site.url("/missing")]).await;
    for id in &ids {
        client.ended(id).await;
    }
    // A key that was mistyped by one letter is a secret as well.
    let mistyped = format!("{}x", &ground.key()[..ground.key().len() - 1]);
    assert!(Client::new(&server.address, &mistyped).try_document(&ids[0]).await.is_err());
    let remote =
        ground.run(&["show", &ids[0], "--server", &server.address, "--key", ground.key(), "--log", "trace"]).await;
    let address = server.address.clone();
    let _worker = ground.work(&loud);
    assert!(server.service.stop().await.success());
    assert!(Client::new(&address, &mistyped).try_document(&ids[0]).await.is_err());

    // The greeting is the one place where the first key is due.
    let printed = ground.printed().replacen(ground.key(), "", 1) + &remote.out + &remote.err;
    let secret = |key: &str| key[13..45].to_owned();
    for secret in [secret(ground.key()), secret(second.reveal()), secret(&mistyped)] {
        let told = printed.lines().find(|line| line.contains(&secret));
        assert_eq!(told, None, "a key was told");
    }
    let password = ground.database().and_then(|url| url::Url::parse(&url).ok()?.password().map(str::to_owned));
    if let Some(password) = password.filter(|password| password.len() > 6) {
        assert!(!printed.contains(&password), "the database's password was told");
    }
}

async fn a_service_logs_no_query_and_no_small_talk(ground: Ground) {
    let site = Site::start().await;
    let plain = ["--log", "info", "--attempts", "1"];
    let (server, _worker) = (ground.serve(&plain).await, ground.work(&plain));
    let ids = server.queue(&[site.on("/page?k=signed", pages::ENGLISH.utf8()), site.url("/missing?k=signed")]).await;
    for id in &ids {
        server.ended(id).await;
    }
    let printed = ground.printed();
    assert!(printed.contains("document read") && printed.contains("run failed"), "{printed}");
    assert!(printed.contains("/missing") && !printed.contains("k=signed"), "{printed}");
    assert!(!printed.contains("already exists, skipping"), "{printed}");
}
