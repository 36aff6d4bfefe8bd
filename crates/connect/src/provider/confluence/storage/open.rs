//! The elements that are open while a page is read.

use super::links::Resource;
use super::macros::Macro;

/// An open element.
#[derive(Debug)]
pub struct Frame {
    /// Its name, prefix and all.
    pub name: String,
    /// Where in the output its content starts.
    pub start: usize,
    /// What it is.
    pub kind: Kind,
}

/// What an open element is, and what is known of it so far.
#[derive(Debug)]
pub enum Kind {
    /// An element that stays; its end is written with its name.
    Element,
    /// One of which only the content stays.
    Opened,
    /// One whose end is written like this.
    Around(&'static str),
    /// One that goes with its content.
    Dropped,
    /// A date.
    Time(String),
    /// A macro.
    Macro(Macro),
    /// A parameter of a macro.
    Parameter { name: String, resource: Option<Resource> },
    /// A link to something in Confluence.
    Link { anchor: Option<String>, resource: Option<Resource>, has_body: bool },
    /// A picture.
    Image { words: Option<String>, resource: Option<Resource>, is_written: bool },
    /// What a link, a picture or a parameter points to.
    Resource,
    /// A task.
    Task { is_done: bool },
    /// Whether it is done.
    TaskStatus,
    /// What the new editor writes beside what the old one understands.
    Extension { has_content: bool },
}
