//! Judges a run by what was seen from outside, and by nothing else.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use testkit::site::Visit;

use crate::evidence::{Blow, Evidence, Refusal, Reply, Seen};
use crate::outcome::Verdict;

/// A request is on the site's record a moment after the process that sent it may have died.
const ON_ITS_WAY: Duration = Duration::from_millis(250);

/// What a scenario promises beyond what always holds.
#[derive(Debug, Clone, Copy)]
pub struct Demands {
    /// How every document stands at the end.
    pub ending: Ending,
    /// The least time between two requests to the site, and how much less is forgiven.
    pub spacing: Option<(Duration, Duration)>,
    /// Nobody visits a page after its success. A worker that was frozen or cut off cannot know of it.
    pub no_late_visits: bool,
    /// Each page is visited once, but for repeats that a blow explains.
    pub repeats_explained: bool,
}

/// How every document stands at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As it may.
    Open,
    /// It has ended, well or not.
    Any,
    /// It has ended well.
    Completed,
}

impl Default for Demands {
    fn default() -> Self {
        Self { ending: Ending::Completed, spacing: None, no_late_visits: true, repeats_explained: true }
    }
}

/// Everything that is wrong with a run.
pub fn judge(evidence: &Evidence, demands: Demands) -> Verdict {
    let mut verdict = Verdict::default();
    promises_kept(evidence, &mut verdict);
    calls_whole(evidence, &mut verdict);
    refusals_honest(evidence, &mut verdict);
    ended(evidence, demands.ending, &mut verdict);
    done_once(evidence, demands, &mut verdict);
    if demands.repeats_explained {
        repeats(evidence, &mut verdict);
    }
    if let Some((delay, tolerance)) = demands.spacing {
        spacing(&evidence.visits, delay, tolerance, &mut verdict);
    }
    verdict
}

/// Acknowledged means stored, under the id that was promised, one id a page and one page an id.
fn promises_kept(evidence: &Evidence, verdict: &mut Verdict) {
    let by_id: HashMap<&str, &Seen> = evidence.documents.iter().map(|seen| (seen.id.as_str(), seen)).collect();
    if by_id.len() < evidence.documents.len() {
        verdict.complain("the list shows a document twice");
    }
    let mut promised: HashMap<&str, &str> = HashMap::new();
    for call in &evidence.calls {
        let Reply::Acknowledged(ids) = &call.reply else { continue };
        if ids.len() != call.urls.len() {
            verdict.complain(format!("{} pages were acknowledged with {} ids", call.urls.len(), ids.len()));
        }
        for (url, id) in call.urls.iter().zip(ids) {
            match by_id.get(id.as_str()) {
                Some(seen) if seen.url == *url => {}
                Some(seen) => verdict.complain(format!("{url} was promised the id {id}, which is {}", seen.url)),
                None => {
                    verdict.lost += 1;
                    verdict.complain(format!("{url} was acknowledged as {id} and is lost"));
                }
            }
            if promised.insert(url, id).is_some_and(|before| before != id) {
                verdict.complain(format!("{url} was promised two different ids"));
            }
        }
    }
}

/// Who got no answer finds all of the call or nothing, and so does who got a 503: the database may have died while it said
/// that it had committed. Any other refusal means that nothing was done.
fn calls_whole(evidence: &Evidence, verdict: &mut Verdict) {
    let mut stored: HashMap<&str, usize> = HashMap::new();
    for seen in &evidence.documents {
        *stored.entry(seen.url.as_str()).or_default() += 1;
    }
    for (url, count) in stored.iter().filter(|(_, count)| **count > 1) {
        verdict.complain(format!("{url} is stored {count} times"));
    }
    let mut asked: HashMap<&str, usize> = HashMap::new();
    for url in evidence.calls.iter().flat_map(|call| &call.urls) {
        *asked.entry(url).or_default() += 1;
    }
    for (number, call) in evidence.calls.iter().enumerate() {
        // A page that several calls name says nothing about any one of them.
        let own: Vec<&String> = call.urls.iter().filter(|url| asked[url.as_str()] == 1).collect();
        let found = own.iter().filter(|url| stored.contains_key(url.as_str())).count();
        let text = match &call.reply {
            Reply::Unknown if found > 0 && found < own.len() => "broke off and left a part behind",
            Reply::Refused(_) if found > 0 && found < own.len() => "was refused and left a part behind",
            Reply::Refused(refusal) if found > 0 && refusal.status != 503 => "was refused and done all the same",
            _ => continue,
        };
        verdict.complain(format!("call {number} {text}: {found} of {} pages", own.len()));
    }
    let known: Vec<&str> = stored.keys().copied().filter(|url| !asked.contains_key(url)).collect();
    if !known.is_empty() {
        verdict.complain(format!("{} documents were never asked for, {} for one", known.len(), known[0]));
    }
}

