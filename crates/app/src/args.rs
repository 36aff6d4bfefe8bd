//! The command line.

#![expect(clippy::doc_markdown, reason = "these comments are the help text, where backticks would show")]

pub mod connect;
pub mod crawl;
pub mod extract;
pub mod queue;
mod remote;
pub mod review;
pub mod schedule;
pub mod site;
pub mod sync;

use clap::{Args, Parser, Subcommand};
use model::{JobStatus, Priority, Scopes, Source};

use self::connect::ConnectCommand;
use self::crawl::CrawlArgs;
use self::extract::ExtractArgs;
use self::queue::{JobsCommand, QueueCommand, WorkspaceCommand};
pub use self::remote::RemoteArgs;
use self::review::{AgentCommand, ArticleCommand, FolderCommand, ReviewCommand};
use self::schedule::ScheduleCommand;
use self::site::SiteCommand;
use self::sync::SyncArgs;
use crate::settings::flags::Flags;

/// Keeps an agent's knowledge true to its sources.
///
/// Gleaner queues web pages, fetches them politely, extracts clean paragraphs and says why whenever it could not.
/// Everything is kept in one data folder, or in PostgreSQL when several machines share the work.
#[derive(Debug, Parser)]
#[command(name = "gleaner", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Examples:
  gleaner ingest https://example.com/            read a page now, no server needed
  gleaner ingest guide.pdf handbook.docx         read files, each as a document
  gleaner crawl https://example.com/             which pages a site has, and which of them may be read
  gleaner extract page.html --explain            why each part of a page is in its text or not
  gleaner serve                                  the API and the workers on http://127.0.0.1:8787
  gleaner key create laptop --scopes read,write  a new API key, printed once
  gleaner list --status FAILED                   what did not work, and why
  gleaner review list                            what awaits your decision; nothing reaches an answer before
  gleaner queue status                           what waits, for what, and who works")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What is set on the command line or in the environment.
    #[command(flatten)]
    pub settings: Flags,
    /// What is to go wrong, for the tests of crashes.
    #[cfg(feature = "faults")]
    #[arg(long, hide = true, value_name = "FAULTS", env = "GLEANER_FAULTS")]
    pub faults: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the HTTP API and work through the queue, until SIGTERM or Ctrl-C.
    Serve,
    /// Only work through the queue, beside servers that share the database.
    Work,
    /// Queue web pages and files, and watch them until each has text or a reason why not.
    ///
    /// Works by itself, or beside a running `gleaner serve` on the same store, which then does the work; or on a server
    /// elsewhere with --server and --key. The exit status is 0 only if every page completed.
    Ingest(IngestArgs),
    /// Find the pages of a site, by its sitemaps and links, and say what became of every address.
    ///
    /// Stays on the hosts of the URLs and their www. twins, obeys robots.txt and asks as politely as `gleaner ingest`. Prints the
    /// addresses that were accepted, one a line; --all and --json print every address with its outcome and a reason.
    Crawl(CrawlArgs),
    /// Read one document and print its text, with neither queue nor store.
    ///
    /// Takes a file, a URL or `-` for standard input, in any format that Gleaner reads. A URL is fetched as politely as by
    /// `gleaner ingest`: robots.txt, pauses, private addresses only with --allow-private.
    Extract(ExtractArgs),
    /// List documents, newest first.
    List(ListArgs),
    /// Show one document and its text.
    Show(ShowArgs),
    /// Decide on drafts: only what is approved here reaches an answer.
    #[command(subcommand)]
    Review(ReviewCommand),
    /// Look at the articles that agents answer from, and at their versions.
    #[command(subcommand)]
    Article(ArticleCommand),
    /// Look after the folders of articles.
    #[command(subcommand)]
    Folder(FolderCommand),
    /// Look after the agents and the folders that they answer from.
    #[command(subcommand)]
    Agent(AgentCommand),
    /// See how the queue stands; pause, resume, cancel and retry.
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Connect Notion, Zendesk, Confluence or Google Drive, and look after the connections.
    #[command(subcommand)]
    Connect(ConnectCommand),
    /// Look at everything that a connected provider has, and queue what is new or changed.
    Sync(SyncArgs),
    /// Refresh documents by themselves, again and again.
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Look at jobs: the runs of documents, one by one.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Say what is content on the pages of a site, where Gleaner does not see it by itself.
    #[command(subcommand)]
    Site(SiteCommand),
    /// List workspaces, and share the work between them.
    #[command(subcommand)]
    Workspace(WorkspaceCommand),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Make the database, or bring its schema up to date.
    Migrate,
    /// Print the settings in force, as a gleaner.toml, without secrets.
    Config,
    /// Print the OpenAPI document.
    #[command(hide = true)]
    Openapi,
    /// Read one file after another from standard input, within limits; what the workers start.
    #[command(hide = true)]
    ParseChild,
}

