//! Reads Office packages: their parts as text, and the relations that tie parts to each other.

use std::collections::HashMap;
use std::rc::Rc;

use model::Failure;
use url::Url;

use crate::archive::{self, Archive};
use crate::xml::{self, Node, Xml};

/// More relations than a part needs; a hostile part lists millions.
const MAX_RELATIONS: usize = 100_000;

/// An Office package.
pub struct Package<'a> {
    archive: Archive<'a>,
}

/// What a part refers to by an id.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The last word of its type, such as `hyperlink`.
    pub kind: String,
    /// The name of the other part, or an address outside.
    pub target: String,
}

/// What a package says about itself.
#[derive(Debug, Default)]
pub struct Properties {
    /// The title that its author gave it.
    pub title: Option<String>,
    /// Its language.
    pub language: Option<String>,
}

impl<'a> Package<'a> {
    /// Opens the container.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self { archive: Archive::open(bytes)? })
    }

    /// A part as text.
    pub fn part(&self, name: &str) -> Result<Option<String>, Failure> {
        Ok(self.archive.read(name)?.map(|bytes| xml::text(&bytes)))
    }

    /// The name of the part that holds the document; `usual` when nothing says so.
    pub fn main_part(&self, usual: &str) -> Result<String, Failure> {
        let relations = self.relations("")?;
        let mut mains = relations.into_values().filter(|relation| relation.kind == "officeDocument");
        Ok(mains
            .next()
            .map(|main| main.target)
            .filter(|main| self.archive.has(main))
            .unwrap_or_else(|| usual.to_owned()))
    }

    /// What a part refers to, by id.
    pub fn relations(&self, part: &str) -> Result<HashMap<String, Relation>, Failure> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let list = if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
        let Some(text) = self.part(&list)? else { return Ok(HashMap::new()) };
        let mut relations = HashMap::new();
        for node in Xml::new(&text).take(MAX_RELATIONS) {
            let Node::Open(element) = node else { continue };
            let (Some(id), Some(kind), Some(target)) =
                (element.attribute("Id"), element.attribute("Type"), element.attribute("Target"))
            else {
                continue;
            };
            let is_outside = element.attribute("TargetMode").is_some_and(|mode| mode == "External");
            let target = if is_outside { target } else { archive::path(folder, &target) };
            relations.insert(id, Relation { kind: kind.rsplit('/').next().unwrap_or_default().to_owned(), target });
        }
        Ok(relations)
    }

    /// What the package says about itself.
    pub fn properties(&self) -> Result<Properties, Failure> {
        let text = self.part("docProps/core.xml")?.unwrap_or_default();
        let mut properties = Properties::default();
        let mut open = String::new();
        for node in Xml::new(&text) {
            match node {
                Node::Open(element) => open = element.name(),
                Node::Close(_) => open.clear(),
                Node::Text(text) if open == "title" => properties.title.get_or_insert_default().push_str(&text),
                Node::Text(text) if open == "language" => properties.language = Some(text),
                Node::Text(_) => {}
            }
        }
        properties.title = properties.title.filter(|title| is_telling(title));
        Ok(properties)
    }

    /// A sentence for people when something had to be left out.
    pub fn warnings(&self) -> Vec<String> {
        let text = "the file is damaged; what could be read of it is here, and saving it again may bring the rest";
        self.archive.is_damaged().then(|| text.to_owned()).into_iter().collect()
    }
}

/// Programs put their own names where nobody gave a title.
fn is_telling(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    !matches!(
        title.as_str(),
        "" | "powerpoint presentation" | "word document" | "document" | "untitled" | "presentation"
    ) && !title.starts_with("microsoft ")
}

/// The address of a link when a reader can follow it.
pub fn address(target: &str) -> Option<Rc<str>> {
    let url = Url::parse(target.trim()).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.as_str().into())
}
