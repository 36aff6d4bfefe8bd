//! Opening: again, at once, on what is no database of ours, and where nothing can be made.

use std::path::Path;

use model::{Clock, Timestamp};
use store::{Error, Store, Target};

use crate::stores::{TestStore, at, on_both};

on_both!(
    opening_again_finds_what_was_kept,
    a_newer_schema_is_refused,
    a_changed_migration_is_refused,
    the_clock_is_followed
);

async fn open(target: &Target, folder: &Path) -> Result<Store, Error> {
    Store::open(target, folder, Clock::system()).await
}

async fn opening_again_finds_what_was_kept(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let beside = open(&store.target, store.folder.path()).await.unwrap();
    assert_eq!(beside.read().await.unwrap().workspace_named("acme").await.unwrap(), Some(workspace));
    beside.ready().await.unwrap();
    beside.close().await;
    assert!(beside.ready().await.is_err() && beside.write().await.is_err());
    store.ready().await.unwrap();
    store.close().await;
    let again = open(&store.target, store.folder.path()).await.unwrap();
    assert_eq!(again.read().await.unwrap().workspaces().await.unwrap(), [(workspace, "acme".to_owned())]);
}

async fn a_newer_schema_is_refused(store: TestStore) {
    let newer = "version + 9000, description, installed_on, success, checksum, execution_time";
    let columns = "version, description, installed_on, success, checksum, execution_time";
    store
        .sql(&format!(
            "INSERT INTO _sqlx_migrations ({columns}) SELECT {newer} FROM _sqlx_migrations WHERE version = 1"
        ))
        .await;
    let refused = open(&store.target, store.folder.path()).await.unwrap_err();
    assert!(matches!(&refused, Error::Schema(why) if why.contains("9001") && why.contains("newer")), "{refused}");
}

async fn a_changed_migration_is_refused(store: TestStore) {
    let bytes = if matches!(store.target, Target::Sqlite(_)) { "x'00'" } else { "CAST('other' AS BYTEA)" };
    store.sql(&format!("UPDATE _sqlx_migrations SET checksum = {bytes}")).await;
    let refused = open(&store.target, store.folder.path()).await.unwrap_err();
    assert!(matches!(&refused, Error::Schema(_)), "{refused}");
    assert!(!refused.is_passing());
}

/// On PostgreSQL the database says what time it is; SQLite has no clock but this machine's.
async fn the_clock_is_followed(store: TestStore) {
    let clock = Clock::manual(at(0));
    let other = Store::open(&store.target, store.folder.path(), clock.clone()).await.unwrap();
    clock.set(Timestamp::from_micros(0));
    other.follow_clock().await.unwrap();
    match store.target {
        Target::Sqlite(_) => assert_eq!(other.now(), Timestamp::from_micros(0)),
        Target::Postgres(_) => assert!(other.now() > at(0) && clock.now() == other.now()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_can_open_one_new_file_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/on/demand/gleaner.db");
        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let (target, data) = (Target::Sqlite(path.clone()), folder.path().to_owned());
                tokio::spawn(async move {
                    let store = open(&target, &data).await?;
                    let mut write = store.write().await?;
                    write.ensure_workspace("acme", at(0)).await?;
                    write.commit().await
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_can_open_one_new_database_at_once() {
    let (database, folder) = (testkit::postgres::database().await, tempfile::tempdir().unwrap());
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (target, data) = (Target::Postgres(database.url()), folder.path().to_owned());
            tokio::spawn(async move { open(&target, &data).await?.ready().await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "these are my notes, and they are no database\n".repeat(100);
    std::fs::write(&path, &text).unwrap();
    let refused = open(&Target::Sqlite(path.clone()), folder.path()).await.unwrap_err();
    assert!(matches!(&refused, Error::Corrupt(why) if why.contains("not a database")), "{refused:?}");
    assert!(!refused.is_passing());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_place_where_nothing_can_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let inside = file.join("data");
    let refused = open(&Target::Sqlite(inside.join("gleaner.db")), folder.path()).await.unwrap_err();
    assert!(matches!(&refused, Error::Files(_)) && refused.to_string().contains("file/data"), "{refused}");
    let refused = open(&Target::Sqlite(folder.path().join("gleaner.db")), &inside).await.unwrap_err();
    assert!(matches!(&refused, Error::Files(_)) && refused.to_string().contains("file/data"), "{refused}");
    let refused = open(&Target::Sqlite(folder.path().to_owned()), folder.path()).await.unwrap_err();
    assert!(refused.to_string().contains("cannot be used"), "{refused}");
}

#[tokio::test]
async fn a_wrong_address_tells_no_password() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases =
        vec!["postgres://user:s3cret@[broken/db".to_owned(), "postgres://user:s3cret@localhost:port/db".to_owned()];
    let mut absent = testkit::postgres::url();
    absent.set_path("there_is_no_such_database");
    cases.push(absent.to_string());
    for url in cases {
        let refused = open(&Target::Postgres(url.clone()), folder.path()).await.unwrap_err();
        let password = absent.password().unwrap_or("s3cret");
        assert!(
            !format!("{refused} {refused:?}").contains("s3cret") && !refused.to_string().contains(password),
            "{refused:?}"
        );
        assert!(!refused.is_passing(), "{refused}");
    }
}
