//! Whether two texts say the same to a reader.

use unicode_normalization::UnicodeNormalization;

/// Whether the difference between two texts matters: white space, typography and compatibility forms do not.
pub fn is_material(old: &[String], new: &[String]) -> bool {
    !old.iter().flat_map(|text| words(text)).eq(new.iter().flat_map(|text| words(text)))
}

/// The words of a text in the form in which they are compared.
fn words(text: &str) -> Vec<String> {
    let plain: String = text.nfkc().filter(|letter| !is_invisible(*letter)).map(plain).collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

/// Soft hyphens, zero-width characters and marks of direction.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// One form for quotation marks, and one for dashes.
fn plain(letter: char) -> char {
    match letter {
        '\u{2018}'..='\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '«' | '»' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_reader_would_miss_is_material() {
        let cases = [
            (vec!["The fee is 5 €."], vec!["The fee is 5 €."], false),
            (vec!["The  fee\nis 5 €. "], vec!["The fee is 5 €."], false),
            (vec!["“Don’t” – pay"], vec!["\"Don't\" - pay"], false),
            (vec!["eﬃcient co\u{ad}operation"], vec!["efficient cooperation"], false),
            (vec!["One.", "Two."], vec!["One. Two."], false),
            (vec!["The fee is 5 €."], vec!["The fee is 6 €."], true),
            (vec!["You may cancel."], vec!["You may not cancel."], true),
            (vec!["One."], vec!["One.", "Two."], true),
            (vec![], vec!["One."], true),
        ];
        for (old, new, expected) in cases {
            let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(is_material(&owned(&old), &owned(&new)), expected, "{old:?} {new:?}");
        }
    }
}
