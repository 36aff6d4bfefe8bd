//! What there is in a drive and in shared drives: folders, files, shortcuts, and the log of what changed.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::item::{Change, Content, Item, Shortcut, State};

pub const FOLDER: &str = "application/vnd.google-apps.folder";
pub const SHORTCUT: &str = "application/vnd.google-apps.shortcut";
pub const DOCUMENT: &str = "application/vnd.google-apps.document";
pub const SHEET: &str = "application/vnd.google-apps.spreadsheet";
pub const SLIDES: &str = "application/vnd.google-apps.presentation";
pub const FORM: &str = "application/vnd.google-apps.form";

/// Everything that the account sees. Its clock stands still until something is made or changed.
#[derive(Debug)]
pub struct World(Mutex<State>);

/// The first instant of every world.
const START: &str = "2026-01-05T09:00:00Z";
/// Between two things that are made or changed.
const PACE: Duration = Duration::from_millis(1_250);

impl Default for World {
    fn default() -> Self {
        let now = START.parse().expect("the first instant is one");
        let root = "0AFakeRoot".to_owned();
        let mut state =
            State { items: HashMap::new(), order: Vec::new(), changes: Vec::new(), now, root: root.clone(), made: 0 };
        state.add(Item { id: root, ..Item::new("My Drive", FOLDER, Content::None) });
        Self(Mutex::new(state))
    }
}

impl World {
    /// The folder at the top of the account's own drive.
    pub fn root(&self) -> String {
        self.lock().root.clone()
    }

    /// A shared drive; its id is that of the folder at its top.
    pub fn add_drive(&self, name: &str) -> String {
        let mut state = self.lock();
        let id = state.next_id("0AFakeDrive");
        state.add(Item { id, drive: None, is_drive: true, ..Item::new(name, FOLDER, Content::None) })
    }

    pub fn add_folder(&self, parent: &str, name: &str) -> String {
        self.put(parent, Item::new(name, FOLDER, Content::None))
    }

    /// A document, which is exported as Markdown, plain text or HTML.
    pub fn add_document(&self, parent: &str, name: &str, markdown: &str) -> String {
        let html = format!("<html><body><pre>{markdown}</pre></body></html>");
        let exports = [("text/markdown", markdown), ("text/plain", markdown), ("text/html", &html)];
        self.put(parent, Item::new(name, DOCUMENT, Content::exports(&exports)))
    }

    /// A sheet, which is exported as CSV.
    pub fn add_sheet(&self, parent: &str, name: &str, csv: &str) -> String {
        self.put(parent, Item::new(name, SHEET, Content::exports(&[("text/csv", csv)])))
    }

    /// Slides, which are exported as plain text.
    pub fn add_slides(&self, parent: &str, name: &str, text: &str) -> String {
        self.put(parent, Item::new(name, SLIDES, Content::exports(&[("text/plain", text)])))
    }

    /// Something of Google's that has no content to be had, such as a form.
    pub fn add_closed(&self, parent: &str, name: &str, mime: &str) -> String {
        self.put(parent, Item::new(name, mime, Content::exports(&[])))
    }

    /// A file with bytes of its own.
    pub fn add_file(&self, parent: &str, name: &str, mime: &str, bytes: &[u8]) -> String {
        self.put(parent, Item::new(name, mime, Content::Bytes(bytes.to_vec().into())))
    }

    /// Many files of plain text, `File 1.txt` and so on.
    pub fn add_files(&self, parent: &str, count: usize) -> Vec<String> {
        let file = |number| {
            let text = format!("What file {number} says.\n");
            self.add_file(parent, &format!("File {number}.txt"), "text/plain", text.as_bytes())
        };
        (1..=count).map(file).collect()
    }

    /// A shortcut to something, whether that can be seen or not.
    pub fn add_shortcut(&self, parent: &str, name: &str, target: &str) -> String {
        let shortcut = {
            let state = self.lock();
            let item = state.items.get(target);
            let mime = item.map_or(DOCUMENT, |item| item.mime.as_str()).to_owned();
            let resource_key = item.and_then(|item| item.resource_key.clone());
            Shortcut { target: target.to_owned(), mime, resource_key }
        };
        self.put(parent, Item { shortcut: Some(shortcut), ..Item::new(name, SHORTCUT, Content::None) })
    }

