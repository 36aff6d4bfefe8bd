//! Texts as Drive exports them. Pure.

/// Exports are UTF-8, those of slides with a mark before it.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).into_owned()
}

/// Markdown of a Doc without its pictures, which stand as data behind the text, `[image1]: <data:image/png;base64,…>`, and can
/// be most of it.
pub fn without_pictures(text: &str) -> String {
    let is_picture = |line: &str| {
        let target =
            line.strip_prefix('[').and_then(|rest| rest.split_once("]:")).map(|(_, target)| target.trim_start());
        target.is_some_and(|target| target.starts_with("<data:") || target.starts_with("data:"))
    };
    let kept: String = text.split_inclusive('\n').filter(|line| !is_picture(line)).collect();
    without_references(&kept)
}

/// Leaves out `![][image1]`, to which nothing answers any more. One with words keeps them.
fn without_references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("![") {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let parts = rest[2..].split_once("][image").and_then(|(words, after)| Some((words, after.split_once(']')?)));
        match parts {
            Some((words, (number, after))) if is_short(words) && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                out.push_str(words);
                rest = after;
            }
            _ => {
                out.push_str("![");
                rest = &rest[2..];
            }
        }
    }
    out + rest
}

/// Whether a text is the words of one picture: they stand on one line and hold no other.
fn is_short(words: &str) -> bool {
    !words.contains(['\n', ']', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_leave_their_words() {
        let cases = [
            (
                "# A\n\n![][image1]\n\nB ![a cat][image22].\n\n[image1]: <data:image/png;base64,AAAA>\n[image22]: <data:image/png;base64,BB>",
                "# A\n\n\n\nB a cat.\n\n",
            ),
            (
                "[1]: https://example.com\n![x](https://e.com/a.png)",
                "[1]: https://example.com\n![x](https://e.com/a.png)",
            ),
            ("![ and ![][image1]", "![ and "),
            ("![a][imagery]", "![a][imagery]"),
            ("", ""),
        ];
        for (markdown, expected) in cases {
            assert_eq!(without_pictures(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn bytes_are_text_whatever_they_are() {
        assert_eq!(text(b"\xef\xbb\xbfslide"), "slide");
        assert_eq!(text(b"a\xffb"), "a\u{fffd}b");
    }
}
