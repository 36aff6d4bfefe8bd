//! The flags of `gleaner extract`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `gleaner extract`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gleaner extract manual.pdf                              any format, told apart by its bytes
  gleaner extract https://example.com/ --format text
  curl -s https://example.com/ | gleaner extract - --url https://example.com/
  gleaner extract page.html --explain                     which part was chosen, and what was left out by which rule
  gleaner extract --batch pages --out texts               pages/html/ID.html[.gz] to texts/ID.txt, with the time that it took

Text goes to standard output, warnings go to standard error. The exit status is 0 only if there is text.")]
pub struct ExtractArgs {
    /// A file, an http or https URL, or `-` for standard input.
    #[arg(value_name = "FILE|URL|-", required_unless_present = "batch", conflicts_with = "batch")]
    pub document: Option<String>,
    /// The address of the page, which its links are relative to [default: where it was fetched].
    #[arg(long, value_name = "URL", conflicts_with = "batch")]
    pub url: Option<String>,
    /// How to print it [default: markdown; with --batch: text].
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Print instead why each part of an HTML page is in its text or not; with --format json for programs.
    #[arg(long, conflicts_with = "batch")]
    pub explain: bool,
    /// Apply English rules to English text.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    pub english: bool,
    /// Re-cut the text into passages that stand alone; shows in the text and in JSON.
    #[arg(long, value_name = "BOOL", default_value_t = false, action = clap::ArgAction::Set)]
    pub baser: bool,
    /// Read every html/ID.html[.gz] of this folder, on one core; its gold.jsonl[.gz], where there is one, gives each id its url.
    #[arg(long, value_name = "DIR", requires = "out")]
    pub batch: Option<PathBuf>,
    /// The folder for the texts of --batch, made where there is none.
    #[arg(long, value_name = "DIR", requires = "batch")]
    pub out: Option<PathBuf>,
}

/// How an extracted document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The paragraphs as plain text, a blank line between them.
    Text,
    /// The structure as Markdown, with links and images.
    Markdown,
    /// Everything that is known of it, as JSON.
    Json,
}
