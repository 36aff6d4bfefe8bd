//! What a Confluence site holds, and every way to change it while it runs.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::access::Access;
use super::content::{Attachment, Content, Kind, Space, Status, Version};
use super::quirks::Quirks;

/// When the clock of every new site starts: 2026-11-02T09:00:00Z, in seconds.
const START: i64 = 1_793_610_000;
/// How far one change moves the clock, in seconds.
const STEP: i64 = 60;

/// Where a site runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edition {
    /// Atlassian's cloud: the site under `/wiki`, and the gateway under `/ex/confluence/{cloud_id}`.
    Cloud {
        /// The id of the site at the gateway.
        cloud_id: String,
    },
    /// A server of one's own, with the API of version 1 only.
    DataCenter {
        /// The path before `/rest/api`, such as `/confluence`, or nothing.
        context: String,
    },
}

/// A site.
#[derive(Debug, Clone)]
pub struct World {
    /// Where it runs.
    pub edition: Edition,
    /// Who may ask.
    pub access: Access,
    /// What this installation does badly.
    pub quirks: Quirks,
    /// How far the caller's clock is east of Greenwich, in minutes: CQL reads dates by it.
    pub zone_minutes: i64,
    pub(super) spaces: BTreeMap<u64, Space>,
    pub(super) content: BTreeMap<u64, Content>,
    pub(super) attachments: BTreeMap<u64, Attachment>,
    now: i64,
    next_id: u64,
}

impl World {
    /// An empty site in the cloud.
    pub fn cloud() -> Self {
        Self::new(Edition::Cloud { cloud_id: "8f4a2c1e-6d3b-4f7a-9c55-0a1b2c3d4e5f".to_owned() })
    }

    /// An empty server of one's own, with this path before `/rest/api`.
    pub fn data_center(context: &str) -> Self {
        Self::new(Edition::DataCenter { context: context.to_owned() })
    }

    fn new(edition: Edition) -> Self {
        Self {
            edition,
            access: Access::default(),
            quirks: Quirks::default(),
            zone_minutes: 0,
            spaces: BTreeMap::new(),
            content: BTreeMap::new(),
            attachments: BTreeMap::new(),
            now: START,
            next_id: 98_306,
        }
    }

    /// The path of the gateway to this site; nothing for a server of one's own.
    pub fn gateway(&self) -> String {
        match &self.edition {
            Edition::Cloud { cloud_id } => format!("/ex/confluence/{cloud_id}"),
            Edition::DataCenter { .. } => String::new(),
        }
    }

    /// Adds a space `DOC` with this many pages, its homepage among them: below it chapters of fifty, and in every chapter
    /// one page that has half of the others below it.
    pub fn fill(&mut self, pages: usize) -> u64 {
        let space = self.space("DOC", "Documentation");
        let home = self.spaces[&space].homepage;
        let (mut chapter, mut part) = (home, home);
        for number in 1..pages {
            let body = format!("<p>Page number {number} explains one thing and no other.</p>");
            let under = match number % 50 {
                1 => home,
                2..=25 => chapter,
                _ => part,
            };
            let page = self.make(Kind::Page, space, under, &format!("Page {number}"), Some(&body));
            match number % 50 {
                1 => chapter = Some(page),
                2 => part = Some(page),
                _ => {}
            }
        }
        space
    }

    /// The time of the site, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Lets time pass.
    pub fn wait(&mut self, seconds: i64) {
        self.now += seconds;
    }

    /// The id of what is made next.
    pub fn count_from(&mut self, id: u64) {
        self.next_id = id;
    }

