//! What texts look like: the first lines of a format that has no signature.

use crate::csv;

/// How far into the bytes the format shows itself.
pub const WINDOW: usize = 1_024;

/// How much of a text is looked at for formats that only show themselves by many lines.
const LONG_WINDOW: usize = 16 * 1_024;

/// Whether the bytes start like a page.
pub fn looks_like_html(bytes: &[u8]) -> bool {
    const OPENINGS: [&str; 12] = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<title",
        "<meta",
        "<script",
        "<div",
        "<article",
        "<main",
        "<h1",
        "<p>",
    ];
    let window = window(bytes, WINDOW).to_ascii_lowercase();
    let mut start = window.as_str();
    while let Some(rest) = start.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        start = rest.1.trim_start();
    }
    while let Some(rest) = start.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        start = rest.1.trim_start();
    }
    OPENINGS.iter().any(|opening| start.starts_with(opening))
}

/// Whether the bytes start with an XML declaration.
pub fn looks_like_xml(bytes: &[u8]) -> bool {
    window(bytes, WINDOW).starts_with("<?xml")
}

/// Whether the bytes start and end like a JSON object or array, and have a name or a nested value in between.
pub fn looks_like_json(bytes: &[u8]) -> bool {
    let start: String = window(bytes, WINDOW).chars().filter(|c| !c.is_whitespace()).take(2).collect();
    let ends = |close: u8| bytes.trim_ascii_end().last() == Some(&close);
    match start.as_str() {
        "{\"" => ends(b'}'),
        "[{" | "[[" | "[\"" => ends(b']'),
        _ => false,
    }
}

/// Whether the bytes start with the headers of an e-mail.
pub fn looks_like_mail(bytes: &[u8]) -> bool {
    const NAMES: [&str; 12] = [
        "from",
        "to",
        "subject",
        "date",
        "received",
        "return-path",
        "delivered-to",
        "message-id",
        "mime-version",
        "content-type",
        "reply-to",
        "dkim-signature",
    ];
    let window = window(bytes, LONG_WINDOW);
    let mut known = 0;
    // A mailbox file puts a line with the envelope first.
    for line in window.lines().skip_while(|line| line.starts_with("From ")) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return false;
        }
        known += usize::from(NAMES.contains(&name.to_ascii_lowercase().as_str()));
    }
    known >= 3
}

/// Whether every line has the same number of separators, and enough of them that it is no accident.
pub fn looks_like_csv(bytes: &[u8]) -> bool {
    csv::is_regular(&window(bytes, LONG_WINDOW))
}

/// Whether directives and underlined headings stand where reStructuredText has them.
pub fn looks_like_restructured(bytes: &[u8]) -> bool {
    let window = window(bytes, LONG_WINDOW);
    window.lines().any(|line| {
        let directive = line.strip_prefix(".. ").and_then(|rest| rest.split_once("::"));
        directive.is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        })
    })
}

/// Whether the text starts with a title and goes on with sections as `AsciiDoc` writes them.
pub fn looks_like_asciidoc(bytes: &[u8]) -> bool {
    let window = window(bytes, LONG_WINDOW);
    window.starts_with("= ") && window.lines().any(|line| line.starts_with("== ") || line.starts_with(":toc"))
}

/// The start as text. NULs are skipped, so that what is ASCII in UTF-16 can be read, too.
fn window(bytes: &[u8], length: usize) -> String {
    let window: Vec<u8> = bytes.iter().take(length).copied().filter(|byte| *byte != 0).collect();
    let window = String::from_utf8_lossy(&window);
    window.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{fffd}')).to_owned()
}
