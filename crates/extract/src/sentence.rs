//! Cuts text into sentences: by Unicode's rules, and on request with English abbreviations.

use unicode_segmentation::UnicodeSegmentation;

/// After these a full stop ends no sentence.
const ABBREVIATIONS: [&str; 44] = [
    "mr.", "mrs.", "ms.", "dr.", "prof.", "sr.", "jr.", "st.", "vs.", "e.g.", "i.e.", "cf.", "approx.", "dept.",
    "est.", "fig.", "figs.", "no.", "nos.", "vol.", "sec.", "ch.", "pp.", "p.", "eq.", "ref.", "gen.", "gov.", "hon.",
    "capt.", "col.", "lt.", "sgt.", "rev.", "jan.", "feb.", "apr.", "aug.", "sept.", "oct.", "nov.", "dec.", "u.s.",
    "ver.",
];

/// The sentences, without the white space around them.
pub fn split(text: &str, is_english: bool) -> Vec<&str> {
    let mut sentences: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, piece) in text.split_sentence_bound_indices() {
        let end = at + piece.len();
        if is_english && end < text.len() && ends_in_abbreviation(&text[start..end]) {
            continue;
        }
        sentences.push(text[start..end].trim());
        start = end;
    }
    sentences.push(text[start..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn ends_in_abbreviation(text: &str) -> bool {
    // A line end is a break whatever stands before it.
    if text.ends_with('\n') {
        return false;
    }
    let word = text.trim_end().rsplit([' ', '(', '\u{a0}', '"']).next().unwrap_or_default();
    // Initials, as in "J. Smith", are abbreviations of any letter but the word "I".
    let is_initial =
        word.len() == 2 && word.ends_with('.') && word.starts_with(|c: char| c.is_ascii_uppercase() && c != 'I');
    is_initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, is_english: bool, expected: &[&str]) {
        assert_eq!(split(text, is_english), expected, "{text}");
    }

    #[test]
    fn english_knows_its_abbreviations() {
        check("Ask Dr. Smith. He knows.", true, &["Ask Dr. Smith.", "He knows."]);
        check("Use a tool, e.g. Curl. It works.", true, &["Use a tool, e.g. Curl.", "It works."]);
        check("By J. Smith in the U.S. Office. Done!", true, &["By J. Smith in the U.S. Office.", "Done!"]);
        check("It is I. You know.", true, &["It is I.", "You know."]);
        check(
            "Version 2.5 is out. Get it at example.com today.",
            true,
            &["Version 2.5 is out.", "Get it at example.com today."],
        );
        check("See vol.\nNext line.", true, &["See vol.", "Next line."]);
    }

    #[test]
    fn other_languages_go_by_unicode() {
        check("Ask Dr. Smith.", false, &["Ask Dr.", "Smith."]);
        check("設定を開きます。保存します。", false, &["設定を開きます。", "保存します。"]);
        check("Откройте настройки. Сохраните!", false, &["Откройте настройки.", "Сохраните!"]);
        check("", false, &[]);
    }
}
