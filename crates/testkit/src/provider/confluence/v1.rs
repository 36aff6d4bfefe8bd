//! The routes of version 1 of the API: all that a server of one's own has, and search in the cloud.

mod listing;
mod wording;

use serde_json::{Value, json};

use self::listing::{by_cursor, by_number};
use self::wording::Expansions;
use super::asked::Asked;
use super::content::{Content, Kind, Space, Status};
use super::cql::Query;
use super::refusals;
use super::world::Edition;
use crate::provider::exchange::Reply;

type Answer = Result<Reply, Reply>;

/// The scope that a route needs in the cloud, by the segments after `/rest/api`.
pub(super) fn scope(path: &[&str]) -> &'static str {
    match path {
        ["search"] | ["content", "search"] => "search:confluence",
        ["content", _, "child", "attachment", ..] => "read:attachment:confluence",
        _ => "read:content-details:confluence",
    }
}

/// Answers a route by the segments after `/rest/api`.
pub(super) fn answer(asked: &Asked<'_>, path: &[&str]) -> Answer {
    let is_own = matches!(asked.world.edition, Edition::DataCenter { .. });
    let expand = Expansions::of(asked);
    match path {
        ["content", "search"] => {
            let found = search(asked, &expand)?;
            let write = |page: &&Content| wording::content(asked, page, page.present(), &expand);
            if is_own { by_number(asked, &found, write) } else { by_cursor(asked, &found, write) }
        }
        ["search"] => {
            let expand = expand.within("content");
            let found = search(asked, &expand)?;
            let write = |page: &&Content| wording::found(asked, page, &expand);
            if is_own { by_number(asked, &found, write) } else { by_cursor(asked, &found, write) }
        }
        // The cloud took these away when version 2 had them.
        ["space", ..] | ["content"] if !is_own => Err(gone()),
        ["space"] => spaces(asked, &expand),
        ["space", key] => Ok(Reply::json(200, &wording::space(asked, space(asked, key)?, &expand))),
        ["space", key, "content", "page"] => {
            let space = space(asked, key)?.id;
            pages(asked, &expand, |page| page.space == space)
        }
        ["content"] => {
            let keys = asked.values("spaceKey");
            let title = asked.request.parameter("title");
            pages(asked, &expand, |page| {
                let key = asked.world.spaces.get(&page.space).map_or("", |space| space.key.as_str());
                keys.as_ref().is_none_or(|keys| keys.contains(&key))
                    && title.is_none_or(|title| title == page.present().title)
            })
        }
        ["content", id] => one(asked, id, &expand),
        ["content", id, "child", "page"] => {
            let parent = known(asked, id)?.id;
            pages(asked, &expand, |page| page.parent == Some(parent))
        }
        ["content", id, "child", "attachment"] => attachments(asked, known(asked, id)?),
        ["content", id, "label"] => {
            let labels = &known(asked, id)?.labels;
            by_number(asked, labels, |name| wording::label(name))
        }
        ["server-information"] if is_own => Ok(Reply::json(200, &server())),
        ["user", "current"] => {
            Ok(Reply::json(200, &json!({"type": "known", "username": "reader", "displayName": "Reader"})))
        }
        _ => Err(refusals::no_content(path.last().unwrap_or(&""))),
    }
}

fn server() -> Value {
    json!({"version": "9.2.1", "versionNumbers": [9, 2, 1], "buildNumber": 9108, "baseUrl": null, "serverTitle": "Confluence"})
}

fn gone() -> Reply {
    Reply::json(410, &json!({"message": "This deprecated endpoint has been removed.", "statusCode": 410}))
}

fn spaces(asked: &Asked<'_>, expand: &Expansions<'_>) -> Answer {
    let (keys, kind, status) =
        (asked.values("spaceKey"), asked.request.parameter("type"), asked.request.parameter("status"));
    let wanted = |space: &&Space| {
        keys.as_ref().is_none_or(|keys| keys.contains(&space.key.as_str()))
            && kind.is_none_or(|kind| (kind == "personal") == space.is_personal())
            && status.is_none_or(|status| (status == "archived") == space.archived)
    };
    let spaces: Vec<_> = asked.world.spaces.values().filter(|space| space.is_readable).filter(wanted).collect();
    by_number(asked, &spaces, |space| wording::space(asked, space, expand))
}

