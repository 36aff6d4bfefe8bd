//! The interface of one Confluence: version 2 in the cloud, version 1 on a Data Center.

use std::collections::HashSet;

use model::connection::ConfluenceAccount;
use model::{Failure, WebUrl};
use serde_json::Value;
use url::Url;

use super::page::Page;
use crate::provider::api::{Api, OUT_OF_TIME};
use crate::provider::gate::Gate;
use crate::provider::walk::{Next, Turn, Walk};
use crate::provider::{field, id};

/// How many records are asked for at once: the most that the cloud gives, and what a Data Center gives with little to expand.
const PAGE: usize = 250;
const PAGE_OF_DATA_CENTER: usize = 100;
/// Where pages of that size fail, no smaller ones than this are asked for.
const SMALLEST_PAGE: usize = 5;
/// How many keys stand in one address, which must not get too long: a key has up to 255 characters.
const KEYS_AT_ONCE: usize = 5;

/// A site.
pub struct Site<'a, 'c, G> {
    api: &'a Api<'c, G>,
    account: &'a ConfluenceAccount,
    /// The interface.
    base: String,
    /// What people see, as the account has it.
    shown: String,
}

/// A space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// Its id, by which version 2 knows it.
    id: String,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its page.
    pub url: String,
}

/// The spaces that can be seen.
#[derive(Debug, Default)]
pub struct Spaces {
    /// Those that are wanted.
    pub found: Vec<Space>,
    /// Keys of the account that no visible space has.
    pub missing: Vec<String>,
    /// Why there may be more.
    pub gaps: Vec<String>,
    /// The address of the site, as it tells itself.
    pub base: Option<String>,
}

/// What is wanted of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Its version and status.
    Version,
    /// Its text too.
    Text,
    /// Whether it lies in the trash.
    Trash,
}

impl<'a, 'c, G: Gate> Site<'a, 'c, G> {
    /// The site of an account.
    pub fn of(api: &'a Api<'c, G>, account: &'a ConfluenceAccount) -> Self {
        let address = |given: &str| {
            let given = given.trim().trim_end_matches('/');
            let lacks_path = !account.data_center && !given.is_empty() && !given.ends_with("/wiki");
            format!("{given}{}", if lacks_path { "/wiki" } else { "" })
        };
        let (site, interface) = (address(&account.site_url), address(&account.api_url));
        let base = if interface.is_empty() { site.clone() } else { interface.clone() };
        let shown = if site.is_empty() { interface } else { site };
        Self { api, account, base, shown }
    }

    /// The address that people see.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// A page out of an answer.
    pub fn read<'p>(&'p self, record: &'p Value) -> Page<'p> {
        Page { record, site: &self.shown }
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        self.api.get(self.api.url(&self.base, path, query)?).await
    }

    /// Who we are to the site, as version 1 tells it in both editions.
    pub async fn user(&self) -> Result<Value, Failure> {
        self.get("rest/api/user/current", &[]).await
    }

    /// The spaces of the account, or all that are in use.
    pub async fn spaces(&self) -> Result<Spaces, Failure> {
        let mut spaces = Spaces::default();
        if self.account.spaces.is_empty() {
            self.some_spaces(&mut spaces, &[("status", "current")]).await?;
        }
        for keys in self.account.spaces.chunks(KEYS_AT_ONCE) {
            let name = if self.account.data_center { "spaceKey" } else { "keys" };
            let query: Vec<_> = keys.iter().map(|key| (name, key.as_str())).collect();
            self.some_spaces(&mut spaces, &query).await?;
        }
        let is_found = |key: &String| spaces.found.iter().any(|space| space.key.eq_ignore_ascii_case(key));
        spaces.missing = self.account.spaces.iter().filter(|key| !is_found(key)).cloned().collect();
        Ok(spaces)
    }

    async fn some_spaces(&self, spaces: &mut Spaces, query: &[(&str, &str)]) -> Result<(), Failure> {
        let path = if self.account.data_center { "rest/api/space" } else { "api/v2/spaces" };
        let Spaces { found, base, .. } = spaces;
        let gap = self.walk(path, query, |record| {
            base.get_or_insert_with(|| record.base().to_owned());
            let key = field::text(record.record, "/key");
            let name = Some(field::text(record.record, "/name").trim()).filter(|name| !name.is_empty());
            let (Some(id), false) = (record.id(), key.is_empty()) else { return };
            let url = record.url().map(|url| url.as_str().to_owned()).unwrap_or_default();
            found.push(Space { id, key: key.to_owned(), name: name.unwrap_or(key).to_owned(), url });
        });
        spaces.gaps.extend(gap.await?.map(|why| format!("the list of spaces was not read to its end: {why}")));
        Ok(())
    }

