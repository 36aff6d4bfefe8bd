//! Connections: kept with sealed secrets, renewed by one process at a time, and forgotten.

use std::time::Duration;

use model::connection::{NotionAccount, ZendeskAccount};
use model::{Account, Connection, ConnectionId, Credentials, Grant, Pace, Sealed, Secret, Source, WorkspaceId};
use store::{Error, Store, Vault};

use crate::stores::{TestStore, at, kept, on_both, seconds};

on_both!(
    a_connection_reads_back_and_its_secrets_do_not_show,
    whoever_connects_again_keeps_the_id,
    a_workspace_has_one_connection_to_a_provider,
    secrets_open_with_their_key_and_in_their_row_alone,
    one_process_renews_and_the_pair_is_replaced_whole,
    the_first_pair_is_kept_whoever_brings_it,
    a_renewal_that_nobody_ended_is_taken_over_and_known_as_such,
    what_a_provider_says_is_kept_until_it_takes_us_again,
    a_connection_that_is_gone_has_no_secrets,
    the_lane_of_a_connection_has_its_own_pace,
);

fn vault(letter: &str) -> Vault {
    Vault::parse(&letter.repeat(64)).unwrap()
}

fn connection(workspace: WorkspaceId, account: Account) -> Connection {
    Connection {
        id: ConnectionId::new(),
        workspace,
        account,
        proof: "consent".to_owned(),
        problem: String::new(),
        created_at: at(1),
        updated_at: at(1),
    }
}

fn notion(workspace: WorkspaceId) -> Connection {
    connection(workspace, Account::Notion(NotionAccount::default()))
}

fn sealed(refresh: &str) -> Sealed {
    let credentials = Credentials::Consent {
        client_id: "me".to_owned(),
        client_secret: Secret::new("client-s3cret"),
        refresh_token: Secret::new(refresh),
    };
    let grant = Some(Grant { access_token: Secret::new(format!("access-{refresh}")), expires_at: Some(7) });
    Sealed { credentials, grant }
}

/// A store with a key, its workspace and a connection in it.
async fn connected(store: &TestStore) -> (Store, Connection) {
    let connection = notion(store.workspace("acme").await);
    let store = store.store.clone().with_vault(vault("a"));
    kept(&store, async |write| write.connect(&connection, &sealed("one"), seconds(1)).await.unwrap()).await;
    (store, connection)
}

async fn a_connection_reads_back_and_its_secrets_do_not_show(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let other = test.workspace("other").await;
    let mut read = store.read().await.unwrap();
    assert_eq!(read.connections(connection.workspace).await.unwrap(), std::slice::from_ref(&connection));
    assert_eq!(read.connections(other).await.unwrap(), []);
    assert_eq!(read.connection_to(connection.workspace, Source::Notion).await.unwrap(), Some(connection.clone()));
    assert_eq!(read.connection_to(connection.workspace, Source::Zendesk).await.unwrap(), None);
    assert_eq!(read.connection(connection.id).await.unwrap(), Some(connection.clone()));
    let opened = store.open_secrets(connection.id).await.unwrap().unwrap();
    assert_eq!((opened.sealed, opened.version), (sealed("one"), 1));
    let everything = test.dump().await.join("\n");
    for secret in ["client-s3cret", "access-one", hex("client-s3cret").as_str(), hex("access-one").as_str()] {
        assert!(!everything.to_lowercase().contains(secret), "the database shows {secret}");
    }
}

