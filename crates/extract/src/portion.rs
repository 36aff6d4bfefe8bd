//! Takes the first portion of a text that is longer than its reader may be given.

/// The lines that fit into `most` bytes, and what to say when others were left out. A single line that is longer is cut.
pub fn first(text: &str, most: usize) -> (&str, Option<String>) {
    if text.len() <= most {
        return (text, None);
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').map_or(end, |at| at + 1);
    let warning = format!("the text is very long; its first {} KiB were read, and the rest is left out", most / 1024);
    (&text[..end], Some(warning))
}

/// The first lines, and what to say when others were left out.
pub fn first_lines(text: &str, most: usize) -> (&str, Option<String>) {
    let Some((end, _)) = text.match_indices('\n').nth(most) else { return (text, None) };
    (&text[..end], Some(format!("the text is very long; its first {most} lines were read, and the rest is left out")))
}

#[cfg(test)]
mod tests {
    use super::{first, first_lines};

    #[test]
    fn whole_lines_are_taken_where_there_are_some() {
        let cases = [("ab\ncd", 9, "ab\ncd"), ("ab\ncd", 4, "ab\n"), ("abcd", 2, "ab"), ("aäö", 2, "a")];
        for (text, most, expected) in cases {
            let (found, warning) = first(text, most);
            assert_eq!((found, warning.is_some()), (expected, expected.len() < text.len()), "{text} {most}");
        }
        assert_eq!(first_lines("a\nb\nc", 1).0, "a\nb");
        assert_eq!(first_lines("a\nb\nc", 2), ("a\nb\nc", None));
    }
}
