//! Files as Google Drive describes them. Pure.

use serde_json::Value;

use super::super::field::text;

/// What is asked of each file. Without it Drive tells little more than a name.
pub const FIELDS: &str = "id,name,mimeType,modifiedTime,version,md5Checksum,headRevisionId,trashed,parents,driveId,\
                          webViewLink,iconLink,resourceKey,shortcutDetails,capabilities(canDownload),exportLinks";
/// Google's own types begin so.
const OWN: &str = "application/vnd.google-apps.";
/// Beginnings of types that hold no text for any reader.
const WORDLESS: [&str; 4] = ["image/", "video/", "audio/", "font/"];

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It holds others.
    Folder,
    /// It stands for another.
    Shortcut,
    /// A Doc.
    Document,
    /// A Sheet.
    Spreadsheet,
    /// Slides.
    Presentation,
    /// A Drawing.
    Drawing,
    /// One of Google's own that no request hands out, such as a form, a site or a map.
    Sealed,
    /// Bytes.
    Bytes,
}

/// How a file of this type is read.
pub fn kind(mime_type: &str) -> Kind {
    match mime_type.strip_prefix(OWN) {
        None => Kind::Bytes,
        Some("folder") => Kind::Folder,
        Some("shortcut") => Kind::Shortcut,
        Some("document") => Kind::Document,
        Some("spreadsheet") => Kind::Spreadsheet,
        Some("presentation") => Kind::Presentation,
        Some("drawing") => Kind::Drawing,
        Some(_) => Kind::Sealed,
    }
}

/// Whether there may be words in a file of this type. Photographs and films are most of many a Drive, and none is readable.
pub fn may_have_words(mime_type: &str) -> bool {
    match kind(mime_type) {
        Kind::Folder | Kind::Shortcut | Kind::Sealed => false,
        Kind::Bytes => !WORDLESS.iter().any(|start| mime_type.starts_with(start)),
        Kind::Document | Kind::Spreadsheet | Kind::Presentation | Kind::Drawing => true,
    }
}

/// What changes with the content. The number of changes counts others too, so a checksum is better where there is one.
pub fn version(file: &Value) -> Option<String> {
    let has_words = |text: &&str| !text.is_empty();
    if kind(text(file, "/mimeType")) == Kind::Bytes {
        let marks = [text(file, "/md5Checksum"), text(file, "/headRevisionId"), text(file, "/version")];
        return marks.iter().find(|mark| has_words(mark)).map(ToString::to_string);
    }
    let marks = [text(file, "/version"), text(file, "/modifiedTime")];
    let marks: Vec<&str> = marks.into_iter().filter(has_words).collect();
    (!marks.is_empty()).then(|| marks.join(" "))
}

/// The name; never empty.
pub fn title(file: &Value) -> String {
    let name = text(file, "/name").split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() { "Untitled".to_owned() } else { name }
}

/// Its page.
pub fn address(file: &Value) -> String {
    let link = text(file, "/webViewLink");
    if link.starts_with("https://") {
        link.to_owned()
    } else {
        format!("https://drive.google.com/open?id={}", text(file, "/id"))
    }
}

/// Whether a text may be the id of a file or a drive: such letters alone can stand in a path.
pub fn is_id(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.len() <= 200 && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_told_apart() {
        let own = |name: &str| format!("application/vnd.google-apps.{name}");
        let cases = [
            (own("document"), Kind::Document, true),
            (own("spreadsheet"), Kind::Spreadsheet, true),
            (own("presentation"), Kind::Presentation, true),
            (own("drawing"), Kind::Drawing, true),
            (own("folder"), Kind::Folder, false),
            (own("shortcut"), Kind::Shortcut, false),
            (own("form"), Kind::Sealed, false),
            (own("drive-sdk.123"), Kind::Sealed, false),
            ("application/pdf".to_owned(), Kind::Bytes, true),
            ("image/png".to_owned(), Kind::Bytes, false),
            (String::new(), Kind::Bytes, true),
        ];
        for (mime_type, expected, has_words) in cases {
            assert_eq!((kind(&mime_type), may_have_words(&mime_type)), (expected, has_words), "{mime_type}");
        }
    }

    #[test]
    fn versions_follow_the_content() {
        let doc = "application/vnd.google-apps.document";
        let cases = [
            (
                json!({"mimeType": "application/pdf", "md5Checksum": "m", "headRevisionId": "r", "version": "7"}),
                Some("m"),
            ),
            (json!({"mimeType": "application/pdf", "headRevisionId": "r", "version": "7"}), Some("r")),
            (json!({"mimeType": "application/pdf", "md5Checksum": null, "version": "7"}), Some("7")),
            (
                json!({"mimeType": doc, "version": "7", "modifiedTime": "2026-01-01T00:00:00Z"}),
                Some("7 2026-01-01T00:00:00Z"),
            ),
            (json!({"mimeType": doc, "modifiedTime": null}), None),
            (json!({}), None),
        ];
        for (file, expected) in cases {
            assert_eq!(version(&file).as_deref(), expected, "{file}");
        }
    }

    #[test]
    fn only_ids_stand_in_a_path() {
        for (text, expected) in
            [("1aB-_", true), ("", false), ("a/b", false), ("..", false), ("a?b", false), ("ä", false)]
        {
            assert_eq!(is_id(text), expected, "{text}");
        }
    }
}
