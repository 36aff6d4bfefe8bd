//! Ids that are numbers, which vendors write as numbers or as texts.

use model::{Failure, FailureCode};
use serde_json::Value;

/// The most digits of a number of 64 bits.
const MOST_DIGITS: usize = 20;

/// An id, by its JSON pointer; nothing where it is missing or no number.
pub fn id(value: &Value, pointer: &str) -> Option<String> {
    let found = value.pointer(pointer)?;
    let text = found.as_str().map(str::to_owned).or_else(|| found.as_i64().map(|number| number.to_string()))?;
    is_number(&text).then_some(text)
}

/// An id that came from outside, which may then stand in a path.
pub fn checked(id: &str) -> Result<&str, Failure> {
    let refused = || Failure::new(FailureCode::NotFound, format!("{id:?} is no id: ids are numbers"));
    is_number(id).then_some(id).ok_or_else(refused)
}

fn is_number(text: &str) -> bool {
    (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_ids_however_they_are_written() {
        let cases = [
            (json!(33_153_710_247_315_i64), Some("33153710247315")),
            (json!("98487"), Some("98487")),
            (json!(null), None),
            (json!(""), None),
            (json!(-1), None),
            (json!(1.5), None),
            (json!("1/../2"), None),
            (json!("123456789012345678901"), None),
        ];
        for (value, expected) in cases {
            assert_eq!(id(&json!({"id": value}), "/id").as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn nothing_else_comes_into_a_path() {
        for id in ["", "12/translations", "..", "1?x=2", "１２", "12-title", "1%2f2"] {
            assert_eq!(checked(id).unwrap_err().code, FailureCode::NotFound, "{id}");
        }
        assert_eq!(checked("12"), Ok("12"));
    }
}
