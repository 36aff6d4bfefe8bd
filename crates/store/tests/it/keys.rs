//! API keys: a right key opens its workspace, anything else opens nothing, a revoked one is dead at once.

use model::{ApiKey, Scopes};
use store::{Access, Error, new_key};

use crate::stores::{TestStore, at, on_both};

on_both!(
    a_right_key_opens_its_workspace,
    a_wrong_secret_with_a_right_handle_opens_nothing,
    a_revoked_key_is_dead_at_once,
    keys_are_listed_and_revoked_by_name_id_or_handle,
    a_key_of_no_workspace_and_the_same_key_twice_are_refused,
    no_secret_is_stored,
);

const READ: Scopes = Scopes { read: true, write: false };

async fn a_right_key_opens_its_workspace(store: TestStore) {
    let workspace = store.workspace("acme").await;
    for scopes in [Scopes::ALL, READ, Scopes { read: false, write: true }] {
        let key = new_key().unwrap();
        let mut write = store.write().await.unwrap();
        assert_eq!(write.access(&key).await.unwrap(), None);
        let id = write.save_key(workspace, "ci", scopes, &key, at(1)).await.unwrap();
        write.commit().await.unwrap();
        let access = store.read().await.unwrap().access(&key).await.unwrap();
        assert_eq!(access, Some(Access { workspace, key: id, scopes }));
    }
}

async fn a_wrong_secret_with_a_right_handle_opens_nothing(store: TestStore) {
    // Two keys from random bytes that agree in the letters of the handle only.
    let bytes: [u8; ApiKey::ENTROPY] = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let mut others = bytes;
    others[20] += 1;
    let (key, wrong) = (ApiKey::from_random(&bytes).unwrap(), ApiKey::from_random(&others).unwrap());
    assert_eq!(key.handle(), wrong.handle());
    let workspace = store.workspace("acme").await;
    let mut write = store.write().await.unwrap();
    write.save_key(workspace, "ci", Scopes::ALL, &key, at(1)).await.unwrap();
    write.commit().await.unwrap();
    let mut read = store.read().await.unwrap();
    assert_eq!(read.access(&wrong).await.unwrap(), None);
    assert!(read.access(&key).await.unwrap().is_some());
}

async fn a_revoked_key_is_dead_at_once(store: TestStore) {
    let (workspace, key) = (store.workspace("acme").await, new_key().unwrap());
    let mut write = store.write().await.unwrap();
    write.save_key(workspace, "ci", Scopes::ALL, &key, at(1)).await.unwrap();
    write.commit().await.unwrap();
    let mut write = store.write().await.unwrap();
    assert_eq!(write.revoke_keys(workspace, "ci", at(2)).await.unwrap().len(), 1);
    assert_eq!(write.access(&key).await.unwrap(), None);
    write.commit().await.unwrap();
    assert_eq!(store.read().await.unwrap().access(&key).await.unwrap(), None);
    let mut write = store.write().await.unwrap();
    assert_eq!(write.revoke_keys(workspace, "ci", at(3)).await.unwrap(), [], "the first revocation stands");
    assert_eq!(write.keys(workspace).await.unwrap()[0].revoked_at, Some(at(2)));
}

async fn keys_are_listed_and_revoked_by_name_id_or_handle(store: TestStore) {
    let workspace = store.workspace("acme").await;
    let mut write = store.write().await.unwrap();
    let (mut keys, mut ids) = (Vec::new(), Vec::new());
    for (name, seconds) in [("twin", 1), ("twin", 2), ("by id", 3), ("by handle", 4), ("kept", 5)] {
        let key = new_key().unwrap();
        ids.push(write.save_key(workspace, name, READ, &key, at(seconds)).await.unwrap());
        keys.push(key);
    }
    let listed = write.keys(workspace).await.unwrap();
    assert_eq!(listed.iter().map(|key| key.id).collect::<Vec<_>>(), ids);
    assert!(listed.iter().zip(&keys).all(|(info, key)| info.handle == key.handle() && info.scopes == READ));
    assert_eq!((listed[4].name.as_str(), listed[4].created_at, listed[4].revoked_at), ("kept", at(5), None));

    let mut revoked = Vec::new();
    for which in ["twin", &ids[2].to_string(), keys[3].handle(), "nobody", ""] {
        revoked.extend(write.revoke_keys(workspace, which, at(9)).await.unwrap());
    }
    write.commit().await.unwrap();
    assert_eq!(revoked.iter().map(|key| key.id).collect::<Vec<_>>(), ids[..4]);
    let mut read = store.read().await.unwrap();
    let listed = read.keys(workspace).await.unwrap();
    assert_eq!(listed[..4], revoked[..]);
    assert!(read.access(&keys[4]).await.unwrap().is_some());
}

async fn a_key_of_no_workspace_and_the_same_key_twice_are_refused(store: TestStore) {
    let (workspace, key) = (store.workspace("acme").await, new_key().unwrap());
    let mut write = store.write().await.unwrap();
    let refused = write.save_key(model::WorkspaceId::new(), "ci", READ, &key, at(1)).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    drop(write);
    let mut write = store.write().await.unwrap();
    write.save_key(workspace, "ci", READ, &key, at(1)).await.unwrap();
    let refused = write.save_key(workspace, "ci", READ, &key, at(1)).await;
    assert!(matches!(&refused, Err(Error::Conflict(which)) if which.contains("hash")), "{refused:?}");
}

async fn no_secret_is_stored(store: TestStore) {
    let (workspace, key) = (store.workspace("acme").await, new_key().unwrap());
    let mut write = store.write().await.unwrap();
    write.save_key(workspace, "ci", Scopes::ALL, &key, at(1)).await.unwrap();
    write.commit().await.unwrap();
    let secret = &key.reveal()[key.handle().len()..];
    let (dump, hex) = (store.dump().await.join("\n").to_lowercase(), hexadecimal(key.reveal()));
    assert!(dump.contains(&key.handle().to_lowercase()));
    assert!(!dump.contains(&secret.to_lowercase()) && !dump.contains(&hex), "{dump}");
}

fn hexadecimal(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
