//! A run of an uploaded file: its bytes are here already.

use extract::Hint;
use model::{Failure, FailureCode, Job};
use store::{NewText, Record, Store};

use crate::item::new_text;
use crate::manners::ours;
use crate::parser::Parsers;

/// Reads the file of a job.
pub(crate) async fn read_upload(
    store: &Store,
    parsers: &Parsers,
    job: &Job,
    record: &Record,
    read_as: String,
) -> Result<NewText, Failure> {
    let hash = record.blob_hash().unwrap_or_default();
    let blob = store.blobs().find(hash).await.map_err(|error| ours(&error))?.ok_or_else(|| {
        let text =
            "the file was sent to another machine; workers that read uploads share the `blobs` folder with the server";
        Failure::new(FailureCode::Internal, text)
    })?;
    let url = format!("gleaner://uploads/{}/{}", job.document, record.title);
    let hint = Hint {
        content_type: Some(record.mime_type.clone()).filter(|kind| !kind.is_empty()),
        // Its name tells a title where the file has none.
        url: Some(format!("file:///{}", record.title)),
        english: job.english,
        baser: job.baser,
        ..Hint::default()
    };
    let body = store.blobs().reader(&blob).await.map_err(|error| ours(&error))?;
    let extracted = parsers.extract(&hint, body, blob.length).await?;
    Ok(new_text(extracted, blob, url, read_as))
}