fn hex(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

async fn whoever_connects_again_keeps_the_id(test: TestStore) {
    let (store, before) = connected(&test).await;
    let account = Account::Notion(NotionAccount { api_url: "https://gateway.example".to_owned() });
    let after = Connection { account, updated_at: at(9), ..before.clone() };
    kept(&store, async |write| write.connect(&after, &sealed("two"), seconds(1)).await.unwrap()).await;
    assert_eq!(store.read().await.unwrap().connection(before.id).await.unwrap(), Some(after));
    let opened = store.open_secrets(before.id).await.unwrap().unwrap();
    assert_eq!((opened.sealed, opened.version), (sealed("two"), 2));
}

async fn a_workspace_has_one_connection_to_a_provider(test: TestStore) {
    let (store, first) = connected(&test).await;
    let mut write = store.write().await.unwrap();
    let second = notion(first.workspace);
    let refused = write.connect(&second, &sealed("two"), seconds(1)).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    drop(write);
    let zendesk = connection(first.workspace, Account::Zendesk(ZendeskAccount::default()));
    kept(&store, async |write| write.connect(&zendesk, &sealed("two"), seconds(1)).await.unwrap()).await;
    let other = notion(test.workspace("other").await);
    kept(&store, async |write| write.connect(&other, &sealed("two"), seconds(1)).await.unwrap()).await;
    assert_eq!(store.read().await.unwrap().connections(first.workspace).await.unwrap(), [first, zendesk]);
}

async fn secrets_open_with_their_key_and_in_their_row_alone(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let zendesk = self::connection(connection.workspace, Account::Zendesk(ZendeskAccount::default()));
    kept(&store, async |write| write.connect(&zendesk, &sealed("two"), seconds(1)).await.unwrap()).await;
    for (vault, is_known) in [(Vault::default(), false), (vault("b"), false), (vault("a"), true)] {
        let opened = store.clone().with_vault(vault).open_secrets(connection.id).await;
        assert_eq!(matches!(opened, Err(Error::Locked(_))), !is_known, "{opened:?}");
    }
    let (one, two) = (connection.id, zendesk.id);
    test.sql(&format!(
        "UPDATE connections SET sealed = (SELECT sealed FROM connections WHERE id = '{two}') WHERE id = '{one}'"
    ))
    .await;
    let moved = store.open_secrets(one).await;
    assert!(matches!(moved, Err(Error::Corrupt(_))), "{moved:?}");
}

async fn one_process_renews_and_the_pair_is_replaced_whole(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let beside = test.beside().await.with_vault(vault("a"));
    let renewal = store.begin_renewal(connection.id, 1, seconds(60)).await.unwrap().unwrap();
    assert_eq!(beside.begin_renewal(connection.id, 1, seconds(60)).await.unwrap(), None);
    assert!(store.renew(&renewal, &sealed("two")).await.unwrap());
    assert_eq!(beside.begin_renewal(connection.id, 1, seconds(60)).await.unwrap(), None, "it was renewed already");
    let opened = beside.open_secrets(connection.id).await.unwrap().unwrap();
    assert_eq!((opened.sealed, opened.version), (sealed("two"), 2));
    let renewal = beside.begin_renewal(connection.id, 2, seconds(60)).await.unwrap().unwrap();
    beside.end_renewal(&renewal, true).await.unwrap();
    assert!(store.begin_renewal(connection.id, 2, seconds(60)).await.unwrap().is_some(), "it was given back");
}

/// A provider may end the old tokens with its first answer: then only that answer is worth anything, whoever has it.
async fn the_first_pair_is_kept_whoever_brings_it(test: TestStore) {
    let (store, connection) = connected(&test).await;
    test.clock.set(at(10));
    let slow = store.begin_renewal(connection.id, 1, seconds(60)).await.unwrap().unwrap();
    test.clock.set(at(71));
    let next = store.begin_renewal(connection.id, 1, seconds(60)).await.unwrap().unwrap();
    assert!(!store.keep_renewal(&slow, seconds(60)).await.unwrap(), "it was given up");
    assert!(store.renew(&slow, &sealed("first")).await.unwrap());
    assert!(!store.renew(&next, &sealed("second")).await.unwrap(), "another pair was kept since");
    assert!(!store.renew(&slow, &sealed("again")).await.unwrap(), "a right is used once");
    assert_eq!(store.open_secrets(connection.id).await.unwrap().unwrap().sealed, sealed("first"));
}

async fn a_renewal_that_nobody_ended_is_taken_over_and_known_as_such(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let begin = async || store.begin_renewal(connection.id, 1, seconds(60)).await.unwrap();
    test.clock.set(at(10));
    let lost = begin().await.unwrap();
    assert!(!lost.is_taken_over);
    test.clock.set(at(69));
    assert!(store.keep_renewal(&lost, seconds(60)).await.unwrap());
    test.clock.set(at(71));
    assert_eq!(begin().await, None, "it was kept");
    test.clock.set(at(130));
    let next = begin().await.unwrap();
    assert!(next.is_taken_over);
    // Whoever is left without an answer leaves it to others at once, and they know.
    store.end_renewal(&next, false).await.unwrap();
    let third = begin().await.unwrap();
    assert!(third.is_taken_over);
    store.end_renewal(&lost, true).await.unwrap();
    assert_eq!(begin().await, None, "it was not his any more");
    store.end_renewal(&third, true).await.unwrap();
    assert!(!begin().await.unwrap().is_taken_over);
}

async fn what_a_provider_says_is_kept_until_it_takes_us_again(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let note = async |problem: &str, now| {
        kept(&store, async |write| write.note_problem(connection.id, problem, now).await.unwrap()).await;
        let found = store.read().await.unwrap().connection(connection.id).await.unwrap().unwrap();
        (found.problem, found.updated_at)
    };
    assert_eq!(note("the token was revoked", at(5)).await, ("the token was revoked".to_owned(), at(5)));
    assert_eq!(note("the token was revoked", at(6)).await.1, at(5), "nothing changed");
    assert_eq!(note("", at(7)).await, (String::new(), at(7)));
}

async fn a_connection_that_is_gone_has_no_secrets(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let renewal = store.begin_renewal(connection.id, 1, seconds(60)).await.unwrap().unwrap();
    assert!(kept(&store, async |write| write.disconnect(connection.id).await.unwrap()).await);
    assert!(!kept(&store, async |write| write.disconnect(connection.id).await.unwrap()).await);
    assert_eq!(store.open_secrets(connection.id).await.unwrap(), None);
    assert!(!store.renew(&renewal, &sealed("two")).await.unwrap());
    assert_eq!(test.count("connections").await, 0);
}

async fn the_lane_of_a_connection_has_its_own_pace(test: TestStore) {
    let (store, connection) = connected(&test).await;
    let hosts = Pace { delay: Duration::from_secs(9), concurrency: 2, crawl_delay_cap: seconds(30), daily: Some(1) };
    test.clock.set(at(20));
    let mut turns = Vec::new();
    for _ in 0..3 {
        turns.push(store.reserve_turn(&connection.lane(), &hosts).await.unwrap());
    }
    assert_eq!(turns, [at(20), at(21), at(22)]);
    kept(&store, async |write| write.connect(&connection, &sealed("two"), seconds(5)).await.unwrap()).await;
    turns.clear();
    for _ in 0..2 {
        turns.push(store.reserve_turn(&connection.lane(), &hosts).await.unwrap());
    }
    assert_eq!(turns, [at(23), at(28)], "connected again with another pace");
    store.rest_lane(&connection.lane(), at(60), &hosts).await.unwrap();
    let after =
        [store.reserve_turn(&connection.lane(), &hosts).await, store.reserve_turn(&connection.lane(), &hosts).await];
    assert_eq!(after.map(Result::unwrap), [at(60), at(65)], "it rests, and goes on as before");
}
