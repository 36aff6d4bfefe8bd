//! Stored robots.txt files: kept by origin, overwritten, given back fresh or not.

use store::StoredRobots;

use crate::stores::{TestStore, at, on_both};

on_both!(what_an_origin_said_last_is_kept);

async fn what_an_origin_said_last_is_kept(store: TestStore) {
    let said = |body: &str, seconds| StoredRobots { body: body.to_owned(), expires_at: at(seconds) };
    let mut write = store.write().await.unwrap();
    assert_eq!(write.robots("https://a.example").await.unwrap(), None);
    write.save_robots("https://a.example", &said("User-agent: *\nDisallow: /\u{e9}\n", 10)).await.unwrap();
    write.save_robots("http://a.example", &said("", 20)).await.unwrap();
    write.save_robots("https://a.example", &said("User-agent: *\n", 30)).await.unwrap();
    write.commit().await.unwrap();
    let mut read = store.read().await.unwrap();
    assert_eq!(read.robots("https://a.example").await.unwrap(), Some(said("User-agent: *\n", 30)));
    assert_eq!(read.robots("http://a.example").await.unwrap(), Some(said("", 20)));
    assert_eq!(read.robots("https://a.example:444").await.unwrap(), None);
}
