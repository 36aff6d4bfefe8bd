//! What a site holds, written out as version 1 has it: bare, with whatever `expand` asks for.

use serde_json::{Value, json};

use crate::provider::confluence::asked::Asked;
use crate::provider::confluence::content::{Attachment, Content, Space, Version};
use crate::provider::confluence::render;
use crate::provider::confluence::wording::{AUTHOR, date, slug};
use crate::provider::confluence::world::Edition;

/// The formats of a body that may be expanded.
const FORMATS: [&str; 7] =
    ["storage", "view", "export_view", "styled_view", "anonymous_export_view", "editor", "atlas_doc_format"];

/// What `expand` asks for.
#[derive(Debug)]
pub(super) struct Expansions<'a>(Vec<&'a str>);

impl<'a> Expansions<'a> {
    pub(super) fn of(asked: &Asked<'a>) -> Self {
        Self(asked.values("expand").unwrap_or_default())
    }

    /// Whether this is asked for, or something within it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|asked| asked.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// Whether any body is asked for.
    pub(super) fn has_body(&self) -> bool {
        self.has("body")
    }

    /// Where results stand one step further in, as in `/rest/api/search`.
    pub(super) fn within(self, name: &str) -> Self {
        let inner = self.0.into_iter().filter_map(|asked| asked.strip_prefix(name)?.strip_prefix('.'));
        Self(inner.collect())
    }
}

/// A space.
pub(super) fn space(asked: &Asked<'_>, space: &Space, expand: &Expansions<'_>) -> Value {
    let key = &space.key;
    let webui = if is_cloud(asked) { format!("/spaces/{key}") } else { format!("/display/{key}") };
    let mut value = json!({
        "id": space.id,
        "key": key,
        "name": space.name,
        "type": if space.is_personal() { "personal" } else { "global" },
        "status": if space.archived { "archived" } else { "current" },
        "_links": {"webui": webui, "self": format!("{}/rest/api/space/{key}", asked.base)},
        "_expandable": {"metadata": "", "icon": "", "description": "", "homepage": ""},
    });
    if let Some(homepage) = space.homepage {
        value["_expandable"]["homepage"] = json!(format!("/rest/api/content/{homepage}"));
    }
    if expand.has("description") {
        let text = format!("All about {}", space.name);
        value["description"] = json!({"plain": {"value": text, "representation": "plain"}});
    }
    if let Some(homepage) = space.homepage.filter(|_| expand.has("homepage"))
        && let Some(page) = asked.world.content.get(&homepage)
    {
        value["homepage"] = bare(asked, page, page.present());
    }
    value
}

/// A page with what was expanded.
pub(super) fn content(asked: &Asked<'_>, content: &Content, shown: &Version, expand: &Expansions<'_>) -> Value {
    let mut value = bare(asked, content, shown);
    let space = asked.world.spaces.get(&content.space);
    if let Some(space) = space.filter(|_| expand.has("space")) {
        value["space"] = self::space(asked, space, &Expansions(Vec::new()));
    }
    if expand.has("version") {
        value["version"] = version(shown, content.id);
    }
    if expand.has("history") {
        let by = person();
        value["history"] = json!({"latest": true, "createdBy": by, "createdDate": date(content.created_at)});
        value["history"]["lastUpdated"] = version(content.present(), content.id);
    }
    if expand.has("ancestors") {
        let above = asked.world.ancestors(content).into_iter().rev();
        value["ancestors"] = above.map(|above| bare(asked, above, above.present())).collect();
    }
    if expand.has("metadata.labels") {
        let labels = content.labels.iter().map(|name| label(name));
        let labels: Vec<_> = labels.collect();
        value["metadata"] = json!({"labels": {"results": labels, "start": 0, "limit": 200, "size": labels.len()}});
    }
    if expand.has_body() {
        value["body"] = bodies(asked, content, shown, expand);
    }
    if let Some(rest) = value["_expandable"].as_object_mut() {
        rest.retain(|name, _| !expand.has(name));
    }
    value
}

