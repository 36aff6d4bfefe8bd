//! Sites: what is said of them, and the pages that their memory is made of.

use model::DocumentId;
use store::{Site, SitePage};

use crate::stores::{TestStore, at, on_both};

on_both!(what_was_said_last_of_a_site_holds, a_page_is_remembered_as_it_was_last_read);

async fn what_was_said_last_of_a_site_holds(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let said = |host: &str, keep: &[&str], drop: &[&str], seconds| Site {
        host: host.to_owned(),
        keep: keep.iter().map(ToString::to_string).collect(),
        drop: drop.iter().map(ToString::to_string).collect(),
        updated_at: at(seconds),
    };
    let first = said("docs.example.com", &["main > .body", "[data-x='é\"']"], &[], 1);
    let second = said("docs.example.com", &[], &[".teaser"], 2);
    let another = said("a.example:8080", &["article"], &["aside"], 3);
    let mut write = store.write().await.unwrap();
    write.set_site(acme, &first).await.unwrap();
    assert_eq!(write.site(acme, "docs.example.com").await.unwrap(), Some(first));
    write.set_site(acme, &second).await.unwrap();
    write.set_site(acme, &another).await.unwrap();
    assert_eq!(write.sites(acme).await.unwrap(), [another.clone(), second.clone()]);
    assert_eq!(write.sites(other).await.unwrap(), []);
    assert_eq!(write.site(other, "docs.example.com").await.unwrap(), None);
    assert!(!write.forget_site(other, "docs.example.com").await.unwrap());
    assert!(write.forget_site(acme, "docs.example.com").await.unwrap());
    assert!(!write.forget_site(acme, "docs.example.com").await.unwrap());
    assert_eq!(write.sites(acme).await.unwrap(), [another]);
}

async fn a_page_is_remembered_as_it_was_last_read(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let mut documents = [DocumentId::new(), DocumentId::new()];
    documents.sort_unstable();
    let page = |document, fingerprints: &[u64]| SitePage { document, fingerprints: fingerprints.to_vec() };
    let mut write = store.write().await.unwrap();
    for said in [page(documents[0], &[1, 2]), page(documents[1], &[u64::MAX, 0]), page(documents[0], &[])] {
        write.remember_page(acme, "docs.example.com", &said).await.unwrap();
    }
    let expected = [page(documents[0], &[]), page(documents[1], &[u64::MAX, 0])];
    assert_eq!(write.site_pages(acme, "docs.example.com").await.unwrap(), expected);
    assert_eq!(write.site_pages(acme, "a.example").await.unwrap(), []);
    assert_eq!(write.site_pages(other, "docs.example.com").await.unwrap(), []);
}
