//! What lies where in a Drive, worked out from the parents that files name. Pure.

use std::collections::{HashMap, HashSet};

use model::{Group, Resource};
use serde_json::Value;

use super::super::field::text;
use super::file::{Kind, address, kind, may_have_words, title, version};

/// A file of a listing.
#[derive(Debug, Clone)]
struct Found {
    title: String,
    mime_type: String,
    url: String,
    icon: Option<String>,
    version: Option<String>,
    /// The folder, or the shared drive, that it lies in. There is one at most.
    parent: Option<String>,
    /// What a shortcut stands for: id and type.
    target: Option<(String, String)>,
}

/// All that was listed, by id.
#[derive(Debug, Default)]
pub struct Tree {
    found: HashMap<String, Found>,
    order: Vec<String>,
    drives: Vec<(String, String)>,
}

impl Tree {
    /// Takes in a file, once. Some entries of a listing have no id: there is nothing to ask for then.
    pub fn add(&mut self, file: &Value) {
        let id = text(file, "/id");
        if id.is_empty() || file.get("trashed").and_then(Value::as_bool) == Some(true) {
            return;
        }
        let target = text(file, "/shortcutDetails/targetId");
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let found = Found {
            title: title(file),
            mime_type: text(file, "/mimeType").to_owned(),
            url: address(file),
            icon: some(text(file, "/iconLink")),
            version: version(file),
            parent: some(text(file, "/parents/0")),
            target: some(target).map(|id| (id, text(file, "/shortcutDetails/targetMimeType").to_owned())),
        };
        if self.found.insert(id.to_owned(), found).is_none() {
            self.order.push(id.to_owned());
        }
    }

    /// Takes in a shared drive by id and name. Files in its root name it as their parent.
    pub fn add_drive(&mut self, id: &str, name: &str) {
        self.drives.push((id.to_owned(), name.to_owned()));
    }

    /// How many files that can be read there are so far, and folders.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// What can be read below these folders, or everywhere when there are none, and the folders that hold it.
    pub fn finish(self, folders: &[String]) -> (Vec<Group>, Vec<Resource>) {
        let scope = (!folders.is_empty()).then(|| self.below(folders));
        let is_in = |id: &str| scope.as_ref().is_none_or(|scope| scope.contains(id));
        let mut resources = Vec::new();
        let mut taken = HashSet::new();
        let in_scope = || self.order.iter().filter(|id| is_in(id)).map(|id| (id, &self.found[id]));
        for (id, found) in in_scope().filter(|(_, found)| may_have_words(&found.mime_type)) {
            taken.insert(id.as_str());
            resources.push(found.resource(id, found.parent.as_deref()));
        }
        // A shortcut is what it stands for, unless that is listed itself.
        for (id, found) in in_scope() {
            let Some((target, mime_type)) = &found.target else { continue };
            if !may_have_words(mime_type) || !taken.insert(target) {
                continue;
            }
            resources.push(match self.found.get(target) {
                Some(target_found) => target_found.resource(target, found.parent.as_deref()),
                // Only the shortcut tells the key that opens what was shared by a link, so it is what is listed.
                None => Resource {
                    mime_type: mime_type.clone(),
                    version: None,
                    ..found.resource(id, found.parent.as_deref())
                },
            });
        }
        (self.groups(&resources), resources)
    }

    /// Everything below these folders, through shortcuts to folders too. Each folder is gone into once.
    fn below(&self, folders: &[String]) -> HashSet<String> {
        let mut children: HashMap<&str, Vec<&String>> = HashMap::new();
        for id in &self.order {
            if let Some(parent) = &self.found[id].parent {
                children.entry(parent).or_default().push(id);
            }
        }
        let mut scope = HashSet::new();
        let mut waiting: Vec<&String> = folders.iter().collect();
        while let Some(id) = waiting.pop() {
            if !scope.insert(id.clone()) {
                continue;
            }
            waiting.extend(children.get(id.as_str()).into_iter().flatten());
            let target = self.found.get(id).and_then(|found| found.target.as_ref());
            waiting.extend(target.filter(|(_, mime_type)| kind(mime_type) == Kind::Folder).map(|(id, _)| id));
        }
        scope
    }

    /// The folders and drives around these, each before those inside it.
    fn groups(&self, resources: &[Resource]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        for resource in resources {
            let mut chain = Vec::new();
            let mut here = resource.group.clone();
            while let Some(group) = here.take().and_then(|id| self.group(&id)) {
                if !known.insert(group.id.clone()) {
                    break;
                }
                here.clone_from(&group.parent);
                chain.push(group);
            }
            groups.extend(chain.into_iter().rev());
        }
        for group in &mut groups {
            group.parent = group.parent.take().filter(|parent| known.contains(parent));
        }
        groups
    }

    fn group(&self, id: &str) -> Option<Group> {
        if let Some((_, name)) = self.drives.iter().find(|(drive, _)| drive == id) {
            let url = format!("https://drive.google.com/drive/folders/{id}");
            return Some(Group { id: id.to_owned(), title: name.clone(), url, parent: None });
        }
        let found = self.found.get(id).filter(|found| kind(&found.mime_type) == Kind::Folder)?;
        Some(Group {
            id: id.to_owned(),
            title: found.title.clone(),
            url: found.url.clone(),
            parent: found.parent.clone(),
        })
    }
}

impl Found {
    fn resource(&self, id: &str, group: Option<&str>) -> Resource {
        Resource {
            external_id: id.to_owned(),
            title: self.title.clone(),
            url: self.url.clone(),
            mime_type: self.mime_type.clone(),
            icon: self.icon.clone(),
            object: "file".to_owned(),
            version: self.version.clone(),
            group: group.map(str::to_owned),
            parent: None,
        }
    }
}

#[cfg(test)]
mod tests;
