//! What macros, links and pictures turn into when somebody looks at a page.

use super::open::Open;
use super::plain::blocks;
use crate::provider::confluence::content::{Content, Kind, Status};
use crate::provider::confluence::wording::slug;
use crate::provider::confluence::world::World;

/// How many pages the list of recent changes shows.
const RECENT: usize = 5;

/// The page that is looked at, and from where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) world: &'a World,
    pub(super) content: &'a Content,
    /// What every link starts with: nothing, or the site's address.
    pub(super) base: &'a str,
    /// How often a page may still include another.
    pub(super) left: usize,
    /// Renders a page that is included.
    pub(super) html: fn(&str, &Scene<'_>) -> String,
}

/// A macro.
pub(super) fn html(done: &Open, scene: &Scene<'_>) -> String {
    let name = done.attribute("ac:name").unwrap_or_default();
    let parameter = |name: &str| done.said(&format!("parameter {name}")).unwrap_or_default();
    let rich = done.said("rich").unwrap_or_default();
    match name {
        "code" | "noformat" => {
            let (language, text) = (parameter("language"), done.said("plain").unwrap_or_default());
            format!(
                "<div class=\"code panel pdl\"><pre class=\"syntaxhighlighter-pre\" data-language=\"{language}\">{text}</pre></div>"
            )
        }
        "info" | "note" | "tip" | "warning" => {
            let title = parameter("title");
            let title = if title.is_empty() { String::new() } else { format!("<p class=\"title\">{title}</p>") };
            let class = format!("confluence-information-macro confluence-information-macro-{name}");
            format!("<div class=\"{class}\">{title}<div class=\"confluence-information-macro-body\">{rich}</div></div>")
        }
        "panel" => {
            let title = parameter("title");
            format!(
                "<div class=\"panel\"><div class=\"panelHeader\"><b>{title}</b></div><div class=\"panelContent\">{rich}</div></div>"
            )
        }
        "expand" => {
            let title = parameter("title");
            let control = format!("<span class=\"expand-control-text\">{title}</span>");
            format!("<div class=\"expand-container\">{control}<div class=\"expand-content\">{rich}</div></div>")
        }
        "status" => format!("<span class=\"status-macro aui-lozenge\">{}</span>", parameter("title")),
        "jira" => {
            let key = parameter("key");
            format!("<span class=\"jira-issue\" data-jira-key=\"{key}\"><a href=\"/browse/{key}\">{key}</a></span>")
        }
        "toc" => {
            let own = scene.content.present().body.as_deref().unwrap_or_default();
            let headings = blocks(own).into_iter().filter(|block| block.level.is_some());
            let items = headings.map(|block| format!("<li><a href=\"#{}\">{}</a></li>", slug(&block.text), block.text));
            format!("<div class=\"toc-macro\"><ul>{}</ul></div>", items.collect::<String>())
        }
        "children" => list("childpages-macro", children(scene), scene),
        "recently-updated" => list("recently-updated", recent(scene), scene),
        "include" | "excerpt-include" => included(parameter(""), scene),
        _ => format!("<div class=\"conf-macro output-block\" data-macro-name=\"{name}\">{rich}</div>"),
    }
}

fn list(class: &str, pages: Vec<&Content>, scene: &Scene<'_>) -> String {
    let item = |page: &Content| format!("<li><a href=\"{}\">{}</a></li>", address(page, scene), page.present().title);
    format!("<ul class=\"{class}\">{}</ul>", pages.into_iter().map(item).collect::<String>())
}

fn seen<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Content> + use<'a> {
    let world = scene.world;
    let pages = world.content.values().filter(|page| page.kind == Kind::Page && page.status == Status::Current);
    pages.filter(move |page| world.shows(page))
}

fn children<'a>(scene: &Scene<'a>) -> Vec<&'a Content> {
    seen(scene).filter(|page| page.parent == Some(scene.content.id)).collect()
}

/// Other people's edits show here, so the view of a page changes while the page does not.
fn recent<'a>(scene: &Scene<'a>) -> Vec<&'a Content> {
    let mut pages: Vec<_> = seen(scene).filter(|page| page.id != scene.content.id).collect();
    pages.sort_by_key(|page| std::cmp::Reverse((page.present().at, page.id)));
    pages.truncate(RECENT);
    pages
}

fn by_title<'a>(title: &str, scene: &Scene<'a>) -> Option<&'a Content> {
    seen(scene).find(|page| page.space == scene.content.space && page.present().title == title)
}

fn included(title: &str, scene: &Scene<'_>) -> String {
    match by_title(title, scene) {
        Some(page) if scene.left > 0 => {
            let inner = Scene { content: page, left: scene.left - 1, ..*scene };
            (scene.html)(page.present().body.as_deref().unwrap_or_default(), &inner)
        }
        _ => "<p class=\"error\">The included page could not be found.</p>".to_owned(),
    }
}

fn address(page: &Content, scene: &Scene<'_>) -> String {
    let key = scene.world.spaces.get(&page.space).map_or("", |space| space.key.as_str());
    let root = if scene.base.is_empty() { "/wiki" } else { scene.base };
    format!("{root}/spaces/{key}/pages/{}/{}", page.id, slug(&page.present().title))
}

/// A link to a page, a file, somebody or an address.
pub(super) fn link(done: &Open, scene: &Scene<'_>) -> String {
    let label = |otherwise: &str| done.said("label").unwrap_or(otherwise).to_owned();
    if let Some(title) = done.said("page") {
        let Some(page) = by_title(title, scene) else { return label(title) };
        return format!("<a href=\"{}\">{}</a>", address(page, scene), label(title));
    }
    if let Some(file) = done.said("file") {
        return format!("<a href=\"{}\">{}</a>", download(file, scene), label(file));
    }
    if let Some(user) = done.said("user") {
        return format!("<a class=\"confluence-userlink\" data-account-id=\"{user}\">@{}</a>", label("Writer"));
    }
    let anchor = done.attribute("ac:anchor").unwrap_or_default();
    format!("<a href=\"#{anchor}\">{}</a>", label(anchor))
}

/// A picture.
pub(super) fn image(done: &Open, scene: &Scene<'_>) -> String {
    let source = match (done.said("file"), done.said("url")) {
        (Some(file), _) => download(file, scene),
        (None, url) => url.unwrap_or_default().to_owned(),
    };
    let alt = done.attribute("ac:alt").unwrap_or_default();
    format!(
        "<span class=\"confluence-embedded-file-wrapper\"><img class=\"confluence-embedded-image\" src=\"{source}\" alt=\"{alt}\" /></span>"
    )
}

fn download(file: &str, scene: &Scene<'_>) -> String {
    let root = if scene.base.is_empty() { "/wiki" } else { scene.base };
    format!("{root}/download/attachments/{}/{}", scene.content.id, slug(file))
}
