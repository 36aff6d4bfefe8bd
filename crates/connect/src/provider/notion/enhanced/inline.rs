//! The letters of one block of enhanced Markdown: mentions, spans, equations and files become plain Markdown. Pure.

use super::super::link::{file, link, picture};
use super::super::rich_text::code;
use super::tag::Tag;

/// How far the end of a span, an equation or an image is looked for: further than any is long.
const REACH: usize = 8 * 1024;
/// More tags than this inside of one another are left out.
const MOST_OPEN: usize = 64;

/// A tag that was opened and not closed yet.
struct Open {
    tag: Tag,
    /// Where its text starts in what is written.
    start: usize,
}

/// Plain Markdown. Unknown tags are left out, what they hold is kept.
pub fn inline(text: &str) -> String {
    let text = without_attributes(text);
    let mut out = String::with_capacity(text.len());
    let mut open: Vec<Open> = Vec::new();
    let mut here = 0;
    while let Some(letter) = text[here..].chars().next() {
        let rest = &text[here..];
        here += match letter {
            '\\' => {
                let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..length]);
                length
            }
            '`' => span(rest, &mut out),
            '$' => equation(rest, &mut out),
            '!' => image(rest, &mut out),
            '<' => match Tag::read(rest) {
                Some(tag) => {
                    let length = tag.length;
                    take(tag, &mut open, &mut out);
                    length
                }
                None if is_autolink(rest) => copied('<', &mut out),
                None => {
                    out.push_str("\\<");
                    1
                }
            },
            other => copied(other, &mut out),
        };
    }
    out
}

fn copied(letter: char, out: &mut String) -> usize {
    out.push(letter);
    letter.len_utf8()
}

fn is_autolink(text: &str) -> bool {
    let address = text.strip_prefix('<').unwrap_or_default();
    address.starts_with("https://") || address.starts_with("http://") || address.starts_with("mailto:")
}

/// A block's own attributes, such as `{color="blue"}`, stand behind its text.
pub fn without_attributes(text: &str) -> &str {
    let trimmed = text.trim_end();
    let Some(start) = trimmed.rfind('{').filter(|_| trimmed.ends_with('}')) else { return text };
    let is_escaped = trimmed[..start].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    let list = trimmed[start + 1..trimmed.len() - 1].trim();
    // The list of attributes is written as in a tag.
    let is_list = list.contains('=') && Tag::read(&format!("<a {list}>")).is_some();
    if is_list && !is_escaped { trimmed[..start].trim_end() } else { text }
}

fn near(text: &str) -> &str {
    &text[..text.floor_char_boundary(REACH)]
}

/// Code as it stands: everything up to as many backticks as it begins with.
fn span(text: &str, out: &mut String) -> usize {
    let text = near(text);
    let mark = text.bytes().take_while(|byte| *byte == b'`').count();
    let mut from = mark;
    while let Some(start) = text[from..].find('`').map(|place| from + place) {
        let run = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if run == mark {
            out.push_str(&text[..start + run]);
            return start + run;
        }
        from = start + run;
    }
    out.push_str(&text[..mark]);
    mark
}

/// `$a+b$` and ``$`a+b`$`` become code, which keeps their letters.
fn equation(text: &str, out: &mut String) -> usize {
    let text = near(text);
    let (open, close) = if text.starts_with("$`") { ("$`", "`$") } else { ("$", "$") };
    let inner = text[open.len()..].find(close).map(|end| &text[open.len()..open.len() + end]);
    // A literal dollar is escaped; one that stands beside a space on the inner side is a literal one all the same.
    let inner = inner.filter(|inner| !inner.is_empty() && inner.trim() == *inner && !inner.ends_with('\\'));
    match inner {
        Some(inner) => {
            out.push_str(&code(inner));
            open.len() + inner.len() + close.len()
        }
        None => copied('$', out),
    }
}

/// `![caption](address)`.
fn image(text: &str, out: &mut String) -> usize {
    let parts = near(text).strip_prefix("![").and_then(|rest| {
        let middle = rest.match_indices("](").find(|(place, _)| !rest[..*place].ends_with('\\'))?.0;
        let address = &rest[middle + 2..];
        let end = address.find(')')?;
        Some((&rest[..middle], &address[..end], middle + end + "![](".len() + 1))
    });
    match parts {
        Some((caption, address, length)) => {
            out.push_str(&picture(&inline_caption(caption), address.trim_matches(['<', '>'])));
            length
        }
        None => copied('!', out),
    }
}

/// Captions hold spans and mentions, whose tags go.
fn inline_caption(caption: &str) -> String {
    let mut out = String::new();
    let mut rest = caption;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let length = Tag::read(&rest[start..]).map_or(1, |tag| tag.length);
        rest = &rest[start + length..];
    }
    out + rest
}

