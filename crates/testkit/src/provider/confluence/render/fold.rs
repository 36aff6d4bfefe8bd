//! Turns storage format into HTML from the inside out: every element is written when it ends.

use quick_xml::escape::escape;
use quick_xml::events::Event;

use super::macros::{self, Scene};
use super::open::Open;
use super::plain::reader;

/// Elements of HTML that never have an end.
const VOID: [&str; 4] = ["br", "hr", "img", "col"];

/// The HTML of a body, as it looks in this place.
pub(super) fn html(storage: &str, scene: &Scene<'_>) -> String {
    let mut reader = reader(storage);
    let mut open = vec![Open::default()];
    loop {
        let depth = open.len();
        let top = open.last_mut().expect("the outermost element is never taken off");
        match reader.read_event() {
            Ok(Event::Start(start)) => open.push(Open::new(&start)),
            Ok(Event::End(_)) if depth > 1 => close(&mut open, scene),
            Ok(Event::Text(text)) => top.html.push_str(&text),
            Ok(Event::CData(text)) => top.html.push_str(&escape(&*text)),
            Ok(Event::GeneralRef(name)) => {
                top.html.push('&');
                top.html.push_str(&name);
                top.html.push(';');
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    while open.len() > 1 {
        close(&mut open, scene);
    }
    open.remove(0).html
}

/// Ends the innermost element: writes it into the one around it, or tells that one what it said.
fn close(open: &mut Vec<Open>, scene: &Scene<'_>) {
    let (Some(done), Some(around)) = (open.pop(), open.last_mut()) else { return };
    match done.name.as_str() {
        "ac:parameter" => {
            let name = format!("parameter {}", done.attribute("ac:name").unwrap_or_default());
            around.hear(&name, done.said("page").unwrap_or(&done.html));
        }
        "ac:plain-text-body" => around.hear("plain", &done.html),
        "ac:rich-text-body" => around.hear("rich", &done.html),
        "ac:link-body" | "ac:plain-text-link-body" => around.hear("label", &done.html),
        "ac:task-id" | "ac:task-uuid" | "ac:placeholder" => {}
        "ac:task-status" => around.hear("status", &done.html),
        "ri:page" | "ri:blog-post" => around.hear("page", done.attribute("ri:content-title").unwrap_or_default()),
        "ri:attachment" => around.hear("file", done.attribute("ri:filename").unwrap_or_default()),
        "ri:url" => around.hear("url", done.attribute("ri:value").unwrap_or_default()),
        "ri:user" => around.hear("user", done.attribute("ri:account-id").unwrap_or("someone")),
        "ac:link" => {
            around.html.push_str(&macros::link(&done, scene));
            // A parameter that holds a link means the page that it leads to.
            done.said("page").into_iter().for_each(|page| around.hear("page", page));
        }
        _ => around.html.push_str(&written(&done, scene)),
    }
}

fn written(done: &Open, scene: &Scene<'_>) -> String {
    let (name, html) = (done.name.as_str(), &done.html);
    match name {
        "ac:structured-macro" | "ac:macro" => macros::html(done, scene),
        "ac:image" => macros::image(done, scene),
        "ac:emoticon" => {
            let face = done.attribute("ac:emoji-fallback").or(done.attribute("ac:name")).unwrap_or_default();
            format!(
                "<img class=\"emoticon\" alt=\"({face})\" src=\"{}/images/icons/emoticons/{face}.png\" />",
                scene.base
            )
        }
        "ac:task-list" => format!("<ul class=\"inline-task-list\">{html}</ul>"),
        "ac:task" => {
            let checked = if done.said("status") == Some("complete") { " class=\"checked\"" } else { "" };
            format!("<li{checked}>{html}</li>")
        }
        "ac:task-body" => format!("<span>{html}</span>"),
        "ac:layout" => format!("<div class=\"contentLayout2\">{html}</div>"),
        "ac:layout-section" => format!("<div class=\"columnLayout\">{html}</div>"),
        "ac:layout-cell" => format!("<div class=\"cell\"><div class=\"innerCell\">{html}</div></div>"),
        "time" => {
            let date = done.attribute("datetime").unwrap_or_default();
            format!("<time datetime=\"{date}\" class=\"date-past\">{date}</time>")
        }
        _ if name.contains(':') => html.clone(),
        _ => {
            let attributes = done.attributes().map(|(name, value)| format!(" {name}=\"{value}\""));
            let attributes = attributes.collect::<String>();
            if VOID.contains(&name) {
                format!("<{name}{attributes} />")
            } else {
                format!("<{name}{attributes}>{html}</{name}>")
            }
        }
    }
}
