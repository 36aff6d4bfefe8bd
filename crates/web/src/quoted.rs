//! How a caller's value is shown back to the caller: quoted, escaped, cut.

/// The most characters of a value that an answer repeats.
const SHOWN: usize = 200;

/// The value in quotes, control characters escaped, cut at 200 characters.
pub fn quoted(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &value[..end]),
        None => format!("{value:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_cut() {
        assert_eq!(quoted("a\"b\n\0"), r#""a\"b\n\0""#);
        assert_eq!(quoted(&"é".repeat(200)), format!("\"{}\"", "é".repeat(200)));
        assert_eq!(quoted(&"é".repeat(201)), format!("\"{}\"…", "é".repeat(200)));
    }
}
