//! What a help centre holds, and every way to change it while it is open.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::people::People;
use super::shelf::{Article, Audience, File, Kind, Segment, Shelf, Text};

/// When the clock of every new help centre starts: 2026-11-02T09:00:00Z, in seconds.
pub const START: i64 = 1_793_610_000;
/// How far one change moves the clock, in seconds.
const STEP: i64 = 60;
/// Ids of life are past 2^32, so that a reader with 32 bits shows itself.
const FIRST_ID: i64 = 33_153_710_000_000;

/// What an account may ask in a minute.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Requests, as the headers say.
    pub per_minute: u32,
    /// Whether more are refused. Tests that ask faster than a minute passes say so themselves.
    pub is_kept: bool,
}

/// A help centre of one brand.
#[derive(Debug, Clone)]
pub struct World {
    /// The locale of what is made next; the first of [`World::locales`] at the start.
    pub default_locale: String,
    /// Enabled locales.
    pub locales: Vec<String>,
    /// Whether who is not signed in may read.
    pub open: bool,
    /// Who may ask.
    pub people: People,
    /// How much the account may ask.
    pub plan: Plan,
    /// The largest page by cursor; a larger one that is asked for is cut to it without a word.
    pub largest_page: usize,
    /// The largest page of the incremental export.
    pub incremental_page: usize,
    pub(super) shelves: BTreeMap<i64, Shelf>,
    pub(super) articles: BTreeMap<i64, Article>,
    pub(super) segments: BTreeMap<i64, Segment>,
    pub(super) files: BTreeMap<i64, File>,
    now: i64,
    last_id: i64,
}

impl World {
    /// An open and empty help centre in these locales; the first is the default.
    ///
    /// # Panics
    /// Without a locale.
    pub fn new(locales: &[&str]) -> Self {
        Self {
            default_locale: (*locales.first().expect("a help centre has a default locale")).to_owned(),
            locales: locales.iter().map(|locale| (*locale).to_owned()).collect(),
            open: true,
            people: People::default(),
            plan: Plan { per_minute: 700, is_kept: false },
            largest_page: 100,
            incremental_page: 1_000,
            shelves: BTreeMap::new(),
            articles: BTreeMap::new(),
            segments: BTreeMap::new(),
            files: BTreeMap::new(),
            now: START,
            last_id: FIRST_ID,
        }
    }

    /// An English help centre of this many published articles, in ten categories of five sections each.
    pub fn big(articles: usize) -> Self {
        let mut world = Self::new(&["en-us"]);
        let mut sections = Vec::new();
        for category in 0..10 {
            let category = world.category(&format!("Category {category}"));
            sections.extend((0..5).map(|section| world.section(category, &format!("Section {section}"))));
        }
        for (number, section) in (0..articles).zip(sections.iter().cycle()) {
            let body = format!("<p>Article number {number} explains one thing and no other.</p>");
            world.article(*section, &format!("Article {number}"), &body);
        }
        world
    }

    /// The time of the help centre, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Lets time pass.
    pub fn wait(&mut self, seconds: i64) {
        self.now += seconds;
    }

    fn tick(&mut self) -> i64 {
        self.now += STEP;
        self.now
    }

    fn id(&mut self) -> i64 {
        self.last_id += 17;
        self.last_id
    }

    /// A category.
    pub fn category(&mut self, name: &str) -> i64 {
        self.shelf(Kind::Category, name)
    }

    /// A section of a category.
    pub fn section(&mut self, category: i64, name: &str) -> i64 {
        self.shelf(Kind::Section { category, parent: None }, name)
    }

    /// A section of a section.
    ///
    /// # Panics
    /// When the parent is not a section.
    pub fn section_under(&mut self, parent: i64, name: &str) -> i64 {
        let Kind::Section { category, .. } = self.shelves[&parent].kind else { panic!("{parent} is no section") };
        self.shelf(Kind::Section { category, parent: Some(parent) }, name)
    }

    fn shelf(&mut self, kind: Kind, name: &str) -> i64 {
        let (id, text) = (self.id(), self.text(name, Some("")));
        let texts = BTreeMap::from([(self.default_locale.clone(), text)]);
        let created_at = self.now;
        self.shelves
            .insert(id, Shelf { id, kind, position: 0, source_locale: self.default_locale.clone(), texts, created_at });
        id
    }

    fn text(&mut self, title: &str, body: Option<&str>) -> Text {
        let at = self.tick();
        Text {
            id: self.id(),
            title: title.to_owned(),
            body: body.map(ToOwned::to_owned),
            draft: false,
            outdated: false,
            created_at: at,
            edited_at: at,
        }
    }

