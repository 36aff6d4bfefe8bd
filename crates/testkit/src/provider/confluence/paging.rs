//! Lists of version 2: a limit, an opaque cursor, and a next link in the body and in a header.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::refusals;
use crate::provider::exchange::{Reply, Request};
use crate::provider::switches::{Switch, Switches};

/// The largest limit that may be asked for.
const LARGEST: usize = 250;

/// An item and the value that it is sorted by.
#[derive(Debug)]
pub(super) struct Row<T> {
    pub(super) id: u64,
    pub(super) order: Order,
    pub(super) item: T,
}

/// What an item is sorted by; the id decides among equals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Number(i64),
    Text(String),
}

/// A list that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct List<'a> {
    pub(super) request: &'a Request,
    pub(super) switches: &'a Switches,
    /// The path that the next link gets: from `/wiki` on.
    pub(super) path: &'a str,
    /// The address that every relative link starts from.
    pub(super) base: &'a str,
    /// The limit when none is asked for.
    pub(super) usual: usize,
    /// The most that the site gives, whatever is asked for.
    pub(super) cap: Option<usize>,
}

/// The limit of a request.
pub(super) fn limit(request: &Request, usual: usize) -> Result<usize, Reply> {
    let Some(text) = request.parameter("limit") else { return Ok(usual) };
    let limit = text.parse().ok().filter(|limit| (1..=LARGEST).contains(limit));
    limit.ok_or_else(|| refusals::bad_value("limit", text))
}

impl List<'_> {
    /// The page that the request asks for, each item written out.
    pub(super) fn page<T>(self, mut rows: Vec<Row<T>>, sort: &str, write: impl Fn(T) -> Value) -> Result<Reply, Reply> {
        let limit = limit(self.request, self.usual)?;
        let limit = self.cap.map_or(limit, |cap| limit.min(cap));
        rows.sort_by(|left, right| (&left.order, left.id).cmp(&(&right.order, right.id)));
        if sort.starts_with('-') {
            rows.reverse();
        }
        let start = match self.request.parameter("cursor") {
            None => 0,
            Some(cursor) => {
                let id = self.redeem(cursor, sort).ok_or_else(|| refusals::bad_value("cursor", cursor))?;
                place_after(&rows, &id, sort.starts_with('-'))
            }
        };
        let end = (start + limit).min(rows.len());
        if start < end && self.switches.strikes(Switch::EmptyPageWithNext) {
            let same = self.request.parameter("cursor").map_or_else(|| mark::<T>(None, sort), ToOwned::to_owned);
            return Ok(self.reply(&[], Some(&same)));
        }
        let next = (end < rows.len()).then(|| mark(rows[..end].last(), sort));
        let items: Vec<_> = rows.drain(start..end).map(|row| write(row.item)).collect();
        Ok(self.reply(&items, next.as_deref()))
    }

    fn reply(self, items: &[Value], next: Option<&str>) -> Reply {
        let mut links = Map::from_iter([("base".to_owned(), json!(self.base))]);
        let base = format!("<{}>; rel=\"base\"", self.base);
        let link = match next {
            Some(cursor) => {
                let next = self.next(cursor);
                links.insert("next".to_owned(), json!(next));
                format!("<{next}>; rel=\"next\", {base}")
            }
            None => base,
        };
        Reply::json(200, &json!({"results": items, "_links": links})).header("link", &link)
    }

    /// The path and query of the next page, with every other parameter as it was.
    fn next(self, cursor: &str) -> String {
        let kept = self.request.query.iter().filter(|(name, _)| name != "cursor");
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let query = Serializer::new(String::new()).extend_pairs(kept).append_pair("cursor", cursor).finish();
        format!("{}?{query}", self.path)
    }

    /// Where a cursor stands; none when it was not made for this order, or holds no more.
    fn redeem(self, cursor: &str, sort: &str) -> Option<Mark> {
        if self.switches.strikes(Switch::CursorExpires) {
            return None;
        }
        let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        if value["contentOrder"].as_str()? != sort {
            return None;
        }
        let Some(id) = value["id"].as_str() else { return Some(Mark::Start) };
        let order = match &value["contentOrderValue"] {
            Value::String(text) => Order::Text(text.clone()),
            number => Order::Number(number.as_i64()?),
        };
        Some(Mark::After(order, id.parse().ok()?))
    }
}

/// A place in a list.
enum Mark {
    Start,
    After(Order, u64),
}

/// The mark after a row, or before the first one.
fn mark<T>(row: Option<&Row<T>>, sort: &str) -> String {
    let value = match row {
        None => json!({"contentOrder": sort}),
        Some(row) => {
            let order = match &row.order {
                Order::Number(number) => json!(number),
                Order::Text(text) => json!(text),
            };
            json!({"id": row.id.to_string(), "contentOrder": sort, "contentOrderValue": order})
        }
    };
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn place_after<T>(rows: &[Row<T>], mark: &Mark, descending: bool) -> usize {
    let Mark::After(order, id) = mark else { return 0 };
    rows.partition_point(|row| {
        let side = (&row.order, row.id).cmp(&(order, *id));
        if descending { side.is_ge() } else { side.is_le() }
    })
}
