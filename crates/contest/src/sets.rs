//! Sets of pages with gold texts, unpacked so that every reader reads the same files.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Serialize};

/// A page as its set describes it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Page {
    pub id: String,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(rename = "type", default)]
    pub kind: String,
    pub text: String,
    #[serde(default)]
    pub with: Vec<String>,
    #[serde(default)]
    pub without: Vec<String>,
}

/// A page as a reader is told of it: a line of the index.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    pub id: String,
    pub url: Option<String>,
    pub path: PathBuf,
}

/// A set with its pages on disk.
#[derive(Debug)]
pub struct Set {
    pub name: String,
    pub pages: Vec<Page>,
    /// A JSON object a line, each an [`Entry`].
    pub index: PathBuf,
}

impl Set {
    /// The sets of a folder in the order of their names, or those that are named; at most so many pages of each.
    pub fn load_all(from: &Path, only: &[String], scratch: &Path, most: usize) -> Result<Vec<Self>> {
        let entries = fs::read_dir(from).with_context(|| format!("--sets {} cannot be read", from.display()))?;
        let mut sets = Vec::new();
        for entry in entries {
            let folder = entry?.path();
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if gold(&folder).is_some() && (only.is_empty() || only.contains(&name)) {
                sets.push(Self::load(&folder, name, scratch, most)?);
            }
        }
        ensure!(!sets.is_empty(), "{} holds no set: SET/gold.jsonl[.gz] beside SET/html/ID.html[.gz]", from.display());
        sets.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(sets)
    }

    fn load(folder: &Path, name: String, scratch: &Path, most: usize) -> Result<Self> {
        let gold = gold(folder).context("the set has a gold file")?;
        let at = |number: usize| format!("{}:{}", gold.display(), number + 1);
        let lines = BufReader::new(unpacked(&gold)?).lines().enumerate();
        let page = |(number, line): (usize, std::io::Result<String>)| -> Result<Page> {
            serde_json::from_str(&line?).with_context(|| at(number))
        };
        // Spread over the set, so that a part has pages of every kind.
        let all: Vec<Page> = lines.map(page).collect::<Result<_>>()?;
        let step = all.len().div_ceil(most).max(1);
        let pages: Vec<Page> = all.into_iter().step_by(step).collect();
        let index = scratch.join(format!("{name}.jsonl"));
        let html = scratch.join(&name);
        fs::create_dir_all(&html)?;
        let mut entries = String::new();
        for page in &pages {
            let path = html.join(format!("{}.html", page.id));
            fs::write(&path, html_of(folder, &page.id)?)?;
            let entry = Entry { id: page.id.clone(), url: page.url.clone(), path };
            entries.push_str(&serde_json::to_string(&entry)?);
            entries.push('\n');
        }
        fs::write(&index, entries)?;
        Ok(Self { name, pages, index })
    }
}

fn gold(folder: &Path) -> Option<PathBuf> {
    ["gold.jsonl", "gold.jsonl.gz"].map(|name| folder.join(name)).into_iter().find(|path| path.is_file())
}

fn html_of(folder: &Path, id: &str) -> Result<Vec<u8>> {
    let names = [format!("html/{id}.html"), format!("html/{id}.html.gz")].map(|name| folder.join(name));
    let path = names.into_iter().find(|path| path.is_file());
    let path = path.with_context(|| format!("{} has no html/{id}.html[.gz]", folder.display()))?;
    let mut bytes = Vec::new();
    unpacked(&path)?.read_to_end(&mut bytes).with_context(|| format!("{} is damaged", path.display()))?;
    Ok(bytes)
}

fn unpacked(path: &Path) -> Result<Box<dyn Read>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}
