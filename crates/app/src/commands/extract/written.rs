//! How an extracted document is written down.

use extract::Extracted;

use crate::args::extract::Format;

/// A document in the wanted form, with a line end at its end.
pub fn written(found: &Extracted, format: Format) -> anyhow::Result<String> {
    let text = match format {
        Format::Text => found.paragraphs.join("\n\n"),
        Format::Markdown => extract::markdown(&found.blocks),
        Format::Json => serde_json::to_string_pretty(found)?,
    };
    Ok(format!("{}\n", text.trim_end()))
}

/// How the name of a file in this form ends.
pub const fn ending(format: Format) -> &'static str {
    match format {
        Format::Text => "txt",
        Format::Markdown => "md",
        Format::Json => "json",
    }
}
