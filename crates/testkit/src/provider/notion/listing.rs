//! Lists: search, the rows of a source, what lies inside of a block; with the vendor's limits and its checks of the request.

use serde_json::{Value, json};
use uuid::Uuid;

use super::errors::{not_found, validation};
use super::item::{Item, Kind, State};
use super::objects::{block, object, partial};
use super::rows::{self, Order};
use crate::provider::cursors::{Cursors, Page};
use crate::provider::exchange::{Reply, Request};
use crate::provider::switches::{Switch, Switches};

/// The vendor's limit on the size of a page, and the size when none is asked for.
const LARGEST_PAGE: u64 = 100;

/// What every list needs beside what is in it.
pub(super) struct Lister<'a> {
    pub state: &'a State,
    pub cursors: &'a Cursors,
    pub switches: &'a Switches,
}

/// Which part of a list is asked for.
struct Asked {
    size: usize,
    cursor: Option<String>,
}

/// A refusal, ready to send.
type Refused = Box<Reply>;

impl Lister<'_> {
    /// `POST /v1/search`.
    pub fn search(&self, request: &Request) -> Reply {
        self.try_search(request).unwrap_or_else(|refused| *refused)
    }

    /// `POST /v1/data_sources/{id}/query`.
    pub fn query(&self, id: Uuid, request: &Request) -> Reply {
        self.try_query(id, request).unwrap_or_else(|refused| *refused)
    }

    /// `GET /v1/blocks/{id}/children`.
    pub fn children(&self, id: Uuid, request: &Request) -> Reply {
        self.try_children(id, request).unwrap_or_else(|refused| *refused)
    }

    fn try_search(&self, request: &Request) -> Result<Reply, Refused> {
        let body = body(request, &["query", "filter", "sort", "start_cursor", "page_size"])?;
        let kind = match (body["filter"]["property"].as_str(), body["filter"]["value"].as_str()) {
            (None, None) if body["filter"].is_null() || body["filter"]["in_trash"].is_boolean() => None,
            (Some("object"), Some(kind @ ("page" | "data_source"))) => Some(kind),
            (_, value) => {
                let instead = value.unwrap_or("nothing");
                let message = format!(
                    "body failed validation: body.filter.value should be `\"page\"` or `\"data_source\"`, \
                     instead was `\"{instead}\"`."
                );
                return Err(Box::new(validation(&message)));
            }
        };
        let words = body["query"].as_str().unwrap_or_default().to_lowercase();
        let in_trash = body["filter"]["in_trash"] == true;
        let omits_rows = self.switches.strikes(Switch::SearchOmitsRows);
        let is_found = |item: &Item| {
            let is_kind = match item.kind {
                Kind::Page => kind != Some("data_source"),
                Kind::Source => kind != Some("page"),
                _ => false,
            };
            let is_row = matches!(item.kind, Kind::Page) && item.parent.is_source();
            is_kind && item.is_indexed && !(omits_rows && is_row) && item.title.to_lowercase().contains(&words)
        };
        let mut found: Vec<&Item> =
            self.seen(self.state.order.iter(), in_trash).filter(|item| is_found(item)).collect();
        let ascending = body["sort"]["direction"] == "ascending";
        found.sort_by_key(|item| (item.edited, item.id));
        if !ascending {
            found.reverse();
        }
        let page = self.page(&asked(&body)?, &list_of("search", &body), found.len())?;
        let are_partial = self.switches.strikes(Switch::PartialObjects);
        let objects = found[page.items.clone()].iter();
        let objects = objects.map(|item| if are_partial { partial(item) } else { object(self.state, item) });
        Ok(self.list("page_or_data_source", &objects.collect::<Vec<_>>(), &page, &list_of("search", &body)))
    }

    fn try_query(&self, id: Uuid, request: &Request) -> Result<Reply, Refused> {
        let known = ["filter", "sorts", "start_cursor", "page_size", "in_trash", "result_type"];
        let body = body(request, &known)?;
        let source = self.state.visible(id).filter(|item| matches!(item.kind, Kind::Source));
        let source = source.ok_or_else(|| Box::new(not_found("data_source", id)))?;
        let complain = |what: String| Box::new(validation(&format!("body failed validation: {what}")));
        let order = Order::read(&body["sorts"]).map_err(complain)?;
        let filter = &body["filter"];
        let in_trash = body["in_trash"] == true;
        let mut found = Vec::new();
        for row in self.seen(source.children.iter(), in_trash) {
            if rows::fits(filter, row).map_err(complain)? {
                found.push(row);
            }
        }
        order.sort(&mut found);
        let limit = self.state.settings.row_limit;
        let list = list_of(&request.path, &body);
        let mut page = self.page(&asked(&body)?, &list, found.len().min(limit))?;
        page.is_cut |= page.next.is_none() && found.len() > limit;
        let objects = found[page.items.clone()].iter().map(|item| object(self.state, item));
        Ok(self.list("page_or_data_source", &objects.collect::<Vec<_>>(), &page, &list))
    }

    fn try_children(&self, id: Uuid, request: &Request) -> Result<Reply, Refused> {
        let query = json!({
            "start_cursor": request.parameter("start_cursor"),
            "page_size": request.parameter("page_size").map(|size| size.parse::<u64>().map_or(json!(size), Value::from)),
        });
        let asked = asked(&query)?;
        let item = self.state.visible(id).filter(|item| matches!(item.kind, Kind::Page | Kind::Block { .. }));
        let inside = item.and_then(|item| self.state.shown_in(item));
        let inside = inside.ok_or_else(|| Box::new(not_found("block", id)))?;
        let live: Vec<&Item> =
            inside.iter().filter_map(|id| self.state.visible(*id)).filter(|item| !item.is_trashed).collect();
        let page = self.page(&asked, &request.path, live.len())?;
        let blocks = live[page.items.clone()].iter().map(|item| block(self.state, item));
        Ok(self.list("block", &blocks.collect::<Vec<_>>(), &page, &request.path))
    }

    /// What the connection may see, in or out of the bin.
    fn seen<'a>(&'a self, ids: impl Iterator<Item = &'a Uuid>, in_trash: bool) -> impl Iterator<Item = &'a Item> {
        let visible = ids.filter_map(|id| self.state.visible(*id));
        visible.filter(move |item| self.state.is_trashed(item) == in_trash)
    }

    fn page(&self, asked: &Asked, list: &str, total: usize) -> Result<Page, Refused> {
        let offset = match &asked.cursor {
            None => Some(0),
            Some(_) if self.switches.strikes(Switch::CursorExpires) => None,
            Some(cursor) => self.cursors.redeem(cursor, list),
        };
        let offset = offset.ok_or_else(|| Box::new(validation("The start_cursor provided is invalid.")))?;
        Ok(Page::of(total, offset, asked.size, self.switches))
    }

    fn list(&self, kind: &str, results: &[Value], page: &Page, list: &str) -> Reply {
        let next = page.next.map(|offset| self.cursors.hand_out(Uuid::new_v4().to_string(), list, offset));
        let mut body = json!({
            "object": "list", "results": results, "next_cursor": next, "has_more": page.next.is_some(),
            "type": kind, kind: {},
        });
        if kind == "page_or_data_source" {
            // The vendor's document does not know it, its client does.
            body["request_status"] = if page.is_cut {
                json!({ "type": "incomplete", "incomplete_reason": "query_result_limit_reached" })
            } else {
                json!({ "type": "complete" })
            };
        }
        Reply::json(200, &body)
    }
}

