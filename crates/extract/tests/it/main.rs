//! Every folder of `fixtures/` is a case: its page is extracted and compared with `expected.md`, or with
//! `expected.json` where every field matters.
//!
//! A new case needs no Rust: write `page.html`, `page.md` or `page.txt` (and `meta.json` with the fields of the hint,
//! where the page needs one), run the tests with `GLEANER_BLESS=1`, and read the `expected.md` that they wrote.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod budget;
mod hostile;
mod hostile_files;
mod left_out;

use std::fs;
use std::path::{Path, PathBuf};

use extract::{Hint, extract};
use serde_json::{Value, json};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn page(case: &Path) -> (Vec<u8>, &'static str) {
    let kinds = [("page.html", "text/html"), ("page.md", "text/markdown"), ("page.txt", "text/plain")];
    let found = kinds.iter().find_map(|(name, kind)| Some((fs::read(case.join(name)).ok()?, *kind)));
    found.unwrap_or_else(|| panic!("{} holds no page", case.display()))
}

/// The hint of `meta.json`, filled up with what most cases want.
fn hint(case: &Path, content_type: &str) -> Hint {
    let mut hint = json!({
        "content_type": content_type, "url": "https://help.example.com/articles/page", "english": true, "baser": false
    });
    if let Ok(meta) = fs::read_to_string(case.join("meta.json")) {
        let Value::Object(fields) = serde_json::from_str(&meta).unwrap() else { panic!("meta.json is no object") };
        hint.as_object_mut().unwrap().extend(fields);
    }
    serde_json::from_value(hint).unwrap()
}

/// A case as people read it: what the page says of itself, then its text as Markdown.
fn readable(page: &extract::Extracted) -> String {
    let mut lines = vec![format!("title: {}", page.title)];
    lines.extend(page.language.iter().map(|language| format!("language: {language}")));
    lines.extend(page.canonical_url.iter().map(|url| format!("url: {url}")));
    lines.extend(page.authors.iter().map(|author| format!("author: {author}")));
    lines.extend(page.published.iter().map(|date| format!("published: {date}")));
    lines.extend(page.modified.iter().map(|date| format!("modified: {date}")));
    let path = (!page.breadcrumbs.is_empty()).then(|| page.breadcrumbs.join(" > "));
    lines.extend(path.map(|path| format!("breadcrumbs: {path}")));
    lines.extend(page.warnings.iter().map(|warning| format!("warning: {warning}")));
    format!("{}\n\n{}", lines.join("\n"), extract::markdown(&page.blocks))
}

/// What a case gives, what it should give, and where that is written; with `GLEANER_BLESS` the one becomes the other.
fn outcome(case: &Path) -> (String, String) {
    let (bytes, content_type) = page(case);
    let found = extract(&bytes, &hint(case, content_type));
    let json = case.join("expected.json");
    let (path, found) = if json.exists() {
        let found = match found {
            Ok(page) => json!({ "ok": page, "markdown": extract::markdown(&page.blocks) }),
            Err(failure) => json!({ "failure": failure.to_string() }),
        };
        (json, serde_json::to_string_pretty(&found).unwrap() + "\n")
    } else {
        (case.join("expected.md"), found.map_or_else(|failure| format!("{failure}\n"), |page| readable(&page)))
    };
    if std::env::var_os("GLEANER_BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    (found, fs::read_to_string(path).unwrap_or_default().trim_end().to_owned() + "\n")
}

#[test]
fn every_case_reads_as_expected() {
    let cases = cases();
    assert!(cases.len() > 150, "the fixtures are missing");
    let failures = cases.iter().filter_map(|case| {
        let (found, expected) = outcome(case);
        let name = case.file_name().unwrap_or_default().display();
        (found != expected).then(|| format!("==== {name}\n---- expected\n{expected}---- found\n{found}"))
    });
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{} cases read otherwise\n{}", failures.len(), failures.join("\n"));
}
