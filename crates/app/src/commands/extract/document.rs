//! The document that `gleaner extract` is given: where its bytes come from, and what is known of them.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow, bail, ensure};
use extract::{Hint, MAX_BYTES};
use model::{Failure, WebUrl};
use pipeline::errand;

use crate::settings::Settings;
use crate::setup;

/// Bytes with a name and a hint.
pub struct Document {
    /// What the user called it.
    pub name: String,
    pub bytes: Vec<u8>,
    pub hint: Hint,
}

impl Document {
    /// Reads a file or standard input, or fetches a URL. The address in the hint wins over the one that was found.
    pub async fn open(settings: &Settings, name: &str, hint: Hint) -> anyhow::Result<Self> {
        if let Some(url) = &hint.url {
            WebUrl::parse(url).map_err(|refusal| anyhow!("--url {url:?} {refusal}"))?;
        }
        let (name, name_of_input) = (name.to_owned(), "standard input");
        if name == "-" {
            let bytes = limited(std::io::stdin().lock()).context(name_of_input)?;
            return Ok(Self { name: name_of_input.to_owned(), bytes, hint });
        }
        if name.contains("://") {
            return fetch(settings, name, hint).await;
        }
        let bytes = std::fs::File::open(&name).map_err(anyhow::Error::from).and_then(limited).with_context(|| {
            format!("cannot read {name}; name a file, an http or https URL, or `-` for standard input")
        })?;
        let url = hint.url.clone().or_else(|| file_url(Path::new(&name)));
        Ok(Self { name, bytes, hint: Hint { url, ..hint } })
    }

    /// What to say when it has no text.
    pub fn refusal(&self, failure: &Failure) -> anyhow::Error {
        anyhow!("{}: {failure}", self.name)
    }
}

async fn fetch(settings: &Settings, name: String, hint: Hint) -> anyhow::Result<Document> {
    let url = WebUrl::parse(&name).map_err(|refusal| anyhow!("{name:?} {refusal}"))?;
    let fetched = errand::fetch(&setup::client(settings)?, url, &settings.pace).await;
    let fetched = fetched.map_err(|failure| anyhow!("{name}: {failure}"))?;
    let url = hint.url.clone().or_else(|| Some(fetched.url.to_string()));
    Ok(Document { name, bytes: fetched.bytes, hint: Hint { url, content_type: fetched.content_type, ..hint } })
}

fn limited(mut input: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.by_ref().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_BYTES {
        bail!("it has more than {} MiB, and Gleaner reads no larger documents; split it", MAX_BYTES / 1024 / 1024);
    }
    ensure!(!bytes.is_empty(), "it is empty");
    Ok(bytes)
}

/// The name of a file helps where its bytes say little, such as those of Markdown.
fn file_url(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    url::Url::from_file_path(path).ok().map(|url| url.to_string())
}
