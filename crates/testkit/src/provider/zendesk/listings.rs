//! Lists of categories, sections and articles, as somebody may see them in a locale.

use serde_json::{Map, Value, json};

use super::paging::{Key, List, Row, number, origin};
use super::people::Role;
use super::shelf::{Article, Shelf};
use super::wording;
use super::world::World;
use crate::provider::exchange::{Reply, Request};
use crate::provider::switches::{Switch, Switches};

/// A request for something in the help centre.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    pub(super) request: &'a Request,
    pub(super) switches: &'a Switches,
    /// The locale in the path.
    pub(super) locale: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// The locale that an article is shown in: the one of the path, or its own.
    pub(super) fn locale_of(self, article: &'a Article) -> &'a str {
        self.locale.unwrap_or(&article.source_locale)
    }

    /// The locale that a category or section is shown in: the one of the path, or its own.
    pub(super) fn locale_of_shelf(self, shelf: &'a Shelf) -> &'a str {
        self.locale.unwrap_or(&shelf.source_locale)
    }

    fn list(self) -> List<'a> {
        List { largest: self.world.largest_page, request: self.request, switches: self.switches }
    }
}

/// A page of the categories or sections that are wanted and written in the locale.
pub(super) fn shelves(asked: Asked<'_>, name: &str, wanted: impl Fn(&Shelf) -> bool) -> Result<Reply, Reply> {
    let written = |shelf: &&Shelf| shelf.texts.contains_key(asked.locale_of_shelf(shelf));
    let shown = asked.world.shelves.values().filter(|shelf| wanted(shelf)).filter(written);
    let rows = shown.map(|shelf| {
        let text = &shelf.texts[asked.locale_of_shelf(shelf)];
        let (position, created_at, updated_at) = (shelf.position, shelf.created_at, text.edited_at);
        Row { key: Key { position, created_at, updated_at, id: shelf.id }, title: &text.title, item: shelf }
    });
    let page = asked.list().page(rows.collect())?;
    Ok(page.reply(name, |shelf| wording::shelf(shelf, asked.locale_of_shelf(shelf), &origin(asked.request))))
}

/// A page of the articles that are wanted and that the caller may see in the locale.
pub(super) fn articles(asked: Asked<'_>, role: Role, wanted: impl Fn(&Article) -> bool) -> Result<Reply, Reply> {
    let labels = asked.request.parameter("label_names");
    let labelled = |article: &Article| {
        labels.is_none_or(|names| names.split(',').all(|name| article.labels.iter().any(|label| label == name)))
    };
    let shown = seen(asked, role).filter(|article| wanted(article) && labelled(article));
    let rows = shown.map(|article| {
        let (position, created_at, updated_at) = (article.position, article.created_at, article.updated_at);
        let title = article.texts[asked.locale_of(article)].title.as_str();
        Row { key: Key { position, created_at, updated_at, id: article.id }, title, item: article }
    });
    let mut page = asked.list().page(rows.collect())?;
    let beside = beside(asked, &page.items);
    page.rest.extend(beside);
    Ok(page.reply("articles", |article| write(asked, article)))
}

/// What `include` asks for beside the articles.
fn beside(asked: Asked<'_>, articles: &[&Article]) -> Map<String, Value> {
    let include = asked.request.parameter("include").unwrap_or_default();
    let wants = |name: &str| include.split(',').any(|listed| listed.trim() == name);
    let world = asked.world;
    let shelf = |id: i64| world.shelves.get(&id).filter(|shelf| shelf.texts.contains_key(asked.locale_of_shelf(shelf)));
    let many = |ids: Vec<i64>| -> Value {
        let found = unique(ids).into_iter().filter_map(shelf);
        found.map(|shelf| wording::shelf(shelf, asked.locale_of_shelf(shelf), &origin(asked.request))).collect()
    };
    let mut beside = Map::new();
    if wants("sections") {
        beside.insert("sections".to_owned(), many(articles.iter().map(|article| article.section).collect()));
    }
    if wants("categories") {
        let categories = articles.iter().filter_map(|article| world.category_of(article.section));
        beside.insert("categories".to_owned(), many(categories.collect()));
    }
    if wants("users") {
        // Authors who are no longer users are left out.
        let authors = unique(articles.iter().map(|article| article.author).collect());
        let users = world.people.users().iter().filter(|user| authors.contains(&user.id));
        let users: Value = users.map(|user| json!({"id": user.id, "name": user.email, "email": user.email})).collect();
        beside.insert("users".to_owned(), users);
    }
    beside
}

fn unique(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Articles whose text or whose metadata changed at `start_time` or later, the longest unchanged first.
pub(super) fn incremental(asked: Asked<'_>, role: Role) -> Result<Reply, Reply> {
    let start = number(asked.request, "start_time", usize::MAX)?;
    let start = i64::try_from(start).map_err(|_| super::refusals::no_integer("start_time"))?;
    let mut changed: Vec<_> = seen(asked, role).filter(|article| article.updated_at >= start).collect();
    changed.sort_by_key(|article| (article.updated_at, article.id));
    // The last second of a page is the first of the next one, so some articles come twice. Those of the very first second
    // stay on one page with one more, or `start_time` could never get past them.
    let first_second = changed.partition_point(|article| article.updated_at == start);
    let end = asked.world.incremental_page.max(first_second + 1).min(changed.len());
    let end_time = changed[..end].last().map(|article| article.updated_at);
    let path = asked.request.path.trim_end_matches(".json");
    let next = end_time.filter(|_| end < changed.len());
    let next = next.map(|time| format!("{}{path}.json?start_time={time}", origin(asked.request)));
    let articles: Vec<_> = changed[..end].iter().map(|article| write(asked, article)).collect();
    let body = json!({"count": articles.len(), "next_page": next, "end_time": end_time, "articles": articles});
    Ok(Reply::json(200, &body))
}

fn seen(asked: Asked<'_>, role: Role) -> impl Iterator<Item = &Article> {
    let shows = move |article: &&Article| article.shows(asked.locale_of(article), role, &asked.world.segments);
    asked.world.articles.values().filter(shows)
}

fn write(asked: Asked<'_>, article: &Article) -> Value {
    let with_body = !asked.switches.strikes(Switch::NullBody);
    let (locale, origin) = (asked.locale_of(article), origin(asked.request));
    let mut value = wording::article(article, locale, &origin, with_body);
    if asked.request.parameter("include").is_some_and(|include| include.split(',').any(|name| name == "translations")) {
        let texts = article.texts.iter();
        let texts = texts.map(|(locale, text)| wording::translation(text, locale, article.id, "articles", &origin));
        value["translations"] = texts.collect();
    }
    value
}
