//! F6: the power fails. A copy of the disk as it is at one instant is recovered, and everything acknowledged before is there.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use cluster::{Options, Server};

use crate::chance::Chance;
use crate::checker::{Demands, Ending, judge};
use crate::crew::{HASTE, On, Venue};
use crate::evidence::{Evidence, Reply};
use crate::extent::Extent;
use crate::ground::{Database, Ground, Twist};
use crate::outcome::{Outcome, Verdict};
use crate::volume::{Volume, run as system};
use crate::witness::{Witness, promised};

const CLIENTS: usize = 4;
const PAGES_IN_A_CALL: usize = 3;
/// Enough for a control that loses what the last second brought.
const CONTROL_CUTS: usize = 3;
/// Nothing is fetched while pages are queued.
const IDLE: [&str; 2] = ["--host-delay", "10m"];

pub async fn run(venue: &Venue, on: On, extent: &Extent) -> Result<Vec<Outcome>> {
    let proof = cuts(venue, on, extent.cuts, (true, extent.seed)).await?;
    let control = if on == On::Sqlite && !venue.has_faults {
        Outcome::skipped("F6 fsync off", on.name(), "needs a build with the feature `faults`")
    } else {
        let unsafe_run = cuts(venue, on, CONTROL_CUTS, (false, extent.seed)).await?;
        Outcome { scenario: "F6 fsync off", ..unsafe_run.control() }
    };
    Ok(vec![proof, control])
}

async fn cuts(venue: &Venue, on: On, cuts: usize, (is_safe, seed): (bool, u64)) -> Result<Outcome> {
    let disk = Disk::new()?;
    let mut settings = vec!["max_wal_size=128MB".to_owned()];
    if !is_safe {
        settings.push("fsync=off".to_owned());
    }
    let server = match on {
        On::Sqlite => None,
        On::Postgres => {
            let place = Some(disk.live.path().to_owned());
            Some(Server::start_with(Options { place, settings, ..Options::default() }).await?)
        }
    };
    // The cluster is made without a flush; that is not what is tried here.
    disk.flush()?;
    let database = server.as_ref().map_or(Database::Sqlite, |server| Database::At(server.url()));
    let ground = Ground::with_data(&venue.program, database, &HASTE, &disk.live.path().join("data"))?;
    let idle = Twist::flags(&IDLE);
    let _server = ground.serve(&if is_safe || on == On::Postgres { idle } else { idle.armed("fsync.off") }).await?;
    if !is_safe {
        // Without the key nothing could be asked: what is lost afterwards is what counts.
        disk.flush()?;
    }
    let witness = Witness::new(ground.client()?);
    let (mut verdict, mut times, mut chance) = (Verdict::default(), Vec::new(), Chance::new(seed));
    let mut acknowledged = 0;
    for cut in 0..cuts {
        if !is_safe && verdict.lost > 0 {
            break;
        }
        let clients = Clients::start(&witness, cut);
        tokio::time::sleep(chance.between(Duration::from_millis(200), Duration::from_secs(1))).await;
        let known = witness.calls().len();
        let copy = disk.cut()?;
        clients.stop().await?;
        let start = Instant::now();
        let mut calls = witness.calls();
        let promised = promised(&calls[..known]);
        let documents = recovered(venue, &ground, server.as_ref(), (&disk, &copy, &promised)).await?;
        times.push(start.elapsed());
        acknowledged += calls[..known].iter().filter(|call| matches!(call.reply, Reply::Acknowledged(_))).count();
        // What was answered after the cut began may be in the copy or not.
        calls[known..].iter_mut().for_each(|call| call.reply = Reply::Unknown);
        let evidence = Evidence { calls, documents, ..Evidence::default() };
        verdict.add(judge(&evidence, Demands { ending: Ending::Open, ..Demands::default() }));
    }
    let note =
        format!("{} pages acknowledged before the cuts, times are those of recovery", acknowledged * PAGES_IN_A_CALL);
    Ok(Outcome::new("F6 power cut", on.name(), cuts, verdict).timed(times).noted(note))
}

/// Starts everything on the copy and lists what is there.
async fn recovered(
    venue: &Venue,
    ground: &Ground,
    server: Option<&Server>,
    (disk, copy, promised): (&Disk, &Path, &HashSet<&str>),
) -> Result<Vec<crate::evidence::Seen>> {
    let volume = Volume::of_image(copy)?;
    let revived = match server {
        None => None,
        Some(server) => {
            let folder = server.folder().strip_prefix(disk.live.path())?;
            Some(server.revive(&volume.path().join(folder), Vec::new()).await?)
        }
    };
    let database = revived.as_ref().map_or(Database::Sqlite, |server| Database::At(server.url()));
    let copied = Ground::with_data(&venue.program, database, &HASTE, &volume.path().join("data"))?;
    copied.knows_key_of(ground);
    let gleaner = copied.serve(&Twist::flags(&IDLE)).await?;
    let documents = copied.client()?.documents_and(promised).await?;
    gleaner.kill().await?;
    drop(revived);
    drop(volume);
    std::fs::remove_file(copy)?;
    Ok(documents)
}

/// An image in a file system that copies files at one instant, and what is in it.
struct Disk {
    /// Dropped first.
    live: Volume,
    shelf: Volume,
    _image: tempfile::TempDir,
}

impl Disk {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let shelf = folder.path().join("shelf");
        Volume::make_image(&shelf, 4_096, &["mkfs.xfs", "-q", "-m", "reflink=1"])?;
        let shelf = Volume::of_image(&shelf)?;
        let image = shelf.path().join("live");
        Volume::make_image(&image, 1_024, &["mkfs.ext4", "-q", "-F"])?;
        Ok(Self { live: Volume::of_image(&image)?, shelf, _image: folder })
    }

    /// Writes down all there is so far.
    fn flush(&self) -> Result<()> {
        system(&["sync", "-f", &self.live.path().to_string_lossy()])
    }

    /// The image as it is at this instant: what the file system inside has not written yet is lost.
    fn cut(&self) -> Result<std::path::PathBuf> {
        let (image, copy) = (self.shelf.path().join("live"), self.shelf.path().join("copy"));
        system(&["cp", "--reflink=always", &image.to_string_lossy(), &copy.to_string_lossy()])?;
        Ok(copy)
    }
}

/// Clients that queue without a pause until told to stop.
struct Clients {
    stop: Arc<AtomicBool>,
    calling: Vec<tokio::task::JoinHandle<()>>,
}

impl Clients {
    fn start(witness: &Witness, cut: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let calling = (0..CLIENTS).map(|client| {
            let (witness, stopped) = (witness.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut call = 0;
                while !stopped.load(Ordering::Relaxed) {
                    let page = |number| format!("http://127.0.0.1:9/cut-{cut}/{client}/{call}/{number}");
                    witness.queue((0..PAGES_IN_A_CALL).map(page).collect()).await;
                    call += 1;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
        });
        Self { calling: calling.collect(), stop }
    }

    async fn stop(self) -> Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        for calling in self.calling {
            calling.await.context("a client broke")?;
        }
        Ok(())
    }
}