    /// Gives every page of a space to `take` once. What is answered is why there may be more.
    pub async fn pages(&self, space: &Space, take: impl FnMut(Page<'_>)) -> Result<Option<String>, Failure> {
        let gap = if self.account.data_center {
            let query = [
                ("spaceKey", space.key.as_str()),
                ("type", "page"),
                ("status", "current"),
                ("expand", "version,ancestors"),
            ];
            self.walk("rest/api/content", &query, take).await?
        } else {
            let path = format!("api/v2/spaces/{}/pages", id::checked(&space.id)?);
            self.walk(&path, &[("depth", "all"), ("status", "current")], take).await?
        };
        Ok(gap.map(|why| format!("the pages of the space {} were not read to the end: {why}", space.key)))
    }

    /// One folder.
    pub async fn folder(&self, folder: &str) -> Result<Value, Failure> {
        self.get(&format!("api/v2/folders/{}", id::checked(folder)?), &[]).await
    }

    /// One page.
    pub async fn page(&self, page: &str, look: Look) -> Result<Value, Failure> {
        let page = id::checked(page)?;
        let format = self.format();
        if self.account.data_center {
            let text = format!("body.{format},version,space");
            let query = match look {
                Look::Version => ("expand", "version"),
                Look::Text => ("expand", text.as_str()),
                Look::Trash => ("status", "any"),
            };
            return self.get(&format!("rest/api/content/{page}"), &[query]).await;
        }
        let query = match look {
            Look::Version => None,
            Look::Text => Some(("body-format", format)),
            Look::Trash => Some(("status", "trashed")),
        };
        self.get(&format!("api/v2/pages/{page}"), query.as_slice()).await
    }

    /// The form in which texts are taken.
    pub fn format(&self) -> &'static str {
        if self.account.rendered { "export_view" } else { "storage" }
    }

    async fn walk(
        &self,
        path: &str,
        query: &[(&str, &str)],
        mut take: impl FnMut(Page<'_>),
    ) -> Result<Option<&'static str>, Failure> {
        let is_numbered = self.account.data_center;
        let (place, mut walk) = if is_numbered {
            ("start", Walk::numbered(PAGE_OF_DATA_CENTER, SMALLEST_PAGE))
        } else {
            ("cursor", Walk::new(PAGE, SMALLEST_PAGE))
        };
        let (mut seen, mut start, mut pages) = (HashSet::new(), 0, 0);
        loop {
            let url = |size: usize, cursor: Option<&str>| {
                let size = size.to_string();
                let mut query = query.to_vec();
                query.push(("limit", &size));
                query.extend(cursor.map(|cursor| (place, cursor)));
                self.api.url(&self.base, path, &query)
            };
            let page = match walk.page(self.api, url).await {
                Err(_) if self.api.is_over() => return Ok(Some(OUT_OF_TIME)),
                answered => answered?,
            };
            let records = field::list(&page, "/results");
            // A list tells the address of the site once for all that is in it.
            let site = self.read(&page).base();
            let before = seen.len();
            for page in records.iter().map(|record| Page { record, site }) {
                if page.id().is_some_and(|id| seen.insert(id)) {
                    take(page);
                }
            }
            let brought_nothing = seen.len() == before && !records.is_empty();
            if is_numbered && brought_nothing {
                // Past its end a Data Center gives the last page again and leads on; one that gives the first page for ever
                // looks the same after a single page.
                return Ok((pages < 2).then_some("every page is the first one again"));
            }
            pages += 1;
            // The number in the link counts what was asked for rather than what was given.
            start += records.len();
            let next = if is_numbered { numbered(&page, start) } else { by_cursor(&page) };
            match walk.turn(records.len(), next) {
                Turn::More => {}
                Turn::End => return Ok(None),
                Turn::Cut(why) => return Ok(Some(why)),
            }
        }
    }
}

fn numbered(page: &Value, start: usize) -> Next {
    if field::text(page, "/_links/next").is_empty() { Next::None } else { Next::At(start.to_string()) }
}

/// The cursor out of the link, which starts from another root than the interface does behind a gateway.
fn by_cursor(page: &Value) -> Next {
    let link = field::text(page, "/_links/next");
    if link.is_empty() {
        return Next::None;
    }
    let root = WebUrl::parse("http://site/").ok();
    let whole = root.and_then(|root| root.as_url().join(link).ok());
    let cursor = whole.as_ref().and_then(|whole: &Url| whole.query_pairs().find(|(name, _)| name == "cursor"));
    cursor.map_or(Next::Unnamed, |(_, cursor)| Next::At(cursor.into_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_cursor_is_taken_out_of_the_link() {
        let cases = [
            (
                json!({"_links": {"next": "/wiki/api/v2/pages?cursor=next-page-token"}}),
                Next::At("next-page-token".to_owned()),
            ),
            (
                json!({"_links": {"next": "/wiki/api/v2/pages?limit=5&cursor=eyJ%2B%3D%3D"}}),
                Next::At("eyJ+==".to_owned()),
            ),
            (json!({"_links": {"next": "https://elsewhere.example/x?cursor=a"}}), Next::At("a".to_owned())),
            (json!({"_links": {"next": "/wiki/api/v2/pages?start=5"}}), Next::Unnamed),
            (json!({"_links": {"base": "x"}}), Next::None),
            (json!({"_links": null}), Next::None),
        ];
        for (page, expected) in cases {
            assert_eq!(by_cursor(&page), expected, "{page}");
        }
    }

    #[test]
    fn pitfall_31_the_next_number_is_counted_by_what_was_given() {
        let page = json!({"_links": {"next": "/rest/api/content?limit=200&start=200"}});
        assert_eq!([numbered(&page, 50), numbered(&json!({}), 50)], [Next::At("50".to_owned()), Next::None]);
    }
}
