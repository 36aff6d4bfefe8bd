//! What a site holds, written out as version 2 has it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::content::{Attachment, Content, Kind, Space, Version};
use super::world::World;

/// Everybody who ever wrote anything.
pub(super) const AUTHOR: &str = "712020:5fc9e78d-2730-4d80-8760-becc4a1b2c3d";

/// An instant with milliseconds, as both versions write it.
pub(super) fn date(seconds: i64) -> String {
    let instant = Timestamp::from_second(seconds).expect("worlds keep to years that can be written");
    instant.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

/// A title as an address has it.
pub(super) fn slug(title: &str) -> String {
    url::form_urlencoded::byte_serialize(title.as_bytes()).collect()
}

/// A space.
pub(super) fn space(space: &Space, with_icon: bool, description: Option<&str>) -> Value {
    let kind = if space.is_personal() { "personal" } else { "global" };
    let text = format!("All about {}", space.name);
    let icon = with_icon.then(|| json!({"path": format!("/images/logo/{}.png", space.id), "apiDownloadLink": ""}));
    let mut value = json!({
        "id": space.id.to_string(),
        "key": space.key,
        "name": space.name,
        "type": kind,
        "status": if space.archived { "archived" } else { "current" },
        "authorId": AUTHOR,
        "createdAt": date(space.created_at),
        "description": description.map(|format| json!({format: {"value": text, "representation": format}})),
        "icon": icon,
        "_links": {"webui": format!("/spaces/{}", space.key)},
    });
    if let Some(homepage) = space.homepage {
        value["homepageId"] = json!(homepage.to_string());
    }
    value
}

/// The version of something.
pub(super) fn version(version: &Version) -> Value {
    json!({
        "number": version.number,
        "message": version.message,
        "minorEdit": false,
        "authorId": AUTHOR,
        "createdAt": date(version.at),
    })
}

/// A page in one of its versions, with the body that was asked for.
pub(super) fn page(world: &World, content: &Content, shown: &Version, body: Option<Value>) -> Value {
    let parent = world.parent(content);
    let key = world.spaces.get(&content.space).map_or("", |space| space.key.as_str());
    let id = content.id;
    let is_present = shown.number == content.present().number;
    let mut value = json!({
        "id": id.to_string(),
        "status": if is_present { content.status.name() } else { "historical" },
        "title": shown.title,
        "spaceId": content.space.to_string(),
        "parentId": parent.map(|parent| parent.id.to_string()),
        "parentType": parent.map(|parent| parent.kind.name()),
        "position": content.position,
        "authorId": AUTHOR,
        "ownerId": AUTHOR,
        "lastOwnerId": null,
        "createdAt": date(content.created_at),
        "version": version(shown),
        "_links": {
            "webui": format!("/spaces/{key}/pages/{id}/{}", slug(&shown.title)),
            "editui": format!("/pages/resumedraft.action?draftId={id}"),
            "tinyui": format!("/x/{id:x}"),
        },
    });
    // Nothing was asked for, and there is an empty object all the same.
    value["body"] = body.unwrap_or_else(|| json!({}));
    value
}

/// A page as a child of its parent.
pub(super) fn child(content: &Content) -> Value {
    json!({
        "id": content.id.to_string(),
        "status": content.status.name(),
        "title": content.present().title,
        "spaceId": content.space.to_string(),
        "childPosition": content.position,
    })
}

/// What stands above a page.
pub(super) fn ancestor(content: &Content) -> Value {
    json!({"id": content.id.to_string(), "type": content.kind.name()})
}

/// A folder.
pub(super) fn folder(world: &World, content: &Content) -> Value {
    debug_assert_eq!(content.kind, Kind::Folder);
    let parent = world.parent(content);
    let key = world.spaces.get(&content.space).map_or("", |space| space.key.as_str());
    let mut value = json!({
        "id": content.id.to_string(),
        "type": "folder",
        "status": content.status.name(),
        "title": content.present().title,
        "position": content.position,
        "authorId": AUTHOR,
        "ownerId": AUTHOR,
        "createdAt": date(content.created_at),
        "version": version(content.present()),
        "_links": {"webui": format!("/spaces/{key}/folder/{}", content.id)},
    });
    // The specification takes no null here, though its text has one.
    if let Some(parent) = parent {
        value["parentId"] = json!(parent.id.to_string());
        value["parentType"] = json!(parent.kind.name());
    }
    value
}

/// A label.
pub(super) fn label(name: &str) -> Value {
    let id = name.bytes().fold(7_u64, |sum, byte| (sum * 131 + u64::from(byte)) % 999_983);
    json!({"id": id.to_string(), "name": name, "prefix": "global"})
}

/// A file of a page, without its bytes.
pub(super) fn attachment(attachment: &Attachment) -> Value {
    let (page, title) = (attachment.page, slug(&attachment.title));
    let webui =
        format!("/pages/viewpageattachments.action?pageId={page}&preview=%2F{page}%2F{}%2F{title}", attachment.id);
    let download = format!("/download/attachments/{page}/{title}?version={}", attachment.number);
    json!({
        "id": format!("att{}", attachment.id),
        "status": "current",
        "title": attachment.title,
        "createdAt": date(attachment.at),
        "pageId": page.to_string(),
        "mediaType": attachment.media_type,
        "mediaTypeDescription": attachment.media_type,
        "comment": "",
        "fileId": format!("5d7f0c3e-0000-4000-8000-{:012x}", attachment.id),
        "fileSize": attachment.bytes.len(),
        "webuiLink": webui,
        "downloadLink": download,
        "version": {
            "number": attachment.number, "message": "", "minorEdit": false, "authorId": AUTHOR, "createdAt": date(attachment.at),
        },
        "_links": {"webui": webui, "download": download},
    })
}
