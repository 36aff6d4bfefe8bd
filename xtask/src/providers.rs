//! `providers`: the fakes of providers before judges that are not ours: the vendors' clients, with Prism between; then our importer
//! by way of Prism.

mod fakes;
mod importer;
mod prism;
mod tools;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cluster::child::{self, program};
use tokio::time::timeout;

use self::fakes::Fakes;
use self::importer::Importer;
use self::prism::Prism;
use self::tools::Tools;
use crate::root::root;

/// A client that waits longer than this has lost its way.
const PATIENCE: Duration = Duration::from_mins(2);

/// A fake and the client that tries it.
struct Case {
    /// The fake's name, which is that of its document, too.
    name: &'static str,
    client: Client,
}

/// The client's program, a file beside this one.
enum Client {
    Node(&'static str),
    Python(&'static str),
}

const CASES: [Case; 4] = [
    Case { name: "notion", client: Client::Node("notion.mjs") },
    Case { name: "google-drive-v3", client: Client::Python("google_drive.py") },
    Case { name: "zendesk-help-center", client: Client::Python("zendesk.py") },
    Case { name: "confluence-v2", client: Client::Python("confluence.py") },
];

/// Runs every client whose packages can be had; prints what was left out and why. Fails when a client or Prism finds fault.
pub async fn run() -> Result<()> {
    let folder = tempfile::tempdir().context("could not make a temporary folder")?;
    let tools = Tools::install(folder.path()).await?;
    let fakes = Fakes::start(folder.path()).await?;
    let gleaner = importer::build().await?;
    let mut faults = Vec::new();
    for case in &CASES {
        let tried = [
            try_case(case, &tools, &fakes, folder.path()).await,
            try_importer(case.name, &gleaner, &tools, &fakes, folder.path()).await,
        ];
        for error in tried.into_iter().filter_map(Result::err) {
            eprintln!("error: {}: {error:#}", case.name);
            faults.push(case.name);
        }
    }
    if faults.is_empty() { Ok(()) } else { bail!("fault was found with {}", faults.join(" and ")) }
}

/// Our importer through Prism, which is no judge of it without the vendor's document.
async fn try_importer(name: &str, gleaner: &Path, tools: &Tools, fakes: &Fakes, folder: &Path) -> Result<()> {
    let document = folder.join(format!("{name}.json"));
    if !importer::JUDGED.contains(&name) {
        return Ok(());
    }
    let Some(program) = tools.prism().filter(|_| document.exists()) else {
        println!("providers: {name}: our importer is not judged, Prism or the vendor's document is not at hand");
        return Ok(());
    };
    let (world, origin) = fakes.world(name)?;
    let proxy = Prism::start(program, &document, &origin).await?;
    let world = serde_json::from_str(&world)?;
    let importer = Importer { gleaner, folder: folder.join(format!("import-{name}")), world: &world };
    let documents = importer.run(name, &proxy).await.context("our importer")?;
    println!("providers: {name}: our importer has {documents} documents, and Prism found no fault with it");
    Ok(())
}

async fn try_case(case: &Case, tools: &Tools, fakes: &Fakes, folder: &Path) -> Result<()> {
    let name = case.name;
    let (world, origin) = fakes.world(name)?;
    let document = folder.join(format!("{name}.json"));
    let proxy = match tools.prism() {
        Some(program) if document.exists() => Some(Prism::start(program, &document, &origin).await?),
        Some(_) => {
            println!("providers: {name}: without Prism, the vendor's document is not at hand");
            None
        }
        None => None,
    };
    let (interpreter, script) = match &case.client {
        Client::Node(script) if tools.has_node() => ("node", script),
        Client::Python(script) if tools.has_python() => ("python3", script),
        _ => {
            println!("providers: {name}: skipped, its client could not be installed");
            return Ok(());
        }
    };
    let script = root().join("xtask/src/providers/clients").join(script);
    let base = proxy.as_ref().map_or(origin, Prism::origin);
    let mut command = program(interpreter, folder, &[]);
    command.arg(script).arg(world).arg(base).env("PYTHONPATH", folder.join("python"));
    let is_judged = if proxy.is_some() { "yes" } else { "no" };
    command.env("JUDGED_BY_PRISM", is_judged);
    let outcome = timeout(PATIENCE, child::run(command)).await.context("the client did not come to its end")?;
    if outcome.is_err()
        && let Some(proxy) = &proxy
    {
        eprintln!("{}", proxy.said());
    }
    outcome
}
