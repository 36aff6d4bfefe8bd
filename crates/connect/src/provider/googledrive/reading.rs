//! Reads one file: Google's own types as Drive exports them, everything else as it is.

use model::{Failure, FailureCode, WebUrl};
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::super::api::{Download, Refusal, all};
use super::super::field::text;
use super::super::gate::Gate;
use super::super::item::{Content, Form, Reading};
use super::exported;
use super::file::{FIELDS, Kind, address, is_id, kind, title, version};
use super::interface::{Interface, keys, reason};
use super::listing::no_id;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// A file, and the key that opens it.
struct Opened {
    id: String,
    file: Value,
    keys: HeaderMap,
}

/// Reads a file, or what a shortcut stands for, unless it is still what is known.
pub async fn read<G: Gate>(drive: &Interface<'_, G>, id: &str, known: Option<&str>) -> Result<Reading, Failure> {
    let Opened { id, file, keys } = opened(drive, id).await?;
    let refuse = |code, text: &str| Err(Failure::new(code, format!("Google Drive: {text}")));
    if file.get("trashed").and_then(Value::as_bool) == Some(true) {
        return refuse(FailureCode::Gone, "the file lies in the bin");
    }
    let kind = kind(text(&file, "/mimeType"));
    match kind {
        Kind::Folder => {
            return refuse(FailureCode::UnsupportedType, "a folder holds files, and nothing to read itself");
        }
        Kind::Shortcut => return refuse(FailureCode::UnsupportedType, "a shortcut leads to another shortcut"),
        Kind::Sealed => {
            return refuse(
                FailureCode::UnsupportedType,
                "files of this kind, such as forms and sites, cannot be exported",
            );
        }
        _ => {}
    }
    if file.pointer("/capabilities/canDownload").and_then(Value::as_bool) == Some(false) {
        return refuse(FailureCode::ProviderPermission, "the owner does not let the file be downloaded or exported");
    }
    let version = version(&file);
    if version.is_some() && version.as_deref() == known {
        return Ok(Reading::Unchanged);
    }
    let (form, warnings) = match kind {
        Kind::Bytes => (bytes(drive, &id, &file, keys).await?, Vec::new()),
        _ => export(drive, &id, &file, kind, &keys).await?,
    };
    Ok(Reading::Content(Box::new(Content { version, title: title(&file), url: address(&file), form, warnings })))
}

/// What is told of a file, or of what it stands for. A shortcut leads on once: another behind it leads nowhere.
async fn opened<G: Gate>(drive: &Interface<'_, G>, id: &str) -> Result<Opened, Failure> {
    if !is_id(id) {
        return Err(no_id(id));
    }
    let refused = |refusal: Refusal| drive.api.refused(&refusal);
    let file = drive.file(id, &HeaderMap::new(), FIELDS).await?.map_err(refused)?;
    if kind(text(&file, "/mimeType")) != Kind::Shortcut {
        let keys = keys(id, text(&file, "/resourceKey"));
        return Ok(Opened { id: id.to_owned(), file, keys });
    }
    let target = text(&file, "/shortcutDetails/targetId");
    if !is_id(target) {
        return Err(Failure::new(FailureCode::NotFound, "Google Drive: the shortcut leads nowhere"));
    }
    let keys = keys(target, text(&file, "/shortcutDetails/targetResourceKey"));
    let behind = drive.file(target, &keys, FIELDS).await?.map_err(refused)?;
    Ok(Opened { id: target.to_owned(), file: behind, keys })
}

async fn bytes<G: Gate>(drive: &Interface<'_, G>, id: &str, file: &Value, keys: HeaderMap) -> Result<Form, Failure> {
    let url = drive.at(&format!("files/{id}"), &[("alt", "media"), ("supportsAllDrives", "true")])?;
    let Download { media_type, body } = drive.api.download(url, keys).await?;
    let told = text(file, "/mimeType");
    Ok(Form::File { media_type: if told.is_empty() { media_type } else { Some(told.to_owned()) }, body })
}

/// What a kind is exported as, the best first.
fn choices(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Document => &["text/markdown", "text/html", DOCX],
        Kind::Spreadsheet => &[XLSX, "text/csv"],
        Kind::Presentation => &["text/plain", PPTX],
        Kind::Drawing => &["application/pdf"],
        Kind::Folder | Kind::Shortcut | Kind::Sealed | Kind::Bytes => &[],
    }
}

/// Exports a file as the first of its choices that is given. What is too large to be exported has links without that limit.
async fn export<G: Gate>(
    drive: &Interface<'_, G>,
    id: &str,
    file: &Value,
    kind: Kind,
    keys: &HeaderMap,
) -> Result<(Form, Vec<String>), Failure> {
    let mut last = None;
    for &mime_type in choices(kind) {
        let url = drive.at(&format!("files/{id}/export"), &[("mimeType", mime_type)])?;
        let refusal = match drive.api.attempt_download(url, keys.clone()).await? {
            Ok(download) => return form(mime_type, download).await,
            Err(refusal) => refusal,
        };
        let is_too_large = reason(&refusal) == "exportSizeLimitExceeded";
        if is_too_large && let Some(url) = link(drive, file, mime_type) {
            return form(mime_type, drive.api.download(url, keys.clone()).await?).await;
        }
        let may_be_given_otherwise = is_too_large || refusal.status == 400;
        let failure = drive.api.refused(&refusal);
        if !may_be_given_otherwise {
            return Err(failure);
        }
        last = Some(failure);
    }
    Err(last.unwrap_or_else(|| Failure::new(FailureCode::UnsupportedType, "Google Drive exports no such file")))
}

/// The link to an export, where it leads to Google or to the interface itself: the token goes with the request.
fn link<G: Gate>(drive: &Interface<'_, G>, file: &Value, mime_type: &str) -> Option<WebUrl> {
    let url = WebUrl::parse(file.get("exportLinks")?.get(mime_type)?.as_str()?).ok()?;
    let host = url.host().to_string();
    let is_googles = url.as_url().scheme() == "https" && (host == "google.com" || host.ends_with(".google.com"));
    let own = drive.at("", &[]).ok()?.origin();
    (is_googles || url.origin() == own).then_some(url)
}

async fn form(mime_type: &'static str, mut download: Download) -> Result<(Form, Vec<String>), Failure> {
    if !mime_type.starts_with("text/") {
        return Ok((Form::File { media_type: Some(mime_type.to_owned()), body: download.body }, Vec::new()));
    }
    let text = exported::text(&all(&mut download.body).await?);
    let text = if mime_type == "text/markdown" { exported::without_pictures(&text) } else { text };
    let warnings =
        if mime_type == "text/csv" { vec!["only the first sheet was exported".to_owned()] } else { Vec::new() };
    Ok((Form::Text { media_type: mime_type, text }, warnings))
}
