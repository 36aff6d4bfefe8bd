//! The two ways in which Zendesk cuts a list into pages.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::refusals;
use crate::provider::exchange::{Reply, Request};
use crate::provider::switches::{Switch, Switches};

/// Records that can be reached by page number.
const DEEPEST: usize = 10_000;
/// The largest page by number, and the usual one.
const LARGEST_NUMBERED: usize = 100;
const USUAL_NUMBERED: usize = 30;
/// The cursor of the last page, as the service names it.
const LAST_PAGE: &str = "bGFzdF9wYWdl";

/// Where an item stands in its list, and its dates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) position: i64,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(super) id: i64,
}

/// An item of a list before it is written out.
#[derive(Debug)]
pub(super) struct Row<'a, T> {
    pub(super) key: Key,
    pub(super) title: &'a str,
    pub(super) item: T,
}

/// A list that is asked for, and the largest page that the account gives.
#[derive(Debug, Clone, Copy)]
pub(super) struct List<'a> {
    pub(super) largest: usize,
    pub(super) request: &'a Request,
    pub(super) switches: &'a Switches,
}

/// One page: its items and what stands beside them in the answer.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) rest: Map<String, Value>,
    pub(super) link: Option<String>,
}

impl Key {
    /// By position, and the newest first among equals.
    fn order(&self, other: &Self) -> Ordering {
        let newest = (other.created_at, other.id).cmp(&(self.created_at, self.id));
        self.position.cmp(&other.position).then(newest)
    }

    /// As the service packs it: a letter and eight bytes for each of the three.
    fn cursor(&self) -> String {
        let mut bytes = Vec::with_capacity(27);
        for (mark, value) in [(b'i', self.position), (b'd', self.created_at), (b'i', self.id)] {
            bytes.push(mark);
            bytes.extend(value.to_le_bytes());
        }
        STANDARD.encode(bytes)
    }

    fn of_cursor(cursor: &str) -> Option<Self> {
        let bytes: [u8; 27] = STANDARD.decode(cursor).ok()?.try_into().ok()?;
        let number = |from: usize| bytes[from..from + 8].try_into().ok().map(i64::from_le_bytes);
        let marks = [bytes[0], bytes[9], bytes[18]] == *b"idi";
        let (position, created_at, id) = (number(1)?, number(10)?, number(19)?);
        marks.then_some(Self { position, created_at, updated_at: created_at, id })
    }
}

