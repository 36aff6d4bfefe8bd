//! What is asked of a provider and what comes of it, the same for all.

pub use model::Identity;
use model::WebUrl;

use crate::Body;

/// One item to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name at the provider.
    pub external_id: String,
    /// The provider's word for what it is.
    pub object: String,
    /// The version that was read last; `None` when it must be read whatever its version.
    pub known: Option<String>,
}

/// What came of reading an item.
#[derive(Debug)]
pub enum Reading {
    /// It is still the known version.
    Unchanged,
    /// Its content.
    Content(Box<Content>),
}

/// The content of an item.
#[derive(Debug)]
pub struct Content {
    /// What changes whenever the content does; `None` where the provider has no such thing.
    pub version: Option<String>,
    /// The title; empty where the content tells its own.
    pub title: String,
    /// The item's page.
    pub url: String,
    /// The content itself.
    pub form: Form,
    /// What was left out or is doubtful, a sentence each.
    pub warnings: Vec<String>,
}

/// How the content of an item comes.
#[derive(Debug)]
pub enum Form {
    /// Text of which everything is content.
    Text {
        /// `text/markdown`, `text/html`, `text/csv` or `text/plain`.
        media_type: &'static str,
        /// The text.
        text: String,
    },
    /// A file, which is told by its bytes.
    File {
        /// What the provider says that it is.
        media_type: Option<String>,
        /// The bytes.
        body: Body,
    },
}

impl Form {
    /// A page of HTML of which everything is content, and whose relative links are to be read at this address.
    pub fn html(address: &WebUrl, body: &str) -> Self {
        let base = address.as_str().replace('&', "&amp;").replace('"', "&quot;");
        // Without a head a piece of HTML may look like any other text.
        let head = format!("<!DOCTYPE html><meta charset=\"utf-8\"><base href=\"{base}\">");
        Self::Text { media_type: "text/html", text: format!("{head}{body}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_html_becomes_a_page_with_an_address() {
        let address = WebUrl::parse("https://acme.example/wiki/x?a=1&b=\"2").unwrap();
        let Form::Text { media_type, text } = Form::html(&address, "<p>x</p>") else { panic!("HTML is text") };
        let head = "<!DOCTYPE html><meta charset=\"utf-8\">";
        assert_eq!(media_type, "text/html");
        assert_eq!(text, format!("{head}<base href=\"https://acme.example/wiki/x?a=1&amp;b=%222\"><p>x</p>"));
    }
}
