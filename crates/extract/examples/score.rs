//! Extracts a folder of gzipped pages into text files, for a scorer: `score SET OUT` reads `SET/html/ID.html.gz`, takes
//! addresses from `SET/gold.jsonl.gz`, and writes `OUT/ID.txt` (paragraphs) beside `OUT/ID.md` (Markdown).

use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use extract::Hint;
use flate2::read::GzDecoder;

/// The reader of foreign trees recurses; real pages need more than a thread's default.
const STACK: usize = 256 * 1024 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [set, out] = <[PathBuf; 2]>::try_from(arguments).map_err(|_| "usage: score SET OUT")?;
    let work = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || run(&set, &out).map_err(|error| error.to_string()))?;
    work.join().map_err(|_| "a page made the extractor panic")??;
    Ok(())
}

fn run(set: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    let addresses = addresses(&set.join("gold.jsonl.gz"))?;
    let started = Instant::now();
    let (mut pages, mut failures) = (0, 0);
    for entry in fs::read_dir(set.join("html"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(id) = name.strip_suffix(".html.gz") else { continue };
        let content_type = Some("text/html".to_owned());
        let hint = Hint { content_type, url: addresses.get(id).cloned(), ..Hint::default() };
        pages += 1;
        match extract::extract(&unpacked(&path)?, &hint) {
            Ok(page) => {
                fs::write(out.join(format!("{id}.txt")), page.paragraphs.join("\n"))?;
                fs::write(out.join(format!("{id}.md")), extract::markdown(&page.blocks))?;
            }
            Err(failure) => {
                failures += 1;
                println!("{id}: {failure}");
            }
        }
    }
    println!("{pages} pages, {failures} failures, {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn addresses(gold: &Path) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let text = String::from_utf8(unpacked(gold)?)?;
    let mut addresses = HashMap::new();
    for line in text.lines() {
        let page: serde_json::Value = serde_json::from_str(line)?;
        if let (Some(id), Some(url)) = (page["id"].as_str(), page["url"].as_str()) {
            addresses.insert(id.to_owned(), url.to_owned());
        }
    }
    Ok(addresses)
}

fn unpacked(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(path)?).read_to_end(&mut bytes)?;
    Ok(bytes)
}
