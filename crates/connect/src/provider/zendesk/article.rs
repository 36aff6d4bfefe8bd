//! One article as Zendesk describes it, and whether it is for everybody.

use model::connection::ZendeskAccount;
use model::{Resource, WebUrl};
use serde_json::Value;

use crate::provider::{field, id};

/// What an article is called, and the word for it on the wire.
pub const OBJECT: &str = "article";
/// What stands between the parts of a version.
const BETWEEN: char = '|';

/// An article. What is missing in it is empty.
#[derive(Debug, Clone, Copy)]
pub struct Article<'a>(pub &'a Value);

/// Why an article is not for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// It is not published, or not any more.
    Draft,
    /// Only some readers may see it.
    Restricted,
}

impl<'a> Article<'a> {
    /// Its id.
    pub fn id(self) -> Option<String> {
        id::id(self.0, "/id")
    }

    /// Its title; never empty.
    pub fn title(self) -> &'a str {
        let given = ["/title", "/name"].iter().map(|place| field::text(self.0, place).trim());
        given.into_iter().find(|title| !title.is_empty()).unwrap_or("Untitled")
    }

    /// Its text as HTML; nothing where there is none.
    pub fn body(self) -> Option<&'a str> {
        Some(field::text(self.0, "/body")).filter(|body| !body.trim().is_empty())
    }

    /// What changes with its text. `updated_at` would change with votes, labels and its place too.
    pub fn version(self) -> Option<String> {
        let edited_at = Some(field::text(self.0, "/edited_at")).filter(|at| !at.is_empty())?;
        Some(format!("{edited_at}{BETWEEN}{}", field::text(self.0, "/locale")))
    }

    /// The locale of a version.
    pub fn locale_of(version: &str) -> Option<&str> {
        version.split_once(BETWEEN).map(|(_, locale)| locale).filter(|locale| !locale.is_empty())
    }

    /// Why it is not for everybody, unless the account asks for such ones.
    pub fn hidden(self, account: &ZendeskAccount) -> Option<Hidden> {
        let is_restricted = || {
            let segment = self.0.get("user_segment_id").is_some_and(|segment| !segment.is_null());
            segment || !field::list(self.0, "/user_segment_ids").is_empty()
        };
        if field::is_set(self.0, "/draft") && !account.drafts {
            return Some(Hidden::Draft);
        }
        (!account.restricted && is_restricted()).then_some(Hidden::Restricted)
    }

    /// Its page.
    pub fn url(self, account: &ZendeskAccount) -> String {
        let given = WebUrl::parse(field::text(self.0, "/html_url")).map(|url| url.as_str().to_owned());
        given.unwrap_or_else(|_| {
            let site = account.site_url.trim_end_matches('/');
            format!("{site}/hc/articles/{}", self.id().unwrap_or_default())
        })
    }

    /// The article as an item that can be imported, in a section; nothing where it has no text or is not for everybody.
    pub fn resource(self, account: &ZendeskAccount) -> Option<Resource> {
        self.body()?;
        if self.hidden(account).is_some() {
            return None;
        }
        Some(Resource {
            external_id: self.id()?,
            title: self.title().to_owned(),
            url: self.url(account),
            mime_type: "text/html".to_owned(),
            icon: None,
            object: OBJECT.to_owned(),
            version: self.version(),
            group: id::id(self.0, "/section_id"),
            parent: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn account(drafts: bool, restricted: bool) -> ZendeskAccount {
        ZendeskAccount { site_url: "https://acme.example/".to_owned(), drafts, restricted, ..ZendeskAccount::default() }
    }

    /// The recorded article of the vendor's samples, cut to what is read.
    fn recorded() -> Value {
        json!({
            "id": 33_153_710_247_315_i64, "html_url": "https://acme.example/hc/en-us/articles/33153710247315-Name",
            "draft": false, "section_id": 33_152_317_085_843_i64, "updated_at": "2024-09-07T00:00:00Z",
            "edited_at": "2024-09-06T23:09:58Z", "name": "Name", "title": "Name", "body": "<p>Text</p>", "locale": "en-us",
            "user_segment_id": 33_152_086_785_683_i64, "user_segment_ids": [33_152_086_785_683_i64],
        })
    }

    #[test]
    fn a_recorded_article_is_read() {
        let resource = Article(&recorded()).resource(&account(false, true)).unwrap();
        assert_eq!(resource.external_id, "33153710247315");
        assert_eq!(resource.group.as_deref(), Some("33152317085843"));
        assert_eq!(resource.version.as_deref(), Some("2024-09-06T23:09:58Z|en-us"));
        assert_eq!(Article::locale_of("2024-09-06T23:09:58Z|en-us"), Some("en-us"));
    }

    #[test]
    fn pitfall_25_drafts_and_restricted_articles_are_left_out_unless_asked_for() {
        let everybody = json!({"user_segment_id": null, "user_segment_ids": []});
        let cases = [
            (everybody.clone(), [None, None, None]),
            (json!({"draft": true}), [Some(Hidden::Draft), None, Some(Hidden::Draft)]),
            (json!({"user_segment_id": 7}), [Some(Hidden::Restricted), Some(Hidden::Restricted), None]),
            (
                json!({"user_segment_id": null, "user_segment_ids": [7]}),
                [Some(Hidden::Restricted), Some(Hidden::Restricted), None],
            ),
            (json!({"draft": null}), [None, None, None]),
        ];
        for (article, expected) in cases {
            let hidden = [account(false, false), account(true, false), account(false, true)]
                .map(|account| Article(&article).hidden(&account));
            assert_eq!(hidden, expected, "{article}");
        }
    }

    #[test]
    fn what_is_missing_or_null_breaks_nothing() {
        let (all, nothing) = (account(true, true), json!({}));
        assert_eq!(Article(&nothing).resource(&all), None);
        let bare = json!({"id": 5, "body": "x", "title": null, "name": " ", "html_url": "javascript:alert(1)", "edited_at": null});
        let resource = Article(&bare).resource(&all).unwrap();
        assert_eq!(
            (resource.title.as_str(), resource.url.as_str(), resource.version),
            ("Untitled", "https://acme.example/hc/articles/5", None)
        );
        for body in [json!(null), json!(""), json!(" \n")] {
            assert_eq!(Article(&json!({"id": 5, "body": body})).resource(&all), None);
        }
    }
}
