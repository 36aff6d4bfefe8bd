//! What was found of a workspace so far, each thing once, and what is still to be asked. Pure.

use std::collections::{HashMap, HashSet, VecDeque};

use model::Resource;
use serde_json::Value;

use super::super::field::text;
use super::database::{sources, version};
use super::id;
use super::object::{self, Parent};

/// Something that is to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// A page of which only the id is known.
    Page(String),
    /// A database.
    Database(String),
    /// A data source of which only the id is known.
    Source(String),
    /// The rows of a data source.
    Rows(String),
}

/// Pages and databases by id, and the sources that tie rows to databases.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: HashMap<String, Entry>,
    /// The ids in the order in which they were found.
    order: Vec<String>,
    sources: HashMap<String, Source>,
    put_away: HashSet<String>,
    /// The page that something was found in, where it does not say so itself.
    holders: HashMap<String, String>,
    wanted: VecDeque<Wanted>,
    asked: HashSet<Wanted>,
    /// Entries whose parents were not looked at yet.
    fresh: Vec<String>,
    /// Pages to look for children in: first those in the tree, then rows.
    tree: VecDeque<String>,
    rows: VecDeque<String>,
}

#[derive(Debug)]
struct Entry {
    resource: Resource,
    parent: Parent,
    edited: String,
}

#[derive(Debug, Default)]
struct Source {
    database: Option<String>,
    /// When a row was last edited.
    newest: String,
}

impl Catalogue {
    /// Takes in an object that the interface gave, whole or in part.
    pub fn add(&mut self, object: &Value) {
        let Some(id) = object::id_of(object) else { return };
        let kind = text(object, "/object");
        if object::is_put_away(object) {
            self.put_away.insert(id);
            return;
        }
        match (kind, object::is_partial(object)) {
            ("page", true) => self.want(Wanted::Page(id)),
            ("page", false) => self.add_page(id, object),
            ("data_source", true) => self.want(Wanted::Source(id)),
            ("data_source", false) => self.add_source(id, object),
            ("database", _) => self.add_database(id, object),
            _ => {}
        }
    }

    /// Takes in the block of a page or a database that stands on a page.
    pub fn add_child(&mut self, block: &Value, page: &str) {
        let Some(id) = object::id_of(block) else { return };
        self.holders.insert(id.clone(), page.to_owned());
        if !self.entries.contains_key(&id) && !self.put_away.contains(&id) {
            let is_page = text(block, "/type") == "child_page";
            self.want(if is_page { Wanted::Page(id) } else { Wanted::Database(id) });
        }
    }

    /// What is to be asked next; nothing twice.
    pub fn next(&mut self) -> Option<Wanted> {
        self.want_parents();
        self.wanted.pop_front()
    }

    /// The next page to look for children in.
    pub fn next_to_walk(&mut self) -> Option<String> {
        self.tree.pop_front().or_else(|| self.rows.pop_front())
    }

    /// How many pages were not looked at for children.
    pub fn left_to_walk(&self) -> usize {
        self.tree.len() + self.rows.len()
    }

    /// How many pages and databases there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// All that was found.
    pub fn finish(mut self) -> Vec<Resource> {
        let mut newest: HashMap<&str, &str> = HashMap::new();
        for source in self.sources.values() {
            let Some(database) = &source.database else { continue };
            let known = newest.entry(database).or_default();
            *known = (*known).max(&source.newest);
        }
        let told: HashMap<String, (Option<String>, Option<String>)> = self
            .entries
            .iter()
            .map(|(id, entry)| {
                let version = (entry.resource.object == "database")
                    .then(|| version(&entry.edited, newest.get(id.as_str()).copied().unwrap_or_default()));
                (id.clone(), (version, self.parent_of(id, entry)))
            })
            .collect();
        let mut finished = Vec::with_capacity(self.order.len());
        for id in &self.order {
            let Some(mut entry) = self.entries.remove(id) else { continue };
            if let Some((version, parent)) = told.get(id) {
                entry.resource.version = version.clone().or(entry.resource.version);
                entry.resource.parent.clone_from(parent);
            }
            finished.push(entry.resource);
        }
        finished
    }