    /// Puts other bytes in place of a file's.
    pub fn set_bytes(&self, id: &str, bytes: &[u8]) {
        self.change(id, |item| item.content = Content::Bytes(bytes.to_vec().into()));
    }

    /// Sets one export of something of Google's.
    pub fn set_export(&self, id: &str, mime: &str, bytes: &[u8]) {
        self.change(id, |item| item.content.set_export(mime, bytes));
    }

    pub fn rename(&self, id: &str, name: &str) {
        self.change(id, |item| name.clone_into(&mut item.name));
    }

    /// Moves something, perhaps to another drive. That changes no time of the file, only the log.
    pub fn relocate(&self, id: &str, parent: &str) {
        let mut state = self.lock();
        let drive = state.drive_of(parent);
        let item = state.item_mut(id);
        (item.parent, item.drive) = (Some(parent.to_owned()), drive);
        state.note(id);
    }

    /// A file that comes with an older time than that of its arrival, as an upload does.
    pub fn set_modified(&self, id: &str, instant: Timestamp) {
        self.lock().item_mut(id).modified = instant;
    }

    /// Moves something to the bin; a folder takes along what is in it.
    pub fn trash(&self, id: &str) {
        self.change(id, |item| item.is_trashed = true);
    }

    pub fn restore(&self, id: &str) {
        self.change(id, |item| item.is_trashed = false);
    }

    /// Removes something for good, with all that is in it.
    pub fn delete(&self, id: &str) {
        let mut state = self.lock();
        for id in state.below(id) {
            state.note(&id);
            state.items.remove(&id);
        }
    }

    /// Takes the account's access to something away, and to all that is in it.
    pub fn unshare(&self, id: &str) {
        let mut state = self.lock();
        state.item_mut(id).is_shared = false;
        for id in state.below(id) {
            state.note(&id);
        }
    }

    /// Gives it back.
    pub fn share(&self, id: &str) {
        let mut state = self.lock();
        state.item_mut(id).is_shared = true;
        for id in state.below(id) {
            state.note(&id);
        }
    }

    /// The owner lets nobody download it.
    pub fn forbid_download(&self, id: &str) {
        self.change(id, |item| item.may_be_downloaded = false);
    }

    /// The service takes it for malware.
    pub fn mark_as_abusive(&self, id: &str) {
        self.change(id, |item| item.is_abusive = true);
    }

    /// Only who sends this key with the id may see it.
    pub fn set_resource_key(&self, id: &str, key: &str) {
        self.change(id, |item| item.resource_key = Some(key.to_owned()));
    }

    fn put(&self, parent: &str, item: Item) -> String {
        let mut state = self.lock();
        let drive = state.drive_of(parent);
        let id = state.next_id("1Fake");
        let id = state.add(Item { id, parent: Some(parent.to_owned()), drive, ..item });
        state.note(&id);
        id
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Item)) {
        let mut state = self.lock();
        state.now += PACE;
        let now = state.now;
        let item = state.item_mut(id);
        change(item);
        item.modified = now;
        item.version += 1;
        state.note(id);
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, mut item: Item) -> String {
        self.now += PACE;
        (item.created, item.modified) = (self.now, self.now);
        let id = item.id.clone();
        self.order.push(id.clone());
        self.items.insert(id.clone(), item);
        id
    }

    fn next_id(&mut self, start: &str) -> String {
        self.made += 1;
        // Spread, so that nobody takes the order of ids for that of making.
        let mixed = self.made.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("{start}{mixed:016x}")
    }

    /// Writes a change into the log of the drive where the thing is.
    fn note(&mut self, id: &str) {
        self.now += PACE;
        let drive = self.item(id).drive.clone();
        self.changes.push(Change { id: id.to_owned(), drive, at: self.now });
    }
}