impl Command {
    /// A service tells what it does; a command speaks through its output.
    pub const fn default_log(&self) -> &'static str {
        match self {
            Self::Serve | Self::Work => "info",
            _ => "error",
        }
    }
}

/// `gleaner ingest`.
#[derive(Debug, Args)]
pub struct IngestArgs {
    /// The pages and files: http or https URLs, or names of files here. `-` reads URLs from standard input, one a line.
    #[arg(required = true, value_name = "URL|FILE")]
    pub urls: Vec<String>,
    /// Apply English rules to English text.
    #[arg(long, value_name = "BOOL")]
    pub english: Option<bool>,
    /// Re-cut the text into passages that stand alone.
    #[arg(long, value_name = "BOOL")]
    pub baser: Option<bool>,
    /// How urgent it is: interactive, or scheduled for what may wait while others work [default: by the number of pages].
    #[arg(long, value_name = "PRIORITY", value_parser = parse_priority)]
    pub priority: Option<Priority>,
    /// Print the documents as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where to do it.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only documents with this status: PENDING, IN_PROGRESS, COMPLETED or FAILED.
    #[arg(long, value_name = "STATUS", value_parser = parse_status)]
    pub status: Option<JobStatus>,
    /// Only documents of this source: web, files, googledrive, zendesk, notion or confluence.
    #[arg(long, value_name = "SOURCE", value_parser = parse_source)]
    pub source: Option<Source>,
    /// Only documents whose title contains this, in any case.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Only documents whose address contains this, in any case.
    #[arg(long, value_name = "TEXT")]
    pub url: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=500))]
    pub limit: i64,
    /// Go on after the document with this id.
    #[arg(long, value_name = "ID")]
    pub after: Option<String>,
    /// Print the page as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where to look.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The document's id, as `gleaner list` shows it.
    pub id: String,
    /// Print the document as JSON.
    #[arg(long)]
    pub json: bool,
    /// Print only the text, as Markdown with its links and images; for documents of the local store.
    #[arg(long, conflicts_with_all = ["json", "server"])]
    pub markdown: bool,
    /// Where to look.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `gleaner key`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key and print it alone on standard output. It is not shown again.
    Create {
        /// A name to tell it apart by.
        name: String,
        /// What it may do: read, write, or both.
        #[arg(long, value_name = "SCOPES", default_value = "read,write")]
        scopes: Scopes,
    },
    /// List the workspace's keys, without their secrets.
    List {
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Revoke every live key with this name, handle or id, at once.
    Revoke {
        /// The name, the handle (fini_ and eight letters) or the id.
        key: String,
    },
}

fn parse_status(text: &str) -> Result<JobStatus, String> {
    text.to_ascii_uppercase().parse().map_err(|_| "use PENDING, IN_PROGRESS, COMPLETED or FAILED".to_owned())
}

fn parse_priority(text: &str) -> Result<Priority, String> {
    let known = text.parse().ok().filter(|priority| *priority != Priority::Bulk);
    known.ok_or_else(|| "use interactive or scheduled".to_owned())
}

fn parse_source(text: &str) -> Result<Source, String> {
    text.parse().map_err(|_| "use web, files, googledrive, zendesk, notion or confluence".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use model::FailureCode;

    use super::*;

    const README: &str = include_str!("../../../README.md");

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_readme_names_every_setting() {
        let command = Cli::command();
        let settings =
            command.get_arguments().filter(|argument| argument.is_global_set() && argument.get_env().is_some());
        for setting in settings {
            let flag = format!("--{}", setting.get_long().unwrap());
            let variable = setting.get_env().unwrap().to_str().unwrap();
            assert!(README.contains(&flag), "README.md lacks {flag}");
            assert!(README.contains(variable) || variable == "GLEANER_CONFIG", "README.md lacks {variable}");
        }
    }

    #[test]
    fn the_readme_names_every_failure_and_whether_it_is_tried_again() {
        for code in FailureCode::ALL {
            let row = README.lines().find(|line| line.starts_with(&format!("| `{code}` |")));
            let ending = if code.is_transient() { "| yes |" } else { "| no |" };
            assert!(row.is_some_and(|row| row.ends_with(ending)), "README.md is wrong about {code}: {row:?}");
        }
    }
}
