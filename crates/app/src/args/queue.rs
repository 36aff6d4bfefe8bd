//! The command line of the queue: `gleaner queue`, `gleaner jobs`, `gleaner workspace`.

#![expect(clippy::doc_markdown, reason = "these comments are the help text, where backticks would show")]

use clap::{ArgGroup, Args, Subcommand};
use model::job::JobState;
use model::share::MOST_WEIGHT;
use model::{DocumentId, FailureCode, JobId, WebUrl};

use super::remote::RemoteArgs;
use crate::settings::flags::at_least_one;

/// `gleaner queue`.
#[derive(Debug, Subcommand)]
pub enum QueueCommand {
    /// What waits, for what, and who works.
    #[command(after_help = "Examples:
  gleaner queue status                   the workspace `default`
  gleaner queue status --workspace acme  another one
  gleaner queue status --all             every workspace, for whoever runs the machine")]
    Status(StatusArgs),
    /// Let nothing start any more, of a workspace or at a host; what runs goes on to its end.
    ///
    /// Documents that wait say `paused` with the reason. Queueing goes on as usual.
    #[command(after_help = "Examples:
  gleaner queue pause --reason \"we move the help center\"
  gleaner queue pause --host docs.example.com --reason \"they asked us to\"   in every workspace")]
    Pause(PauseArgs),
    /// End a pause; what it held goes on in its old order.
    #[command(after_help = "Examples:
  gleaner queue resume
  gleaner queue resume --host docs.example.com")]
    Resume(ResumeArgs),
    /// End live jobs of the workspace, waiting and running ones. Their documents keep their last good text.
    #[command(after_help = "Examples:
  gleaner queue cancel 9f347ddb-1f90-43a2-ac9f-4f77f37a2c26   one job, as `gleaner jobs list` shows it
  gleaner queue cancel --host docs.example.com                every job at a host
  gleaner queue cancel --all --yes                            everything, without being asked")]
    Cancel(CancelArgs),
    /// Queue failed documents of the workspace again, with all their attempts ahead of them.
    #[command(after_help = "Examples:
  gleaner queue retry --code timeout,dns         what failed for want of a connection
  gleaner queue retry --host docs.example.com    once the site is mended
  gleaner queue retry --all --workspace acme     everything that failed")]
    Retry(RetryArgs),
}

/// `gleaner queue status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Every workspace together, with every pause and the watchdog's count; on the local store.
    #[arg(long, conflicts_with = "server")]
    pub all: bool,
    /// Print it as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where to look.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner queue pause`.
