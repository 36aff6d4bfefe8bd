//! The measures, each by its name.

mod claims;
mod drain;
mod growth;
mod idle;
mod latency;
mod peers;
mod post;
mod read;
mod recovery;
mod snapshot;
mod wakeups;

use anyhow::Result;

use crate::peers::Peers;
use crate::report::Report;
use crate::scale::Scale;

/// The names that `--only` takes, with what they measure.
pub const NAMES: [(&str, &str); 17] = [
    ("post-1000", "POST of 1,000 URLs beside the bare transaction"),
    ("post-1", "POST of 1 URL by 16 clients beside the bare transaction"),
    ("drain", "runs that do nothing, claimed and ended, beside the bare statements"),
    ("get", "GET of a document beside the bare select"),
    ("list", "a list of 50 documents beside the bare select"),
    ("latency", "from POST to the start of the run, at idle, beside graphile-worker"),
    ("processes", "the same where the worker is another process"),
    ("wakeups", "queueing with wake-ups beside queueing without"),
    ("analyze", "runs right after a bulk insert, without ANALYZE beside with"),
    ("million", "runs beside a great many finished documents"),
    ("bloat", "what is left behind by a great many runs"),
    ("backlog", "a claim among a great many waiting jobs beside one among 1,000"),
    ("fair", "a fair claim among 1,000 workspaces beside a claim in order of arrival"),
    ("snapshot", "a claim while somebody holds a snapshot beside a claim before"),
    ("idle", "what idle workers ask the database"),
    ("recovery", "from a crash to the next run: where it is proved"),
    ("peers", "other queues"),
];

/// Takes one measure.
pub async fn take(name: &str, scale: &Scale, peers: &Peers, report: &mut Report) -> Result<()> {
    match name {
        "post-1000" => post::many(scale, report).await,
        "post-1" => post::one(scale, report).await,
        "drain" => drain::take(scale, report).await,
        "get" => read::get(scale, report).await,
        "list" => read::list(scale, report).await,
        "latency" => latency::beside_peer(scale, peers, report).await,
        "processes" => latency::between_processes(scale, report).await,
        "wakeups" => wakeups::take(scale, report).await,
        "analyze" => growth::without_analyze(scale, report).await,
        "million" => growth::beside_finished(scale, report).await,
        "bloat" => growth::bloat(scale, report).await,
        "backlog" => claims::in_backlog(scale, report).await,
        "fair" => claims::fair(scale, report).await,
        "snapshot" => snapshot::take(scale, report).await,
        "idle" => idle::take(scale, report).await,
        "recovery" => {
            recovery::point(report);
            Ok(())
        }
        "peers" => peers::take(scale, peers, report).await,
        _ => anyhow::bail!("there is no measure {name:?}"),
    }
}
