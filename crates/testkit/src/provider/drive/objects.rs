//! The interface's objects: file, drive and change.

use std::fmt::Write;

use bytes::Bytes;
use jiff::Timestamp;
use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::item::{Change, Content, Item, State};
use super::world::{FOLDER, SHORTCUT};

/// Every field that a file may have and that a mask may name, whether this file has it or not.
pub const FIELDS: [&str; 24] = [
    "kind",
    "id",
    "name",
    "mimeType",
    "createdTime",
    "modifiedTime",
    "version",
    "trashed",
    "explicitlyTrashed",
    "parents",
    "driveId",
    "webViewLink",
    "iconLink",
    "resourceKey",
    "shortcutDetails",
    "capabilities",
    "exportLinks",
    "size",
    "md5Checksum",
    "headRevisionId",
    "originalFilename",
    "fileExtension",
    "description",
    "owners",
];
/// What a file shows when nothing is asked for.
pub const USUAL_FIELDS: &str = "kind,id,name,mimeType";

/// A file, folder or shortcut with all that is known of it. `origin` is where its exports are.
pub(super) fn file(state: &State, item: &Item, origin: &str) -> Value {
    let is_trashed = state.is_trashed(item);
    let mut file = json!({
        "kind": "drive#file", "id": item.id, "name": item.name, "mimeType": item.mime,
        "createdTime": millis(item.created), "modifiedTime": millis(item.modified), "version": item.version.to_string(),
        "trashed": is_trashed, "explicitlyTrashed": item.is_trashed,
        "webViewLink": format!("https://drive.google.com/file/d/{}/view", item.id),
        "iconLink": format!("https://drive-thirdparty.googleusercontent.com/16/type/{}", item.mime),
        "capabilities": { "canDownload": item.may_be_downloaded && item.mime != FOLDER && item.mime != SHORTCUT },
    });
    if let Some(parent) = &item.parent {
        file["parents"] = json!([parent]);
    }
    if let Some(drive) = &item.drive {
        file["driveId"] = drive.as_str().into();
    }
    if let Some(key) = &item.resource_key {
        file["resourceKey"] = key.as_str().into();
    }
    if let Some(shortcut) = &item.shortcut {
        file["shortcutDetails"] = json!({ "targetId": shortcut.target, "targetMimeType": shortcut.mime });
        if let Some(key) = &shortcut.resource_key {
            file["shortcutDetails"]["targetResourceKey"] = key.as_str().into();
        }
    }
    match &item.content {
        Content::None => {}
        Content::Bytes(bytes) => {
            file["size"] = bytes.len().to_string().into();
            file["md5Checksum"] = checksum(bytes).into();
            file["headRevisionId"] = format!("{}-{}", item.id, item.version).into();
            file["originalFilename"] = item.name.as_str().into();
        }
        Content::Exports(exports) => {
            let link = |mime: &String| {
                let mut url = url::Url::parse(origin).expect("the fake has an address");
                url.set_path(&format!("/exported/{}", item.id));
                url.query_pairs_mut().append_pair("mimeType", mime);
                (mime.clone(), Value::from(url.as_str()))
            };
            file["exportLinks"] = Value::Object(exports.keys().map(link).collect());
        }
    }
    file
}

pub(super) fn drive(item: &Item) -> Value {
    json!({ "kind": "drive#drive", "id": item.id, "name": item.name, "createdTime": millis(item.created), "hidden": false })
}

/// A line of the log as of now: what cannot be seen any more is removed, whatever was noted.
pub(super) fn change(state: &State, change: &Change, origin: &str) -> Value {
    let mut object = json!({
        "kind": "drive#change", "type": "file", "changeType": "file", "time": millis(change.at), "fileId": change.id,
        "removed": true,
    });
    if let Some(item) = state.visible(&change.id) {
        object["removed"] = false.into();
        object["file"] = file(state, item, origin);
    }
    object
}

fn millis(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn checksum(bytes: &Bytes) -> String {
    let mut text = String::new();
    for byte in Md5::digest(bytes) {
        write!(text, "{byte:02x}").expect("a string takes every text");
    }
    text
}
