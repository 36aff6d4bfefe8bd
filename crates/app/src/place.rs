//! How a document stands, in few words for a line of output.

use web::wire::Document;

/// One line about a document that has not ended, or about how it ended.
pub fn standing(document: &Document) -> String {
    match (document.linked_job_status.as_deref(), &document.waiting) {
        (Some("COMPLETED"), _) => format!("{} paragraphs", document.paragraphs.len()),
        (Some("FAILED"), _) => document.error.clone(),
        (_, Some(waiting)) => format!("waiting ({}): {}", waiting.code, waiting.text),
        (Some("IN_PROGRESS"), None) => "fetching".to_owned(),
        _ => "waiting".to_owned(),
    }
}

/// Whether the latest run has ended.
pub fn has_ended(document: &Document) -> bool {
    matches!(document.linked_job_status.as_deref(), Some("COMPLETED" | "FAILED"))
}

/// Whether the latest run gave text.
pub fn has_completed(document: &Document) -> bool {
    document.linked_job_status.as_deref() == Some("COMPLETED")
}