/// The body of a request, all of whose fields must be known.
fn body(request: &Request, known: &[&str]) -> Result<Value, Refused> {
    let body = if request.body.is_empty() { Some(json!({})) } else { request.json() };
    let Some(body) = body.filter(Value::is_object) else {
        return Err(Box::new(super::errors::error(400, "invalid_json", "Error parsing JSON body.")));
    };
    let unknown = body.as_object().into_iter().flatten().find(|(name, _)| !known.contains(&name.as_str()));
    match unknown {
        Some((name, _)) => {
            let message = format!("body failed validation: body.{name} should be not present, instead was set.");
            Err(Box::new(validation(&message)))
        }
        None => Ok(body),
    }
}

fn asked(fields: &Value) -> Result<Asked, Refused> {
    let complain = |what: &str| Err(Box::new(validation(&format!("body failed validation: {what}"))));
    let size = match &fields["page_size"] {
        Value::Null => LARGEST_PAGE,
        size => match size.as_u64() {
            Some(size @ 1..=LARGEST_PAGE) => size,
            _ => return complain(&format!("body.page_size should be ≤ `{LARGEST_PAGE}`, instead was `{size}`.")),
        },
    };
    let cursor = fields["start_cursor"].as_str();
    if cursor.is_some_and(|cursor| Uuid::parse_str(cursor).is_err()) {
        return complain("body.start_cursor should be a valid uuid.");
    }
    let size = usize::try_from(size).expect("a hundred is no problem");
    Ok(Asked { size, cursor: cursor.map(str::to_owned) })
}

/// The name of a list for its cursors: everything that says what is in it.
fn list_of(path: &str, body: &Value) -> String {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|name, _| name != "start_cursor" && name != "page_size");
    }
    format!("{path} {body}")
}
