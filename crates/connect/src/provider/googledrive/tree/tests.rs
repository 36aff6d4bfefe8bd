//! Trees of a few files, and what is found in them.

use serde_json::json;

use super::*;

const FOLDER: &str = "application/vnd.google-apps.folder";
const SHORTCUT: &str = "application/vnd.google-apps.shortcut";
const DOC: &str = "application/vnd.google-apps.document";

fn file(id: &str, mime_type: &str, parent: &str) -> Value {
    json!({"id": id, "name": format!("The {id}"), "mimeType": mime_type, "parents": [parent], "version": "3", "modifiedTime": "t"})
}

fn shortcut(id: &str, target: &str, mime_type: &str, parent: &str) -> Value {
    let mut file = file(id, SHORTCUT, parent);
    file["shortcutDetails"] = json!({"targetId": target, "targetMimeType": mime_type, "targetResourceKey": "k"});
    file
}

fn tree(files: &[Value]) -> Tree {
    let mut tree = Tree::default();
    for file in files {
        tree.add(file);
    }
    tree
}

fn ids(resources: &[Resource]) -> Vec<(&str, Option<&str>)> {
    resources.iter().map(|one| (one.external_id.as_str(), one.group.as_deref())).collect()
}

#[test]
fn folders_are_groups_and_stand_before_what_they_hold() {
    let mut tree = tree(&[
        file("doc", DOC, "inner"),
        file("inner", FOLDER, "outer"),
        file("outer", FOLDER, "drive"),
        file("empty", FOLDER, "drive"),
        file("loose", "text/plain", "unseen"),
        file("photo", "image/jpeg", "outer"),
        file("form", "application/vnd.google-apps.form", "outer"),
        json!({"id": "trashed", "mimeType": DOC, "trashed": true}),
        json!({"name": "without an id", "mimeType": DOC}),
        json!({"id": "bare"}),
    ]);
    tree.add_drive("drive", "Team");
    let (groups, resources) = tree.finish(&[]);
    assert_eq!(ids(&resources), [("doc", Some("inner")), ("loose", Some("unseen")), ("bare", None)]);
    let told: Vec<_> =
        groups.iter().map(|group| (group.id.as_str(), group.title.as_str(), group.parent.as_deref())).collect();
    assert_eq!(
        told,
        [("drive", "Team", None), ("outer", "The outer", Some("drive")), ("inner", "The inner", Some("outer"))]
    );
    assert_eq!(resources[0].version.as_deref(), Some("3 t"));
    assert_eq!(resources[2].title, "Untitled");
}

#[test]
fn limits_are_resolved_through_all_parents() {
    let files = [
        file("in", FOLDER, "root"),
        file("deep", FOLDER, "in"),
        file("doc", DOC, "deep"),
        file("out", FOLDER, "root"),
        file("other", DOC, "out"),
        file("top", DOC, "root"),
    ];
    let (groups, resources) = tree(&files).finish(&["in".to_owned()]);
    assert_eq!(ids(&resources), [("doc", Some("deep"))]);
    assert_eq!(groups.iter().map(|group| group.id.as_str()).collect::<Vec<_>>(), ["in", "deep"]);
    let (_, resources) = tree(&files).finish(&["nowhere".to_owned()]);
    assert_eq!(ids(&resources), []);
}

#[test]
fn a_shortcut_is_what_it_stands_for_once() {
    let files = [
        file("in", FOLDER, "root"),
        shortcut("to-doc", "doc", DOC, "in"),
        shortcut("to-doc-again", "doc", DOC, "in"),
        shortcut("to-unseen", "unseen", "application/pdf", "in"),
        shortcut("to-unseen-again", "unseen", "application/pdf", "in"),
        shortcut("to-photo", "photo", "image/png", "in"),
        shortcut("broken", "", "", "in"),
        file("doc", DOC, "out"),
    ];
    let (_, resources) = tree(&files).finish(&[]);
    assert_eq!(ids(&resources), [("doc", Some("out")), ("to-unseen", Some("in"))]);
    assert_eq!((resources[1].mime_type.as_str(), &resources[1].version), ("application/pdf", &None));
    // Within the limits only the shortcut shows, and stands for the file outside.
    let (_, resources) = tree(&files).finish(&["in".to_owned()]);
    assert_eq!(ids(&resources), [("doc", Some("in")), ("to-unseen", Some("in"))]);
}

#[test]
fn shortcuts_and_parents_in_a_circle_end() {
    let files = [
        file("a", FOLDER, "b"),
        file("b", FOLDER, "a"),
        shortcut("to-a", "a", FOLDER, "c"),
        file("c", FOLDER, "root"),
        shortcut("to-c", "c", FOLDER, "a"),
        file("doc", DOC, "b"),
    ];
    let (groups, resources) = tree(&files).finish(&["c".to_owned()]);
    assert_eq!(ids(&resources), [("doc", Some("b"))]);
    assert_eq!(groups.len(), 2);
}

#[test]
fn pitfall_43_an_entry_without_an_id_or_a_time_harms_no_other() {
    let mut tree = Tree::default();
    tree.add(&json!({"name": "Nameless", "mimeType": "text/plain", "version": "1"}));
    tree.add(&json!({"id": "a", "mimeType": "application/vnd.google-apps.document"}));
    let links = ["https://drive.google.com/file/d/b/view", "https://drive.google.com/open?id=b"];
    for link in links {
        tree.add(&json!({"id": "b", "name": "B", "mimeType": "text/plain", "webViewLink": link, "version": "2"}));
    }
    let (_, resources) = tree.finish(&[]);
    let found: Vec<_> = resources.iter().map(|found| (found.external_id.as_str(), found.version.as_deref())).collect();
    assert_eq!(found, [("a", None), ("b", Some("2"))]);
}
