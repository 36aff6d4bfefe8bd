//! Reads uploaded files off the wire, straight into the blob folder: a file is never whole in memory.

use std::time::Duration;

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use multer::{Field, Multipart};
use store::{Blob, Store, Upload};

use crate::error::Error;
use crate::quoted::quoted;
use crate::state::State;

/// The most files of one request.
const MOST_FILES: usize = 100;
/// The most bytes of a field that is no file.
const LONGEST_WORD: usize = 16;
/// The most letters of a file's name.
const LONGEST_NAME: usize = 255;

/// What a body held.
#[derive(Debug)]
pub struct Uploaded {
    /// The files, in their order.
    pub files: Vec<Upload>,
}

/// Reads a body of the type `multipart/form-data`.
pub async fn read(request: Request, state: &State) -> Result<Uploaded, Error> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|_| {
        let found = if kind.is_empty() { "there is none".to_owned() } else { format!("it is {}", quoted(kind)) };
        Error::MediaType(format!("Content-Type must be multipart/form-data with a boundary; {found}"))
    })?;
    let mut parts = Multipart::new(request.into_body().into_data_stream(), boundary);
    let (mut files, mut english, mut baser) = (Vec::new(), None, None);
    while let Some(mut field) = in_time(state, parts.next_field()).await? {
        match field.file_name().map(name_of) {
            Some(name) if files.len() < MOST_FILES => files.push(file(&state.store, state, field, name?).await?),
            Some(_) => {
                return Err(Error::BadRequest(format!("at most {MOST_FILES} files fit one request, split it")));
            }
            None => {
                let name = field.name().unwrap_or_default().to_owned();
                let word = word(state, &mut field, &name).await?;
                match name.as_str() {
                    "english" => english = Some(flag(&name, &word)?),
                    "baser" => baser = Some(flag(&name, &word)?),
                    _ => {}
                }
            }
        }
    }
    if files.is_empty() {
        return Err(Error::BadRequest("send at least one file: a part of the form with a file name".to_owned()));
    }
    for file in &mut files {
        (file.english, file.baser) = (english.unwrap_or(true), baser.unwrap_or(false));
    }
    Ok(Uploaded { files })
}

/// Keeps the bytes of one file.
async fn file(store: &Store, state: &State, mut field: Field<'_>, name: String) -> Result<Upload, Error> {
    let mime_type = field.content_type().map(ToString::to_string).unwrap_or_default();
    let most = state.limits.file;
    let mut writer = store.blobs().writer().await?;
    let mut length = 0;
    while let Some(chunk) = in_time(state, field.chunk()).await? {
        length += chunk.len();
        if length > most {
            return Err(Error::TooLarge(most));
        }
        writer.write(&chunk).await?;
    }
    if length == 0 {
        return Err(Error::BadRequest(format!("the file {} is empty", quoted(&name))));
    }
    let blob: Blob = writer.finish().await?;
    Ok(Upload { name, mime_type, blob, english: true, baser: false })
}

async fn word(state: &State, field: &mut Field<'_>, name: &str) -> Result<String, Error> {
    let mut word = Vec::new();
    while let Some(chunk) = in_time(state, field.chunk()).await? {
        word.extend_from_slice(&chunk);
        if word.len() > LONGEST_WORD {
            return Err(Error::BadRequest(format!(
                "the field {} is too long; a file needs a file name in its Content-Disposition",
                quoted(name)
            )));
        }
    }
    Ok(String::from_utf8_lossy(&word).into_owned())
}

fn flag(name: &str, word: &str) -> Result<bool, Error> {
    word.trim().parse().map_err(|_| Error::BadRequest(format!("{name} must be true or false, got {}", quoted(word))))
}

/// The last part of a name that may be a path, as old browsers send.
fn name_of(sent: &str) -> Result<String, Error> {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Error::BadRequest(format!(
            "{} is no file name; use 1 to {LONGEST_NAME} characters and no control characters",
            quoted(sent)
        )));
    }
    Ok(name.to_owned())
}

/// The next piece, which must not be long in coming.
async fn in_time<T>(state: &State, next: impl Future<Output = multer::Result<T>>) -> Result<T, Error> {
    let wait: Duration = state.limits.body_wait;
    let next = tokio::time::timeout(wait, next).await.map_err(|_| Error::Slow(wait.as_secs()))?;
    next.map_err(|_| Error::BadRequest("the form is malformed or broke off before its end; send it again".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_a_path() {
        let long = "x".repeat(LONGEST_NAME + 1);
        let cases = [
            ("guide.pdf", Some("guide.pdf")),
            ("C:\\docs\\guide.pdf", Some("guide.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("Prüfung 1.docx", Some("Prüfung 1.docx")),
            ("", None),
            ("docs/", None),
            ("a\u{0}b", None),
            (long.as_str(), None),
        ];
        for (sent, expected) in cases {
            assert_eq!(name_of(sent).ok().as_deref(), expected, "{sent:?}");
        }
    }
}
