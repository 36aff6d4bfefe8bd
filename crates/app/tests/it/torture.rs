//! A few rounds of every crash, cut and freeze; `cargo xtask torture` runs hundreds. Where the machine cannot stage one, it fails.

use std::path::PathBuf;

use torture::crew::{On, Venue};
use torture::outcome::Kind;
use torture::{Extent, Scenario};

/// Runs a scenario briefly, and wants every proof to hold and every control to fail.
async fn brief(scenario: Scenario, on: On) {
    assert_eq!(scenario.lacks(), None, "{} cannot be staged", scenario.name());
    let has_faults = cfg!(feature = "faults");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_gleaner"));
    let venue = Venue { program, has_faults, server: testkit::postgres::url() };
    for outcome in scenario.run(&venue, on, &Extent::BRIEF).await.unwrap() {
        println!("{outcome}");
        // `cargo xtask test` builds with the feature; without it there are no controls to run.
        assert!(outcome.is_well() || (outcome.kind == Kind::Skipped && !has_faults), "{outcome}");
    }
}

macro_rules! brief {
    ($($test:ident: $scenario:ident on $on:ident;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                brief(Scenario::$scenario, On::$on).await;
            }
        )+
    };
}

brief! {
    killed_processes_on_sqlite: Kill on Sqlite;
    killed_processes_on_postgres: Kill on Postgres;
    calls_that_a_kill_falls_into_on_sqlite: Calls on Sqlite;
    calls_that_a_kill_falls_into_on_postgres: Calls on Postgres;
    heirs_of_a_killed_worker_on_sqlite: Takeover on Sqlite;
    heirs_of_a_killed_worker_on_postgres: Takeover on Postgres;
    frozen_workers_on_sqlite: Freeze on Sqlite;
    frozen_workers_on_postgres: Freeze on Postgres;
    an_outage_of_postgres: Outage on Postgres;
    power_cuts_on_sqlite: Power on Sqlite;
    power_cuts_on_postgres: Power on Postgres;
    full_disks_on_sqlite: Disk on Sqlite;
    full_disks_on_postgres: Disk on Postgres;
    machines_cut_off_from_postgres: Partition on Postgres;
    wrong_clocks_on_sqlite: Clock on Sqlite;
    wrong_clocks_on_postgres: Clock on Postgres;
    poisoned_pages_on_sqlite: Poison on Sqlite;
    poisoned_pages_on_postgres: Poison on Postgres;
    machines_that_share_a_site: Machines on Postgres;
    deaths_at_each_point_on_sqlite: Points on Sqlite;
    deaths_at_each_point_on_postgres: Points on Postgres;
    connections_whose_processes_die_on_sqlite: Connections on Sqlite;
    connections_whose_processes_die_on_postgres: Connections on Postgres;
    a_provider_that_allows_so_much_on_sqlite: Providers on Sqlite;
    a_provider_that_allows_so_much_on_postgres: Providers on Postgres;
}