    fn tick(&mut self) -> i64 {
        self.now += STEP;
        self.now
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// A space with its homepage, which is named like it.
    pub fn space(&mut self, key: &str, name: &str) -> u64 {
        let space = self.bare_space(key, name);
        let home = self.make(Kind::Page, space, None, name, Some("<p />"));
        self.space_mut(space).homepage = Some(home);
        space
    }

    /// A space without any page.
    pub fn bare_space(&mut self, key: &str, name: &str) -> u64 {
        let (id, created_at) = (self.id(), self.tick());
        let (key, name) = (key.to_owned(), name.to_owned());
        self.spaces.insert(id, Space { id, key, name, archived: false, homepage: None, is_readable: true, created_at });
        id
    }

    fn space_mut(&mut self, id: u64) -> &mut Space {
        self.spaces.get_mut(&id).expect("the test made this space")
    }

    /// Puts a space away.
    pub fn archive_space(&mut self, space: u64) {
        self.tick();
        self.space_mut(space).archived = true;
    }

    /// Lets the caller see a space, or takes it out of sight with all that is in it.
    pub fn show_space(&mut self, space: u64, is_readable: bool) {
        self.tick();
        self.space_mut(space).is_readable = is_readable;
    }

    /// The page that a space opens with.
    pub fn homepage(&self, space: u64) -> Option<u64> {
        self.spaces.get(&space).and_then(|space| space.homepage)
    }

    /// A page at the top of a space.
    pub fn page(&mut self, space: u64, title: &str, storage: &str) -> u64 {
        self.make(Kind::Page, space, None, title, Some(storage))
    }

    /// A page below a page or a folder.
    pub fn page_under(&mut self, parent: u64, title: &str, storage: &str) -> u64 {
        self.make(Kind::Page, self.content[&parent].space, Some(parent), title, Some(storage))
    }

    /// A folder, whiteboard, database or smart link at the top of a space, or below something in it.
    pub fn node(&mut self, kind: Kind, space: u64, parent: Option<u64>, title: &str) -> u64 {
        self.make(kind, space, parent, title, None)
    }

    fn make(&mut self, kind: Kind, space: u64, parent: Option<u64>, title: &str, body: Option<&str>) -> u64 {
        let (id, at) = (self.id(), self.tick());
        let (title, body) = (title.to_owned(), body.map(ToOwned::to_owned));
        let content = Content {
            id,
            kind,
            space,
            parent,
            status: Status::Current,
            position: i64::try_from(id).expect("tests count from small numbers") * 7 % 1_000_003,
            labels: Vec::new(),
            restricted: false,
            versions: vec![Version { number: 1, at, title, body, message: String::new() }],
            created_at: at,
        };
        self.content.insert(id, content);
        id
    }

    fn content_mut(&mut self, id: u64) -> &mut Content {
        self.content.get_mut(&id).expect("the test made this id")
    }

    /// Writes a page anew: a new version.
    pub fn edit(&mut self, page: u64, storage: &str) {
        let body = Some(storage.to_owned());
        self.revise(page, |version| version.body = body);
    }

    /// Gives a page another title: a new version.
    pub fn rename(&mut self, page: u64, title: &str) {
        let title = title.to_owned();
        self.revise(page, |version| version.title = title);
    }

    fn revise(&mut self, page: u64, change: impl FnOnce(&mut Version)) {
        let at = self.tick();
        let content = self.content_mut(page);
        let mut version = Version { number: content.present().number + 1, at, ..content.present().clone() };
        change(&mut version);
        content.versions.push(version);
    }

    /// Moves something below something else, or to the top of its space. That is no new version.
    pub fn move_to(&mut self, id: u64, parent: Option<u64>) {
        self.tick();
        let space = parent.map_or(self.content[&id].space, |parent| self.content[&parent].space);
        let content = self.content_mut(id);
        (content.parent, content.space) = (parent, space);
    }

    /// Moves a page to the top of another space, without those below it.
    pub fn move_to_space(&mut self, page: u64, space: u64) {
        self.close_up(page);
        let content = self.content_mut(page);
        (content.parent, content.space) = (None, space);
    }

    /// Those below hang where this hung.
    fn close_up(&mut self, id: u64) {
        self.tick();
        let parent = self.content[&id].parent;
        self.content
            .values_mut()
            .filter(|content| content.parent == Some(id))
            .for_each(|content| content.parent = parent);
    }

    /// Puts a page into the bin. Those below move up.
    pub fn trash(&mut self, id: u64) {
        self.close_up(id);
        self.content_mut(id).status = Status::Trashed;
    }

    /// Gives a page another status: back from the bin, archived, or a draft.
    pub fn set_status(&mut self, id: u64, status: Status) {
        self.tick();
        self.content_mut(id).status = status;
    }

    /// Takes a page out of the bin for ever.
    pub fn delete(&mut self, id: u64) {
        self.close_up(id);
        self.content.remove(&id);
        self.attachments.retain(|_, attachment| attachment.page != id);
    }

    /// Hides a page and all that is below it from the caller, or shows it again. That is no new version.
    pub fn restrict(&mut self, id: u64, restricted: bool) {
        self.tick();
        self.content_mut(id).restricted = restricted;
    }

    /// Gives a page these labels. That is no new version.
    pub fn label(&mut self, page: u64, labels: &[&str]) {
        self.tick();
        self.content_mut(page).labels = labels.iter().map(|label| (*label).to_owned()).collect();
    }

    /// Attaches a file to a page, or a new version of a file of that name.
    pub fn attach(&mut self, page: u64, title: &str, media_type: &str, bytes: impl Into<Bytes>) -> u64 {
        let at = self.tick();
        let bytes = bytes.into();
        let old = self.attachments.values_mut().find(|known| known.page == page && known.title == title);
        if let Some(old) = old {
            (old.number, old.at, old.bytes) = (old.number + 1, at, bytes);
            return old.id;
        }
        let id = self.id();
        let (title, media_type) = (title.to_owned(), media_type.to_owned());
        self.attachments.insert(id, Attachment { id, page, title, media_type, bytes, number: 1, at });
        id
    }

    /// How many pages there are, whatever their status and whoever may see them.
    pub fn count(&self) -> usize {
        self.content.values().filter(|content| content.kind == Kind::Page).count()
    }

    /// The id of every page.
    pub fn page_ids(&self) -> Vec<u64> {
        let pages = self.content.iter().filter(|(_, content)| content.kind == Kind::Page);
        pages.map(|(id, _)| *id).collect()
    }

    /// Whether the caller may see this, whatever its status.
    pub(super) fn shows(&self, content: &Content) -> bool {
        let readable = self.spaces.get(&content.space).is_some_and(|space| space.is_readable);
        readable && !content.restricted && self.ancestors(content).iter().all(|above| !above.restricted)
    }

    /// What stands above, the nearest first.
    pub(super) fn ancestors(&self, content: &Content) -> Vec<&Content> {
        let mut above = Vec::new();
        let mut seen = BTreeSet::from([content.id]);
        let mut parent = content.parent;
        while let Some(next) = parent.and_then(|id| self.content.get(&id)).filter(|next| seen.insert(next.id)) {
            above.push(next);
            parent = next.parent;
        }
        above
    }

    /// The parent, when it is there to be shown.
    pub(super) fn parent(&self, content: &Content) -> Option<&Content> {
        content.parent.and_then(|id| self.content.get(&id))
    }
}
