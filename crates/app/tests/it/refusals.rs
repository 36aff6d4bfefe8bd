//! A program that cannot start says what is wrong, what it tried, and how to mend it.

use std::net::TcpListener;

use crate::ground::{Ground, finish, on_both};

on_both!(a_port_in_use_is_named, a_data_folder_that_cannot_be_used_is_named);

async fn a_port_in_use_is_named(ground: Ground) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refusal = ground.run(&["serve", "--listen", &address]).await.refusal();
    assert!(refusal.contains(&address) && refusal.contains("--listen"), "{refusal}");
}

async fn a_data_folder_that_cannot_be_used_is_named(ground: Ground) {
    // Not a matter of rights, which mean nothing to a superuser: a file stands where the folder should be.
    std::fs::write(ground.data(), "in the way").unwrap();
    for command in ["serve", "work", "migrate", "list"] {
        let refusal = ground.run(&[command]).await.refusal();
        assert!(refusal.contains(&ground.data().display().to_string()), "{refusal}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_not_there_comes_with_the_command_that_makes_it() {
    let ground = Ground::postgres().await;
    let mut url = url::Url::parse(&ground.database().unwrap()).unwrap();
    url.set_path("nodb");
    let refusal = finish(ground.bare(&["migrate", "--database", url.as_str()])).await.refusal();
    assert!(refusal.contains("createdb nodb"), "{refusal}");
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_named_without_its_password() {
    let ground = Ground::sqlite();
    let url = "postgres://me:DbSecret@127.0.0.1:9/gleaner";
    let refusal = finish(ground.bare(&["list", "--database", url])).await.refusal();
    assert!(refusal.contains("127.0.0.1:9/gleaner") && !refusal.contains("DbSecret"), "{refusal}");
}