/// A page without anything expanded, as it also stands among ancestors.
pub(super) fn bare(asked: &Asked<'_>, content: &Content, shown: &Version) -> Value {
    let id = content.id;
    let key = asked.world.spaces.get(&content.space).map_or("", |space| space.key.as_str());
    let title = slug(&shown.title);
    let webui =
        if is_cloud(asked) { format!("/spaces/{key}/pages/{id}/{title}") } else { format!("/display/{key}/{title}") };
    json!({
        "id": id.to_string(),
        "type": content.kind.name(),
        "status": content.status.name(),
        "title": shown.title,
        "extensions": {"position": content.position},
        "_links": {
            "webui": webui,
            "tinyui": format!("/x/{id:x}"),
            "editui": format!("/pages/resumedraft.action?draftId={id}"),
            "self": format!("{}/rest/api/content/{id}", asked.base),
        },
        "_expandable": {
            "container": format!("/rest/api/space/{key}"),
            "space": format!("/rest/api/space/{key}"),
            "history": format!("/rest/api/content/{id}/history"),
            "children": format!("/rest/api/content/{id}/child"),
            "descendants": format!("/rest/api/content/{id}/descendant"),
            "restrictions": format!("/rest/api/content/{id}/restriction/byOperation"),
            "metadata": "", "operations": "", "ancestors": "", "body": "", "version": "",
        },
    })
}

fn bodies(asked: &Asked<'_>, content: &Content, shown: &Version, expand: &Expansions<'_>) -> Value {
    let mut bodies = json!({"_expandable": {}});
    for format in FORMATS {
        if expand.has(&format!("body.{format}")) {
            let value = render::body(asked.world, content, shown, format, &asked.base);
            let expandable = json!({"content": format!("/rest/api/content/{}", content.id)});
            bodies[format] =
                json!({"value": value, "representation": format, "embeddedContent": [], "_expandable": expandable});
        } else {
            bodies["_expandable"][format] = json!("");
        }
    }
    bodies
}

fn version(version: &Version, id: u64) -> Value {
    let number = version.number;
    json!({
        "by": person(),
        "when": date(version.at),
        "friendlyWhen": date(version.at).get(..10),
        "message": version.message,
        "number": number,
        "minorEdit": false,
        "confRev": format!("confluence$content${id}.{number}"),
        "contentTypeModified": false,
    })
}

fn person() -> Value {
    json!({"type": "known", "accountId": AUTHOR, "accountType": "atlassian", "publicName": "Writer", "displayName": "Writer"})
}

/// A label.
pub(super) fn label(name: &str) -> Value {
    json!({"prefix": "global", "name": name, "id": name.len().to_string(), "label": name})
}

/// A file of a page, without its bytes.
pub(super) fn attachment(asked: &Asked<'_>, attachment: &Attachment) -> Value {
    let (id, page, title) = (attachment.id, attachment.page, slug(&attachment.title));
    let download = format!("/download/attachments/{page}/{title}?version={}&api=v2", attachment.number);
    json!({
        "id": format!("att{id}"),
        "type": "attachment",
        "status": "current",
        "title": attachment.title,
        "metadata": {"comment": "", "mediaType": attachment.media_type},
        "extensions": {"mediaType": attachment.media_type, "fileSize": attachment.bytes.len(), "comment": ""},
        "_links": {
            "webui": format!("/pages/viewpageattachments.action?pageId={page}"),
            "download": download,
            "self": format!("{}/rest/api/content/att{id}", asked.base),
        },
        "_expandable": {"container": format!("/rest/api/content/{page}"), "version": "", "space": ""},
    })
}

/// A page as a search finds it.
pub(super) fn found(asked: &Asked<'_>, content: &Content, expand: &Expansions<'_>) -> Value {
    let space = asked.world.spaces.get(&content.space);
    let written = self::content(asked, content, content.present(), expand);
    json!({
        "title": content.present().title,
        "excerpt": render::text(content.present().body.as_deref().unwrap_or_default()),
        "url": written["_links"]["webui"],
        "entityType": "content",
        "iconCssClass": "aui-icon content-type-page",
        "lastModified": date(content.present().at),
        "friendlyLastModified": date(content.present().at).get(..10),
        "score": 0.0,
        "resultGlobalContainer": {
            "title": space.map(|space| space.name.as_str()),
            "displayUrl": space.map(|space| format!("/spaces/{}", space.key)),
        },
        "breadcrumbs": [],
        "content": written,
    })
}

fn is_cloud(asked: &Asked<'_>) -> bool {
    matches!(asked.world.edition, Edition::Cloud { .. })
}
