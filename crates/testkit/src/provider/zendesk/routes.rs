//! The routes of the Help Center API that read.

use serde_json::{Value, json};

use super::entry::{caller, enter, enter_staff, refusal};
use super::listings::{self, Asked};
use super::paging::origin;
use super::people::{NoEntry, Role};
use super::shelf::{Article, Kind, Shelf, Text};
use super::world::World;
use super::{refusals, wording};
use crate::provider::exchange::{Reply, Request};
use crate::provider::switches::{Switch, Switches, Vanished};

type Answer = Result<Reply, Reply>;

/// `GET /api/v2/users/me`. Nobody and a wrong password are "Anonymous user", and that is a success.
pub(super) fn me(world: &World, request: &Request) -> Reply {
    match caller(world, request) {
        Ok(user) => Reply::json(200, &wording::user(user, &origin(request))),
        Err(NoEntry::Credentials { password: true }) => Reply::json(200, &wording::user(None, &origin(request))),
        Err(why) => refusal(why),
    }
}

/// Anything below `/api/v2/help_center`, by the segments after it.
pub(super) fn help_center(world: &World, request: &Request, switches: &Switches, path: &[&str]) -> Reply {
    let (locale, path) = match path {
        [first, rest @ ..] if is_locale(first) => (Some(*first), rest),
        path => (None, path),
    };
    if locale.is_some_and(|locale| !world.locales.iter().any(|enabled| enabled == locale)) {
        return refusals::no_record();
    }
    let asked = Asked { world, request, switches, locale };
    answer(asked, path).unwrap_or_else(|refusal| refusal)
}

fn answer(asked: Asked<'_>, path: &[&str]) -> Answer {
    let Asked { world, request, locale, .. } = asked;
    match (locale, path) {
        (None, ["locales"]) => Ok(locales(world)),
        (None, ["user_segments"]) => {
            enter_staff(world, request)?;
            let segments: Vec<_> = world.segments.values().map(wording::segment).collect();
            Ok(Reply::json(200, &json!({"count": segments.len(), "next_page": null, "user_segments": segments})))
        }
        (None, ["incremental", "articles"]) => listings::incremental(asked, enter_staff(world, request)?),
        (None, ["articles", "labels"]) => Ok(labels(asked, enter_staff(world, request)?)),
        (None, ["articles", "labels", id]) => label(asked, enter_staff(world, request)?, id),
        (None, ["articles", id, "translations", which @ ..]) => article_translations(asked, id, which),
        (None, [kinds, id, "translations", which @ ..]) => shelf_translations(asked, kinds, id, which),
        (_, path) => read(asked, enter(world, request, locale)?, path),
    }
}

/// The routes that take a locale and need none from staff.
fn read(asked: Asked<'_>, role: Role, path: &[&str]) -> Answer {
    match path {
        ["categories"] => listings::shelves(asked, "categories", |shelf| shelf.kind == Kind::Category),
        ["sections"] => listings::shelves(asked, "sections", |shelf| shelf.kind != Kind::Category),
        ["categories", id, "sections"] => {
            let id = known_shelf(asked, "categories", id)?.id;
            listings::shelves(
                asked,
                "sections",
                |shelf| matches!(shelf.kind, Kind::Section { category, .. } if category == id),
            )
        }
        ["articles"] => listings::articles(asked, role, |_| true),
        ["categories", id, "articles"] => {
            let id = known_shelf(asked, "categories", id)?.id;
            listings::articles(asked, role, |article| asked.world.category_of(article.section) == Some(id))
        }
        ["sections", id, "articles"] => {
            let id = known_shelf(asked, "sections", id)?.id;
            listings::articles(asked, role, |article| article.section == id)
        }
        ["articles", id] => article(asked, role, id),
        ["articles", id, "labels"] => {
            let (article, _) = known_article(asked, role, id)?;
            let labels: Vec<_> =
                article.labels.iter().map(|name| wording::label(name, &origin(asked.request))).collect();
            Ok(Reply::json(200, &json!({"labels": labels})))
        }
        ["articles", id, "attachments"] => files(asked, role, id, |_| true),
        ["articles", id, "attachments", "inline"] => files(asked, role, id, |inline| inline),
        ["articles", id, "attachments", "block"] => files(asked, role, id, |inline| !inline),
        [kinds @ ("categories" | "sections"), id] => {
            let shelf = known_shelf(asked, kinds, id)?;
            let value = wording::shelf(shelf, asked.locale_of_shelf(shelf), &origin(asked.request));
            let name = if shelf.kind == Kind::Category { "category" } else { "section" };
            Ok(Reply::json(200, &json!({name: value})))
        }
        _ => Err(refusals::no_route()),
    }
}

fn locales(world: &World) -> Reply {
    Reply::json(200, &json!({"locales": world.locales, "default_locale": world.default_locale}))
}

fn article(asked: Asked<'_>, role: Role, id: &str) -> Answer {
    match asked.switches.takes_away(&asked.request.path) {
        Some(Vanished::JustNow) => return Ok(Reply::empty(204)),
        Some(Vanished::Before) => return Err(refusals::no_record()),
        None => {}
    }
    let (article, locale) = known_article(asked, role, id)?;
    let with_body = !asked.switches.strikes(Switch::NullBody);
    let value = wording::article(article, locale, &origin(asked.request), with_body);
    Ok(Reply::json(200, &json!({"article": value})))
}

