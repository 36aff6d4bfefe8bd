//! Writes a page's HTML while its elements open and close.
//!
//! The elements that are open lie on a stack of this module's own, so that no depth of a page is a depth of calls.

use quick_xml::events::BytesStart;

use super::element::{Fate, attribute, fate, start_tag};
use super::links::{Place, Resource, readable};
use super::macros::{self, Instead, Macro, link};
use super::open::{Frame, Kind};
use super::signs;

/// Elements that are open at once; what lies deeper keeps its text only.
const DEEPEST: usize = 256;
/// The most names in one warning.
const MOST_NAMES: usize = 20;

/// The page so far.
pub struct Writer<'p> {
    place: &'p Place<'p>,
    out: String,
    stack: Vec<Frame>,
    /// How many elements are open beyond the deepest.
    too_deep: usize,
    /// How many of the open elements are dropped.
    dropping: usize,
    /// Macros that show nothing of their own.
    missing: Vec<String>,
    /// Mentions of people without a name.
    unnamed: usize,
    is_damaged: bool,
}

impl<'p> Writer<'p> {
    /// Nothing yet of the page at this place.
    pub fn new(place: &'p Place<'p>) -> Self {
        Self {
            place,
            out: String::new(),
            stack: Vec::new(),
            too_deep: 0,
            dropping: 0,
            missing: Vec::new(),
            unnamed: 0,
            is_damaged: false,
        }
    }

