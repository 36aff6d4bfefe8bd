//! The formats that have a reader.

/// A format that has a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// HTML or XHTML.
    Html,
    /// `CommonMark` with tables and front matter.
    Markdown,
    /// Text without markup.
    Plain,
    /// reStructuredText.
    Restructured,
    /// `AsciiDoc`.
    AsciiDoc,
    /// Values with separators: commas, semicolons, tabs or bars.
    Csv,
    /// JSON.
    Json,
    /// XML that is no XHTML.
    Xml,
    /// An e-mail as it travels.
    Mail,
    /// An e-mail as Outlook saves it.
    OutlookMail,
    /// Rich text.
    Rtf,
    /// PDF.
    Pdf,
    /// A text document of Office.
    Docx,
    /// A presentation of Office.
    Pptx,
    /// A workbook of Office.
    Xlsx,
    /// A text document, workbook or presentation of `LibreOffice`.
    OpenDocument,
    /// An electronic book.
    Epub,
}

impl Format {
    /// The media type under which the format is reported.
    pub fn mime_type(self) -> &'static str {
        match self {
            Self::Html => "text/html",
            Self::Markdown => "text/markdown",
            Self::Plain => "text/plain",
            Self::Restructured => "text/x-rst",
            Self::AsciiDoc => "text/asciidoc",
            Self::Csv => "text/csv",
            Self::Json => "application/json",
            Self::Xml => "application/xml",
            Self::Mail => "message/rfc822",
            Self::OutlookMail => "application/vnd.ms-outlook",
            Self::Rtf => "application/rtf",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::OpenDocument => "application/vnd.oasis.opendocument.text",
            Self::Epub => "application/epub+zip",
        }
    }
}
