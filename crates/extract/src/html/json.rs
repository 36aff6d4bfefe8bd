//! Parses the data that a page carries along, if it asks for no more memory than a page may take.

use serde_json::Value;

/// What the values that are kept at once may take, in bytes.
pub const MOST: usize = 96 * 1024 * 1024;

/// The first node of the tree that an object is kept in.
const OBJECT: usize = 700;

/// A value among others, with its share of a vector that grew, or of further nodes.
const VALUE: usize = 100;

/// The value that a text holds; nothing when it holds none, or one that takes more than is left.
pub fn parse(text: &str, left: &mut usize) -> Option<Value> {
    *left = left.checked_sub(needed(text))?;
    serde_json::from_str(text).ok()
}

/// About how much memory the values take beside their texts. `{"":0}` takes a hundred times its length.
fn needed(text: &str) -> usize {
    let (mut needed, mut is_text, mut is_escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            _ if is_text => {}
            b'{' => needed += OBJECT,
            b'[' | b',' => needed += VALUE,
            _ => {}
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::{MOST, OBJECT, VALUE, needed, parse};

    #[test]
    fn what_values_need_is_told_by_the_signs_outside_of_texts() {
        let cases = [(r#"{"a":1}"#, OBJECT), (r#"[1,{"a,b{":"\\"}]"#, OBJECT + 2 * VALUE), (r#""[{,\"{""#, 0), ("", 0)];
        for (text, expected) in cases {
            assert_eq!(needed(text), expected, "{text}");
        }
    }

    #[test]
    fn a_crowd_of_small_objects_is_not_parsed() {
        let objects = |count: usize| format!("[{}0]", r#"{"":0},"#.repeat(count));
        let mut left = MOST;
        assert!(parse(&objects(100_000), &mut left).is_some());
        assert!(parse(&objects(100_000), &mut left).is_none(), "both together take too much");
        assert!(parse("{}", &mut left).is_some());
        assert!(parse("{", &mut left).is_none());
    }
}
