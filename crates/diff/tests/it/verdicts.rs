//! The table of verdicts in `fixtures/material.toml`.

use std::collections::HashSet;

use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    kind: String,
    old: Vec<String>,
    new: Vec<String>,
    material: bool,
    why: String,
}

fn table() -> Vec<Pair> {
    toml::from_str::<Table>(include_str!("../../fixtures/material.toml")).unwrap().pair
}

#[test]
fn each_pair_has_its_verdict_in_both_directions() {
    let pairs = table();
    assert!(pairs.len() >= 100);
    let wrong: Vec<String> = pairs
        .iter()
        .filter(|pair| {
            [(&pair.old, &pair.new), (&pair.new, &pair.old)]
                .iter()
                .any(|(a, b)| diff::is_material(a, b) != pair.material)
        })
        .map(|pair| {
            format!(
                "{}, {}: {:?} → {:?} should be material: {}",
                pair.kind, pair.why, pair.old, pair.new, pair.material
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} are judged wrongly:\n{}", wrong.len(), pairs.len(), wrong.join("\n"));
}

/// A verdict must not depend on what stands around the change.
#[test]
fn each_pair_has_its_verdict_inside_of_a_page() {
    let around = |text: &[String]| {
        let page = ["# Refunds", "We pay back what you paid.", "Write to us."].map(str::to_owned);
        [&page[..2], text, &page[2..]].concat()
    };
    for pair in table().iter().filter(|pair| !pair.old.is_empty() && !pair.new.is_empty()) {
        assert_eq!(
            diff::is_material(&around(&pair.old), &around(&pair.new)),
            pair.material,
            "{}: {}",
            pair.kind,
            pair.why
        );
    }
}

/// One change that matters is not hidden by another that does not.
#[test]
fn a_change_that_matters_shows_beside_one_that_does_not() {
    let pairs = table();
    let looks = pairs.iter().filter(|pair| !pair.material);
    for look in looks {
        let with = |text: &[String], fee: &str| [text, &[fee.to_owned()]].concat();
        let (old, new) = (with(&look.old, "The fee is 5 €."), with(&look.new, "The fee is 6 €."));
        assert!(diff::is_material(&old, &new), "{}: {}", look.kind, look.why);
    }
}

#[test]
fn no_case_stands_twice() {
    let mut seen = HashSet::new();
    for pair in table() {
        assert!(seen.insert((pair.old.clone(), pair.new.clone())), "{:?} → {:?}", pair.old, pair.new);
    }
}
