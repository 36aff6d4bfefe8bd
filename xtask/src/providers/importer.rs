//! Our own importer before a fake, with Prism between: whatever it sends that the vendor's document does not allow is a fault.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use cluster::child::{self, Guard, output, program};
use nix::sys::signal::Signal;
use serde_json::Value;

use super::prism::Prism;
use crate::root::{root, target};

/// Where everything in the fake's world is as the vendor's document has it. Those of Notion and Google Drive hold what is newer,
/// which Prism refuses whoever asks.
pub const JUDGED: [&str; 2] = ["zendesk-help-center", "confluence-v2"];
/// The samples hold some dozens of items; Prism takes its time for each.
const PATIENCE: Duration = Duration::from_mins(3);
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// What our requests may be that the vendors' documents leave out: version 1 of Confluence tells who we are.
const ELSEWHERE: [&str; 1] = ["/wiki/rest/api/user/current"];
/// How Prism names what it refuses.
const REFUSED: &str = "https://stoplight.io/prism/errors#";

/// Builds `gleaner` with the features that the crash tests are built with, so that nothing is built twice.
pub async fn build() -> Result<PathBuf> {
    let arguments = ["build", "--package", "app", "--features", "app/faults"];
    child::run(program("cargo", root(), &arguments)).await?;
    Ok(target()?.join("debug/gleaner"))
}

/// One import of everything that a fake has.
pub struct Importer<'a> {
    pub gleaner: &'a Path,
    pub folder: PathBuf,
    /// What the fake's process says of its world.
    pub world: &'a Value,
}

impl Importer<'_> {
    /// Connects, lists and reads through Prism, and says how many documents there are.
    pub async fn run(&self, name: &str, prism: &Prism) -> Result<usize> {
        std::fs::create_dir_all(&self.folder)?;
        let (provider, flags) = self.flags(name, &prism.origin())?;
        let connect: Vec<&str> = ["connect", provider].into_iter().chain(flags.iter().map(String::as_str)).collect();
        output(self.command(&connect)).await.context("it could not connect")?;
        let synced =
            output(self.command(&["sync", provider, "--json"])).await.context("it could not look at everything")?;
        let synced: Value = serde_json::from_str(&synced)?;
        ensure!(synced["sync"]["state"] == "completed", "the sync did not complete: {}", synced["sync"]);
        let documents = self.read().await?;
        let faults = faults(&prism.said());
        ensure!(faults.is_empty(), "Prism refused what it sent:\n{}", faults.join("\n"));
        Ok(documents)
    }

    /// Lets a worker read until every document has ended.
    async fn read(&self) -> Result<usize> {
        let _worker = Guard::start(self.command(&["work"]), Signal::SIGTERM)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let listed: Value =
                serde_json::from_str(&output(self.command(&["list", "--limit", "500", "--json"])).await?)?;
            let documents = listed["documents"].as_array().context("a list without documents")?;
            let is_waiting =
                |document: &&Value| !matches!(document["linkedJobStatus"].as_str(), Some("COMPLETED" | "FAILED"));
            let waiting = documents.iter().filter(is_waiting).count();
            if waiting == 0 && !documents.is_empty() {
                let read = documents.iter().filter(|document| document["success"] == true).count();
                ensure!(read * 2 > documents.len(), "only {read} of {} documents were read", documents.len());
                return Ok(documents.len());
            }
            if Instant::now() > deadline {
                bail!("{waiting} of {} documents still wait", documents.len());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn command(&self, arguments: &[&str]) -> tokio::process::Command {
        let mut command = program(self.gleaner, &self.folder, arguments);
        command.args(["--allow-private", "127.0.0.0/8", "--retry-base", "200ms", "--log", "error"]);
        command
    }

    /// The provider's name on the command line, and the flags that lead to the fake by way of Prism.
    fn flags(&self, name: &str, base: &str) -> Result<(&'static str, Vec<String>)> {
        let text =
            |field: &str| self.world[field].as_str().with_context(|| format!("the fake of {name} has no {field}"));
        let secret = |file: &str, secret: &str| -> Result<String> {
            let path = self.folder.join(file);
            std::fs::write(&path, secret)?;
            Ok(path.to_str().context("the temporary folder has a name that is not text")?.to_owned())
        };
        let (provider, mut flags) = match name {
            "zendesk-help-center" => {
                ("zendesk", named_token(base, text("email")?, secret("token", text("api_token")?)?))
            }
            "confluence-v2" => {
                ("confluence", named_token(&format!("{base}/wiki"), text("email")?, secret("token", text("token")?)?))
            }
            _ => bail!("nothing is known of how to import from {name}"),
        };
        flags.extend(["--requests-per-second".to_owned(), "100".to_owned()]);
        Ok((provider, flags))
    }
}

fn named_token(site: &str, user: &str, secret: String) -> Vec<String> {
    let flags = ["--site", site, "--user", user, "--secret-file"];
    flags.into_iter().map(str::to_owned).chain([secret]).collect()
}

/// The requests that Prism refused, or whose answers, each with the reason.
fn faults(said: &str) -> Vec<String> {
    let (mut faults, mut request) = (Vec::new(), "");
    for line in said.lines() {
        if line.contains("Request received") {
            request = line;
        }
        let is_known = ELSEWHERE.iter().any(|path| request.contains(path));
        if line.contains(REFUSED) && !is_known {
            faults.push(format!("{request}\n  {line}"));
        }
    }
    faults
}
