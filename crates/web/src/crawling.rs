//! Reads a request to crawl: where to begin, how far to go, and why a value is refused.

use std::time::Duration;

use model::WebUrl;
use model::crawl::{CrawlPlan, Glob, Paths};

use crate::error::Error;
use crate::fields::Fields;
use crate::offenders::Offenders;
use crate::quoted::quoted;

const LINKS: &str = "links";
const LIMIT: &str = "limit";
const INCLUDE: &str = "includePaths";
const EXCLUDE: &str = "excludePaths";
const DEPTH: &str = "maxDepth";
const REPORT: &str = "report";
/// The most places to begin at.
pub const MOST_LINKS: usize = 100;
/// The most patterns of paths.
pub const MOST_PATHS: usize = 50;
/// How long a crawl may take: the answer is to be there within a minute.
const TIME: Duration = Duration::from_secs(55);

/// Reads a body. Whether every address is to be reported comes with the plan.
pub fn read(body: &[u8]) -> Result<(CrawlPlan, bool), Error> {
    let mut fields = Fields::read(body, &[LINKS, LIMIT, INCLUDE, EXCLUDE, DEPTH, REPORT], MOST_LINKS)?;
    let most = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let limit = fields.number(LIMIT, 1..=most(CrawlPlan::MOST))?;
    let depth = fields.number(DEPTH, 0..=i64::from(CrawlPlan::DEPTH))?;
    let wants_report = fields.flag(REPORT)?.unwrap_or_default();
    let paths = Paths { include: globs(&mut fields, INCLUDE)?, exclude: globs(&mut fields, EXCLUDE)? };
    let plan = CrawlPlan {
        seeds: seeds(&mut fields)?,
        paths,
        limit: limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(CrawlPlan::LIMIT),
        max_depth: depth.and_then(|depth| u32::try_from(depth).ok()).unwrap_or(CrawlPlan::DEPTH),
        time: TIME,
        reads_all: false,
    };
    Ok((plan, wants_report))
}

fn seeds(fields: &mut Fields) -> Result<Vec<WebUrl>, Error> {
    let texts = counted(fields, LINKS, MOST_LINKS)?;
    if texts.is_empty() {
        return Err(bad(format!("name at least one URL in {LINKS}")));
    }
    each(LINKS, &texts, |text| WebUrl::parse(text).map_err(|refusal| refusal.to_string()))
}

fn globs(fields: &mut Fields, name: &str) -> Result<Vec<Glob>, Error> {
    let texts = counted(fields, name, MOST_PATHS)?;
    each(name, &texts, |text| text.parse::<Glob>().map_err(|refusal| refusal.to_string()))
}

fn counted(fields: &mut Fields, name: &str, most: usize) -> Result<Vec<String>, Error> {
    let (texts, count) = fields.texts(name)?;
    if count > most {
        return Err(bad(format!("{name} holds {count} items; at most {most} fit one request, split it")));
    }
    Ok(texts)
}

fn each<T>(name: &str, texts: &[String], read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, Error> {
    let (mut values, mut offenders) = (Vec::with_capacity(texts.len()), Offenders::default());
    for (at, text) in texts.iter().enumerate() {
        match read(text) {
            Ok(value) => values.push(value),
            Err(refusal) => offenders.add(|| format!("{name}[{at}] {} {refusal}", quoted(text))),
        }
    }
    offenders.refuse().map(|()| values)
}

fn bad(text: String) -> Error {
    Error::BadRequest(text)
}