    fn want(&mut self, wanted: Wanted) {
        if self.asked.insert(wanted.clone()) {
            self.wanted.push_back(wanted);
        }
    }

    fn add_page(&mut self, id: String, object: &Value) {
        let parent = object::parent(object);
        let edited = object::edited(object).to_owned();
        if let Parent::Source(source, database) = &parent {
            let source = self.sources.entry(source.clone()).or_default();
            if source.newest < edited {
                source.newest.clone_from(&edited);
            }
            source.database = source.database.take().or_else(|| database.clone());
        }
        let queue = if matches!(parent, Parent::Source(..)) { &mut self.rows } else { &mut self.tree };
        if !self.entries.contains_key(&id) {
            queue.push_back(id.clone());
        }
        let version = Some(edited.clone());
        self.insert(id, object, Entry { resource: resource(object, "page", version), parent, edited });
    }

    fn add_source(&mut self, id: String, object: &Value) {
        let database = id::canonical(text(object, "/parent/database_id"));
        if let Some(database) = &database {
            self.want(Wanted::Database(database.clone()));
        }
        let source = self.sources.entry(id.clone()).or_default();
        source.database = source.database.take().or(database);
        self.want(Wanted::Rows(id));
    }

    fn add_database(&mut self, id: String, object: &Value) {
        for (source, _) in sources(object) {
            self.sources.entry(source.clone()).or_default().database = Some(id.clone());
            self.want(Wanted::Rows(source));
        }
        // Who has it need not ask for it again.
        self.asked.insert(Wanted::Database(id.clone()));
        let edited = object::edited(object).to_owned();
        let entry = Entry { resource: resource(object, "database", None), parent: object::parent(object), edited };
        self.insert(id, object, entry);
    }

    fn insert(&mut self, id: String, object: &Value, entry: Entry) {
        debug_assert!(!object::is_put_away(object), "what lies in the trash is not listed");
        if self.entries.insert(id.clone(), entry).is_none() {
            self.order.push(id.clone());
            self.fresh.push(id);
        }
    }

    /// What search left out may still show as what others lie in.
    fn want_parents(&mut self) {
        for id in std::mem::take(&mut self.fresh) {
            let Some(parent) = self.entries.get(&id).map(|entry| entry.parent.clone()) else { continue };
            let is_known = |id: &String| self.entries.contains_key(id) || self.put_away.contains(id);
            match parent {
                Parent::Page(page) if !is_known(&page) => self.want(Wanted::Page(page)),
                Parent::Database(database) if !is_known(&database) => self.want(Wanted::Database(database)),
                Parent::Source(source, database) => match database.filter(|database| !is_known(database)) {
                    Some(database) => self.want(Wanted::Database(database)),
                    None if !self.asked.contains(&Wanted::Rows(source.clone())) => self.want(Wanted::Source(source)),
                    None => {}
                },
                _ => {}
            }
        }
    }

    /// The listed thing that an entry lies in.
    fn parent_of(&self, id: &str, entry: &Entry) -> Option<String> {
        let told = match &entry.parent {
            Parent::Page(parent) | Parent::Database(parent) => Some(parent),
            Parent::Source(source, database) => {
                self.sources.get(source).and_then(|source| source.database.as_ref()).or(database.as_ref())
            }
            Parent::Block(_) | Parent::Top => None,
        };
        let parent = told.or_else(|| self.holders.get(id))?;
        (self.entries.contains_key(parent) && parent != id).then(|| parent.clone())
    }
}

fn resource(object: &Value, kind: &str, version: Option<String>) -> Resource {
    Resource {
        external_id: object::id_of(object).unwrap_or_default(),
        title: object::title(object),
        url: object::address(object),
        mime_type: "text/markdown".to_owned(),
        icon: object::icon(object),
        object: kind.to_owned(),
        version: version.filter(|version| !version.is_empty()),
        group: None,
        parent: None,
    }
}

#[cfg(test)]
mod tests;
