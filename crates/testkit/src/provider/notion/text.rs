//! Rich text: spans with their looks, as the interface gives them and as its Markdown writes them.

use serde_json::{Value, json};

/// What has to be escaped outside code, by the vendor's guide to its Markdown.
const SPECIAL: &str = "\\*~`$[]<>{}|^";

/// A run of spans.
#[derive(Debug, Clone, Default)]
pub struct Text(Vec<Span>);

#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the vendor's annotations have a flag for each of them")]
struct Span {
    text: String,
    bold: bool,
    italic: bool,
    strikethrough: bool,
    code: bool,
    link: Option<String>,
    kind: Kind,
}

#[derive(Debug, Clone, Default)]
enum Kind {
    #[default]
    Plain,
    /// A mention of a page by its id.
    Page(String),
    /// A mention of a day, such as `2026-01-31`.
    Day(String),
    Equation,
}

impl Text {
    /// Nothing.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Followed by plain text.
    #[must_use]
    pub fn plain(self, text: &str) -> Self {
        self.and(text, |_| {})
    }

    /// Followed by bold text.
    #[must_use]
    pub fn bold(self, text: &str) -> Self {
        self.and(text, |span| span.bold = true)
    }

    /// Followed by slanted text.
    #[must_use]
    pub fn italic(self, text: &str) -> Self {
        self.and(text, |span| span.italic = true)
    }

    /// Followed by text that is crossed out.
    #[must_use]
    pub fn struck(self, text: &str) -> Self {
        self.and(text, |span| span.strikethrough = true)
    }

    /// Followed by code.
    #[must_use]
    pub fn code(self, text: &str) -> Self {
        self.and(text, |span| span.code = true)
    }

    /// Followed by a link.
    #[must_use]
    pub fn link(self, text: &str, url: &str) -> Self {
        self.and(text, |span| span.link = Some(url.to_owned()))
    }

    /// Followed by a mention of a page.
    #[must_use]
    pub fn mention(self, title: &str, page: &str) -> Self {
        self.and(title, |span| {
            span.link = Some(format!("https://www.notion.so/{}", page.replace('-', "")));
            span.kind = Kind::Page(page.to_owned());
        })
    }

    /// Followed by a mention of a day.
    #[must_use]
    pub fn day(self, day: &str) -> Self {
        self.and(day, |span| span.kind = Kind::Day(day.to_owned()))
    }

    /// Followed by a formula.
    #[must_use]
    pub fn equation(self, expression: &str) -> Self {
        self.and(expression, |span| span.kind = Kind::Equation)
    }

    fn and(mut self, text: &str, change: impl FnOnce(&mut Span)) -> Self {
        let mut span = Span { text: text.to_owned(), ..Span::default() };
        change(&mut span);
        self.0.push(span);
        self
    }

    /// The words alone.
    pub fn words(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// As the interface gives it.
    pub fn json(&self) -> Value {
        self.0.iter().map(Span::json).collect()
    }

    /// As the Markdown of the interface writes it.
    pub fn markdown(&self) -> String {
        self.0.iter().map(Span::markdown).collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::empty() } else { Self::empty().plain(text) }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl Span {
    fn json(&self) -> Value {
        let (kind, content) = match &self.kind {
            Kind::Plain => {
                let link = self.link.as_ref().map(|url| json!({ "url": url }));
                ("text", json!({ "content": self.text, "link": link }))
            }
            Kind::Page(id) => ("mention", json!({ "type": "page", "page": { "id": id } })),
            Kind::Day(day) => {
                ("mention", json!({ "type": "date", "date": { "start": day, "end": null, "time_zone": null } }))
            }
            Kind::Equation => ("equation", json!({ "expression": self.text })),
        };
        json!({
            "type": kind,
            kind: content,
            "annotations": {
                "bold": self.bold, "italic": self.italic, "strikethrough": self.strikethrough,
                "underline": false, "code": self.code, "color": "default",
            },
            "plain_text": self.text,
            "href": self.link,
        })
    }

    fn markdown(&self) -> String {
        let text = match &self.kind {
            Kind::Page(_) => {
                let url = self.link.as_deref().unwrap_or_default();
                return format!("<mention-page url=\"{url}\">{}</mention-page>", escaped(&self.text));
            }
            Kind::Day(day) => return format!("<mention-date start=\"{day}\"/>"),
            Kind::Equation => return format!("$`{}`$", self.text),
            Kind::Plain if self.code => format!("`{}`", self.text),
            Kind::Plain => escaped(&self.text),
        };
        let marks = [(self.bold, "**"), (self.italic, "*"), (self.strikethrough, "~~")];
        let marked =
            marks.iter().filter(|(is_set, _)| *is_set).fold(text, |text, (_, mark)| format!("{mark}{text}{mark}"));
        match &self.link {
            Some(url) => format!("[{marked}]({url})"),
            None => marked,
        }
    }
}

/// Text with its special characters escaped and its line breaks written as the guide says.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\n' {
            written.push_str("<br>");
            continue;
        }
        if SPECIAL.contains(character) {
            written.push('\\');
        }
        written.push(character);
    }
    written
}
