//! Bodies and what is said of them.

use super::*;

const KNOWN: &[&str] = &["name", "flag", "list"];

fn read(body: &str) -> Result<Fields, String> {
    Fields::read(body.as_bytes(), KNOWN, 3).map_err(|error| error.to_string())
}

fn refusal(body: &str) -> String {
    let all = |mut fields: Fields| {
        fields.text("name")?;
        fields.flag("flag")?;
        fields.texts("list")
    };
    read(body).and_then(|fields| all(fields).map_err(|error| error.to_string())).unwrap_err()
}

#[test]
fn known_fields_are_read_and_others_ignored() {
    let body = "\u{feff} {\"name\":\"a\\u00e9\",\"other\":[[[{\"x\":1e400}]]],\"flag\":true,\"list\":[\"x\",\"y\"]} ";
    let mut fields = read(&body.replace("1e400", "1e4")).unwrap();
    assert_eq!(fields.text("name").unwrap().as_deref(), Some("aé"));
    assert_eq!(fields.flag("flag").unwrap(), Some(true));
    assert_eq!(fields.texts("list").unwrap(), (vec!["x".to_owned(), "y".to_owned()], 2));
}

#[test]
fn missing_and_null_are_the_same() {
    for body in ["{}", r#"{"name":null,"flag":null,"list":null}"#] {
        let mut fields = read(body).unwrap();
        assert_eq!(fields.text("name").unwrap(), None);
        assert_eq!(fields.flag("flag").unwrap(), None);
        assert_eq!(fields.texts("list").unwrap(), (vec![], 0));
    }
}

#[test]
fn items_past_the_limit_are_counted_and_not_kept() {
    let (kept, count) = read(r#"{"list":["a","b","c",4,[5]]}"#).unwrap().texts("list").unwrap();
    assert_eq!((kept.len(), count), (3, 5));
}

#[test]
fn refusals_name_the_field_and_the_place() {
    let cases = [
        ("", "the body is empty; send a JSON object"),
        (" \n", "the body is empty; send a JSON object"),
        ("[]", "the body must be a JSON object, got an array"),
        ("7", "the body must be a JSON object, got a number"),
        ("\"x\"", "the body must be a JSON object, got a string"),
        ("null", "the body must be a JSON object, got null"),
        (r#"{"name":1}"#, "name must be a string, got a number"),
        (r#"{"name":["x"]}"#, "name must be a string, got an array"),
        (r#"{"name":"a\u0000b"}"#, "name contains a NUL character (U+0000); remove it"),
        (r#"{"flag":"true"}"#, "flag must be a boolean, got a string"),
        (r#"{"list":"x"}"#, "list must be an array of strings, got a string"),
        (r#"{"list":{}}"#, "list must be an array of strings, got an object"),
        (r#"{"list":["a",7]}"#, "list[1] must be a string, got a number"),
        (
            r#"{"list":[null,true,{}]}"#,
            "3 values are refused: (1) list[0] must be a string, got null; (2) list[1] must be a string, got a boolean; \
             (3) list[2] must be a string, got an object",
        ),
        (r#"{"list":["\u0000"]}"#, "list[0] contains a NUL character (U+0000); remove it"),
        (r#"{"name":"a","name":"b"}"#, "name is given twice; give it once (line 1, column 18)"),
        ("{\n  \"name\": ,\n}", "the body is not valid JSON: expected value (line 2, column 11)"),
        ("{", "the body is not valid JSON: EOF while parsing an object (line 1, column 1)"),
        ("{} x", "the body is not valid JSON: trailing characters (line 1, column 4)"),
        (r#"{"name":"\ud800"}"#, "the body is not valid JSON: unexpected end of hex escape (line 1, column 16)"),
    ];
    for (body, expected) in cases {
        assert_eq!(refusal(body), expected, "{body}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let error = Fields::read(b"{\"name\":\"\xff\"}", KNOWN, 3).unwrap_err();
    assert_eq!(error.to_string(), "the body is not valid UTF-8 after byte 9");
}

#[test]
fn deep_nesting_ends_in_a_refusal_or_is_skipped() {
    let deep = "[".repeat(1 << 20);
    assert!(refusal(&deep).contains("not valid JSON"));
    assert!(refusal(&format!(r#"{{"list":{deep}"#)).contains("not valid JSON"));
    let balanced = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(&format!(r#"{{"other":{balanced}}}"#)).is_ok());
}