/// A server that cannot says 503 and when to come again, and nothing of its inside.
fn refusals_honest(evidence: &Evidence, verdict: &mut Verdict) {
    for call in &evidence.calls {
        if let Reply::Refused(refusal) = &call.reply
            && let Some(text) = dishonest(refusal)
        {
            verdict.complain(format!("a call was answered {} {text}: {}", refusal.status, refusal.body));
        }
    }
}

/// What is wrong with a refusal while the database is out of order.
pub fn dishonest(refusal: &Refusal) -> Option<&'static str> {
    const INSIDE: [&str; 7] = ["sqlx", "SQL", "postgres", "sqlite", "relation", "disk", "src/"];
    let leaks = INSIDE.iter().any(|word| refusal.body.contains(word));
    match refusal {
        Refusal { status, .. } if *status != 503 => Some("instead of 503"),
        Refusal { says_when: false, .. } => Some("without Retry-After"),
        _ if leaks => Some("and tells of its inside"),
        _ => None,
    }
}

/// Nothing waits, nothing is held, and everything has its result.
fn ended(evidence: &Evidence, ending: Ending, verdict: &mut Verdict) {
    let wanted = |seen: &&Seen| match ending {
        Ending::Open => true,
        Ending::Any => seen.has_ended(),
        Ending::Completed => seen.has_completed(),
    };
    let mut left: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for seen in evidence.documents.iter().filter(|seen| !wanted(seen)) {
        left.entry(seen.status.as_str()).or_default().push(seen);
    }
    for (status, seen) in left {
        let status = if status.is_empty() { "without a status" } else { status };
        let (count, Seen { url, error, .. }) = (seen.len(), seen[0]);
        verdict.complain(format!("at the end {count} documents are {status}, such as {url} {error}"));
    }
}

/// A success stays as it was: no second result, no second visit.
fn done_once(evidence: &Evidence, demands: Demands, verdict: &mut Verdict) {
    let visits = by_path(&evidence.visits);
    for seen in &evidence.documents {
        let Some(completion) = evidence.completions.get(&seen.id) else { continue };
        let is_changed = *seen != completion.seen;
        let is_visited = demands.no_late_visits
            && visits.get(path(&seen.url)).is_some_and(|at| at.iter().any(|at| *at > completion.at));
        if is_changed || is_visited || seen.revision > 1 {
            verdict.doubled += 1;
            let how = if is_visited { "visited again" } else { "written again" };
            verdict.complain(format!("{} was {how} after its success", seen.url));
        }
    }
}

/// Each repeat has a blow between the two visits, and no blow explains more repeats than it ended runs.
fn repeats(evidence: &Evidence, verdict: &mut Verdict) {
    let mut left: Vec<(Blow, usize)> = evidence.blows.iter().map(|blow| (*blow, blow.in_flight)).collect();
    left.sort_by_key(|(blow, _)| blow.at);
    let mut pairs: Vec<(Instant, Instant, &str)> = Vec::new();
    for (path, at) in by_path(&evidence.visits) {
        pairs.extend(at.windows(2).map(|pair| (pair[0], pair[1], path)));
    }
    // Who must be explained soonest chooses first, the earliest blow that fits: then nobody is left over needlessly.
    pairs.sort_by_key(|(_, second, _)| *second);
    verdict.reruns += pairs.len();
    for (first, second, path) in pairs {
        let fits = |blow: &Blow| blow.at + blow.lasts + ON_ITS_WAY >= first && blow.at <= second;
        match left.iter_mut().find(|(blow, left)| *left > 0 && fits(blow)) {
            Some((_, left)) => *left -= 1,
            None => verdict.complain(format!("{path} was fetched again although nobody had died")),
        }
    }
}

/// Two requests to the site are never too close, and all of them together do not beat the delay either.
fn spacing(visits: &[Visit], delay: Duration, tolerance: Duration, verdict: &mut Verdict) {
    let gaps: Vec<Duration> = visits.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    let close = gaps.iter().filter(|gap| **gap + tolerance < delay).count();
    if close > 0 {
        let least = gaps.iter().min().copied().unwrap_or_default();
        verdict.complain(format!("{close} requests came too soon, the closest after {} ms", least.as_millis()));
    }
    let count = u32::try_from(gaps.len()).unwrap_or(u32::MAX);
    if gaps.iter().sum::<Duration>() + tolerance < delay * count {
        verdict.complain(format!("{} requests came at a higher rate than one in {delay:?}", visits.len()));
    }
}

/// The visits of each page, robots.txt apart: every process may look at it for itself.
fn by_path(visits: &[Visit]) -> BTreeMap<&str, Vec<Instant>> {
    let mut found: BTreeMap<&str, Vec<Instant>> = BTreeMap::new();
    for visit in visits.iter().filter(|visit| visit.path != "/robots.txt") {
        found.entry(visit.path.as_str()).or_default().push(visit.at);
    }
    found
}

/// `/page` of `http://host:port/page`.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

#[cfg(test)]
mod tests;