fn space<'a>(asked: &Asked<'a>, key: &str) -> Result<&'a Space, Reply> {
    let space = asked.world.spaces.values().find(|space| space.key == key && space.is_readable);
    space.ok_or_else(|| refusals::no_content(key))
}

fn pages(asked: &Asked<'_>, expand: &Expansions<'_>, wanted: impl Fn(&Content) -> bool) -> Answer {
    let status = asked.request.parameter("status").unwrap_or("current");
    let found: Vec<_> =
        asked.world.content.values().filter(|page| page.kind == Kind::Page && asked.world.shows(page)).collect();
    let found: Vec<_> =
        found.into_iter().filter(|page| (status == "any" || page.status.name() == status) && wanted(page)).collect();
    refuse_batch(asked, &found, expand)?;
    by_number(asked, &found, |page| wording::content(asked, page, page.present(), expand))
}

/// One ancestor that the server cannot read spoils the whole list, when the ancestors' restrictions are asked for.
fn refuse_batch(asked: &Asked<'_>, found: &[&Content], expand: &Expansions<'_>) -> Result<(), Reply> {
    let broken = &asked.world.quirks.unreadable_ancestors;
    let spoilt = found.iter().find(|page| broken.contains(&page.id)).filter(|_| expand.has("ancestors.restrictions"));
    spoilt.map_or(Ok(()), |page| Err(refusals::unreadable_ancestor(page.parent.unwrap_or(page.id))))
}

fn search<'a>(asked: &Asked<'a>, expand: &Expansions<'_>) -> Result<Vec<&'a Content>, Reply> {
    let unread = |text: String| refusals::bad_request(&format!("Could not parse cql : {text}"));
    let text = asked.request.parameter("cql").unwrap_or_default();
    let query = Query::read(text).map_err(unread)?;
    let mut found = Vec::new();
    for content in asked.world.content.values() {
        let there = content.status == Status::Current && asked.world.shows(content);
        if there && query.finds(asked.world, content, asked.world.zone_minutes).map_err(unread)? {
            found.push(content);
        }
    }
    query.sort(&mut found);
    refuse_batch(asked, &found, expand)?;
    Ok(found)
}

fn known<'a>(asked: &Asked<'a>, id: &str) -> Result<&'a Content, Reply> {
    let content = id.parse().ok().and_then(|id: u64| asked.world.content.get(&id));
    let there = content.filter(|content| content.status == Status::Current && asked.world.shows(content));
    there.ok_or_else(|| refusals::no_content(id))
}

fn one(asked: &Asked<'_>, id: &str, expand: &Expansions<'_>) -> Answer {
    let content = id.parse().ok().and_then(|id: u64| asked.world.content.get(&id));
    let status = asked.values("status").unwrap_or_else(|| vec!["current"]);
    let there = content.filter(|content| {
        (status.contains(&"any") || status.contains(&content.status.name())) && asked.world.shows(content)
    });
    let content = there.ok_or_else(|| refusals::no_content(id))?;
    refuse_batch(asked, &[content], expand)?;
    Ok(Reply::json(200, &wording::content(asked, content, content.present(), expand)))
}

fn attachments(asked: &Asked<'_>, page: &Content) -> Answer {
    let start = asked.request.parameter("start").is_some_and(|start| start != "0");
    if start && asked.world.quirks.breaks_attachment_paging {
        return Err(refusals::bad_request("Unable to read the attachments of this page"));
    }
    let name = asked.request.parameter("filename");
    let files = asked.world.attachments.values().filter(|file| file.page == page.id);
    let files: Vec<_> = files.filter(|file| name.is_none_or(|name| name == file.title)).collect();
    by_number(asked, &files, |file| wording::attachment(asked, file))
}
