//! Splits the front matter off a Markdown text: `---` for YAML, `+++` for TOML. Only flat keys are of interest.

/// What front matter says about the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// `title`.
    pub title: Option<String>,
    /// `lang` or `language`.
    pub language: Option<String>,
    /// `author` or `authors`.
    pub authors: Vec<String>,
    /// `date`, or one of its other names.
    pub published: Option<String>,
    /// `lastmod`, or one of its other names.
    pub modified: Option<String>,
}

/// The front matter and the text after it; a fence that is never closed is text.
pub fn split(text: &str) -> (FrontMatter, &str) {
    let text = text.trim_start_matches('\u{feff}');
    let Some(fence) = ["---", "+++"].into_iter().find(|fence| first_line(text).trim_end() == *fence) else {
        return (FrontMatter::default(), text);
    };
    let mut at = first_line(text).len();
    let inside = at;
    while at < text.len() {
        let line = first_line(&text[at..]);
        if line.trim_end() == fence || (fence == "---" && line.trim_end() == "...") {
            return (read(&text[inside..at]), &text[at + line.len()..]);
        }
        at += line.len();
    }
    (FrontMatter::default(), text)
}

/// The line with its line end.
fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

fn read(lines: &str) -> FrontMatter {
    let value = |wanted: &str| {
        let pairs = lines.lines().filter_map(|line| line.split_once([':', '=']));
        let mut found =
            pairs.filter(|(key, _)| key.trim_end() == wanted).map(|(_, value)| unquoted(value.trim()).to_owned());
        found.find(|value| !value.is_empty())
    };
    let first = |names: &[&str]| names.iter().find_map(|name| value(name));
    FrontMatter {
        title: value("title"),
        language: first(&["lang", "language"]),
        authors: first(&["author", "authors"]).map(|names| listed(&names)).unwrap_or_default(),
        published: first(&["date", "published", "pubDate", "publishDate", "created"]),
        modified: first(&["lastmod", "last_modified", "modified", "updated", "updatedDate", "last_update"]),
    }
}

/// One value, or a list in brackets.
fn listed(value: &str) -> Vec<String> {
    match value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
        Some(values) => values.split(',').map(|value| unquoted(value.trim()).to_owned()).collect(),
        None => vec![value.to_owned()],
    }
}

fn unquoted(value: &str) -> &str {
    let within = |quote: char| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
    within('"').or_else(|| within('\'')).unwrap_or(value)
}
