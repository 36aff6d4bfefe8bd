//! Blobs: what was written reads back under its own hash, and what was not finished is nowhere.

use std::path::Path;
use std::time::Duration;

use model::{Timestamp, WorkerId};
use store::{Blob, Change, NewText, Store};
use tokio::io::AsyncReadExt;

use crate::stores::{TestStore, at, on_both, text};

on_both!(
    bytes_read_back_under_their_hash,
    the_same_bytes_are_kept_once,
    a_dropped_writer_leaves_nothing,
    many_writers_of_one_content_do_not_disturb_each_other,
    bytes_that_nobody_refers_to_are_removed_after_a_day,
    a_blob_that_is_not_there_is_an_error,
);

async fn save(store: &Store, parts: &[&[u8]]) -> Blob {
    let mut writer = store.blobs().writer().await.unwrap();
    for part in parts {
        writer.write(part).await.unwrap();
    }
    writer.finish().await.unwrap()
}

async fn read(store: &Store, blob: &Blob) -> Vec<u8> {
    let mut bytes = Vec::new();
    store.blobs().reader(blob).await.unwrap().read_to_end(&mut bytes).await.unwrap();
    bytes
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

async fn bytes_read_back_under_their_hash(store: TestStore) {
    let abc = save(&store, &[b"a", b"", b"bc"]).await;
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(abc, Blob { hash: known.to_owned(), length: 3 });
    assert_eq!(abc.url(), format!("gleaner://blobs/sha256/{known}"));
    assert_eq!(read(&store, &abc).await, b"abc");

    let empty = save(&store, &[]).await;
    assert_eq!((empty.length, read(&store, &empty).await.len()), (0, 0));
    let large: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let parts: Vec<&[u8]> = large.chunks(65_537).collect();
    let kept = save(&store, &parts).await;
    assert_eq!(kept.length, 12_000_000);
    assert!(read(&store, &kept).await == large);
}

async fn the_same_bytes_are_kept_once(store: TestStore) {
    let (once, twice) = (save(&store, &[b"same"]).await, save(&store, &[b"sa", b"me"]).await);
    assert_eq!(once, twice);
    assert_eq!(read(&store, &once).await, b"same");
    assert_eq!(files(&store.folder.path().join("blobs")).len(), 1);
}

async fn a_dropped_writer_leaves_nothing(store: TestStore) {
    let mut writer = store.blobs().writer().await.unwrap();
    writer.write(&vec![7; 100_000]).await.unwrap();
    assert_eq!(files(&store.folder.path().join("blobs")).len(), 1);
    drop(writer);
    drop(store.blobs().writer().await.unwrap());
    assert_eq!(files(&store.folder.path().join("blobs")), Vec::<std::path::PathBuf>::new());
}

async fn many_writers_of_one_content_do_not_disturb_each_other(store: TestStore) {
    let write = async |store: Store| save(&store, &[&[1; 10_000], &[2; 10_000]]).await;
    let tasks: Vec<_> = (0..20).map(|_| tokio::spawn(write(store.store.clone()))).collect();
    for task in tasks {
        let blob = task.await.unwrap();
        assert_eq!(read(&store, &blob).await.len(), 20_000);
    }
    assert_eq!(files(&store.folder.path().join("blobs")).len(), 1);
}

async fn bytes_that_nobody_refers_to_are_removed_after_a_day(store: TestStore) {
    let (kept, young, orphan) =
        (save(&store, &[b"kept"]).await, save(&store, &[b"young"]).await, save(&store, &[b"orphan"]).await);
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    store.add(workspace, &["https://a.example/"], at(1)).await;
    let job = store.claim_one(worker, at(2)).await;
    let mut write = store.write().await.unwrap();
    let refers = NewText { blob: kept.clone(), ..text("A", &["a"]) };
    write.complete(&job, worker, &refers, Change::First, at(3)).await.unwrap();
    write.commit().await.unwrap();
    let incoming = store.folder.path().join("blobs/incoming");
    let day = Duration::from_hours(24);
    for (name, age) in [("left-behind", 2 * day), ("in-use", day / 2)] {
        std::fs::File::create(incoming.join(name)).unwrap();
        set_age(&store, &incoming.join(name), age);
    }
    for blob in [&kept, &orphan] {
        set_age(&store, &store.folder.path().join("blobs").join(&blob.hash[..2]).join(&blob.hash[2..]), 2 * day);
    }
    store.forget_leftovers().await.unwrap();
    assert_eq!(files(&incoming), [incoming.join("in-use")]);
    assert_eq!((read(&store, &kept).await, read(&store, &young).await), (b"kept".to_vec(), b"young".to_vec()));
    assert!(store.blobs().reader(&orphan).await.is_err());
}

fn set_age(store: &Store, file: &Path, age: Duration) {
    let file = std::fs::File::options().write(true).open(file).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + since_epoch(store.now()) - age).unwrap();
}

fn since_epoch(now: Timestamp) -> Duration {
    now.since(Timestamp::from_micros(0))
}

async fn a_blob_that_is_not_there_is_an_error(store: TestStore) {
    let absent = Blob { hash: "cd".repeat(32), length: 1 };
    assert!(matches!(store.blobs().reader(&absent).await, Err(store::Error::Files(_))));
}