    /// Text, escaped.
    pub fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A reference by its name, which whoever reads the HTML resolves.
    pub fn reference(&mut self, name: &str) {
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#') {
            self.out.extend(["&", name, ";"]);
        }
    }

    /// An element starts.
    pub fn open(&mut self, element: &BytesStart<'_>) {
        if self.stack.len() >= DEEPEST {
            self.too_deep += 1;
            return;
        }
        let kind = self.begin(element);
        self.dropping += usize::from(matches!(kind, Kind::Dropped));
        self.stack.push(Frame { name: element.name().as_ref().to_owned(), start: self.out.len(), kind });
    }

    /// Writes what stands for the start of an element.
    fn begin(&mut self, element: &BytesStart<'_>) -> Kind {
        let given = |name: &str| attribute(element, name);
        match element.name().as_ref() {
            "ac:structured-macro" | "ac:macro" => {
                Kind::Macro(Macro { name: given("ac:name").unwrap_or_default(), ..Macro::default() })
            }
            "ac:parameter" | "ac:default-parameter" => {
                Kind::Parameter { name: given("ac:name").unwrap_or_default(), resource: None }
            }
            "ac:rich-text-body" => self.rich_body(),
            "ac:plain-text-body" => self.plain_body(),
            "ac:link" => Kind::Link { anchor: given("ac:anchor"), resource: None, has_body: false },
            "ac:link-body" | "ac:plain-text-link-body" => self.link_body(),
            "ac:image" => {
                let words =
                    ["ac:alt", "ac:title"].into_iter().find_map(|name| given(name).filter(|words| !words.is_empty()));
                Kind::Image { words, resource: None, is_written: false }
            }
            "ac:caption" => self.caption(),
            "ac:emoticon" => {
                self.sign(given("ac:name").as_deref(), given("ac:emoji-fallback"));
                Kind::Opened
            }
            "ac:task-list" => self.around("<ul class=\"inline-task-list\">", "</ul>"),
            "ac:task" => Kind::Task { is_done: false },
            "ac:task-status" => Kind::TaskStatus,
            "ac:task-body" => self.task_body(),
            "ac:adf-extension" => Kind::Extension { has_content: false },
            "ac:adf-content" => {
                self.extension().into_iter().for_each(|has_content| *has_content = true);
                Kind::Opened
            }
            "ac:adf-fallback" if self.extension().is_some_and(|has_content| *has_content) => Kind::Dropped,
            "ac:adf-node" => match given("type").as_deref() {
                Some("panel") => self.around(macros::BOX, macros::BOX_END),
                Some("decision-list") => self.around("<ul>", "</ul>"),
                Some("decision-item") => self.around("<li>", "</li>"),
                _ => Kind::Opened,
            },
            "ac:layout-cell" => self.around("<div>", "</div>"),
            "time" => {
                self.out.push_str(&start_tag(element));
                Kind::Time(given("datetime").unwrap_or_default())
            }
            name if name.starts_with("ri:") => {
                self.point(element);
                Kind::Resource
            }
            name => self.plain(name, element),
        }
    }

    fn plain(&mut self, name: &str, element: &BytesStart<'_>) -> Kind {
        match fate(name) {
            Fate::Kept => {
                self.out.push_str(&start_tag(element));
                Kind::Element
            }
            Fate::Void => {
                self.out.push_str(&start_tag(element));
                Kind::Opened
            }
            Fate::Opened => Kind::Opened,
            Fate::Dropped => Kind::Dropped,
        }
    }

    fn around(&mut self, before: &str, after: &'static str) -> Kind {
        self.out.push_str(before);
        Kind::Around(after)
    }

    fn top(&mut self) -> Option<&mut Kind> {
        self.stack.last_mut().map(|frame| &mut frame.kind)
    }

    /// Whether the innermost extension of the new editor has content that was read.
    fn extension(&mut self) -> Option<&mut bool> {
        self.stack.iter_mut().rev().find_map(|frame| match &mut frame.kind {
            Kind::Extension { has_content } => Some(has_content),
            _ => None,
        })
    }

    fn rich_body(&mut self) -> Kind {
        let Some(Kind::Macro(owner)) = self.top() else { return Kind::Opened };
        owner.has_body = true;
        let around = owner.around_rich();
        self.around(&around.before, around.after)
    }

    fn plain_body(&mut self) -> Kind {
        let Some(Kind::Macro(owner)) = self.top() else { return Kind::Opened };
        owner.has_body = true;
        if let Some(around) = owner.around_plain() {
            self.around(&around.before, around.after)
        } else {
            let name = owner.name.clone();
            self.miss(name);
            Kind::Dropped
        }
    }

    fn link_body(&mut self) -> Kind {
        let place = self.place;
        let Some(Kind::Link { anchor, resource, has_body }) = self.top() else { return Kind::Opened };
        *has_body = true;
        match place.address(resource.as_ref(), anchor.as_deref()) {
            Some(address) => self.around(&format!("<a href=\"{address}\">"), "</a>"),
            None => Kind::Opened,
        }
    }

    fn caption(&mut self) -> Kind {
        let place = self.place;
        let Some(Kind::Image { words, resource, is_written }) = self.top() else { return Kind::Opened };
        *is_written = true;
        let picture = picture(place, words.as_deref(), resource.as_ref());
        self.around(&format!("<figure>{picture}<figcaption>"), "</figcaption></figure>")
    }

    fn task_body(&mut self) -> Kind {
        let start = match self.top() {
            Some(Kind::Task { is_done: true }) => "<li class=\"checked\">",
            _ => "<li>",
        };
        self.around(start, "</li>")
    }

    fn sign(&mut self, name: Option<&str>, fallback: Option<String>) {
        let named = name.and_then(signs::sign);
        match fallback.filter(|fallback| !fallback.is_empty()) {
            Some(fallback) => self.out.push_str(&fallback),
            None => self.out.push_str(named.unwrap_or_default()),
        }
    }

    /// Gives what an element points to to the link, picture or parameter around it.
    fn point(&mut self, element: &BytesStart<'_>) {
        let Some(frame) = self.stack.iter_mut().rev().find(|frame| !matches!(frame.kind, Kind::Resource)) else {
            return;
        };
        let (Kind::Link { resource, .. } | Kind::Image { resource, .. } | Kind::Parameter { resource, .. }) =
            &mut frame.kind
        else {
            return;
        };
        match (resource.as_mut(), Resource::read(element)) {
            (None, read) => *resource = read,
            // A page inside of a file's element says that the file is there rather than here.
            (Some(Resource::Attachment { is_own, .. }), Some(_)) => *is_own = false,
            (Some(_), _) => {}
        }
    }

    /// The innermost element of this name ends, and those inside of it.
    pub fn close(&mut self, name: &str) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let Some(place) = self.stack.iter().rposition(|frame| frame.name == name) else { return };
        while self.stack.len() > place {
            self.end();
        }
    }

    /// Ends the innermost element.
    fn end(&mut self) {
        let Some(Frame { name, start, kind }) = self.stack.pop() else { return };
        match kind {
            Kind::Element => self.out.extend(["</", &name, ">"]),
            Kind::Around(after) => self.out.push_str(after),
            Kind::Time(date) => {
                let is_empty = self.out.len() == start;
                self.out.extend([if is_empty { &date } else { "" }, "</time>"]);
            }
            Kind::Dropped => {
                self.out.truncate(start);
                self.dropping -= 1;
            }
            Kind::Parameter { name, resource } => {
                let value = self.out.split_off(start);
                if let Some(Kind::Macro(owner)) = self.top() {
                    owner.parameters.push((name, value));
                    owner.resource = resource.or(owner.resource.take());
                }
            }
            Kind::Macro(owner) if owner.has_body => {}
            Kind::Macro(owner) => match owner.instead(self.place) {
                Instead::Shown(text) => self.out.push_str(&text),
                Instead::Nothing => {}
                Instead::Missing(name) => self.miss(name),
            },
            Kind::Link { anchor, resource, has_body } => self.end_link(anchor.as_deref(), resource, has_body),
            Kind::Image { words, resource, is_written: false } => {
                self.out.push_str(&picture(self.place, words.as_deref(), resource.as_ref()));
            }
            Kind::TaskStatus => {
                let is_complete = self.out.split_off(start).trim() == "complete";
                if let Some(Kind::Task { is_done }) = self.top() {
                    *is_done = is_complete;
                }
            }
            Kind::Image { .. } | Kind::Task { .. } | Kind::Extension { .. } | Kind::Resource | Kind::Opened => {}
        }
    }

    fn end_link(&mut self, anchor: Option<&str>, resource: Option<Resource>, has_body: bool) {
        if has_body {
            return;
        }
        if let Some(Kind::Parameter { resource: of_parameter, .. }) = self.top() {
            *of_parameter = resource;
            return;
        }
        self.unnamed += usize::from(resource == Some(Resource::User(None)) && self.dropping == 0);
        let words = resource.as_ref().map(Resource::words).or(anchor.map(str::to_owned)).unwrap_or_default();
        self.out.push_str(&link(self.place.address(resource.as_ref(), anchor), &words));
    }

    fn miss(&mut self, name: String) {
        if self.dropping == 0 && !self.missing.contains(&name) && self.missing.len() <= MOST_NAMES {
            self.missing.push(name);
        }
    }

    /// The markup is damaged here, and nothing comes any more.
    pub fn break_off(&mut self) {
        self.is_damaged = true;
    }

    /// The HTML, and what was left out.
    pub fn finish(mut self) -> (String, Vec<String>) {
        while !self.stack.is_empty() {
            self.end();
        }
        let mut warnings = Vec::new();
        if self.is_damaged {
            warnings.push("the page's markup breaks off; what comes after is missing".to_owned());
        }
        if !self.missing.is_empty() {
            let more = if self.missing.len() > MOST_NAMES { " and more" } else { "" };
            let names: Vec<String> = self.missing.iter().take(MOST_NAMES).map(|name| readable(name)).collect();
            let names = names.join(", ");
            warnings.push(format!("left out, because Confluence makes it only when the page is shown: {names}{more}"));
        }
        if self.unnamed > 0 {
            let count = self.unnamed;
            warnings.push(format!("{count} mentions of people are shown as @user: the page holds no names"));
        }
        (self.out, warnings)
    }
}

fn picture(place: &Place<'_>, words: Option<&str>, resource: Option<&Resource>) -> String {
    let Some(resource) = resource else { return String::new() };
    let source = place.address(Some(resource), None).map(|address| format!(" src=\"{address}\"")).unwrap_or_default();
    let named = || match resource {
        Resource::Attachment { .. } => resource.words(),
        _ => String::new(),
    };
    format!("<img{source} alt=\"{}\">", words.map_or_else(named, str::to_owned))
}
