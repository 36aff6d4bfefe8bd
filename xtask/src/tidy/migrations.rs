//! Every migration exists for both databases, under one name.

use super::complaint::Complaint;
use super::tree::Tree;

const FOLDERS: [&str; 2] = ["crates/store/migrations/sqlite/", "crates/store/migrations/postgres/"];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let [sqlite, postgres] = FOLDERS;
    [unmatched(tree, sqlite, postgres), unmatched(tree, postgres, sqlite)].concat()
}

fn unmatched(tree: &Tree, here: &str, there: &str) -> Vec<Complaint> {
    let missing = tree.below(here).filter(|name| !tree.has(&format!("{there}{name}")));
    missing
        .map(|name| Complaint::new(&format!("{here}{name}"), 1, format!("has no twin; write `{there}{name}`")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    #[test]
    fn finds_a_migration_without_its_twin() {
        let both =
            [("crates/store/migrations/sqlite/0001_a.sql", ""), ("crates/store/migrations/postgres/0001_a.sql", "")];
        assert_eq!(check(&Tree::of(&both)), []);
        for one in both {
            assert_eq!(check(&Tree::of(&[one])).len(), 1);
        }
        let renamed = [both[0], ("crates/store/migrations/postgres/0001_b.sql", "")];
        assert_eq!(check(&Tree::of(&renamed)).len(), 2);
    }
}
