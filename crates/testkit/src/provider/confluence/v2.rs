//! The routes of version 2 of the API, which the cloud alone has.

use serde_json::{Value, json};

use super::asked::Asked;
use super::content::{Attachment, Content, Kind, Space, Status, Version};
use super::paging::{Order, Row, limit};
use super::{refusals, render, wording};
use crate::provider::exchange::Reply;
use crate::provider::switches::{Switch, Vanished};

type Answer = Result<Reply, Reply>;

/// What a list of pages may bring along, and what a single page may as well.
const BULK_FORMATS: [&str; 2] = ["storage", "atlas_doc_format"];
const SINGLE_FORMATS: [&str; 5] = ["view", "export_view", "anonymous_export_view", "styled_view", "editor"];

/// The scope that a route needs, by the segments after `/api/v2`.
pub(super) fn scope(path: &[&str]) -> &'static str {
    match path {
        ["spaces", _, "pages"] => "read:page:confluence",
        ["spaces", ..] => "read:space:confluence",
        ["folders" | "pages", _, "ancestors"] => "read:content.metadata:confluence",
        ["folders", ..] => "read:folder:confluence",
        ["attachments", ..] | ["pages", _, "attachments"] => "read:attachment:confluence",
        _ => "read:page:confluence",
    }
}

/// Answers a route by the segments after `/api/v2`.
pub(super) fn answer(asked: &Asked<'_>, path: &[&str]) -> Answer {
    match path {
        ["spaces"] => spaces(asked),
        ["spaces", id] => {
            let space = space(asked, id)?;
            Ok(single(asked, written_space(asked, space)))
        }
        ["spaces", id, "pages"] => {
            let space = space(asked, id)?;
            let root_only = asked.request.parameter("depth") == Some("root");
            pages(asked, |page| page.space == space.id && (!root_only || page.parent.is_none()))
        }
        ["spaces", id, "labels" | "permissions"] => {
            space(asked, id)?;
            empty(asked)
        }
        ["pages"] => {
            let (ids, spaces) = (asked.ids("id")?, asked.ids("space-id")?);
            pages(asked, |page| {
                ids.as_ref().is_none_or(|ids| ids.contains(&page.id))
                    && spaces.as_ref().is_none_or(|spaces| spaces.contains(&page.space))
            })
        }
        ["pages", id] => one_page(asked, id),
        ["pages", id, "children"] => children(asked, content(asked, id, Kind::Page)?),
        ["pages", id, "ancestors"] => ancestors(asked, content(asked, id, Kind::Page)?),
        ["pages", id, "labels"] => labels(asked, content(asked, id, Kind::Page)?),
        ["pages", id, "attachments"] => {
            let page = content(asked, id, Kind::Page)?.id;
            attachments(asked, |attachment| attachment.page == page)
        }
        ["attachments"] => attachments(asked, |_| true),
        ["attachments", id] => {
            let attachment = attachment(asked, id)?;
            Ok(single(asked, wording::attachment(attachment)))
        }
        ["attachments", id, "labels"] => {
            attachment(asked, id)?;
            empty(asked)
        }
        ["folders", id] => Ok(single(asked, wording::folder(asked.world, content(asked, id, Kind::Folder)?))),
        ["folders", id, "ancestors"] => ancestors(asked, content(asked, id, Kind::Folder)?),
        ["folders", id, "properties"] => {
            content(asked, id, Kind::Folder)?;
            empty(asked)
        }
        _ => Err(refusals::not_found()),
    }
}

/// One thing, with the address that its links start from.
fn single(asked: &Asked<'_>, mut value: Value) -> Reply {
    value["_links"]["base"] = json!(asked.base);
    Reply::json(200, &value)
}

fn empty(asked: &Asked<'_>) -> Answer {
    asked.list(25).page(Vec::<Row<Value>>::new(), "id", |value| value)
}

fn written_space(asked: &Asked<'_>, space: &Space) -> Value {
    let with_icon = asked.request.parameter("include-icon") == Some("true");
    wording::space(space, with_icon, asked.request.parameter("description-format"))
}

