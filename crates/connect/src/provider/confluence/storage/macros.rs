//! What macros come to in a text: boxes, code, formulas, links to what they show, or nothing that could be known.

use super::element::escaped;
use super::links::{Place, Resource};

/// A macro whose start and parameters were read. All texts are escaped.
#[derive(Debug, Default)]
pub struct Macro {
    /// Its name.
    pub name: String,
    /// Its parameters, by name.
    pub parameters: Vec<(String, String)>,
    /// What its parameters point to.
    pub resource: Option<Resource>,
    /// Whether a body of it was seen.
    pub has_body: bool,
}

/// What is written around the body of a macro.
#[derive(Debug, PartialEq, Eq)]
pub struct Around {
    /// Before it.
    pub before: String,
    /// After it.
    pub after: &'static str,
}

/// What stands for a macro without a body.
#[derive(Debug, PartialEq, Eq)]
pub enum Instead {
    /// This text.
    Shown(String),
    /// Nothing, and nothing is missed.
    Nothing,
    /// Nothing: only Confluence could say what it shows. This is its name.
    Missing(String),
}

/// The start of a box that advises or warns; readers of HTML know it by this class of Confluence's own.
pub const BOX: &str = "<div class=\"confluence-information-macro\">";
/// Its end.
pub const BOX_END: &str = "</div>";

/// Languages of the code macro that are none.
const NO_LANGUAGE: [&str; 3] = ["none", "text", "plain"];
/// Plain bodies that are for the browser rather than for a reader.
const FOR_BROWSERS: [&str; 4] = ["style", "css", "javascript", "script"];

impl Macro {
    /// The value of a parameter that is not empty.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// What is written around a body of rich text.
    pub fn around_rich(&self) -> Around {
        let title = self.parameter("title").map(titled).unwrap_or_default();
        match self.name.as_str() {
            "info" | "note" | "tip" | "warning" | "panel" => Around { before: format!("{BOX}{title}"), after: BOX_END },
            "expand" | "ui-expand" => {
                let label = self.parameter("title").map(|title| format!("<summary>{title}</summary>"));
                Around { before: format!("<details>{}", label.unwrap_or_default()), after: "</details>" }
            }
            _ => Around { before: title, after: "" },
        }
    }

    /// What is written around a body of plain text; nothing where the body is not for readers.
    pub fn around_plain(&self) -> Option<Around> {
        let language = match self.name.as_str() {
            "mathblock" | "latex" => {
                return Some(Around { before: "<div class=\"math\">$$".to_owned(), after: "$$</div>" });
            }
            name if FOR_BROWSERS.contains(&name) => return None,
            "code" => self.parameter("language"),
            "noformat" | "unmigrated-wiki-markup" | "unmigrated-inline-wiki-markup" => None,
            name => Some(name),
        };
        let title = self.parameter("title").map(titled).unwrap_or_default();
        let class = language.filter(|name| is_language(name)).map(|name| format!(" class=\"language-{name}\""));
        Some(Around { before: format!("{title}<pre><code{}>", class.unwrap_or_default()), after: "</code></pre>" })
    }

    /// What stands for the macro when it had no body.
    pub fn instead(&self, place: &Place<'_>) -> Instead {
        let shown = match self.name.as_str() {
            "" | "anchor" | "pagebreak" => return Instead::Nothing,
            "status" => self.parameter("title").map(str::to_owned),
            "jira" => self.parameter("key").map(str::to_owned),
            "mathinline" | "eazy-math-inline" => {
                self.parameter("body").map(|body| format!("<span class=\"math\">\\({body}\\)</span>"))
            }
            "mathblock" | "eazy-math-block" => {
                self.parameter("body").map(|body| format!("<div class=\"math\">$${body}$$</div>"))
            }
            "widget" | "iframe" => self.linked(place),
            _ if matches!(self.resource, Some(Resource::Attachment { .. })) => self.linked(place),
            _ => None,
        };
        shown.map_or_else(|| Instead::Missing(self.told()), Instead::Shown)
    }

    /// A link to what the macro would show.
    fn linked(&self, place: &Place<'_>) -> Option<String> {
        let given = ["url", "src"].iter().find_map(|name| self.parameter(name)).filter(|url| url.starts_with("http"));
        let given = given.map(|url| Resource::Url(url.to_owned()));
        let resource = self.resource.as_ref().or(given.as_ref())?;
        Some(link(place.address(Some(resource), None), &resource.words()))
    }

    /// Its name, with that of the page which it would show.
    fn told(&self) -> String {
        match &self.resource {
            Some(resource @ (Resource::Page { .. } | Resource::Named(_))) => {
                format!("{} of {}", self.name, resource.words())
            }
            _ => self.name.clone(),
        }
    }
}

/// Words that lead somewhere, or only the words.
pub fn link(address: Option<String>, words: &str) -> String {
    address.map_or_else(|| words.to_owned(), |address| format!("<a href=\"{address}\">{words}</a>"))
}

fn titled(title: &str) -> String {
    format!("<p><strong>{title}</strong></p>")
}

fn is_language(name: &str) -> bool {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#-._".contains(&byte));
    !NO_LANGUAGE.contains(&name) && escaped(name) == name && is_name(name)
}