fn take(tag: Tag, open: &mut Vec<Open>, out: &mut String) {
    if tag.name == "br" {
        out.push_str("<br>");
    } else if tag.is_end {
        let Some(place) = open.iter().rposition(|other| other.tag.name == tag.name) else { return };
        // What was opened inside and never closed keeps its text.
        let Open { tag, start } = open.swap_remove(place);
        open.truncate(place);
        let inner = out.split_off(start);
        out.push_str(&written(&tag, &inner));
    } else if tag.is_empty {
        out.push_str(&written(&tag, ""));
    } else if open.len() < MOST_OPEN {
        open.push(Open { tag, start: out.len() });
    }
}

/// What stands for a tag and its text.
fn written(tag: &Tag, inner: &str) -> String {
    let url = tag.attribute("url");
    match tag.name.as_str() {
        "page" | "database" | "mention-page" | "mention-database" | "mention-data-source" => link(inner, url),
        "mention-user" | "mention-agent" if inner.trim().is_empty() => "@user".to_owned(),
        "mention-date" => date(tag, inner),
        "audio" | "file" | "pdf" | "video" => file(inner, tag.attribute("src")),
        "img" => picture(tag.attribute("alt"), tag.attribute("src")),
        "a" => link(inner, tag.attribute("href")),
        _ => inner.to_owned(),
    }
}

/// `2026-01-02 10:00 → 2026-01-03 (Europe/Berlin)`.
fn date(tag: &Tag, inner: &str) -> String {
    let side = |day: &str, time: &str| {
        let both = format!("{} {}", tag.attribute(day), tag.attribute(time));
        Some(both.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let sides: Vec<String> = [side("start", "startTime"), side("end", "endTime")].into_iter().flatten().collect();
    match (sides.is_empty(), tag.attribute("timeZone")) {
        (true, _) => inner.to_owned(),
        (false, "") => sides.join(" → "),
        (false, zone) => format!("{} ({zone})", sides.join(" → ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_notions_own_becomes_plain() {
        let signed = "https://files.example/cat.png?X-Amz-Signature=1";
        let cases = [
            ("plain **bold** [x](https://e.com)", "plain **bold** [x](https://e.com)"),
            ("Title {color=\"blue\"}", "Title"),
            ("Head {toggle=\"true\" color=\"red_bg\"}", "Head"),
            ("kept \\{color=\"blue\"}", "kept \\{color=\"blue\"}"),
            ("a {b} c", "a {b} c"),
            ("<span color=\"red\">red <span underline=\"true\">line</span></span> end", "red line end"),
            ("by <mention-user url=\"user://1\">Ada</mention-user>", "by Ada"),
            ("by <mention-user url=\"user://1\"/>", "by @user"),
            (
                "see <mention-page url=\"https://app.notion.com/p/1\">The *page*</mention-page>",
                "see [The *page*](https://app.notion.com/p/1)",
            ),
            ("see <mention-page url=\"https://app.notion.com/p/1\"/>.", "see <https://app.notion.com/p/1>."),
            ("<mention-date start=\"2026-01-02\" end=\"2026-01-03\"/>", "2026-01-02 → 2026-01-03"),
            (
                "<mention-date start=\"2026-01-02\" startTime=\"10:00\" timeZone=\"Europe/Berlin\"/>",
                "2026-01-02 10:00 (Europe/Berlin)",
            ),
            ("<page url=\"https://www.notion.so/a\" color=\"red\">Child</page>", "[Child](https://www.notion.so/a)"),
            ("<pdf src=\"https://files.example/a.pdf\">Plan</pdf>", "[Plan](https://files.example/a.pdf)"),
            (&format!("<file src=\"{signed}\"></file>"), "cat.png"),
            (&format!("![A cat]({signed})"), "A cat"),
            ("![A cat](https://e.com/cat.png)", "![A cat](https://e.com/cat.png)"),
            ("so $a_1 + b$ holds, for \\$5 or $ 6", "so `a_1 + b` holds, for \\$5 or $ 6"),
            ("so $`a*b`$ holds", "so `a*b` holds"),
            ("`<span>` and ``a`b<br>``", "`<span>` and ``a`b<br>``"),
            ("a < b \\<c\\> <new-tag x=\"1\">text</new-tag>", "a \\< b \\<c\\> text"),
            ("one<br>two", "one<br>two"),
            ("<https://e.com>", "<https://e.com>"),
            ("</span>lost end, <b>lost start", "lost end, lost start"),
            ("<span>a <mention-user url=\"u\">b</span> c", "a b c"),
            ("tail \\", "tail \\"),
            ("un`closed", "un`closed"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(inline(text), expected, "{text}");
        }
    }
}