impl List<'_> {
    /// The page that the request asks for.
    pub(super) fn page<T>(self, rows: Vec<Row<'_, T>>) -> Result<Page<T>, Reply> {
        if self.request.query.iter().any(|(name, _)| name.starts_with("page[")) {
            self.by_cursor(rows)
        } else {
            self.by_number(rows)
        }
    }

    /// `sort_by` and `sort_order` are passed over without a word, as the service does it.
    fn by_cursor<T>(self, mut rows: Vec<Row<'_, T>>) -> Result<Page<T>, Reply> {
        let size = number(self.request, "page[size]", self.largest)?.clamp(1, self.largest);
        rows.sort_by(|left, right| left.key.order(&right.key));
        let (start, end) = match self.mark("page[before]")? {
            Some(mark) => {
                let end = mark.map_or(rows.len(), |mark| rows.partition_point(|row| row.key.order(&mark).is_lt()));
                (end.saturating_sub(size), end)
            }
            None => {
                let after = self.mark("page[after]")?.flatten();
                let start = after.map_or(0, |mark| rows.partition_point(|row| row.key.order(&mark).is_le()));
                (start, (start + size).min(rows.len()))
            }
        };
        let has_more = end < rows.len();
        let shown = &rows[start..end];
        let (first, last) = (shown.first().map(|row| row.key.cursor()), shown.last().map(|row| row.key.cursor()));
        let mut links = Map::from_iter([
            ("first".to_owned(), json!(self.address(&[("page[size]", &size.to_string())]))),
            ("last".to_owned(), json!(self.address(&[("page[before]", LAST_PAGE), ("page[size]", &size.to_string())]))),
        ]);
        let side = |name, cursor: &Option<String>| {
            cursor.as_deref().map(|cursor| self.address(&[(name, cursor), ("page[size]", &size.to_string())]))
        };
        let next = side("page[after]", &last).filter(|_| has_more);
        let prev = side("page[before]", &first).filter(|_| start > 0);
        // The last page has no `next`, though its cursor stands in `meta` as ever.
        links.extend(next.iter().map(|next| ("next".to_owned(), json!(next))));
        links.extend(prev.iter().map(|prev| ("prev".to_owned(), json!(prev))));
        let meta = json!({"has_more": has_more, "after_cursor": last, "before_cursor": first});
        let rest = Map::from_iter([("meta".to_owned(), meta), ("links".to_owned(), Value::Object(links))]);
        let link = next.map(|next| format!("<{next}>; rel=\"next\""));
        Ok(Page { items: rows.drain(start..end).map(|row| row.item).collect(), rest, link })
    }

    /// The place of a cursor parameter. The inner none is the end of the list.
    fn mark(self, name: &str) -> Result<Option<Option<Key>>, Reply> {
        let Some(cursor) = self.request.parameter(name) else { return Ok(None) };
        if cursor == LAST_PAGE && name == "page[before]" {
            return Ok(Some(None));
        }
        let refused = self.switches.strikes(Switch::CursorExpires);
        match Key::of_cursor(cursor).filter(|_| !refused) {
            Some(key) => Ok(Some(Some(key))),
            None => Err(refusals::bad_cursor(name)),
        }
    }

    fn by_number<T>(self, mut rows: Vec<Row<'_, T>>) -> Result<Page<T>, Reply> {
        let page = number(self.request, "page", 1)?.max(1);
        let largest = LARGEST_NUMBERED.min(self.largest);
        let per_page = number(self.request, "per_page", USUAL_NUMBERED)?.clamp(1, largest);
        if page.saturating_mul(per_page) > DEEPEST {
            return Err(refusals::too_deep());
        }
        let sort_by = self.request.parameter("sort_by").unwrap_or("position");
        let sort_order = self.request.parameter("sort_order").unwrap_or("asc");
        rows.sort_by(|left, right| match sort_by {
            "title" => left.title.cmp(right.title),
            "created_at" => left.key.created_at.cmp(&right.key.created_at),
            "updated_at" => left.key.updated_at.cmp(&right.key.updated_at),
            _ => left.key.order(&right.key),
        });
        if sort_order == "desc" {
            rows.reverse();
        }
        let (count, page_count) = (rows.len(), rows.len().div_ceil(per_page));
        let link = |page: usize| self.address_json(&[("page", &page.to_string()), ("per_page", &per_page.to_string())]);
        let next = (page < page_count).then(|| link(page + 1));
        let previous = (page > 1).then(|| link(page - 1));
        let Value::Object(rest) = json!({
            "count": count, "page": page, "page_count": page_count, "per_page": per_page,
            "next_page": next, "previous_page": previous, "sort_by": sort_by, "sort_order": sort_order,
        }) else {
            unreachable!("braces make an object")
        };
        let start = ((page - 1) * per_page).min(count);
        let items = rows.drain(start..(start + per_page).min(count)).map(|row| row.item).collect();
        Ok(Page { items, rest, link: None })
    }

    fn address(self, changes: &[(&str, &str)]) -> String {
        let query = query(self.request, "page[", changes);
        format!("{}{}?{query}", origin(self.request), self.request.path.trim_end_matches(".json"))
    }

    fn address_json(self, changes: &[(&str, &str)]) -> String {
        let query = query(self.request, "page", changes);
        format!("{}{}.json?{query}", origin(self.request), self.request.path.trim_end_matches(".json"))
    }
}

impl<T> Page<T> {
    /// The answer with the items written out under the name of the list.
    pub(super) fn reply(self, name: &str, write: impl Fn(T) -> Value) -> Reply {
        let mut body = self.rest;
        body.insert(name.to_owned(), self.items.into_iter().map(write).collect());
        let reply = Reply::json(200, &Value::Object(body));
        match self.link {
            Some(link) => reply.header("link", &link),
            None => reply,
        }
    }
}

/// The address that the caller used, without a path.
pub(super) fn origin(request: &Request) -> String {
    format!("http://{}", request.header("host").unwrap_or("127.0.0.1"))
}

/// The query of the request without what starts so, with the changes, in alphabetical order.
fn query(request: &Request, without: &str, changes: &[(&str, &str)]) -> String {
    let kept = request.query.iter().filter(|(name, _)| !name.starts_with(without) && name != "per_page");
    let mut pairs: BTreeMap<&str, &str> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.extend(changes.iter().copied());
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A parameter that has to be a number.
pub(super) fn number(request: &Request, name: &str, usual: usize) -> Result<usize, Reply> {
    request.parameter(name).map_or(Ok(usual), |text| text.parse().map_err(|_| refusals::no_integer(name)))
}
