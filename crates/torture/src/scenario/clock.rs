//! F9: the wall clock of one process is set wrong while pages are in hand. Nobody loses a lease by it, and nothing waits for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use testkit::site::{Gate, Site};
use tokio::task::JoinSet;

use crate::checker::{Demands, judge};
use crate::crew::{HASTE, IN_HAND, On, Venue, page};
use crate::extent::Extent;
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(1);
/// Said where the library is missing.
pub const LACKS: &str = "there is no libfaketime here; install the package faketime";
/// As libfaketime takes them.
const JUMPS: [&str; 3] = ["+3600", "-3600", "-86400"];
/// Twelve processes run at once here: with a shorter lease, one that gets no processor for a moment would lose its pages.
const LEASE: &str = "6s";
/// Longer than the lease: whoever believes it to be over has had the time to act.
const WATCHED: Duration = Duration::from_secs(8);
/// What a page may take after the jump when nothing is in its way.
const PROMPT: Duration = Duration::from_secs(15);

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let library = library().context(LACKS)?;
    let rounds = extent.rounds.div_ceil(5);
    let mut outcomes = Vec::new();
    for (who, scenario) in [(Who::Everybody, "F9 clock, machine"), (Who::One, "F9 clock, one process")] {
        let mut verdict = Verdict::default();
        for _ in 0..rounds {
            let mut jumping = JoinSet::new();
            for jump in JUMPS {
                let (venue, library) = (venue.clone(), library.clone());
                jumping.spawn(async move { (jump, after(&venue, on, jump, (who, &library)).await) });
            }
            while let Some(found) = jumping.join_next().await {
                let (jump, found) = found.context("a jump broke")?;
                found?.complaints.iter().for_each(|complaint| verdict.complain(format!("clock {jump} s: {complaint}")));
            }
        }
        outcomes.push(Outcome::new(scenario, on.name(), rounds * JUMPS.len(), verdict).noted("+1 h, -1 h, -1 day"));
    }
    Ok(outcomes)
}

/// Whose clock is moved: that of a machine, or that of one machine among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Everybody,
    One,
}

async fn after(venue: &Venue, on: On, jump: &str, (who, library): (Who, &Path)) -> Result<Verdict> {
    let settings = HASTE.map(|word| if word == "2s" { LEASE } else { word });
    let ground = Ground::new(&venue.program, venue.database(on).await?, &settings)?;
    let folder = tempfile::tempdir()?;
    let clock = folder.path().join("clock");
    fs::write(&clock, "+0")?;
    let twisted = Twist {
        environment: vec![
            ("LD_PRELOAD".to_owned(), library.into()),
            ("FAKETIME_TIMESTAMP_FILE".to_owned(), clock.clone().into()),
            ("FAKETIME_NO_CACHE".to_owned(), "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC".to_owned(), "1".into()),
        ],
        ..Twist::default()
    };
    let (site, gate) = (Site::start().await, Gate::closed());
    let others = if who == Who::Everybody { twisted.clone() } else { Twist::default() };
    let _server = ground.serve(&others).await?;
    let astray = ground.work(&twisted)?;
    let witness = Witness::new(ground.client()?);
    let _watch = witness.watch();
    let paths = (0..2 * IN_HAND).map(|number| format!("/{number}"));
    witness.queue(paths.map(|path| site.on(&path, page(&path).behind(&gate))).collect()).await;
    let asked = || site.count_below("/") - site.count("/robots.txt");
    until("both are busy", PATIENCE, || asked() == 2 * IN_HAND).await?;
    // An idle helper takes whatever somebody gives up too early.
    let _idle = ground.work(&others)?;
    fs::write(&clock, jump)?;
    tokio::time::sleep(WATCHED).await;
    let early = asked() - 2 * IN_HAND;
    gate.open();
    let mut late = Verdict::default();
    if early > 0 {
        late.complain(format!("{early} pages were taken from a worker that lives"));
    }
    let more = (100..100 + 2 * IN_HAND).map(|number| format!("/{number}"));
    witness.queue(more.map(|path| site.on(&path, page(&path))).collect()).await;
    if witness.all_ended(PROMPT).await?.iter().any(|seen| !seen.has_ended()) {
        late.complain(format!("pages still wait {PROMPT:?} after the jump"));
    }
    witness.all_ended(PATIENCE).await?;
    let moved = astray.stop_with_log().await?;
    let mut verdict = judge(&witness.testify(site.visits()).await?, Demands::default());
    verdict.add(late);
    if !has_jumped(&moved) {
        verdict.complain("the clock of the process was not moved, so nothing was tried");
    }
    Ok(verdict)
}

/// Whether the times in the log are not in one hour: its first line was written before the jump and its last one after it.
fn has_jumped(log: &str) -> bool {
    let hour = |line: Option<&str>| line.and_then(|line| line.get(..13)).map(str::to_owned);
    hour(log.lines().next()) != hour(log.lines().next_back())
}

/// The library, where packages put it.
pub fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|folder| folder.path());
    let mut found = folders
        .chain([PathBuf::from("/usr/lib"), PathBuf::from("/usr/local/lib")])
        .flat_map(|folder| ["libfaketimeMT.so.1", "libfaketime.so.1"].map(|name| folder.join("faketime").join(name)));
    found.find(|path| path.exists())
}
