//! The command line of `gleaner site`.

use clap::{ArgGroup, Subcommand};

use super::queue::parse_host;

/// `gleaner site`.
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// List the sites of which something was said.
    List {
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say what is content on the pages of a site, instead of what was said before.
    ///
    /// It holds for pages that are read from now on; ingest a page again to read it so. Try selectors on one page first, with
    /// `gleaner extract URL --keep SELECTOR --drop SELECTOR`.
    #[command(group = ArgGroup::new("what").required(true).multiple(true), after_help = "Examples:
  gleaner site set docs.example.com --drop .teaser --drop '#feedback'
  gleaner site set forum.example.com:8080 --keep 'main .post'")]
    Set {
        /// The host, with its port where that is not the usual one.
        #[arg(value_name = "HOST", value_parser = parse_host)]
        host: String,
        /// A CSS selector of what alone is content; may be repeated.
        #[arg(long, value_name = "SELECTOR", value_parser = parse_selector, group = "what")]
        keep: Vec<String>,
        /// A CSS selector of what to leave out; may be repeated.
        #[arg(long, value_name = "SELECTOR", value_parser = parse_selector, group = "what")]
        drop: Vec<String>,
    },
    /// Forget what was said of a site.
    Forget {
        /// The host, as `gleaner site list` shows it.
        #[arg(value_name = "HOST", value_parser = parse_host)]
        host: String,
    },
}

/// A selector that can be used.
pub fn parse_selector(text: &str) -> Result<String, String> {
    ::extract::check_selector(text).map(|()| text.to_owned()).map_err(|error| error.to_string())
}
