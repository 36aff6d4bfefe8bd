//! Paths that documents name exist, and the map names every crate.

use pulldown_cmark::{Event, Parser, Tag};

use super::complaint::Complaint;
use super::tree::{File, Tree};

const MAP: &str = "ARCHITECTURE.md";
/// What a path ends in when it is one of ours.
const KINDS: [&str; 8] = [".rs", ".md", ".toml", ".sql", ".json", ".html", ".css", ".js"];

pub fn check(tree: &Tree, crates: &[String]) -> Vec<Complaint> {
    let documents = tree.files().filter(|file| file.kind() == "md");
    let mut complaints: Vec<Complaint> = documents.flat_map(|file| stale_paths(tree, file)).collect();
    if let Some(map) = tree.files().find(|file| file.path == MAP) {
        let is_named =
            |name: &&String| map.text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == *name);
        for name in crates.iter().filter(|name| !is_named(name)) {
            complaints.push(Complaint::new(
                MAP,
                1,
                format!("the crate `{name}` is not on the map; say what it alone knows"),
            ));
        }
    }
    complaints
}

fn stale_paths(tree: &Tree, file: &File) -> Vec<Complaint> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut complaints = Vec::new();
    for (event, place) in Parser::new(&file.text).into_offset_iter() {
        let named = match &event {
            Event::Code(text) => path_in_code(tree, text),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => path_in_link(dest_url),
            _ => None,
        };
        let Some(named) = named else { continue };
        let from_root = matches!(event, Event::Code(_)) && tree.has(named);
        if !from_root && !join(folder, named).is_some_and(|path| tree.has(&path)) {
            let line = file.text[..place.start].lines().count().max(1);
            let line = if file.text[..place.start].ends_with('\n') { line + 1 } else { line };
            complaints.push(Complaint::new(
                &file.path,
                line,
                format!("`{named}` does not exist; mend the path or the text"),
            ));
        }
    }
    complaints
}

/// `crates/store/src/lib.rs:12` in backticks; not a URL, an API path, a pattern or a command.
fn path_in_code<'a>(tree: &Tree, text: &'a str) -> Option<&'a str> {
    let path = text.split(':').next().unwrap_or_default();
    let is_plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) && !text.contains("://");
    let (first, _) = path.split_once('/')?;
    let is_ours = !first.is_empty() && (tree.has(first) || KINDS.iter().any(|kind| path.ends_with(kind)));
    (is_plain && is_ours).then_some(path)
}

fn path_in_link(target: &str) -> Option<&str> {
    let path = target.split('#').next().unwrap_or_default();
    let is_elsewhere = path.contains("://") || path.starts_with("mailto:") || path.starts_with('/');
    (!path.is_empty() && !is_elsewhere).then_some(path)
}

/// `None` when the path leaves the workspace.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    fn found(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text), ("crates/store/src/lib.rs", ""), ("docs/operate.md", "")]);
        check(&tree, &["store".to_owned()]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn finds_paths_that_do_not_exist() {
        let cases = [
            ("README.md", "see `crates/store/src/lib.rs:12`, `crates/store/` and [how](docs/operate.md#run)", 0),
            ("README.md", "see `crates/store/src/gone.rs`", 1),
            ("README.md", "[how](docs/gone.md)", 1),
            ("README.md", "![shot](docs/shot.png)", 1),
            ("docs/other.md", "[how](operate.md), [up](../crates/store), `crates/store`", 0),
            ("docs/other.md", "[out](../../x.md)", 1),
            ("README.md", "`/v2/documents`, `https://example.com/a.md`, `crates/*/src`, `gleaner.toml`, `a/b`", 0),
            ("README.md", "```\ncrates/store/src/gone.rs\n```", 0),
            ("README.md", "`src/gone.rs`", 1),
        ];
        for (path, text, expected) in cases {
            let found = found(path, text);
            assert_eq!(found.len(), expected, "{text}: {found:?}");
        }
    }

    #[test]
    fn says_on_which_line() {
        for (text, line) in [("`crates/x`", 1), ("a\n\n`crates/x`", 3), ("a\n\nb `crates/x`", 3)] {
            assert!(found("README.md", text)[0].starts_with(&format!("README.md:{line}: ")), "{text}");
        }
    }

    #[test]
    fn the_map_names_every_crate() {
        assert_eq!(found("ARCHITECTURE.md", "`store` keeps rows").len(), 0);
        assert_eq!(found("ARCHITECTURE.md", "restore the rows").len(), 1);
    }
}
