//! What there is in a workspace: pages, databases with their sources and rows, blocks; made and changed by tests.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::block::Block;
use super::item::{Item, Kind, Parent, Settings, State};

/// A workspace. Its clock stands still until something is made or changed.
#[derive(Debug)]
pub struct World(Mutex<State>);

/// A database with its first source.
#[derive(Debug, Clone, Copy)]
pub struct Database {
    pub id: Uuid,
    pub source: Uuid,
}

/// The first instant of every world.
const START: &str = "2026-01-05T09:00:00Z";
/// Between two things that are made: some are made in the same minute, which is as fine as the interface tells time.
const PACE: Duration = Duration::from_secs(6);
/// Between two changes of the same thing, so that each can be told from the one before.
const MINUTE: Duration = Duration::from_mins(1);

impl Default for World {
    fn default() -> Self {
        let now = START.parse().expect("the first instant is one");
        Self(Mutex::new(State { items: HashMap::new(), order: Vec::new(), now, settings: Settings::default() }))
    }
}

impl World {
    /// A page at the top of the workspace.
    pub fn add_page(&self, title: &str, blocks: Vec<Block>) -> Uuid {
        self.lock().add_page(Parent::Workspace, title, blocks)
    }

    /// A page in a page, or in a block of one.
    pub fn add_page_in(&self, parent: Uuid, title: &str, blocks: Vec<Block>) -> Uuid {
        let mut state = self.lock();
        let parent = state.place_in(parent);
        state.add_page(parent, title, blocks)
    }

    /// A database at the top of the workspace.
    pub fn add_database(&self, title: &str) -> Database {
        self.lock().add_database(Parent::Workspace, title)
    }

    /// A database in a page, or in a block of one.
    pub fn add_database_in(&self, parent: Uuid, title: &str) -> Database {
        let mut state = self.lock();
        let parent = state.place_in(parent);
        state.add_database(parent, title)
    }

    /// One more source of a database.
    pub fn add_source(&self, database: Uuid, title: &str) -> Uuid {
        self.lock().add_source(database, title)
    }

    /// A row, which is a page in a source.
    pub fn add_row(&self, source: Uuid, title: &str, blocks: Vec<Block>) -> Uuid {
        self.lock().add_page(Parent::Source(source), title, blocks)
    }

    /// Many rows, `Row 1` and so on, of one paragraph each.
    pub fn add_rows(&self, source: Uuid, count: usize) -> Vec<Uuid> {
        let mut state = self.lock();
        let row = |number| {
            let paragraph = Block::paragraph(format!("What row {number} says."));
            state.add_page(Parent::Source(source), &format!("Row {number}"), vec![paragraph])
        };
        (1..=count).map(row).collect()
    }

    /// Adds a block at the end of a page or of another block.
    pub fn append(&self, parent: Uuid, block: Block) -> Uuid {
        let mut state = self.lock();
        let id = state.add_block(parent, block);
        state.touch(parent);
        id
    }

    /// Puts other blocks in place of all of a page's; pages and databases in it stay.
    pub fn rewrite(&self, page: Uuid, blocks: Vec<Block>) {
        let mut state = self.lock();
        let children = std::mem::take(&mut state.item_mut(page).children);
        let (kept, old): (Vec<Uuid>, Vec<Uuid>) = children.into_iter().partition(|id| !state.item(*id).is_block());
        for id in old {
            state.remove(id);
        }
        for block in blocks {
            state.add_block(page, block);
        }
        state.item_mut(page).children.extend(kept);
        state.touch(page);
    }

    /// Gives a page, database or source another title.
    pub fn retitle(&self, id: Uuid, title: &str) {
        let mut state = self.lock();
        title.clone_into(&mut state.item_mut(id).title);
        state.touch(id);
    }

    /// Gives a page, database or source an icon, in the interface's form.
    pub fn set_icon(&self, id: Uuid, icon: Value) {
        self.lock().item_mut(id).icon = icon;
    }

    /// Gives a page an emoji.
    pub fn set_emoji(&self, id: Uuid, emoji: &str) {
        self.set_icon(id, json!({ "type": "emoji", "emoji": emoji }));
    }

    /// Gives a row a property beside those that every row has: its kind, and its value in the interface's form.
    pub fn set_property(&self, page: Uuid, name: &str, kind: &str, value: Value) {
        let mut state = self.lock();
        state.item_mut(page).properties.push((name.to_owned(), kind.to_owned(), value));
        state.touch(page);
    }

    /// Moves a page, database or block to the bin, with all that lies in it.
    pub fn trash(&self, id: Uuid) {
        self.lock().change(id, |item| item.is_trashed = true);
    }

