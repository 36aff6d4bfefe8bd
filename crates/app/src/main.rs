//! The `gleaner` program: reads the command line and hands over to one command.

mod actor;
mod args;
mod backend;
mod commands;
mod control;
mod duration;
mod output;
mod paragraphs;
mod patience;
mod place;
mod providers;
mod question;
mod settings;
mod setup;
mod shutdown;
mod table;
mod telemetry;
mod watch;

use std::process::ExitCode;

use clap::Parser;
use nix::sys::stat::{Mode, umask};

use args::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // The parser child has limits of its own and needs neither settings nor a runtime.
    if matches!(cli.command, Command::ParseChild) {
        return pipeline::parser::child_main();
    }
    // What is made here is nobody else's to read: the database holds fetched pages and hashes of keys.
    umask(Mode::S_IRWXG | Mode::S_IRWXO);
    match run(cli) {
        Ok(code) => code,
        Err(error) if output::is_unread(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gleaner: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    #[cfg(feature = "faults")]
    cli.faults.iter().try_for_each(|list| model::faults::arm(list)).map_err(anyhow::Error::msg)?;
    let settings = settings::load(cli.settings)?;
    telemetry::start(settings.log.as_deref().unwrap_or(cli.command.default_log()))?;
    match cli.command {
        Command::Serve => commands::serve::run(&settings).await,
        Command::Work => commands::work::run(&settings).await,
        Command::Ingest(args) => commands::ingest::run(&settings, args).await,
        Command::Crawl(args) => commands::crawl::run(&settings, args).await,
        Command::Extract(args) => commands::extract::run(&settings, args).await,
        Command::List(args) => commands::list::run(&settings, args).await,
        Command::Show(args) => commands::show::run(&settings, args).await,
        Command::Review(args) => commands::review::run(&settings, args).await,
        Command::Article(args) => commands::article::run(&settings, args).await,
        Command::Folder(args) => commands::folder::run(&settings, args).await,
        Command::Agent(args) => commands::agent::run(&settings, args).await,
        Command::Schedule(args) => commands::schedule::run(&settings, args).await,
        Command::Queue(args) => commands::queue::run(&settings, args).await,
        Command::Jobs(args) => commands::jobs::run(&settings, args).await,
        Command::Connect(args) => commands::connect::run(&settings, args).await,
        Command::Sync(args) => commands::sync::run(&settings, args).await,
        Command::Site(args) => commands::site::run(&settings, args).await,
        Command::Workspace(args) => commands::workspace::run(&settings, args).await,
        Command::Key(args) => commands::key::run(&settings, args).await,
        Command::Migrate => commands::migrate::run(&settings).await,
        Command::Config => commands::config::run(&settings),
        Command::Openapi => commands::openapi::run(),
        Command::ParseChild => Ok(ExitCode::SUCCESS),
    }
}
