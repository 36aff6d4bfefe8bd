//! The interface of one help centre, in one locale or in that of each article.

use std::collections::HashSet;

use model::connection::ZendeskAccount;
use model::{Failure, FailureCode, WebUrl};
use serde_json::Value;

use crate::provider::api::{Api, OUT_OF_TIME};
use crate::provider::gate::Gate;
use crate::provider::walk::{Next, Turn, Walk};
use crate::provider::{field, id};

/// How many records are asked for at once; the most that Zendesk gives.
const PAGE: usize = 100;
/// Where pages of that size fail, no smaller ones than this are asked for.
const SMALLEST_PAGE: usize = 5;

/// A help centre.
pub struct Center<'a, 'c, G> {
    api: &'a Api<'c, G>,
    base: String,
    /// The locale that it is read in; that of each article where there is none.
    pub locale: Option<String>,
}

impl<'a, 'c, G: Gate> Center<'a, 'c, G> {
    /// The help centre of an account, without a locale: as only its agents may read it.
    pub fn of(api: &'a Api<'c, G>, account: &ZendeskAccount) -> Self {
        let base = format!("{}/api/v2/help_center", account.site_url.trim_end_matches('/'));
        Self { api, base, locale: None }
    }

    /// The help centre as the account is to read it. Who shows nothing must name a locale; `known` is the one of last time.
    pub async fn enter(api: &'a Api<'c, G>, account: &ZendeskAccount, known: Option<&str>) -> Result<Self, Failure> {
        let mut center = Self::of(api, account);
        if !account.locale.is_empty() {
            center.locale = Some(locale(&account.locale)?);
        } else if api.is_anonymous().await? {
            center.locale = Some(match known {
                Some(known) => locale(known)?,
                None => center.default_locale().await?,
            });
        }
        Ok(center)
    }

    async fn default_locale(&self) -> Result<String, Failure> {
        let locales: Value = self.api.get(self.api.url(&self.base, "locales", &[])?).await?;
        let first = field::list(&locales, "/locales").first().and_then(Value::as_str).unwrap_or_default();
        let default = Some(field::text(&locales, "/default_locale")).filter(|default| !default.is_empty());
        locale(default.unwrap_or(first))
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<WebUrl, Failure> {
        let locale = self.locale.iter().map(|locale| format!("{locale}/"));
        self.api.url(&self.base, &format!("{}{path}", locale.collect::<String>()), query)
    }

    /// One article.
    pub async fn article(&self, article: &str) -> Result<Value, Failure> {
        let mut answer: Value = self.api.get(self.url(&format!("articles/{}", id::checked(article)?), &[])?).await?;
        let found = answer.get_mut("article").map(Value::take).filter(Value::is_object);
        found.ok_or_else(|| Failure::new(FailureCode::ServerError, "Zendesk answered without the article"))
    }

    /// The first articles.
    pub async fn first_articles(&self) -> Result<Vec<Value>, Failure> {
        let answer: Value = self.api.get(self.url("articles", &[("page[size]", &PAGE.to_string())])?).await?;
        Ok(field::list(&answer, "/articles").to_vec())
    }

    /// Gives each record of a list to `take` once. What is answered is why there may be more.
    pub async fn each(&self, list: &str, mut take: impl FnMut(&Value)) -> Result<Option<String>, Failure> {
        let mut walk = Walk::new(PAGE, SMALLEST_PAGE);
        let mut seen = HashSet::new();
        loop {
            let url = |size: usize, cursor: Option<&str>| {
                let size = size.to_string();
                let query: Vec<_> = [("page[size]", size.as_str())]
                    .into_iter()
                    .chain(cursor.map(|mark| ("page[after]", mark)))
                    .collect();
                self.url(list, &query)
            };
            let page = match walk.page(self.api, url).await {
                Err(_) if self.api.is_over() => return Ok(Some(cut_short(list, OUT_OF_TIME))),
                answered => answered?,
            };
            let records = field::list(&page, &format!("/{list}"));
            for record in records {
                if id::id(record, "/id").is_some_and(|id| seen.insert(id)) {
                    take(record);
                }
            }
            match walk.turn(records.len(), next(&page)) {
                Turn::More => {}
                Turn::End => return Ok(None),
                Turn::Cut(why) => return Ok(Some(cut_short(list, why))),
            }
        }
    }
}

fn cut_short(list: &str, why: &str) -> String {
    format!("the list of {list} was not read to its end: {why}")
}

/// The last page has a cursor like every other, so that only the flag tells.
fn next(page: &Value) -> Next {
    match (field::is_set(page, "/meta/has_more"), field::text(page, "/meta/after_cursor")) {
        (false, _) => Next::None,
        (true, "") => Next::Unnamed,
        (true, cursor) => Next::At(cursor.to_owned()),
    }
}

/// A locale as it stands in a path.
fn locale(text: &str) -> Result<String, Failure> {
    let locale = text.trim().to_ascii_lowercase();
    let is_locale = (2..=35).contains(&locale.len())
        && locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && locale.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    is_locale.then_some(locale).ok_or_else(|| {
        let text = format!("{text:?} is no locale of a help centre; name one such as en-us");
        Failure::new(FailureCode::ProviderDisconnected, text)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pitfall_19_the_last_page_is_told_by_its_flag_alone() {
        // Cut from recorded answers: the last page has a cursor and no next link.
        let last = json!({"meta": {"has_more": false, "after_cursor": "aQAA", "before_cursor": "aQBB"}, "links": {"first": "x"}});
        let first = json!({"meta": {"has_more": true, "after_cursor": "aQCC"}, "links": {"next": "x"}});
        let cases = [
            (last, Next::None),
            (first, Next::At("aQCC".to_owned())),
            (json!({"meta": {"has_more": true}}), Next::Unnamed),
            (json!({}), Next::None),
        ];
        for (page, expected) in cases {
            assert_eq!(next(&page), expected, "{page}");
        }
    }

    #[test]
    fn only_a_locale_comes_into_a_path() {
        for (text, expected) in [("en-us", "en-us"), ("EN-US ", "en-us"), ("de", "de"), ("es-419", "es-419")] {
            assert_eq!(locale(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["", "e", "../users", "en_us", "en/us", "12", "de?x", "-de"] {
            assert_eq!(locale(text).unwrap_err().code, FailureCode::ProviderDisconnected, "{text}");
        }
    }
}
