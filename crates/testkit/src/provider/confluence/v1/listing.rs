//! Lists of version 1: by `start` and `limit` on a server of one's own, by cursor in the cloud's search.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use crate::provider::confluence::asked::Asked;
use crate::provider::confluence::refusals;
use crate::provider::exchange::Reply;
use crate::provider::switches::Switch;

/// What a list gives when nothing is asked for, and the most that it gives whatever is asked for.
const USUAL: usize = 25;
const LARGEST: usize = 200;

/// A page of a list by number.
pub(super) fn by_number<T>(asked: &Asked<'_>, rows: &[T], write: impl Fn(&T) -> Value) -> Result<Reply, Reply> {
    let (wanted, quirks) = (number(asked, "limit", USUAL)?, &asked.world.quirks);
    let limit = wanted.clamp(1, quirks.cap.unwrap_or(LARGEST));
    let start = number(asked, "start", 0)?;
    let past_end = start >= rows.len() && quirks.repeats_past_end;
    let shown = if past_end { rows.len().saturating_sub(limit) } else { start.min(rows.len()) };
    let end = (shown + limit).min(rows.len());
    // A server with the fault counts by what was asked for, and names that as the limit too.
    let step = if quirks.misnumbers_next { wanted } else { limit };
    let more = end < rows.len() || past_end;
    let next = more.then(|| address(asked, &[("limit", step), ("start", start + step)]));
    let prev = (start > 0).then(|| address(asked, &[("limit", step), ("start", start.saturating_sub(step))]));
    let results: Vec<_> = rows[shown..end].iter().map(write).collect();
    let mut body = envelope(asked, results, next, prev);
    body.extend([("start".to_owned(), json!(start)), ("limit".to_owned(), json!(limit))]);
    Ok(Reply::json(200, &Value::Object(body)))
}

/// A page of a list by cursor. A `start` is passed over without a word.
pub(super) fn by_cursor<T>(asked: &Asked<'_>, rows: &[T], write: impl Fn(&T) -> Value) -> Result<Reply, Reply> {
    let limit = number(asked, "limit", USUAL)?.clamp(1, asked.world.quirks.cap.unwrap_or(LARGEST));
    let start = match asked.request.parameter("cursor") {
        None => 0,
        Some(cursor) => {
            let place = redeem(cursor).filter(|_| !asked.switches.strikes(Switch::CursorExpires));
            place.ok_or_else(|| refusals::bad_request("Invalid cursor"))?.min(rows.len())
        }
    };
    if start < rows.len() && asked.switches.strikes(Switch::EmptyPageWithNext) {
        let body = envelope(asked, Vec::new(), Some(with_cursor(asked, start)), None);
        return Ok(Reply::json(200, &Value::Object(body)));
    }
    let end = (start + limit).min(rows.len());
    let next = (end < rows.len()).then(|| with_cursor(asked, end));
    let mut body = envelope(asked, rows[start..end].iter().map(write).collect(), next, None);
    body.extend([
        ("limit".to_owned(), json!(limit)),
        ("start".to_owned(), json!(0)),
        ("totalSize".to_owned(), json!(rows.len())),
        ("cqlQuery".to_owned(), json!(asked.request.parameter("cql"))),
        ("searchDuration".to_owned(), json!(17)),
    ]);
    Ok(Reply::json(200, &Value::Object(body)))
}

fn envelope(asked: &Asked<'_>, results: Vec<Value>, next: Option<String>, prev: Option<String>) -> Map<String, Value> {
    let path = rest_path(asked);
    let context = asked.path.strip_suffix(path).unwrap_or_default();
    let mut links = json!({"base": asked.base, "context": context, "self": format!("{}{path}", asked.base)});
    for (name, link) in [("next", next), ("prev", prev)] {
        if let Some(link) = link {
            links[name] = json!(link);
        }
    }
    Map::from_iter([
        ("size".to_owned(), json!(results.len())),
        ("results".to_owned(), Value::Array(results)),
        ("_links".to_owned(), links),
    ])
}

/// The path from `/rest/api` on: version 1 writes links without what stands before that.
fn rest_path<'a>(asked: &Asked<'a>) -> &'a str {
    asked.path.find("/rest/api").map_or(asked.path, |at| &asked.path[at..])
}

fn address(asked: &Asked<'_>, numbers: &[(&str, usize)]) -> String {
    let kept = asked.request.query.iter().filter(|(name, _)| !["start", "limit"].contains(&name.as_str()));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    let mut query = Serializer::new(String::new());
    query.extend_pairs(kept);
    query.extend_pairs(numbers.iter().map(|(name, number)| (name, number.to_string())));
    format!("{}?{}", rest_path(asked), query.finish())
}

fn with_cursor(asked: &Asked<'_>, place: usize) -> String {
    let kept = asked.request.query.iter().filter(|(name, _)| !["start", "cursor"].contains(&name.as_str()));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    let cursor = URL_SAFE_NO_PAD.encode(format!("_sa_{place:06}"));
    let query = Serializer::new(String::new()).extend_pairs(kept).append_pair("cursor", &cursor).finish();
    format!("{}?next=true&{query}", rest_path(asked))
}

fn redeem(cursor: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("_sa_")?.parse().ok()
}

fn number(asked: &Asked<'_>, name: &str, usual: usize) -> Result<usize, Reply> {
    let text = asked.request.parameter(name);
    let unread = |text: &str| refusals::bad_request(&format!("{name} must be a number: {text}"));
    text.map_or(Ok(usual), |text| text.parse().map_err(|_| unread(text)))
}
