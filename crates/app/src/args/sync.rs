//! The command line of `gleaner sync`.

use clap::Args;
use model::Source;

use super::connect::parse_provider;

/// `gleaner sync`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gleaner sync notion --dry-run    what would be imported, read again or marked as missing
  gleaner sync notion              do it")]
pub struct SyncArgs {
    /// The provider: notion, zendesk, confluence or googledrive.
    #[arg(value_name = "PROVIDER", value_parser = parse_provider)]
    pub provider: Source,
    /// Only tell what would be done with each item.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the sync and its items as JSON.
    #[arg(long)]
    pub json: bool,
}
