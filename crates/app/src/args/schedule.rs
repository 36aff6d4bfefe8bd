//! The command line of `gleaner schedule`.

use clap::Subcommand;
use model::{DocumentId, ScheduleId, Source};

use crate::duration::Span;

/// `gleaner schedule`.
#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// List what is refreshed by itself, and when the next round begins.
    List {
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Refresh documents again and again, instead of what was set for the same before.
    ///
    /// A running `gleaner serve` or `gleaner work` begins the rounds. What has a run under way is left out of a round; uploaded files are,
    /// too. A round begins up to a tenth of the time late, so that not all of them come together.
    #[command(after_help = "Examples:
  gleaner schedule set --every 24h                     every document, once a day
  gleaner schedule set --every 1h --source zendesk     those from Zendesk, every hour
  gleaner schedule set --every 10m --document ID       one document")]
    Set {
        /// The time between two rounds, at least a minute.
        #[arg(long, value_name = "DURATION")]
        every: Span,
        /// Only documents of this source: web, googledrive, zendesk, notion or confluence.
        #[arg(long, value_name = "SOURCE", value_parser = parse_source, conflicts_with = "document")]
        source: Option<Source>,
        /// Only this document.
        #[arg(long, value_name = "ID", value_parser = parse_document)]
        document: Option<DocumentId>,
        /// Begin the first round at once.
        #[arg(long)]
        now: bool,
    },
    /// Remove a schedule. What it has queued stays queued.
    Remove {
        /// The schedule, as `gleaner schedule list` shows it.
        #[arg(value_name = "ID", value_parser = parse_schedule)]
        schedule: ScheduleId,
    },
}

fn parse_source(text: &str) -> Result<Source, String> {
    text.parse().map_err(|_| "use web, googledrive, zendesk, notion or confluence".to_owned())
}

fn parse_document(text: &str) -> Result<DocumentId, String> {
    text.parse().map_err(|_| "that is no ID of a document; `gleaner list` shows them".to_owned())
}

fn parse_schedule(text: &str) -> Result<ScheduleId, String> {
    text.parse().map_err(|_| "that is no ID of a schedule; `gleaner schedule list` shows them".to_owned())
}
