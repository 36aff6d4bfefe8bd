//! What a file may hold: a first line that says why it exists, a readable length, no notes to self, no private paths.

use super::complaint::Complaint;
use super::tree::{File, Tree};

/// Files past this attract every edit; the longest of the model codebases' middle half is far shorter.
const LONGEST: usize = 400;
/// Half a word each, so that this file does not complain of itself.
const NOTES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];
const PRIVATE: [&str; 3] = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/")];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let rust = tree.rust().flat_map(|file| [reason(file), length(file)]).flatten();
    rust.chain(tree.files().flat_map(words)).collect()
}

fn reason(file: &File) -> Option<Complaint> {
    let has_reason = file.text.lines().next().is_some_and(|line| line.starts_with("//!") && line.len() > 4);
    let text = "the first line does not say why the file exists; begin with `//! ` and its one reason";
    (!has_reason).then(|| Complaint::new(&file.path, 1, text))
}

fn length(file: &File) -> Option<Complaint> {
    let lines = file.text.lines().count();
    let text = format!("{lines} lines are more than {LONGEST}; move one of its reasons to exist to a file of its own");
    (lines > LONGEST && !file.is_test()).then(|| Complaint::new(&file.path, LONGEST + 1, text))
}

fn words(file: &File) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (line, text) in file.lines() {
        for note in
            NOTES.into_iter().filter(|note| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == *note))
        {
            complaints.push(Complaint::new(
                &file.path,
                line,
                format!("`{note}` is a note to self; do it, or say what is so"),
            ));
        }
        for folder in PRIVATE.into_iter().filter(|folder| names(text, folder)) {
            let text = format!("`{folder}` is a path of one machine; use a relative path or an example under /srv");
            complaints.push(Complaint::new(&file.path, line, text));
        }
    }
    complaints
}

/// Whether `text` has an absolute path under `folder`; `https://example.com/home/` is none.
fn names(text: &str, folder: &str) -> bool {
    let ends_a_path = |c: char| c.is_alphanumeric() || "._-/}".contains(c);
    text.match_indices(folder).any(|(at, _)| !text[..at].ends_with(ends_a_path))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, check};
    use crate::tidy::tree::Tree;

    #[test]
    fn finds_what_does_not_belong() {
        let long = format!("//! Long.\n{}", "// x\n".repeat(LONGEST));
        let cases = [
            ("crates/a/src/lib.rs", "//! A reason.\n", 0),
            ("crates/a/src/lib.rs", "\n//! Late.\n", 1),
            ("crates/a/src/lib.rs", "//!\n", 1),
            ("crates/a/src/lib.rs", "", 1),
            ("crates/a/src/lib.rs", long.as_str(), 1),
            ("crates/a/src/lease/tests.rs", long.as_str(), 0),
            ("crates/a/tests/it/main.rs", long.as_str(), 0),
            ("a.sql", concat!("-- TO", "DO: index"), 1),
            ("a.sql", concat!("-- TO", "DOS: index"), 0),
            ("a.md", concat!("data in `/ho", "me/me/x`"), 1),
            ("a.md", concat!("see https://example.com/ho", "me/x"), 0),
            ("fixtures/a.md", concat!("FIX", "ME"), 0),
        ];
        for (path, text, expected) in cases {
            assert_eq!(check(&Tree::of(&[(path, text)])).len(), expected, "{path} {text:.40}");
        }
    }
}
