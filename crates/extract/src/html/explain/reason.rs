//! Puts a decision into words, from the rule that made it.

use super::super::attribute::Attribute;
use super::super::dropped::Why;
use super::super::marks::{self, Marks};
use super::super::measure::Measures;
use super::super::name::Name;
use super::super::rules::Meaning;
use super::super::select::Content;
use super::super::tree::{Id, Tree};
use super::excerpt::excerpt;

/// Finds the words for what was decided of a page.
pub struct Reasons<'a> {
    pub tree: &'a Tree,
    pub content: &'a Content,
    /// What the words of its elements say.
    pub marks: Marks,
    /// Whether the site's owner chose the content.
    pub is_wanted: bool,
    /// All letters, of what is left out too.
    pub all: Measures,
}

impl Reasons<'_> {
    /// Why a part was chosen.
    pub fn chosen(&self, root: Id) -> String {
        let tree = self.tree;
        if self.is_wanted {
            return "a selector of what to keep on this site matches it".to_owned();
        }
        let named = |meaning| self.by_word(root, meaning);
        match (tree.name(root), self.marks.meaning(root)) {
            (_, Some(Meaning::Content)) => format!("the content, {}", named(Meaning::Content)),
            (_, Some(Meaning::Post)) => format!("a post, {}", named(Meaning::Post)),
            (_, Some(Meaning::Byline)) => format!("who wrote the post after it, {}", named(Meaning::Byline)),
            (Name::Time, _) => "when the post after it was written".to_owned(),
            (Name::Body, _) => "the whole page; no part of it holds nearly all of its prose".to_owned(),
            (Name::Main, _) => "the page's <main>".to_owned(),
            (Name::Article, _) => "the one <article> that holds most of the page's prose".to_owned(),
            _ if tree.attribute(root, Attribute::Role) == Some("main") => "the part with role=main".to_owned(),
            _ if tree.attribute(root, Attribute::Itemprop) == Some("articleBody") => {
                "the part with itemprop=articleBody".to_owned()
            }
            _ if self.content.roots.len() > 1 && self.content.roots[0] == root => {
                "the heading of the content, outside of it".to_owned()
            }
            _ => "the smallest part that holds nearly all of the page's prose".to_owned(),
        }
    }

    /// Why a node was left out.
    pub fn dropped(&self, id: Id) -> String {
        match self.content.dropped.why(id) {
            Some(Why::Under(heading)) => format!("under the heading “{}”", excerpt(self.tree, heading)),
            Some(Why::Menu) => "nothing but links, before the main heading".to_owned(),
            Some(Why::Unwanted) => "a selector of what to leave out on this site matches it".to_owned(),
            Some(Why::Recurs) => "it recurs on many pages of the site".to_owned(),
            Some(Why::Landmark) => self.landmark(id),
            Some(Why::Words) => self.words(id),
            None => "what sites set around every text".to_owned(),
        }
    }

    fn landmark(&self, id: Id) -> String {
        let tree = self.tree;
        if let Name::Nav | Name::Header | Name::Footer | Name::Dialog | Name::Aside = tree.name(id) {
            return format!("the landmark <{}>", tree.name(id));
        }
        match tree.attribute(id, Attribute::Role) {
            Some(role) if self.marks.meaning(id) != Some(Meaning::Consent) => format!("the landmark role={role}"),
            _ if self.marks.meaning(id) == Some(Meaning::Consent) => {
                format!("asks for consent, {}", self.by_word(id, Meaning::Consent))
            }
            _ => "hidden, and nothing on the page shows it".to_owned(),
        }
    }

    fn words(&self, id: Id) -> String {
        let tree = self.tree;
        match self.marks.meaning(id) {
            Some(Meaning::Chrome) => format!("around the text, {}", self.by_word(id, Meaning::Chrome)),
            Some(Meaning::Comments) => {
                format!("readers' comments on a page that is no discussion, {}", self.by_word(id, Meaning::Comments))
            }
            Some(word @ (Meaning::Aside | Meaning::Column | Meaning::Closing)) if self.linked(id) > 50 => {
                format!("beside the text, {}; {} % of it are links", self.by_word(id, word), self.linked(id))
            }
            Some(Meaning::Closing) => format!("below the text, {}", self.by_word(id, Meaning::Closing)),
            Some(Meaning::Column) => format!("a column beside the text, {}", self.by_word(id, Meaning::Column)),
            _ if tree.name(id) == Name::Form => "a form".to_owned(),
            _ => "a line that sites set around every text, by its words".to_owned(),
        }
    }

    /// How much of a part is links, in percent.
    fn linked(&self, id: Id) -> u32 {
        let (linked, letters) = (self.all.linked(self.tree, id), self.all.letters(self.tree, id).max(1));
        let (linked, letters) = (u64::from(linked), u64::from(letters));
        u32::try_from(linked * 100 / letters).unwrap_or(100)
    }

    fn by_word(&self, id: Id, meaning: Meaning) -> String {
        match marks::word_for(self.tree, id, meaning) {
            Some((word, Some(user))) => format!("by the word `{word}` ({user})"),
            Some((word, None)) => format!("by a part of the word `{word}`"),
            None => "by its class or id".to_owned(),
        }
    }

    /// Whether an element that is never text holds some that a reader might miss.
    pub fn is_worth_a_word(&self, id: Id) -> bool {
        matches!(
            self.tree.name(id),
            Name::Noscript | Name::Template | Name::Svg | Name::Select | Name::Textarea | Name::Object | Name::Iframe
        )
    }

    /// Why an element is never text.
    pub fn silent(&self, id: Id) -> String {
        format!("a <{}> is no text", self.tree.name(id))
    }
}