    /// Takes it out of the bin.
    pub fn restore(&self, id: Uuid) {
        self.lock().change(id, |item| item.is_trashed = false);
    }

    /// Takes the connection's access to a page or database away, and to all that lies in it.
    pub fn unshare(&self, id: Uuid) {
        self.lock().item_mut(id).is_shared = false;
    }

    /// Gives it back.
    pub fn share(&self, id: Uuid) {
        self.lock().item_mut(id).is_shared = true;
    }

    /// Removes something for good, with all that lies in it.
    pub fn delete(&self, id: Uuid) {
        self.lock().remove(id);
    }

    /// Search has not found this yet, as is said of pages that were imported and never changed.
    pub fn hide_from_search(&self, id: Uuid) {
        self.lock().item_mut(id).is_indexed = false;
    }

    /// Lets time pass.
    pub fn advance(&self, period: Duration) {
        let mut state = self.lock();
        state.now += period;
    }

    /// The most rows that one query gives; 10,000 unless said otherwise.
    pub fn set_row_limit(&self, limit: usize) {
        self.lock().settings.row_limit = limit;
    }

    /// The most blocks that one answer of Markdown holds.
    pub fn set_markdown_limit(&self, limit: usize) {
        self.lock().settings.markdown_limit = limit;
    }

    /// Markdown has callouts between colons instead of tags; the vendor's guide has had both.
    pub fn set_fenced_callouts(&self) {
        self.lock().settings.has_fenced_callouts = true;
    }

    /// The connection may not read content.
    pub fn set_reads_content(&self, reads: bool) {
        self.lock().settings.reads_content = reads;
    }

    /// The blocks and pages in a page or block, in order.
    pub fn children(&self, id: Uuid) -> Vec<Uuid> {
        self.lock().item(id).children.clone()
    }

    /// When something was changed last, as the interface writes it.
    pub fn edited(&self, id: Uuid) -> String {
        self.lock().item(id).edited_text()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add_page(&mut self, parent: Parent, title: &str, blocks: Vec<Block>) -> Uuid {
        let id = self.add(Item::new(Kind::Page, parent, title));
        for block in blocks {
            self.add_block(id, block);
        }
        id
    }

    fn add_database(&mut self, parent: Parent, title: &str) -> Database {
        let id = self.add(Item::new(Kind::Database, parent, title));
        Database { id, source: self.add_source(id, title) }
    }

    fn add_source(&mut self, database: Uuid, title: &str) -> Uuid {
        self.add(Item::new(Kind::Source, Parent::Database(database), title))
    }

    fn add_block(&mut self, parent: Uuid, block: Block) -> Uuid {
        let parent = self.place_in(parent);
        let Block { kind, content, children, is_hidden } = block;
        let id = self.add(Item { is_hidden, ..Item::new(Kind::Block { kind, content }, parent, "") });
        for child in children {
            self.add_block(id, child);
        }
        id
    }

    fn add(&mut self, mut item: Item) -> Uuid {
        let id = id_of(self.order.len());
        self.now += if item.is_block() { Duration::ZERO } else { PACE };
        (item.id, item.created, item.edited) = (id, self.now, self.now);
        if let Some(parent) = item.parent.id() {
            self.item_mut(parent).children.push(id);
        }
        self.items.insert(id, item);
        self.order.push(id);
        id
    }

    fn place_in(&self, parent: Uuid) -> Parent {
        if self.item(parent).is_block() { Parent::Block(parent) } else { Parent::Page(parent) }
    }

    fn change(&mut self, id: Uuid, change: impl FnOnce(&mut Item)) {
        change(self.item_mut(id));
        self.touch(id);
    }

    /// A change is one of the thing itself and, if that is a block, of all around it up to its page.
    fn touch(&mut self, id: Uuid) {
        self.now += MINUTE;
        let now = self.now;
        let mut place = Some(id);
        while let Some(id) = place {
            let item = self.item_mut(id);
            item.edited = now;
            place = item.parent.id().filter(|_| item.is_block());
        }
    }

    fn remove(&mut self, id: Uuid) {
        if let Some(parent) = self.item(id).parent.id().filter(|parent| self.items.contains_key(parent)) {
            self.item_mut(parent).children.retain(|child| *child != id);
        }
        let mut doomed = vec![id];
        while let Some(id) = doomed.pop() {
            doomed.extend(self.items.remove(&id).into_iter().flat_map(|item| item.children));
        }
    }
}

/// Ids look random and are the same in every run.
fn id_of(number: usize) -> Uuid {
    let number = u128::try_from(number).expect("no world is that big") + 1;
    // An odd factor makes every number another one.
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    uuid::Builder::from_random_bytes(mixed.to_be_bytes()).into_uuid()
}
