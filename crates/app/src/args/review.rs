//! The command lines of `gleaner review`, `article`, `folder` and `agent`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use model::{AgentId, ArticleId, DraftId, FolderId, Proposal};

/// `gleaner review`.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// List the drafts that await a decision, those that changed last first.
    List {
        /// Which.
        #[command(flatten)]
        which: WhichDrafts,
        /// How many at most.
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=500))]
        limit: i64,
        /// Print the drafts as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show a draft: what it would change, paragraph by paragraph.
    Show {
        /// The draft, as `gleaner review list` shows it.
        #[arg(value_name = "ID", value_parser = parse_draft)]
        draft: DraftId,
        /// Show unchanged paragraphs, too.
        #[arg(long)]
        all: bool,
    },
    /// Publish a draft, as it was seen; or many.
    ///
    /// On a terminal the draft is shown first, and nothing happens without a yes. Elsewhere say with --revision which revision was
    /// seen: a draft that has changed since is not published.
    #[command(group = ArgGroup::new("what").required(true), after_help = "Examples:
  gleaner review approve 7f5392e5-dc7d-4558-8860-cf3ea4b32f94
  gleaner review approve 7f5392e5-dc7d-4558-8860-cf3ea4b32f94 --revision 2
  gleaner review approve --all --proposal update")]
    Approve {
        /// The draft.
        #[arg(value_name = "ID", value_parser = parse_draft, group = "what")]
        draft: Option<DraftId>,
        /// The revision that was seen.
        #[arg(long, value_name = "N", conflicts_with = "all")]
        revision: Option<i64>,
        /// Every draft that awaits a decision, or those that --proposal and --folder name.
        #[arg(long, group = "what")]
        all: bool,
        /// Which, with --all.
        #[command(flatten)]
        which: WhichDrafts,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Decide against a draft. A later change of its source makes a new one.
    Dismiss {
        /// The draft.
        #[arg(value_name = "ID", value_parser = parse_draft)]
        draft: DraftId,
        /// The revision that was seen; without it, the one there is.
        #[arg(long, value_name = "N")]
        revision: Option<i64>,
        /// Why, for the record.
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Edit the text of a draft, in an editor or from a file. What its source proposes stays beside it.
    Edit {
        /// The draft.
        #[arg(value_name = "ID", value_parser = parse_draft)]
        draft: DraftId,
        /// Take the text from this file: the title as a first line `# Title`, then Markdown. `-` is standard input.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// The editor to start.
        #[arg(long, value_name = "COMMAND", env = "EDITOR")]
        editor: Option<String>,
    },
    /// Show who decided what, the latest first.
    Log {
        /// How many entries.
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=500))]
        limit: i64,
        /// Print the entries as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say whether runs make drafts by themselves, which they do unless told otherwise.
    Drafting {
        /// on or off; without it, say how it is.
        #[arg(value_name = "on|off", value_parser = parse_switch)]
        switch: Option<Switch>,
    },
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// Whether it is on.
    pub is_on: bool,
}

/// Which drafts.
#[derive(Debug, Args)]
pub struct WhichDrafts {
    /// Only drafts that propose this: add, update, withdraw or nothing.
    #[arg(long, value_name = "PROPOSAL", value_parser = parse_proposal)]
    pub proposal: Option<Proposal>,
    /// Only drafts for this folder, as `gleaner folder list` shows it.
    #[arg(long, value_name = "ID", value_parser = parse_folder)]
    pub folder: Option<FolderId>,
}

/// `gleaner article`.
#[derive(Debug, Subcommand)]
pub enum ArticleCommand {
    /// List the articles that agents may answer from, those that changed last first.
    List {
        /// How many at most.
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=500))]
        limit: i64,
        /// Print the articles as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show an article, or an earlier version of it.
    Show {
        /// The article.
        #[arg(value_name = "ID", value_parser = parse_article)]
        article: ArticleId,
        /// The number of a version.
        #[arg(long = "at", value_name = "VERSION")]
        number: Option<i64>,
    },
    /// List every version of an article: when, by whom, from what.
    Versions {
        /// The article.
        #[arg(value_name = "ID", value_parser = parse_article)]
        article: ArticleId,
    },
    /// Propose an earlier version again: it awaits a decision like every draft.
    Restore {
        /// The article.
        #[arg(value_name = "ID", value_parser = parse_article)]
        article: ArticleId,
        /// The number of the version.
        #[arg(value_name = "VERSION")]
        number: i64,
    },
    /// Take an article out of the answers. Its versions stay.
    Delete {
        /// The article.
        #[arg(value_name = "ID", value_parser = parse_article)]
        article: ArticleId,
    },
}

/// `gleaner folder`.
#[derive(Debug, Subcommand)]
pub enum FolderCommand {
    /// Show the tree of folders.
    List,
    /// Make a folder.
    Add {
        /// Its title.
        title: String,
        /// The folder it lies in.
        #[arg(long, value_name = "ID", value_parser = parse_folder)]
        parent: Option<FolderId>,
    },
    /// Delete a folder that is empty, or with --cascade all that is in it.
    Delete {
        /// The folder.
        #[arg(value_name = "ID", value_parser = parse_folder)]
        folder: FolderId,
        /// Delete the articles in it and dismiss its drafts.
        #[arg(long)]
        cascade: bool,
    },
}

/// `gleaner agent`.
#[derive(Debug, Subcommand)]
pub enum AgentCommand {
    /// List the agents with their folders.
    List,
    /// Make an agent. It answers from nothing until it is given folders.
    Add {
        /// Its name.
        name: String,
    },
    /// Give an agent another name.
    Rename {
        /// The agent.
        #[arg(value_name = "ID", value_parser = parse_agent)]
        agent: AgentId,
        /// The new name.
        name: String,
    },
    /// Delete an agent. Its folders stay.
    Delete {
        /// The agent.
        #[arg(value_name = "ID", value_parser = parse_agent)]
        agent: AgentId,
    },
    /// Let an agent answer from a folder, with all that is below it.
    Give {
        /// The agent.
        #[arg(value_name = "ID", value_parser = parse_agent)]
        agent: AgentId,
        /// The folder.
        #[arg(value_name = "FOLDER", value_parser = parse_folder)]
        folder: FolderId,
    },
    /// Take a folder away from an agent.
    Take {
        /// The agent.
        #[arg(value_name = "ID", value_parser = parse_agent)]
        agent: AgentId,
        /// The folder.
        #[arg(value_name = "FOLDER", value_parser = parse_folder)]
        folder: FolderId,
    },
}

fn parse_draft(text: &str) -> Result<DraftId, String> {
    text.parse().map_err(|_| "that is no ID of a draft; `gleaner review list` shows them".to_owned())
}

fn parse_article(text: &str) -> Result<ArticleId, String> {
    text.parse().map_err(|_| "that is no ID of an article; `gleaner article list` shows them".to_owned())
}

fn parse_folder(text: &str) -> Result<FolderId, String> {
    text.parse().map_err(|_| "that is no ID of a folder; `gleaner folder list` shows them".to_owned())
}

fn parse_agent(text: &str) -> Result<AgentId, String> {
    text.parse().map_err(|_| "that is no ID of an agent; `gleaner agent list` shows them".to_owned())
}

fn parse_proposal(text: &str) -> Result<Proposal, String> {
    text.parse().map_err(|_| "use add, update, withdraw or nothing".to_owned())
}

fn parse_switch(text: &str) -> Result<Switch, String> {
    match text {
        "on" => Ok(Switch { is_on: true }),
        "off" => Ok(Switch { is_on: false }),
        _ => Err("use on or off".to_owned()),
    }
}
