//! Names that say nothing, and the older of the two module styles.

use super::complaint::Complaint;
use super::tree::Tree;

/// Where helpers gather until everything imports everything.
const SAY_NOTHING: [&str; 8] = ["util", "utils", "common", "helpers", "core", "base", "manager", "misc"];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.rust() {
        let mut complain = |line, text: String| complaints.push(Complaint::new(&file.path, line, text));
        if file.path.ends_with("/mod.rs") {
            complain(
                1,
                "`mod.rs` makes every tab look alike; name the file after its module, beside its folder".into(),
            );
        }
        for part in file.path.trim_end_matches(".rs").split('/').filter(|part| SAY_NOTHING.contains(part)) {
            complain(1, says_nothing(part));
        }
        for (line, text) in file.lines() {
            if let Some(name) = inline_module(text).filter(|name| SAY_NOTHING.contains(name)) {
                complain(line, says_nothing(name));
            }
        }
    }
    complaints
}

fn says_nothing(name: &str) -> String {
    format!("`{name}` says nothing about what is inside; move each part to the type or the step it serves")
}

fn inline_module(line: &str) -> Option<&str> {
    let (before, rest) = line.trim_start().split_once("mod ")?;
    let is_declaration = before.is_empty() || before.starts_with("pub");
    rest.strip_suffix('{').map(str::trim_end).filter(|_| is_declaration)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    #[test]
    fn finds_names_that_say_nothing() {
        let cases = [
            ("crates/a/src/lease.rs", "", 0),
            ("crates/a/src/lease/mod.rs", "", 1),
            ("crates/a/src/util.rs", "", 1),
            ("crates/common/src/lib.rs", "", 1),
            ("crates/a/src/encore.rs", "", 0),
            ("crates/a/src/lib.rs", "pub(crate) mod helpers {\n}", 1),
            ("crates/a/src/lib.rs", "// a mod helpers {", 0),
        ];
        for (path, text, expected) in cases {
            assert_eq!(check(&Tree::of(&[(path, text)])).len(), expected, "{path} {text}");
        }
    }
}
