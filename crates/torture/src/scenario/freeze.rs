//! F4: a worker that was frozen for longer than its lease comes back and finds its pages done by another.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use nix::sys::signal::Signal;
use testkit::site::{Answer, Gate, Site};

use crate::chance::Chance;
use crate::checker::{Demands, judge};
use crate::crew::{HASTE, IN_HAND, On, Venue, page};
use crate::evidence::Seen;
use crate::extent::Extent;
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(1);
/// The control is a race between a late result and the news that it is late; in so many rounds it is lost at least once.
const CONTROL_ROUNDS: usize = 15;
const FLOW: usize = 400;
/// Nobody waits longer for a frozen worker's pages than the lease and the reading of them all.
const STALL: Duration = Duration::from_secs(10);

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let (mut verdict, mut refused) = (Verdict::default(), 0);
    for _ in 0..extent.rounds {
        let (found, told) = waiting(venue, on).await?;
        verdict.add(found);
        refused += told;
    }
    let note = format!("{} late results, {refused} told to be late", extent.rounds * IN_HAND);
    let asleep = Outcome::new("F4 freeze", on.name(), extent.rounds, verdict).noted(note);
    let working = flows(venue, on, extent.rounds, (&Twist::default(), extent.seed)).await?;
    let control = if venue.has_faults {
        let unfenced = Twist::default().armed("fence.off");
        let control = flows(venue, on, CONTROL_ROUNDS, (&unfenced, extent.seed)).await?.control();
        Outcome { scenario: "F4 fence off", ..control }
    } else {
        Outcome::skipped("F4 fence off", on.name(), "needs a build with the feature `faults`")
    };
    Ok(vec![asleep, working, control])
}

/// Freezes a worker in the midst of its work, at random instants.
async fn flows(venue: &Venue, on: On, rounds: usize, (twist, seed): (&Twist, u64)) -> Result<Outcome> {
    let (mut verdict, mut chance, mut stalls, mut refused) = (Verdict::default(), Chance::new(seed), 0, 0);
    let is_control = !twist.environment.is_empty();
    for _ in 0..rounds {
        if is_control && verdict.doubled > 0 {
            break;
        }
        let (found, told, has_stalled) = flow(venue, on, twist, &mut chance).await?;
        verdict.add(found);
        refused += told;
        stalls += usize::from(has_stalled);
    }
    if is_control {
        // Only what was done twice proves that the check can fail.
        verdict.complaints.retain(|complaint| complaint.contains("written again"));
    }
    // SQLite has one writer, and one that is frozen holds the lock: the others wait for it, and go on when it does.
    if stalls > 0 && on == On::Postgres && !is_control {
        verdict.complain(format!("{stalls} times the others stood still as long as one was frozen"));
    }
    let note = format!("at work; {refused} results refused; others stood still {stalls} times");
    Ok(Outcome::new("F4 freeze at work", on.name(), rounds, verdict).noted(note))
}

async fn flow(venue: &Venue, on: On, twist: &Twist, chance: &mut Chance) -> Result<(Verdict, usize, bool)> {
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let site = Site::start().await;
    // Each visit reads another text, so that a second result shows.
    let visits = AtomicUsize::new(0);
    site.otherwise(move |path| {
        let number = visits.fetch_add(1, Ordering::Relaxed);
        (path != "/robots.txt").then(|| page(&format!("{path}, for visitor {number}")))
    });
    let _server = ground.serve(twist).await?;
    let sleeper = ground.work(twist)?;
    let witness = Witness::new(ground.client()?);
    witness.queue((0..FLOW).map(|number| site.url(&format!("/{number}"))).collect()).await;
    until("work is under way", PATIENCE, || page_visits(&site) > FLOW / 20).await?;
    tokio::time::sleep(chance.between(Duration::ZERO, Duration::from_millis(300))).await;
    witness.blow(IN_HAND, Duration::ZERO);
    sleeper.signal(Signal::SIGSTOP);
    let has_stalled = !witness.all_ended(STALL).await?.iter().all(Seen::has_ended);
    // What it had in hand and not begun, it begins before it is told.
    witness.blow(IN_HAND, Duration::ZERO);
    sleeper.signal(Signal::SIGCONT);
    let log = sleeper.stop_with_log().await?;
    witness.all_ended(PATIENCE).await?;
    let verdict =
        judge(&witness.testify(site.visits()).await?, Demands { no_late_visits: false, ..Demands::default() });
    Ok((verdict, losses(&log), has_stalled))
}

/// How often a worker was told that a job is not its own any more: in the middle of a run, or when it came to save.
fn losses(log: &str) -> usize {
    ["or another worker has it", "no longer this worker's"].iter().map(|told| log.matches(told).count()).sum()
}

/// Freezes a worker that waits for its pages. By the time it wakes up, another has read them.
async fn waiting(venue: &Venue, on: On) -> Result<(Verdict, usize)> {
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let (site, gate) = (Site::start().await, Gate::closed());
    let _server = ground.serve(&Twist::default()).await?;
    let sleeper = ground.work(&Twist::default())?;
    let witness = Witness::new(ground.client()?);
    let late = |path: &str| Answer::html(format!("<p>A latecomer has read this at {path}, long ago.</p>"));
    let paths = (0..2 * IN_HAND).map(|number| format!("/{number}"));
    let urls = paths.map(|path| site.on_in_turn(&path, vec![late(&path).behind(&gate), page(&path)]));
    witness.queue(urls.collect()).await;
    until("both are busy", PATIENCE, || page_visits(&site) == 2 * IN_HAND).await?;
    witness.blow(IN_HAND, Duration::ZERO);
    sleeper.signal(Signal::SIGSTOP);

    let _heir = ground.work(&Twist::default())?;
    until("the heir has asked", PATIENCE, || page_visits(&site) == 3 * IN_HAND).await?;
    let done = async || witness.look().await.map(|all| all.iter().filter(|seen| seen.has_completed()).count());
    while done().await? < IN_HAND {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The answers lie ready when the sleeper wakes up.
    gate.open();
    let documents = witness.all_ended(PATIENCE).await?;
    let second = documents.iter().filter(|seen: &&Seen| seen.text.contains("This is the page")).count();
    sleeper.signal(Signal::SIGCONT);
    // A soft stop lets it finish whatever it believes to be its own.
    let log = sleeper.stop_with_log().await?;
    let mut verdict =
        judge(&witness.testify(site.visits()).await?, Demands { no_late_visits: false, ..Demands::default() });
    if second != IN_HAND {
        verdict.complain(format!("{second} pages were read by the heir instead of {IN_HAND}"));
    }
    Ok((verdict, losses(&log)))
}

fn page_visits(site: &Site) -> usize {
    site.count_below("/") - site.count("/robots.txt")
}
