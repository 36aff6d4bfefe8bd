//! One pair for all who need it, kept whatever becomes of them.

use std::time::Duration;

use connect::Client;
use connect::provider::{Proof, exchange};
use model::connection::NotionAccount;
use model::{Account, Clock, Connection, ConnectionId, Credentials, FailureCode, Sealed, Secret};
use store::{Store, Target, Vault};
use tempfile::TempDir;
use testkit::provider::Provider;
use testkit::provider::notion::Notion;
use testkit::provider::notion::accounts::{CLIENT_ID, CLIENT_SECRET};
use testkit::provider::switches::Switch;
use tokio::time::timeout;

use super::renewals_ended;
use crate::proof::current;

const TOKENS: &str = "/v1/oauth/token";
const LEASE: Duration = Duration::from_secs(5);

/// A store with a connection to a fake, which ends a pair with its first use.
struct Bed {
    fake: Provider<Notion>,
    store: Store,
    client: Client,
    connection: Connection,
    folder: TempDir,
}

async fn opened(folder: &TempDir) -> Store {
    let target = Target::Sqlite(folder.path().join("gleaner.db"));
    let store = Store::open(&target, folder.path(), Clock::system()).await.unwrap();
    store.with_vault(Vault::parse(&"a".repeat(64)).unwrap())
}

impl Bed {
    async fn start() -> Self {
        let (folder, fake) = (tempfile::tempdir().unwrap(), Provider::start(Notion::default()).await);
        let store = opened(&folder).await;
        let config = connect::Config { allow: "127.0.0.0/8".parse().unwrap(), ..connect::Config::default() };
        let client = Client::new(&config, Clock::system()).unwrap();
        let mut write = store.write().await.unwrap();
        let (workspace, _) = write.ensure_workspace("acme", store.now()).await.unwrap();
        write.commit().await.unwrap();
        let connection = Connection {
            id: ConnectionId::new(),
            workspace,
            account: Account::Notion(NotionAccount { api_url: fake.origin() }),
            proof: "consent".to_owned(),
            problem: String::new(),
            created_at: store.now(),
            updated_at: store.now(),
        };
        let bed = Self { fake, store, client, connection, folder };
        bed.connect().await;
        bed
    }

    /// Keeps a pair that the provider gave just now.
    async fn connect(&self) {
        let credentials = Credentials::Consent {
            client_id: CLIENT_ID.to_owned(),
            client_secret: Secret::new(CLIENT_SECRET),
            refresh_token: Secret::new(self.fake.fake().accounts.new_pair().1),
        };
        let sealed = Sealed { credentials, grant: None };
        let mut write = self.store.write().await.unwrap();
        write.connect(&self.connection, &sealed, Duration::ZERO).await.unwrap();
        write.commit().await.unwrap();
    }

    async fn proof(&self) -> Result<Proof, model::Failure> {
        current(&self.store, &self.client, &self.connection, None, LEASE).await
    }

    /// Whether the provider still takes the refresh token that is kept.
    async fn holds(&self) -> bool {
        let opened = self.store.open_secrets(self.connection.id).await.unwrap().unwrap();
        let Credentials::Consent { refresh_token, .. } = opened.sealed.credentials else {
            panic!("a consent was kept")
        };
        self.fake.fake().accounts.holds(refresh_token.reveal())
    }
}

#[tokio::test]
async fn a_renewal_outlives_who_needed_it() {
    let bed = Bed::start().await;
    bed.fake.switches().set(Switch::Slow(Duration::from_millis(400)));
    // A run that is cancelled, or a call whose client hangs up, is dropped just like this.
    assert!(timeout(Duration::from_millis(100), bed.proof()).await.is_err());
    renewals_ended().await;
    assert_eq!(bed.store.open_secrets(bed.connection.id).await.unwrap().unwrap().version, 2);
    assert!(bed.holds().await && bed.proof().await.is_ok());
    assert_eq!(bed.fake.log().below(TOKENS).len(), 1);
}

#[tokio::test]
async fn many_who_need_it_get_one_pair() {
    let bed = Bed::start().await;
    bed.fake.switches().set(Switch::Slow(Duration::from_millis(200)));
    let stores = [bed.store.clone(), opened(&bed.folder).await];
    let asking = stores.iter().cycle().take(20).map(|store| current(store, &bed.client, &bed.connection, None, LEASE));
    let proofs: Vec<Proof> = futures_util::future::join_all(asking).await.into_iter().map(Result::unwrap).collect();
    assert!(proofs.iter().all(|proof| *proof == proofs[0] && *proof != Proof::Anonymous));
    assert_eq!(bed.fake.log().below(TOKENS).len(), 1);
    assert!(bed.holds().await);
}

#[tokio::test]
async fn tokens_that_were_lost_on_their_way_are_told_until_somebody_connects_again() {
    let bed = Bed::start().await;
    // A process asks, is answered, and is gone.
    let opened = bed.store.open_secrets(bed.connection.id).await.unwrap().unwrap();
    bed.store.begin_renewal(bed.connection.id, opened.version, Duration::ZERO).await.unwrap().unwrap();
    exchange(&bed.client, &bed.connection.account, &opened.sealed.credentials, bed.store.now()).await.unwrap();
    for _ in 0..2 {
        let failure = bed.proof().await.unwrap_err();
        assert_eq!(failure.code, FailureCode::ProviderDisconnected);
        assert!(failure.text.contains("connect it again") && failure.text.contains("the new tokens"), "{failure}");
    }
    bed.connect().await;
    assert!(bed.proof().await.is_ok() && bed.holds().await);
}

#[tokio::test]
async fn what_passes_is_no_reason_to_connect_again() {
    let bed = Bed::start().await;
    for (switch, code) in [
        (Switch::Broken { status: 503 }, FailureCode::ServerError),
        (Switch::Throttled { every: 1, retry_after: Some(3) }, FailureCode::RateLimited),
    ] {
        bed.fake.switches().set_times(switch, 1);
        assert_eq!(bed.proof().await.unwrap_err().code, code);
    }
    assert!(bed.proof().await.is_ok() && bed.holds().await);
}
