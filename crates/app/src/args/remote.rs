//! The flags that name a server elsewhere.

#![expect(clippy::doc_markdown, reason = "these comments are the help text, where backticks would show")]

use clap::Args;

/// Where documents are, when they are not in the local store.
#[derive(Debug, Args)]
pub struct RemoteArgs {
    /// Work on this server instead of the local store, such as http://127.0.0.1:8787.
    #[arg(long, value_name = "URL", env = "GLEANER_SERVER", requires = "key")]
    pub server: Option<String>,
    /// The API key for --server.
    #[arg(long, value_name = "KEY", env = "GLEANER_KEY", hide_env_values = true)]
    pub key: Option<String>,
}
