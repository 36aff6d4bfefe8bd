//! One form for letters and signs that differ in look alone.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The text with one form for quotation marks, dashes, spaces, ligatures and full-width letters, and without invisible
/// characters. Raised digits and fractions stay: 10² is not 102, and 5½ is not 51/2, which NFKC would make of them.
/// What stands between backticks is code and stays as it is.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let has_code = text.bytes().filter(|byte| *byte == b'`').count() % 2 == 0;
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        if has_code && at % 2 == 1 {
            out.push_str(part);
        } else {
            part.nfc().for_each(|letter| fold(letter, &mut out));
        }
    }
    Cow::Owned(out)
}

fn fold(letter: char, out: &mut String) {
    match letter {
        // Soft hyphens, zero-width characters, marks of direction, variants of emoji.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' => {}
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{b4}' | '\u{2039}' | '\u{203a}' => out.push('\''),
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '«' | '»' | '「' | '」' | '『' | '』' | '\u{301d}'..='\u{301f}' => {
            out.push('"');
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
        '\u{2026}' => out.push_str("..."),
        '。' => out.push('.'),
        '、' => out.push(','),
        '\u{d7}' => out.push('x'),
        '\u{b5}' => out.push('\u{3bc}'),
        '\u{2103}' => out.push_str("°C"),
        '\u{2109}' => out.push_str("°F"),
        '\u{fb00}' => out.push_str("ff"),
        '\u{fb01}' => out.push_str("fi"),
        '\u{fb02}' => out.push_str("fl"),
        '\u{fb03}' => out.push_str("ffi"),
        '\u{fb04}' => out.push_str("ffl"),
        '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
        '\u{ff01}'..='\u{ff5e}' => out.push(char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter)),
        letter if letter.is_whitespace() => out.push(' '),
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_have_one_form_and_values_keep_theirs() {
        let cases = [
            ("“a” „b‟ «c»", "\"a\" \"b\" \"c\""),
            ("don’t – co\u{ad}op", "don't - coop"),
            ("ＡＢＣ　１２３", "ABC 123"),
            ("10² 5½ ①", "10² 5½ ①"),
            ("5\u{202f}µg…", "5 μg..."),
            ("“a” `“b”` “c”", "\"a\" `“b”` \"c\""),
            ("“a” ` “b”", "\"a\" ` \"b\""),
            ("Cafe\u{301}", "Café"),
        ];
        for (text, expected) in cases {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }
}
