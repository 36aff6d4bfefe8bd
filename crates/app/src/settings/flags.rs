//! The settings as flags and environment variables. They may stand before or after the command.

#![expect(clippy::doc_markdown, reason = "these comments are the help text, where backticks would show")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use store::Vault;

use crate::duration::Span;

const FETCHING: &str = "Fetching";
const WORKING: &str = "Working";
/// With waits that triple, more than this would never be used.
pub const MOST_ATTEMPTS: i64 = 100;

/// What is set on the command line or in the environment.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Settings")]
pub struct Flags {
    /// The data folder: the database, the fetched bytes, the key to secrets [default: gleaner-data].
    #[arg(long, global = true, value_name = "DIR", env = "GLEANER_DATA")]
    pub data: Option<PathBuf>,
    /// The database: postgres://… or sqlite:///path [default: gleaner.db in the data folder].
    #[arg(long, global = true, value_name = "URL", env = "GLEANER_DATABASE_URL", hide_env_values = true)]
    pub database: Option<String>,
    /// The key to the secrets in the store, 64 hexadecimal digits; older ones after commas. Best given in the environment: others
    /// may see the command line [default: secret.key in the data folder, made when there is none].
    #[arg(long, global = true, value_name = "HEX", env = "GLEANER_SECRET_KEY", hide_env_values = true, hide_short_help = true, value_parser = Vault::parse)]
    pub secret_key: Option<Vault>,
    /// The workspace to work in [default: default].
    #[arg(long, global = true, value_name = "NAME", env = "GLEANER_WORKSPACE")]
    pub workspace: Option<String>,
    /// A configuration file [default: gleaner.toml, if there is one].
    #[arg(long, global = true, value_name = "FILE", env = "GLEANER_CONFIG")]
    pub config: Option<PathBuf>,
    /// What to log to standard error: error, warn, info, debug, or filters such as pipeline=debug [default: error; serve
    /// and work: info].
    #[arg(long, global = true, value_name = "LEVEL", env = "GLEANER_LOG")]
    pub log: Option<String>,
    /// Where `serve` listens [default: 127.0.0.1:8787].
    #[arg(long, global = true, value_name = "ADDR", env = "GLEANER_LISTEN", value_parser = address)]
    pub listen: Option<SocketAddr>,
    /// Whether `serve` shows its numbers to monitors at /metrics, without a key [default: true].
    #[arg(long, global = true, value_name = "BOOL", env = "GLEANER_METRICS", hide_short_help = true)]
    pub metrics: Option<bool>,
    /// Private hosts, addresses and networks that may be fetched, such as wiki.corp,10.0.0.0/8. Nothing private otherwise.
    #[arg(long, global = true, value_name = "HOST_OR_CIDR,...", env = "GLEANER_ALLOW_PRIVATE", value_delimiter = ',', help_heading = FETCHING)]
    pub allow_private: Option<Vec<String>>,
    /// Ports beside 80 and 443 that may be fetched from public hosts.
    #[arg(long, global = true, value_name = "PORT,...", env = "GLEANER_ALLOW_PORTS", value_delimiter = ',', help_heading = FETCHING, hide_short_help = true)]
    pub allow_ports: Option<Vec<u16>>,
    /// A page about your crawler, named in the User-Agent.
    #[arg(long, global = true, value_name = "URL", env = "GLEANER_ABOUT", help_heading = FETCHING, hide_short_help = true)]
    pub about: Option<String>,
    /// An HTTP proxy for all fetching. The usual proxy variables are ignored.
    #[arg(long, global = true, value_name = "URL", env = "GLEANER_PROXY", hide_env_values = true, help_heading = FETCHING, hide_short_help = true)]
    pub proxy: Option<String>,
    /// The least time between two requests to one host; 0 lifts every limit on it, for a site of your own [default: 1s].
    #[arg(long, global = true, value_name = "DURATION", env = "GLEANER_HOST_DELAY", help_heading = FETCHING)]
    pub host_delay: Option<Span>,
    /// The most documents of one host at once [default: 8].
    #[arg(long, global = true, value_name = "N", env = "GLEANER_HOST_CONCURRENCY", value_parser = at_least_one::<i64>, help_heading = FETCHING, hide_short_help = true)]
    pub host_concurrency: Option<i64>,
    /// The most requests to one host in a day, which begins at midnight UTC [default: no limit].
    #[arg(long, global = true, value_name = "N", env = "GLEANER_HOST_DAILY", value_parser = at_least_one::<i64>, help_heading = FETCHING, hide_short_help = true)]
    pub host_daily: Option<i64>,
    /// The longest Crawl-delay of a robots.txt that is honoured; a longer one counts as this [default: 30s].
    #[arg(long, global = true, value_name = "DURATION", env = "GLEANER_CRAWL_DELAY_CAP", help_heading = FETCHING, hide_short_help = true)]
    pub crawl_delay_cap: Option<Span>,
    /// How long a site may take to begin its answer [default: 30s].
    #[arg(long, global = true, value_name = "DURATION", env = "GLEANER_FIRST_BYTE", help_heading = FETCHING, hide_short_help = true)]
    pub first_byte: Option<Span>,
    /// How long one request may take in all [default: 2m].
    #[arg(long, global = true, value_name = "DURATION", env = "GLEANER_FETCH_TIME", help_heading = FETCHING, hide_short_help = true)]
    pub fetch_time: Option<Span>,
    /// The most bytes of a page, as sent and decompressed [default: 20971520].
    #[arg(long, global = true, value_name = "BYTES", env = "GLEANER_MAX_BYTES", help_heading = FETCHING, hide_short_help = true)]
    pub max_bytes: Option<u64>,
    /// How many documents run at once in this process [default: 64].
    #[arg(long, global = true, value_name = "N", env = "GLEANER_CONCURRENCY", value_parser = at_least_one::<usize>, help_heading = WORKING, hide_short_help = true)]
    pub concurrency: Option<usize>,
    /// How many documents are read at once: so many in the process, and so many in parser processes [default: one a processor].
    #[arg(long, global = true, value_name = "N", env = "GLEANER_PARSERS", value_parser = at_least_one::<usize>, help_heading = WORKING, hide_short_help = true)]
    pub parsers: Option<usize>,
    /// How long a silent worker keeps its jobs before another takes them [default: 15s].
    #[arg(long, global = true, value_name = "DURATION", env = "GLEANER_LEASE", help_heading = WORKING, hide_short_help = true)]
    pub lease: Option<Span>,
    /// The wait after a first failed attempt; each further one is three times as long [default: 15s; ingest: 2s].
    #[arg(long, global = true, value_name = "DURATION", env = "GLEANER_RETRY_BASE", help_heading = WORKING, hide_short_help = true)]
    pub retry_base: Option<Span>,
    /// How many attempts a run has, when what failed may pass [default: 5; ingest: 3].
    #[arg(long, global = true, value_name = "N", env = "GLEANER_ATTEMPTS", value_parser = attempts, help_heading = WORKING, hide_short_help = true)]
    pub attempts: Option<i64>,
    /// How long running documents may go on after SIGTERM [default: 10s].
    #[arg(long, global = true, value_name = "DURATION", env = "GLEANER_GRACE", help_heading = WORKING, hide_short_help = true)]
    pub grace: Option<Span>,
    /// How long a page must be gone (404 or 410), and told to be at least twice, until its article is proposed to be withdrawn [default: 24h].
    #[arg(long, global = true, value_name = "DURATION", env = "GLEANER_GONE_AFTER", help_heading = WORKING, hide_short_help = true)]
    pub gone_after: Option<Span>,
}

/// A count.
pub fn at_least_one<T: FromStr + PartialOrd + From<u8>>(text: &str) -> Result<T, String> {
    match text.parse::<T>() {
        Ok(number) if number >= T::from(1) => Ok(number),
        Ok(_) => Err("must be at least 1".to_owned()),
        Err(_) => Err("must be a whole number, at least 1".to_owned()),
    }
}

fn attempts(text: &str) -> Result<i64, String> {
    at_least_one(text).and_then(|attempts| {
        if attempts <= MOST_ATTEMPTS { Ok(attempts) } else { Err(format!("must be at most {MOST_ATTEMPTS}")) }
    })
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "use HOST:PORT, such as 127.0.0.1:8787, with the host as an IP address".to_owned())
}
