//! Decodes the text strings of a PDF, and the signs that stand for others.

use unicode_normalization::UnicodeNormalization;

/// A text string: UTF-16 or UTF-8 by its mark, else nearly Latin-1.
pub fn text_string(bytes: &[u8]) -> String {
    if let Some(wide) = bytes.strip_prefix(b"\xfe\xff") {
        return encoding_rs::UTF_16BE.decode_without_bom_handling(wide).0.into_owned();
    }
    let utf_8 = bytes.strip_prefix(b"\xef\xbb\xbf").or(Some(bytes)).and_then(|bytes| std::str::from_utf8(bytes).ok());
    utf_8.map_or_else(|| encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), str::to_owned)
}

/// The letters that a sign only joins or shows in another form: ligatures, radicals, Arabic letter forms.
pub fn resolved(sign: char, text: &mut String) {
    match sign {
        '\u{fb00}'..='\u{fb4f}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' => text.extend(std::iter::once(sign).nfkc()),
        // Fonts of signs put their bullets here.
        '\u{e000}'..='\u{f8ff}' => text.push('•'),
        sign => text.push(sign),
    }
}
