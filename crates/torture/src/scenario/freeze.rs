//! F4: a worker that was frozen for longer than its lease comes back and finds its pages done by another.

use std::time::Duration;

use anyhow::Result;
use nix::sys::signal::Signal;
use testkit::site::{Answer, Gate, Site};

use super::Extent;
use crate::checker::{Demands, judge};
use crate::crew::{HASTE, IN_HAND, On, Venue, page};
use crate::evidence::Seen;
use crate::ground::{Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::witness::{Witness, until};

const PATIENCE: Duration = Duration::from_mins(1);
/// The control is a race between a late result and the news that it is late; in so many rounds it is lost at least once.
const CONTROL_ROUNDS: usize = 5;

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let (verdict, refused) = rounds(venue, on, extent.rounds, &Twist::default()).await?;
    let note = format!("{} late results, {refused} told to be late", extent.rounds * IN_HAND);
    let mut outcomes = vec![Outcome::new("F4 freeze", on.name(), extent.rounds, verdict).noted(note)];
    if venue.has_faults {
        let unfenced = Twist::default().armed("fence.off");
        let (verdict, _) = rounds(venue, on, CONTROL_ROUNDS, &unfenced).await?;
        outcomes.push(Outcome::new("F4 fence off", on.name(), CONTROL_ROUNDS, verdict).control());
    } else {
        outcomes.push(Outcome::skipped("F4 fence off", on.name(), "needs a build with the feature `faults`"));
    }
    Ok(outcomes)
}

async fn rounds(venue: &Venue, on: On, rounds: usize, twist: &Twist) -> Result<(Verdict, usize)> {
    let (mut verdict, mut refused) = (Verdict::default(), 0);
    for _ in 0..rounds {
        let (found, told) = round(venue, on, twist).await?;
        verdict.add(found);
        refused += told;
    }
    Ok((verdict, refused))
}

async fn round(venue: &Venue, on: On, twist: &Twist) -> Result<(Verdict, usize)> {
    let ground = Ground::new(&venue.program, venue.database(on).await?, &HASTE)?;
    let (site, gate) = (Site::start().await, Gate::closed());
    let _server = ground.serve(twist).await?;
    let sleeper = ground.work(twist)?;
    let witness = Witness::new(ground.client()?);
    let late = |path: &str| Answer::html(format!("<p>A latecomer has read this at {path}, long ago.</p>"));
    let paths = (0..2 * IN_HAND).map(|number| format!("/{number}"));
    let urls = paths.map(|path| site.on_in_turn(&path, vec![late(&path).behind(&gate), page(&path)]));
    witness.queue(urls.collect()).await;
    until("both are busy", PATIENCE, || page_visits(&site) == 2 * IN_HAND).await?;
    witness.blow(IN_HAND, Duration::ZERO);
    sleeper.signal(Signal::SIGSTOP);

    let _heir = ground.work(twist)?;
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
    let mut verdict = judge(&witness.testify(site.visits()).await?, Demands::default());
    if second != IN_HAND {
        verdict.complain(format!("{second} pages were read by the heir instead of {IN_HAND}"));
    }
    Ok((verdict, log.matches("no longer this worker's").count()))
}

fn page_visits(site: &Site) -> usize {
    site.count_below("/") - site.count("/robots.txt")
}