fn spaces(asked: &Asked<'_>) -> Answer {
    let (ids, keys) = (asked.ids("ids")?, asked.values("keys"));
    let kind = asked.choice("type", &["global", "collaboration", "knowledge_base", "personal"])?;
    let status = asked.choice("status", &["current", "archived"])?;
    let sort = asked.choice("sort", &["id", "-id", "key", "-key", "name", "-name"])?.unwrap_or("id");
    let wanted = |space: &&Space| {
        ids.as_ref().is_none_or(|ids| ids.contains(&space.id))
            && keys.as_ref().is_none_or(|keys| keys.contains(&space.key.as_str()))
            && kind.is_none_or(|kind| {
                (kind == "personal") == space.is_personal() && (kind == "personal" || kind == "global")
            })
            && status.is_none_or(|status| (status == "archived") == space.archived)
    };
    let shown = asked.world.spaces.values().filter(|space| space.is_readable).filter(wanted);
    let rows = shown.map(|space| {
        let order = match sort.trim_start_matches('-') {
            "key" => Order::Text(space.key.clone()),
            "name" => Order::Text(space.name.clone()),
            _ => Order::Number(0),
        };
        Row { id: space.id, order, item: space }
    });
    asked.list(25).page(rows.collect(), sort, |space| written_space(asked, space))
}

fn space<'a>(asked: &Asked<'a>, id: &str) -> Result<&'a Space, Reply> {
    let space = asked.world.spaces.get(&number("id", id)?);
    space.filter(|space| space.is_readable).ok_or_else(refusals::not_found)
}

fn number(name: &str, text: &str) -> Result<u64, Reply> {
    text.parse().map_err(|_| refusals::bad_value(name, text))
}

/// Something that the caller may see and that is neither in the bin nor a draft.
fn content<'a>(asked: &Asked<'a>, id: &str, kind: Kind) -> Result<&'a Content, Reply> {
    let content = asked.world.content.get(&number("id", id)?).filter(|content| content.kind == kind);
    let there = content.filter(|content| matches!(content.status, Status::Current | Status::Archived));
    there.filter(|content| asked.world.shows(content)).ok_or_else(refusals::not_found)
}

/// How pages are sorted.
const PAGE_SORTS: [&str; 8] =
    ["id", "-id", "created-date", "-created-date", "modified-date", "-modified-date", "title", "-title"];

fn page_order(sort: &str, page: &Content) -> Order {
    match sort.trim_start_matches('-') {
        "created-date" => Order::Number(page.created_at),
        "modified-date" => Order::Number(page.present().at),
        "title" => Order::Text(page.present().title.clone()),
        "child-position" => Order::Number(page.position),
        _ => Order::Number(0),
    }
}

fn pages(asked: &Asked<'_>, wanted: impl Fn(&Content) -> bool) -> Answer {
    let format = asked.choice("body-format", &BULK_FORMATS)?;
    let statuses = asked.values("status").unwrap_or_else(|| vec!["current", "archived"]);
    for status in &statuses {
        if !["current", "archived", "deleted", "trashed"].contains(status) {
            return Err(refusals::bad_value("status", status));
        }
    }
    let (sort, title) = (asked.choice("sort", &PAGE_SORTS)?.unwrap_or("id"), asked.request.parameter("title"));
    let limit = limit(asked.request, 25)?;
    if format.is_some() && asked.world.quirks.times_out_above.is_some_and(|most| limit > most) {
        return Err(refusals::timed_out());
    }
    let pages = asked.world.content.values().filter(|content| content.kind == Kind::Page);
    let shown = pages.filter(|page| {
        statuses.contains(&page.status.name())
            && title.is_none_or(|title| title == page.present().title)
            && wanted(page)
            && asked.world.shows(page)
    });
    let rows = shown.map(|page| Row { id: page.id, order: page_order(sort, page), item: page });
    asked.list(25).page(rows.collect(), sort, |page| written_page(asked, page, page.present(), format))
}

fn written_page(asked: &Asked<'_>, page: &Content, version: &Version, format: Option<&str>) -> Value {
    let body = format.map(|format| {
        let value = render::body(asked.world, page, version, format, &asked.base);
        json!({format: {"representation": format, "value": value}})
    });
    let is_lost = format.is_some() && asked.switches.strikes(Switch::NullBody);
    let mut value = wording::page(asked.world, page, version, body);
    if is_lost && let Some(fields) = value.as_object_mut() {
        fields.remove("body");
    }
    value
}

