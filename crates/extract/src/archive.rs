//! Reads zip containers with hard caps, so that a bomb ends in a reason. Containers inside containers are never opened.

mod directory;

use std::cell::Cell;
use std::collections::HashMap;
use std::io::Read;

use flate2::read::DeflateDecoder;
use model::{Failure, FailureCode};

use self::directory::{DEFLATED, Entry, STORED};

/// More parts than any document people write; a workbook of a thousand sheets has two thousand.
const MAX_ENTRIES: usize = 20_000;

/// One inflated part, in bytes.
const MAX_PART: u64 = 48 * 1024 * 1024;

/// All inflated parts together, in bytes.
const MAX_TOTAL: u64 = 192 * 1024 * 1024;

/// Large parts that inflate by more than this are made to do so: text written by programs stays below 100.
const MAX_RATIO: u64 = 400;

/// Below this size, in bytes, the ratio says nothing.
const RATIO_FLOOR: u64 = 4 * 1024 * 1024;

/// A zip container.
pub struct Archive<'a> {
    entries: Vec<Entry<'a>>,
    /// Positions of entries by their names in lower case, because writers disagree about the case.
    names: HashMap<String, usize>,
    /// Inflated bytes so far.
    spent: Cell<u64>,
    damaged: Cell<bool>,
}

impl<'a> Archive<'a> {
    /// Reads the list of parts. A container whose end is missing is searched from its start.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Failure> {
        let (entries, damaged) = directory::entries(bytes, MAX_ENTRIES)
            .ok_or_else(|| bomb(&format!("lists more than {MAX_ENTRIES} parts")))?;
        if entries.is_empty() {
            let text = "the file starts like a zip container, but no part of it can be found; save or upload it again";
            return Err(Failure::new(FailureCode::ParseFailed, text));
        }
        let mut names = HashMap::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            names.entry(key(&entry.name)).or_insert(at);
        }
        Ok(Self { entries, names, spent: Cell::new(0), damaged: Cell::new(damaged) })
    }

    /// Whether there is a part of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(&key(name))
    }

    /// The names of the parts, as they are written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// Whether something had to be left out, because it is cut off or broken.
    pub fn is_damaged(&self) -> bool {
        self.damaged.get()
    }

    /// The inflated part; what comes before a damaged place, when there is one; nothing, when there is no such part.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let Some(entry) = self.names.get(&key(name)).and_then(|at| self.entries.get(*at)) else { return Ok(None) };
        if entry.is_encrypted {
            let text = "the file is protected with a password; save it without one";
            return Err(Failure::new(FailureCode::ParseFailed, text));
        }
        let left = MAX_TOTAL.saturating_sub(self.spent.get()).min(MAX_PART);
        let part = match entry.method {
            STORED => entry.data.to_vec(),
            DEFLATED => self.inflate(entry, left)?,
            other => {
                let text = format!("its part {} is packed by method {other}; save the file again", shown(&entry.name));
                return Err(Failure::new(FailureCode::ParseFailed, text));
            }
        };
        self.spent.set(self.spent.get() + part.len() as u64);
        if part.len() as u64 > left {
            return Err(bomb(&format!("inflates to more than {} MiB", MAX_TOTAL / 1024 / 1024)));
        }
        Ok(Some(part))
    }

    fn inflate(&self, entry: &Entry, left: u64) -> Result<Vec<u8>, Failure> {
        let mut part = Vec::new();
        let mut decoder = DeflateDecoder::new(entry.data).take(left + 1);
        let mut chunk = vec![0; 64 * 1024];
        loop {
            match decoder.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => part.extend_from_slice(&chunk[..count]),
                Err(_) => {
                    self.damaged.set(true);
                    break;
                }
            }
            let (inflated, packed) = (part.len() as u64, decoder.get_ref().total_in().max(1));
            if inflated > RATIO_FLOOR && inflated / packed > MAX_RATIO {
                return Err(bomb(&format!("holds a part that inflates more than {MAX_RATIO} times")));
            }
        }
        Ok(part)
    }
}

/// The name of a part that is written as a path seen from a folder, or from the root where it begins with a slash.
pub fn path(folder: &str, target: &str) -> String {
    let folder = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

fn shown(name: &str) -> String {
    name.chars().take(100).collect()
}

fn bomb(what: &str) -> Failure {
    let text = format!("the file {what}, which no document needs; split it or save it again");
    Failure::new(FailureCode::TooLarge, text)
}

#[cfg(test)]
pub mod tests;
