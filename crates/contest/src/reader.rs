//! Our side of the contest, and the contract that every side keeps.
//!
//! A reader is a program `READER INDEX OUT`. It reads each page that the index names, writes its text to `OUT/ID.txt`, and
//! prints one JSON object: `pages`, and `secs`, the time that extraction alone has taken.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use extract::Hint;
use serde::{Deserialize, Serialize};

use crate::sets::Entry;

/// What a reader prints.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Timed {
    pub pages: usize,
    pub secs: f64,
}

/// Reads the pages of an index.
pub fn read(index: &Path, out: &Path) -> Result<()> {
    let (mut pages, mut time) = (0, Duration::ZERO);
    for line in BufReader::new(fs::File::open(index)?).lines() {
        let entry: Entry = serde_json::from_str(&line?)?;
        let bytes = fs::read(&entry.path)?;
        let hint =
            Hint { content_type: Some("text/html".to_owned()), url: entry.url, english: true, ..Hint::default() };
        let started = Instant::now();
        let text = extract::extract(&bytes, &hint).map(|found| found.paragraphs.join("\n\n"));
        time += started.elapsed();
        pages += 1;
        fs::write(out.join(format!("{}.txt", entry.id)), text.unwrap_or_default())?;
    }
    println!("{}", serde_json::to_string(&Timed { pages, secs: time.as_secs_f64() })?);
    Ok(())
}