/// An article that the caller may see, and the locale that it is shown in.
fn known_article<'a>(asked: Asked<'a>, role: Role, id: &str) -> Result<(&'a Article, &'a str), Reply> {
    // A title may follow the number, as it does in the addresses that the service gives.
    let number = id.split('-').next().and_then(|number| number.parse().ok());
    let article = number.and_then(|id: i64| asked.world.articles.get(&id)).ok_or_else(refusals::no_record)?;
    let locale = asked.locale_of(article);
    let shows = article.shows(locale, role, &asked.world.segments);
    shows.then_some((article, locale)).ok_or_else(refusals::no_record)
}

fn known_shelf<'a>(asked: Asked<'a>, kinds: &str, id: &str) -> Result<&'a Shelf, Reply> {
    let number = id.split('-').next().and_then(|number| number.parse().ok());
    let shelf = number.and_then(|id: i64| asked.world.shelves.get(&id)).filter(|shelf| shelf.kind.plural() == kinds);
    let written = shelf.filter(|shelf| shelf.texts.contains_key(asked.locale_of_shelf(shelf)));
    written.ok_or_else(refusals::no_record)
}

fn files(asked: Asked<'_>, role: Role, id: &str, wanted: impl Fn(bool) -> bool) -> Answer {
    let (article, _) = known_article(asked, role, id)?;
    let files = asked.world.files.values().filter(|file| file.article == article.id && wanted(file.inline));
    let files: Vec<_> = files.map(|file| wording::file(file, &origin(asked.request))).collect();
    Ok(Reply::json(200, &json!({"article_attachments": files})))
}

fn labels(asked: Asked<'_>, role: Role) -> Reply {
    let labels = names(asked, role).into_iter().map(|name| wording::label(name, &origin(asked.request)));
    Reply::json(200, &json!({"labels": labels.collect::<Vec<_>>()}))
}

fn label(asked: Asked<'_>, role: Role, id: &str) -> Answer {
    let name = names(asked, role).into_iter().find(|name| wording::label_id(name).to_string() == id);
    let name = name.ok_or_else(refusals::no_record)?;
    Ok(Reply::json(200, &json!({"label": wording::label(name, &origin(asked.request))})))
}

fn names(asked: Asked<'_>, role: Role) -> Vec<&str> {
    let Asked { world, .. } = asked;
    let seen = world.articles.values().filter(|article| article.shows(asked.locale_of(article), role, &world.segments));
    let mut names: Vec<_> = seen.flat_map(|article| &article.labels).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn article_translations(asked: Asked<'_>, id: &str, which: &[&str]) -> Answer {
    let role = enter_staff(asked.world, asked.request)?;
    let (article, _) = known_article(asked, role, id)?;
    translations(asked, "articles", article.id, &article.texts, which)
}

fn shelf_translations(asked: Asked<'_>, kinds: &str, id: &str, which: &[&str]) -> Answer {
    enter_staff(asked.world, asked.request)?;
    let shelf = known_shelf(asked, kinds, id)?;
    translations(asked, kinds, shelf.id, &shelf.texts, which)
}

fn translations(
    asked: Asked<'_>,
    kinds: &str,
    of: i64,
    texts: &std::collections::BTreeMap<String, Text>,
    which: &[&str],
) -> Answer {
    let write =
        |(locale, text): (&String, &Text)| wording::translation(text, locale, of, kinds, &origin(asked.request));
    match which {
        [] => {
            let wanted = |(locale, text): &(&String, &Text)| {
                let flag = |name| asked.request.parameter(name).map(|value| value == "true");
                let locales = asked.request.parameter("locales");
                locales.is_none_or(|list| list.split(',').any(|listed| listed == locale.as_str()))
                    && flag("draft").is_none_or(|draft| draft == text.draft)
                    && flag("outdated").is_none_or(|outdated| outdated == text.outdated)
            };
            let translations: Vec<Value> = texts.iter().filter(wanted).map(write).collect();
            Ok(Reply::json(200, &json!({"translations": translations})))
        }
        ["missing"] => {
            let missing: Vec<_> = asked.world.locales.iter().filter(|locale| !texts.contains_key(*locale)).collect();
            Ok(Reply::json(200, &json!({"locales": missing})))
        }
        [locale] => {
            let translation = texts.get_key_value(*locale).map(write).ok_or_else(refusals::no_record)?;
            Ok(Reply::json(200, &json!({"translation": translation})))
        }
        _ => Err(refusals::no_route()),
    }
}

/// `GET /hc/article_attachments/{id}`: the bytes, for whoever may read the article.
pub(super) fn download(world: &World, request: &Request, id: &str) -> Reply {
    let role = match caller(world, request) {
        Ok(user) => user.map_or(Role::Anonymous, |user| user.role),
        Err(why) => return refusal(why),
    };
    let file = id.parse().ok().and_then(|id: i64| world.files.get(&id));
    let article = file.and_then(|file| world.articles.get(&file.article));
    match (file, article) {
        (Some(file), Some(article)) if article.shows(&article.source_locale, role, &world.segments) => {
            Reply::new(200, &file.media_type, file.bytes.clone())
        }
        _ => Reply::new(
            404,
            "text/html; charset=utf-8",
            "<html><body><h1>The page you were looking for doesn't exist</h1></body></html>",
        ),
    }
}

/// Whether a segment of the path is a locale: `de`, `en-us`, `zh-tw`.
fn is_locale(segment: &str) -> bool {
    let language = segment.split('-').next().unwrap_or_default();
    (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase())
}