#[derive(Debug, Args)]
pub struct PauseArgs {
    /// Why; everybody sees it who asks why a document waits.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// A host instead of the workspace, in every workspace; on the local store.
    #[arg(long, value_name = "HOST", value_parser = parse_host, conflicts_with = "server")]
    pub host: Option<String>,
    /// Where to do it.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner queue resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// A host instead of the workspace; on the local store. It also ends a rest that the host asked for (Retry-After).
    #[arg(long, value_name = "HOST", value_parser = parse_host, conflicts_with = "server")]
    pub host: Option<String>,
    /// Where to do it.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner queue cancel`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true))]
pub struct CancelArgs {
    /// The jobs, as `gleaner jobs list` shows them.
    #[arg(value_name = "JOB", value_parser = parse_job, group = "which")]
    pub jobs: Vec<JobId>,
    /// The jobs of these documents, as `gleaner list` shows them.
    #[arg(long, value_name = "ID,...", value_delimiter = ',', value_parser = parse_document, group = "which")]
    pub document: Vec<DocumentId>,
    /// Every job at this host.
    #[arg(long, value_name = "HOST", value_parser = parse_host, group = "which")]
    pub host: Option<String>,
    /// Every job of the workspace.
    #[arg(long, group = "which")]
    pub all: bool,
    /// Do not ask before everything is cancelled. Where there is no terminal to ask at, --all needs it.
    #[arg(long)]
    pub yes: bool,
    /// Print the count as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where to do it.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner queue retry`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).multiple(true).args(["jobs", "code", "host", "limit", "all"]))]
pub struct RetryArgs {
    /// The latest jobs of failed documents.
    #[arg(value_name = "JOB", value_parser = parse_job, conflicts_with_all = ["code", "host", "limit", "all"])]
    pub jobs: Vec<JobId>,
    /// Documents that failed with one of these codes, such as timeout,dns,server_error.
    #[arg(long, value_name = "CODE,...", value_delimiter = ',', value_parser = parse_code, conflicts_with = "all")]
    pub code: Vec<FailureCode>,
    /// Documents at this host.
    #[arg(long, value_name = "HOST", value_parser = parse_host, conflicts_with = "all")]
    pub host: Option<String>,
    /// So many at most.
    #[arg(long, value_name = "N", value_parser = at_least_one::<u32>, conflicts_with = "all")]
    pub limit: Option<u32>,
    /// Every failed document of the workspace, those that were cancelled too; name codes with --code to leave them out.
    #[arg(long)]
    pub all: bool,
    /// Print the count as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where to do it.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner jobs`.
#[derive(Debug, Subcommand)]
pub enum JobsCommand {
    /// List live jobs, in the order of queueing.
    #[command(after_help = "Examples:
  gleaner jobs list --state running    what runs now
  gleaner jobs list --state in_line    what waits for its host's turn")]
    List(ListJobsArgs),
    /// Show one job, live or finished.
    Show(ShowJobArgs),
}

/// `gleaner jobs list`.
#[derive(Debug, Args)]
pub struct ListJobsArgs {
    /// Only jobs in this state: ready, delayed, in_line, held or running.
    #[arg(long, value_name = "STATE", value_parser = parse_state)]
    pub state: Option<JobState>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=500))]
    pub limit: i64,
    /// Go on after the job with this id.
    #[arg(long, value_name = "ID", value_parser = parse_job)]
    pub after: Option<JobId>,
    /// Print the page as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where to look.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner jobs show`.
#[derive(Debug, Args)]
pub struct ShowJobArgs {
    /// The job's id, as `gleaner jobs list` or a document's linkedJobId shows it.
    #[arg(value_parser = parse_job)]
    pub id: JobId,
    /// Print the job as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where to look.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner workspace`.
#[derive(Debug, Subcommand)]
pub enum WorkspaceCommand {
    /// List the workspaces with their weights.
    List {
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give a workspace another share of the work: one of weight 2 gets twice the turns of one of weight 1.
    ///
    /// It counts for what is queued from now on; what waits already keeps its place.
    #[command(after_help = "Example:
  gleaner workspace weight acme 3")]
    Weight {
        /// The workspace.
        name: String,
        /// Its weight, 1 to 1000.
        #[arg(value_parser = clap::value_parser!(i64).range(1..=MOST_WEIGHT))]
        weight: i64,
    },
}

fn parse_job(text: &str) -> Result<JobId, String> {
    text.parse().map_err(|_| "it is not the ID of a job; `gleaner jobs list` shows them".to_owned())
}

fn parse_document(text: &str) -> Result<DocumentId, String> {
    text.parse().map_err(|_| "it is not the ID of a document; `gleaner list` shows them".to_owned())
}

/// A host, with its port where that is not the usual one.
pub fn parse_host(text: &str) -> Result<String, String> {
    WebUrl::lane_named(text).ok_or_else(|| "use a host such as docs.example.com or docs.example.com:8080".to_owned())
}

fn parse_code(text: &str) -> Result<FailureCode, String> {
    let known = || FailureCode::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|_| format!("use one of {}", known()))
}

fn parse_state(text: &str) -> Result<JobState, String> {
    text.parse().map_err(|_| "use ready, delayed, in_line, held or running".to_owned())
}
