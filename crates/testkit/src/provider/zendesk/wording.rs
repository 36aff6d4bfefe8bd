//! What a help centre holds, written out as JSON.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::people::User;
use super::shelf::{Article, Audience, File, Kind, Segment, Shelf, Text};

/// Every article is edited by the same group.
const PERMISSION_GROUP: i64 = 33_152_086_795_411;

/// An instant as the service writes it, with whole seconds.
pub(super) fn date(seconds: i64) -> String {
    Timestamp::from_second(seconds).expect("worlds keep to years that can be written").to_string()
}

/// The part of an address that is made from a title.
fn slug(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// A category or a section in a locale that it is written in.
pub(super) fn shelf(shelf: &Shelf, locale: &str, origin: &str) -> Value {
    let (id, text) = (shelf.id, &shelf.texts[locale]);
    let kinds = shelf.kind.plural();
    let mut value = json!({
        "id": id,
        "url": format!("{origin}/api/v2/help_center/{locale}/{kinds}/{id}.json"),
        "html_url": format!("{origin}/hc/{locale}/{kinds}/{id}-{}", slug(&text.title)),
        "position": shelf.position,
        "created_at": date(shelf.created_at),
        "updated_at": date(text.edited_at),
        "name": text.title,
        "description": text.body.as_deref().unwrap_or_default(),
        "locale": locale,
        "source_locale": shelf.source_locale,
        "outdated": text.outdated,
    });
    if let Kind::Section { category, parent } = shelf.kind {
        value["category_id"] = json!(category);
        value["parent_section_id"] = json!(parent);
        value["sorting"] = json!("manual");
        value["theme_template"] = json!("section_page");
    }
    value
}

/// An article in a locale that it is written in. Without a body, where the field is to be null.
pub(super) fn article(article: &Article, locale: &str, origin: &str, with_body: bool) -> Value {
    let (id, text) = (article.id, &article.texts[locale]);
    let outdated: Vec<_> = article.texts.iter().filter(|(_, text)| text.outdated).map(|(locale, _)| locale).collect();
    json!({
        "id": id,
        "url": format!("{origin}/api/v2/help_center/{locale}/articles/{id}.json"),
        "html_url": format!("{origin}/hc/{locale}/articles/{id}-{}", slug(&text.title)),
        "author_id": article.author,
        "comments_disabled": false,
        "draft": text.draft,
        "promoted": article.promoted,
        "position": article.position,
        "vote_sum": article.votes.iter().sum::<i64>(),
        "vote_count": article.votes.len(),
        "section_id": article.section,
        "created_at": date(article.created_at),
        "updated_at": date(article.updated_at),
        "name": text.title,
        "title": text.title,
        "source_locale": article.source_locale,
        "locale": locale,
        "outdated": false,
        "outdated_locales": outdated,
        "edited_at": date(text.edited_at),
        "user_segment_id": article.segments.first(),
        "user_segment_ids": article.segments,
        "permission_group_id": PERMISSION_GROUP,
        "content_tag_ids": article.tags,
        "label_names": article.labels,
        "body": text.body.as_deref().filter(|_| with_body),
    })
}

/// One translation of an article or a shelf, whose kind is given as in the path.
pub(super) fn translation(text: &Text, locale: &str, of: i64, kinds: &str, origin: &str) -> Value {
    let kind = match kinds {
        "articles" => "Article",
        "sections" => "Section",
        _ => "Category",
    };
    json!({
        "id": text.id,
        "url": format!("{origin}/api/v2/help_center/{kinds}/{of}/translations/{locale}.json"),
        "html_url": format!("{origin}/hc/{locale}/{kinds}/{of}"),
        "source_id": of,
        "source_type": kind,
        "locale": locale,
        "title": text.title,
        "body": text.body,
        "outdated": text.outdated,
        "draft": text.draft,
        "hidden": false,
        "created_at": date(text.created_at),
        "updated_at": date(text.edited_at),
        "updated_by_id": null,
        "created_by_id": 26_155_588_908_179_i64,
    })
}

/// A label by its name.
pub(super) fn label(name: &str, origin: &str) -> Value {
    let id = label_id(name);
    let date = date(super::world::START);
    let url = format!("{origin}/api/v2/help_center/articles/labels/{id}.json");
    json!({"id": id, "url": url, "name": name, "created_at": date, "updated_at": date})
}

/// The id of a label, made from its name.
pub(super) fn label_id(name: &str) -> i64 {
    360_000_000_000 + name.bytes().fold(0_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_000_007)
}

/// A file of an article, without its bytes.
pub(super) fn file(file: &File, origin: &str) -> Value {
    let (id, article) = (file.id, file.article);
    json!({
        "id": id,
        "url": format!("{origin}/api/v2/help_center/articles/{article}/attachments/{id}"),
        "article_id": article,
        "display_file_name": file.name,
        "file_name": file.name,
        "locale": null,
        "content_url": format!("{origin}/hc/article_attachments/{id}"),
        "relative_path": format!("/hc/article_attachments/{id}"),
        "content_type": file.media_type,
        "size": file.bytes.len(),
        "inline": file.inline,
        "created_at": date(file.created_at),
        "updated_at": date(file.created_at),
    })
}

/// A user segment.
pub(super) fn segment(segment: &Segment) -> Value {
    let user_type = if segment.audience == Audience::SignedIn { "signed_in_users" } else { "staff" };
    let groups: &[i64] = if segment.audience == Audience::Managers { &[33_152_086_800_001] } else { &[] };
    json!({
        "id": segment.id,
        "name": segment.name,
        "user_type": user_type,
        "group_ids": groups,
        "organization_ids": [],
        "tags": [],
        "or_tags": [],
        "added_user_ids": [],
        "built_in": segment.audience != Audience::Managers,
        "created_at": date(segment.created_at),
        "updated_at": date(segment.created_at),
    })
}

/// Who asks. Nobody is called "Anonymous user", and that is answered 200 as well.
pub(super) fn user(user: Option<&User>, origin: &str) -> Value {
    let Some(user) = user else {
        return json!({"user": {
            "id": null, "url": null, "name": "Anonymous user", "email": "invalid@example.com", "created_at": null,
            "updated_at": null, "time_zone": null, "role": "end-user", "verified": false, "active": null,
        }});
    };
    let role = match user.role {
        super::people::Role::Admin => "admin",
        super::people::Role::Agent => "agent",
        _ => "end-user",
    };
    let url = format!("{origin}/api/v2/users/{}.json", user.id);
    json!({"user": {
        "id": user.id, "url": url, "name": user.email, "email": user.email, "role": role, "verified": true, "active": true,
        "created_at": date(super::world::START), "updated_at": date(super::world::START), "time_zone": "UTC",
    }})
}