fn one_page(asked: &Asked<'_>, id: &str) -> Answer {
    let id = number("id", id)?;
    match asked.switches.takes_away(&asked.request.path) {
        Some(Vanished::JustNow) => return Ok(Reply::empty(204)),
        Some(Vanished::Before) => return Err(refusals::not_found()),
        None => {}
    }
    let formats = [BULK_FORMATS.as_slice(), SINGLE_FORMATS.as_slice()].concat();
    let format = asked.choice("body-format", &formats)?;
    let draft = asked.request.parameter("get-draft") == Some("true");
    let statuses =
        asked.values("status").unwrap_or_else(|| if draft { vec!["draft"] } else { vec!["current", "archived"] });
    let page = asked.world.content.get(&id).filter(|content| content.kind == Kind::Page && asked.world.shows(content));
    let wanted = asked.request.parameter("version").map(|version| number("version", version)).transpose()?;
    let is_old = wanted.is_some() || statuses.contains(&"historical");
    let page = page.filter(|page| is_old || statuses.contains(&page.status.name())).ok_or_else(refusals::not_found)?;
    let version = match wanted {
        None => page.present(),
        Some(number) => {
            let found = page.versions.iter().find(|version| u64::from(version.number) == number);
            found.ok_or_else(refusals::not_found)?
        }
    };
    let mut value = written_page(asked, page, version, format);
    beside(asked, page, &mut value);
    Ok(single(asked, value))
}

/// What `include-…` asks for beside a page.
fn beside(asked: &Asked<'_>, page: &Content, value: &mut Value) {
    let wants = |name: &str| asked.request.parameter(name) == Some("true");
    let part = |name: &str, results: Vec<Value>| {
        let address = format!("/wiki/api/v2/pages/{}/{name}", page.id);
        json!({"results": results, "meta": {"hasMore": false}, "_links": {"self": address}})
    };
    if wants("include-labels") {
        value["labels"] = part("labels", page.labels.iter().map(|name| wording::label(name)).collect());
    }
    if wants("include-versions") {
        value["versions"] = part("versions", page.versions.iter().rev().map(wording::version).collect());
    }
    for name in ["properties", "operations", "likes"] {
        if wants(&format!("include-{name}")) {
            value[name] = part(name, Vec::new());
        }
    }
}

fn children(asked: &Asked<'_>, page: &Content) -> Answer {
    let sorts = [&PAGE_SORTS[..6], &["child-position", "-child-position"]].concat();
    let sort = asked.choice("sort", &sorts)?.unwrap_or("child-position");
    // Of what stands below, only pages.
    let below = asked.world.content.values().filter(|child| child.parent == Some(page.id) && child.kind == Kind::Page);
    let there =
        below.filter(|child| matches!(child.status, Status::Current | Status::Archived) && asked.world.shows(child));
    let rows = there.map(|child| Row { id: child.id, order: page_order(sort, child), item: child });
    asked.list(25).page(rows.collect(), sort, wording::child)
}

/// The topmost first. There is no cursor: who has more than the limit asks again from the topmost that was given.
fn ancestors(asked: &Asked<'_>, content: &Content) -> Answer {
    let limit = limit(asked.request, 25)?;
    let nearest = asked.world.ancestors(content).into_iter().take(limit);
    let results: Vec<_> = nearest.collect::<Vec<_>>().into_iter().rev().map(wording::ancestor).collect();
    Ok(Reply::json(200, &json!({"results": results, "_links": {"base": asked.base}})))
}

fn labels(asked: &Asked<'_>, page: &Content) -> Answer {
    let rows = page.labels.iter().zip(1..).map(|(name, id)| Row { id, order: Order::Number(0), item: name });
    asked.list(25).page(rows.collect(), "id", |name| wording::label(name))
}

fn attachments(asked: &Asked<'_>, wanted: impl Fn(&Attachment) -> bool) -> Answer {
    let sort = asked.choice("sort", &["created-date", "-created-date", "modified-date", "-modified-date"])?;
    let (kind, name) = (asked.request.parameter("mediaType"), asked.request.parameter("filename"));
    let shown = asked.world.attachments.values().filter(|attachment| {
        wanted(attachment)
            && kind.is_none_or(|kind| kind == attachment.media_type)
            && name.is_none_or(|name| name == attachment.title)
            && is_seen(asked, attachment)
    });
    let sort = sort.unwrap_or("created-date");
    let rows = shown.map(|attachment| Row { id: attachment.id, order: Order::Number(attachment.at), item: attachment });
    asked.list(50).page(rows.collect(), sort, wording::attachment)
}

fn attachment<'a>(asked: &Asked<'a>, id: &str) -> Result<&'a Attachment, Reply> {
    let id = number("id", id.trim_start_matches("att"))?;
    let attachment = asked.world.attachments.get(&id).filter(|attachment| is_seen(asked, attachment));
    attachment.ok_or_else(refusals::not_found)
}

fn is_seen(asked: &Asked<'_>, attachment: &Attachment) -> bool {
    let page = asked.world.content.get(&attachment.page);
    page.is_some_and(|page| page.status != Status::Trashed && asked.world.shows(page))
}
