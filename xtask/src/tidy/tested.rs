//! Tests that documents name exist: a promise with the name of a test that is gone is a promise without one.

use std::collections::HashSet;

use pulldown_cmark::{Event, Parser};

use super::complaint::Complaint;
use super::tree::{File, Tree};

/// A name alone is taken for a test from so many words on, one behind a module from so many: settings and functions are shorter.
const WORDS: (usize, usize) = (5, 4);
/// What the names of metrics begin with.
const METRIC: &str = "gleaner_";

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let functions: HashSet<&str> = tree.rust().flat_map(File::lines).filter_map(|(_, line)| function(line)).collect();
    let documents = tree.files().filter(|file| file.kind() == "md");
    documents.flat_map(|file| stale(&functions, file)).collect()
}

fn stale(functions: &HashSet<&str>, file: &File) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (event, place) in Parser::new(&file.text).into_offset_iter() {
        let Event::Code(text) = event else { continue };
        if let Some(name) = test(&text).filter(|name| !functions.contains(name)) {
            let line = file.text[..place.start].matches('\n').count() + 1;
            complaints.push(Complaint::new(
                &file.path,
                line,
                format!("there is no test `{name}`; mend the name or the text"),
            ));
        }
    }
    complaints
}

/// The last part of `module::name`, or a name alone, when it looks like a test's.
fn test(text: &str) -> Option<&str> {
    let (is_below, name) = text.rsplit_once("::").map_or((false, text), |(_, name)| (true, name));
    let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let words = name.split('_').filter(|word| !word.is_empty()).count();
    (is_name && !name.starts_with(METRIC) && words >= if is_below { WORDS.1 } else { WORDS.0 }).then_some(name)
}

/// The name of the function that a line begins.
fn function(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("fn ")?;
    rest.split(['(', '<']).next()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    #[test]
    fn finds_tests_that_do_not_exist() {
        let cases = [
            ("`races::what_is_there_stays`", 0),
            ("`what_is_there_stays_as_it_is`", 0),
            ("`races::what_was_there_stays`", 1),
            ("a line\n\n`what_was_there_stays_as_it_was`", 1),
            (
                "`gleaner_hosts_with_a_line`, `a::extract_with_options`, `store::Outcome`, `retry-base`, `model::faults`",
                0,
            ),
            ("```\nwhat_was_there_stays_as_it_was\n```", 0),
        ];
        let code = "//! x\n    async fn what_is_there_stays(ground: Ground) {}\nfn what_is_there_stays_as_it_is() {}\n";
        for (text, expected) in cases {
            let tree = Tree::of(&[("docs/a.md", text), ("crates/a/tests/it/races.rs", code)]);
            let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
            assert_eq!(found.len(), expected, "{text}: {found:?}");
            assert!(found.iter().all(|complaint| !text.starts_with('a') || complaint.starts_with("docs/a.md:3: ")));
        }
    }
}