    /// A published article that everybody may read, in the default locale.
    pub fn article(&mut self, section: i64, title: &str, body: &str) -> i64 {
        let (id, text) = (self.id(), self.text(title, Some(body)));
        let locale = self.default_locale.clone();
        let article = Article {
            id,
            section,
            author: self.people.author(),
            position: 0,
            promoted: false,
            votes: Vec::new(),
            labels: Vec::new(),
            tags: Vec::new(),
            segments: Vec::new(),
            source_locale: locale.clone(),
            texts: BTreeMap::from([(locale, text)]),
            created_at: self.now,
            updated_at: self.now,
        };
        self.articles.insert(id, article);
        id
    }

    /// Writes an article or a shelf in a locale, for the first time or anew. The time of the edit moves.
    pub fn write(&mut self, id: i64, locale: &str, title: &str, body: Option<&str>) {
        let fresh = self.text(title, body);
        let now = self.now;
        let texts = match self.articles.get_mut(&id) {
            Some(article) => {
                article.updated_at = now;
                &mut article.texts
            }
            None => &mut self.shelves.get_mut(&id).expect("the test made this id").texts,
        };
        match texts.get_mut(locale) {
            Some(text) => *text = Text { id: text.id, draft: text.draft, created_at: text.created_at, ..fresh },
            None => {
                texts.insert(locale.to_owned(), fresh);
            }
        }
    }

    /// Changes what is known of an article without a change of its text: votes, labels, position, section. The time of
    /// the update moves and the time of the edit does not.
    ///
    /// # Panics
    /// When there is no such article.
    pub fn touch(&mut self, article: i64, change: impl FnOnce(&mut Article)) {
        let now = self.tick();
        let article = self.articles.get_mut(&article).expect("the test made this id");
        change(article);
        article.updated_at = now;
    }

    /// Makes a translation a draft, or publishes it.
    pub fn draft(&mut self, article: i64, locale: &str, draft: bool) {
        self.touch(article, |article| article.text_mut(locale).draft = draft);
    }

    /// Marks a translation as behind its source.
    pub fn outdate(&mut self, article: i64, locale: &str) {
        self.touch(article, |article| article.text_mut(locale).outdated = true);
    }

    /// Moves an article to another section.
    pub fn move_to(&mut self, article: i64, section: i64) {
        self.touch(article, |article| article.section = section);
    }

    /// A user segment.
    pub fn segment(&mut self, name: &str, audience: Audience) -> i64 {
        let (id, at) = (self.id(), self.tick());
        self.segments.insert(id, Segment { id, name: name.to_owned(), audience, created_at: at });
        id
    }

    /// Lets only these segments read an article; without one, everybody.
    pub fn restrict(&mut self, article: i64, segments: &[i64]) {
        self.touch(article, |article| article.segments = segments.to_vec());
    }

    /// Deletes an article, which Zendesk calls to archive it: it is gone from every listing and cannot be read.
    pub fn archive(&mut self, article: i64) {
        self.tick();
        self.articles.remove(&article);
    }

    /// Takes a category or section away and leaves what stood in it, as a reader sees it between two listings.
    pub fn lose_shelf(&mut self, id: i64) {
        self.tick();
        self.shelves.remove(&id);
    }

    /// Puts a section under another one, or right under its category.
    ///
    /// # Panics
    /// When there is no such section.
    pub fn move_section(&mut self, section: i64, under: Option<i64>) {
        self.tick();
        match &mut self.shelves.get_mut(&section).expect("the test made this id").kind {
            Kind::Section { parent, .. } => *parent = under,
            Kind::Category => panic!("{section} is no section"),
        }
    }

    /// Attaches a file to an article.
    pub fn attach(&mut self, article: i64, name: &str, media_type: &str, bytes: impl Into<Bytes>) -> i64 {
        self.store(article, name, media_type, bytes.into(), false)
    }

    /// Attaches a picture that stands in the text of an article.
    pub fn attach_inline(&mut self, article: i64, name: &str, media_type: &str, bytes: impl Into<Bytes>) -> i64 {
        self.store(article, name, media_type, bytes.into(), true)
    }

    fn store(&mut self, article: i64, name: &str, media_type: &str, bytes: Bytes, inline: bool) -> i64 {
        let (id, created_at) = (self.id(), self.tick());
        let (name, media_type) = (name.to_owned(), media_type.to_owned());
        self.files.insert(id, File { id, article, name, media_type, inline, bytes, created_at });
        id
    }

    /// How many articles there are, drafts and restricted ones too.
    pub fn count(&self) -> usize {
        self.articles.len()
    }

    /// The id of every article.
    pub fn article_ids(&self) -> Vec<i64> {
        self.articles.keys().copied().collect()
    }

    pub(super) fn category_of(&self, section: i64) -> Option<i64> {
        match self.shelves.get(&section)?.kind {
            Kind::Section { category, .. } => Some(category),
            Kind::Category => None,
        }
    }
}
