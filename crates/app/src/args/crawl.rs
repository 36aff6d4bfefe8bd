//! The command line of `gleaner crawl`.

use clap::Args;
use model::CrawlPlan;
use model::crawl::Glob;

use super::remote::RemoteArgs;
use crate::duration::Span;

/// `gleaner crawl`.
#[expect(clippy::struct_excessive_bools, reason = "each flag comes with or without each other one")]
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gleaner crawl https://docs.example.com/                      read every page, print the addresses of those to import
  gleaner crawl https://docs.example.com/ --all                every address that was seen, its outcome and the reason
  gleaner crawl https://docs.example.com/ --include '/en/**'   only one part of the site
  gleaner crawl https://docs.example.com/ --ingest             import what is found, and watch it")]
pub struct CrawlArgs {
    /// Where to begin: http or https URLs.
    #[arg(required = true, value_name = "URL")]
    pub urls: Vec<String>,
    /// Import the pages that are found, as `gleaner ingest` does.
    #[arg(long)]
    pub ingest: bool,
    /// Only pages whose path matches, such as '/help/**'; may be repeated. * stands for anything within a segment, ** for anything.
    #[arg(long, value_name = "GLOB", value_parser = parse_glob)]
    pub include: Vec<Glob>,
    /// No pages whose path matches; may be repeated.
    #[arg(long, value_name = "GLOB", value_parser = parse_glob)]
    pub exclude: Vec<Glob>,
    /// How many pages to accept at most.
    #[arg(long, value_name = "N", default_value_t = CrawlPlan::MOST as u64, value_parser = clap::value_parser!(u64).range(1..=CrawlPlan::MOST as u64))]
    pub limit: u64,
    /// How many links away from the URLs a page may be.
    #[arg(long, value_name = "N", default_value_t = CrawlPlan::DEPTH, value_parser = clap::value_parser!(u32).range(0..=i64::from(CrawlPlan::DEPTH)))]
    pub depth: u32,
    /// How long it may take.
    #[arg(long, value_name = "DURATION", default_value = "1h", conflicts_with = "server")]
    pub time: Span,
    /// Read pages only as far as it takes to know enough addresses; what is no page is then found out by ingestion.
    #[arg(long)]
    pub quick: bool,
    /// Print every address that was seen, its outcome and the reason.
    #[arg(long, conflicts_with = "json")]
    pub all: bool,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where to do it. A server crawls quickly, for a minute at most.
    #[command(flatten)]
    pub remote: RemoteArgs,
}

fn parse_glob(text: &str) -> Result<Glob, String> {
    text.parse::<Glob>().map_err(|refusal| format!("it {refusal}"))
}
