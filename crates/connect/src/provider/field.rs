//! Fields of answers whose shape is not to be relied on: what is missing, null or of another kind is empty.

use serde_json::Value;

/// A text, by its JSON pointer.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a flag is there and set.
pub fn is_set(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

/// A list, by its JSON pointer.
pub fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_there_is_empty() {
        let value = json!({"a": {"b": "c", "n": null, "list": [1, 2]}, "yes": true, "no": 1});
        assert_eq!(
            [text(&value, "/a/b"), text(&value, "/a/n"), text(&value, "/a/list"), text(&value, "/x/y")],
            ["c", "", "", ""]
        );
        assert_eq!([is_set(&value, "/yes"), is_set(&value, "/no"), is_set(&value, "/a")], [true, false, false]);
        assert_eq!([list(&value, "/a/list").len(), list(&value, "/a/n").len(), list(&value, "/q").len()], [2, 0, 0]);
    }
}
