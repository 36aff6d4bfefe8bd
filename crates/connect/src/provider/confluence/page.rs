//! One page as Confluence describes it, in either version of its interface. What is missing is empty.

use model::WebUrl;
use serde_json::Value;

use crate::provider::{field, id};

/// What a page lies below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parent {
    /// Another page, by its id.
    Page(String),
    /// A folder, by its id.
    Folder(String),
}

/// A page, and the address of the site that its links start from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The record.
    pub record: &'a Value,
    /// The site, as the account has it: for answers that do not tell.
    pub site: &'a str,
}

impl<'a> Page<'a> {
    /// Its id.
    pub fn id(self) -> Option<String> {
        id::id(self.record, "/id")
    }

    /// Its title; never empty.
    pub fn title(self) -> &'a str {
        let title = field::text(self.record, "/title").trim();
        if title.is_empty() { "Untitled" } else { title }
    }

    /// Its version, in the form in which it is read: a page that is rendered is another text than the one that is stored.
    pub fn version(self, is_rendered: bool) -> Option<String> {
        let number = self.record.pointer("/version/number").and_then(Value::as_i64)?;
        Some(if is_rendered { format!("{number}|rendered") } else { number.to_string() })
    }

    /// Why it is no page any more that readers find; nothing where it is.
    pub fn gone(self) -> Option<String> {
        match field::text(self.record, "/status") {
            "" | "current" => None,
            "trashed" => Some("the page is in the trash".to_owned()),
            "draft" => Some("the page is not published: it is a draft".to_owned()),
            status => Some(format!("the page is {status}")),
        }
    }

    /// What it lies below.
    pub fn parent(self) -> Option<Parent> {
        if let Some(nearest) = field::list(self.record, "/ancestors").last() {
            return id::id(nearest, "/id").map(Parent::Page);
        }
        let parent = id::id(self.record, "/parentId")?;
        match field::text(self.record, "/parentType") {
            "" | "page" => Some(Parent::Page(parent)),
            "folder" => Some(Parent::Folder(parent)),
            _ => None,
        }
    }

    /// The address of the site: as the answer has it, which knows of names that stand in front of it.
    pub fn base(self) -> &'a str {
        let told = field::text(self.record, "/_links/base");
        if WebUrl::parse(told).is_ok() { told.trim_end_matches('/') } else { self.site }
    }

    /// Its page for people.
    pub fn url(self) -> Option<WebUrl> {
        let path = Some(field::text(self.record, "/_links/webui")).filter(|path| path.starts_with('/'));
        let shown = path.and_then(|path| WebUrl::parse(&format!("{}{path}", self.base())).ok());
        let by_id = || Some(format!("{}/pages/viewpage.action?pageId={}", self.base(), self.id()?));
        shown.or_else(|| by_id().and_then(|url| WebUrl::parse(&url).ok()))
    }

    /// The key of its space, where it is told.
    pub fn space(self) -> Option<&'a str> {
        let told = field::text(self.record, "/space/key");
        let in_path = || {
            let mut steps = field::text(self.record, "/_links/webui").trim_start_matches('/').split('/');
            let is_known = matches!(steps.next(), Some("spaces" | "display"));
            steps.next().filter(|key| is_known && !key.is_empty() && !key.contains('%'))
        };
        if told.is_empty() { in_path() } else { Some(told) }
    }

    /// Its body in a format; nothing where there is none.
    pub fn body(self, format: &str) -> Option<&'a str> {
        let body = field::text(self.record, &format!("/body/{format}/value"));
        Some(body).filter(|body| !body.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SITE: &str = "https://acme.example/wiki";

    fn page(record: &Value) -> Page<'_> {
        Page { record, site: SITE }
    }

    #[test]
    fn a_page_of_either_version_is_read() {
        let second = json!({
            "id": "123456", "status": "current", "title": "Test Page", "spaceId": "789012", "parentId": "654321", "parentType": "page",
            "version": {"number": 7, "createdAt": "2023-08-01T12:00:00Z"}, "body": {"storage": {"representation": "storage", "value": "<p>x</p>"}},
            "_links": {"webui": "/spaces/TEST/pages/123456/Test+Page", "base": "https://wiki.acme.example/wiki/"},
        });
        let first = json!({
            "id": "123456", "type": "page", "status": "current", "title": "Test Page", "space": {"key": "TEST"}, "version": {"number": 7},
            "ancestors": [{"id": "1"}, {"id": "654321"}], "body": {"storage": {"value": "<p>x</p>"}},
            "_links": {"webui": "/display/TEST/Test+Page"},
        });
        for (record, url) in [
            (&second, "https://wiki.acme.example/wiki/spaces/TEST/pages/123456/Test+Page"),
            (&first, "https://acme.example/wiki/display/TEST/Test+Page"),
        ] {
            let page = page(record);
            assert_eq!((page.id().as_deref(), page.title(), page.space()), (Some("123456"), "Test Page", Some("TEST")));
            assert_eq!(page.parent(), Some(Parent::Page("654321".to_owned())));
            assert_eq!([page.version(false).unwrap(), page.version(true).unwrap()], ["7", "7|rendered"]);
            assert_eq!((page.gone(), page.body("storage")), (None, Some("<p>x</p>")));
            assert_eq!(page.url().unwrap().as_str(), url);
        }
    }

    #[test]
    fn pitfall_37_what_is_missing_or_null_breaks_nothing() {
        let records = [
            json!({}),
            json!(null),
            json!([1]),
            json!({"id": null, "title": null, "version": null, "body": null, "_links": null, "ancestors": null, "parentId": null}),
            json!({"version": {"number": "7"}, "body": {"storage": {"value": 5}}, "body_": [], "_links": {"webui": 3, "base": "ftp://x"}}),
        ];
        for record in records {
            let page = page(&record);
            assert_eq!(
                (page.id(), page.title(), page.version(false), page.body("storage")),
                (None, "Untitled", None, None),
                "{record}"
            );
            assert_eq!((page.parent(), page.url(), page.space(), page.base()), (None, None, None, SITE), "{record}");
        }
    }

    #[test]
    fn what_lies_below_something_else_than_a_page_is_known() {
        let below = |kind: &str| page(&json!({"parentId": "9", "parentType": kind})).parent();
        assert_eq!(below("folder"), Some(Parent::Folder("9".to_owned())));
        assert_eq!(["whiteboard", "database", "embed"].map(below), [None, None, None]);
    }

    #[test]
    fn a_page_that_readers_do_not_find_is_gone() {
        for (status, expected) in [
            ("trashed", "the page is in the trash"),
            ("archived", "the page is archived"),
            ("draft", "the page is not published: it is a draft"),
            ("deleted", "the page is deleted"),
        ] {
            assert_eq!(page(&json!({"status": status})).gone().as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_page_without_a_path_has_the_address_of_its_id() {
        let record = json!({"id": 99, "_links": {"webui": "javascript:x"}});
        assert_eq!(page(&record).url().unwrap().as_str(), "https://acme.example/wiki/pages/viewpage.action?pageId=99");
    }
}
