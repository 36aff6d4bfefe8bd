//! Plain text, in any script and any encoding.

use crate::shape::{Shape, filled};

const PATTERNS: [(&str, &str); 15] = [
    ("one line", "Words that go on and on without any end. "),
    ("paragraphs", "Some words here.\n\n"),
    ("lines of a letter", "a\n"),
    ("paragraphs of a letter", "a\n\n"),
    ("blank lines", "\n"),
    ("white space", " "),
    ("one word", "abcdefghij"),
    ("Chinese", "我们将在三十天内退款请注意"),
    ("Thai", "เราจะคืนเงินภายในสามสิบวัน"),
    ("Japanese with stops", "返金は三十日以内に行われます。"),
    ("NULs now and then", "Some words here are read as they are, and go on for a while.\0"),
    ("hyphens at line ends", "refer-\nence "),
    ("indented lines", "    code\n  text\n"),
    ("lists", "- a\n* b\n1. c\n"),
    ("rules", "-----\n=====\n"),
];

/// All of them.
pub fn shapes() -> Vec<Shape> {
    let start = "Some words of the text.\n";
    let texts = PATTERNS.iter().map(|(name, pattern)| Shape::filled("txt", name, start, pattern));
    let encoded = [
        Shape::made("txt", "UTF-16", |size| {
            let text =
                String::from_utf8_lossy(&filled("Some words.\n", "More words, 日本語.\n\n", size / 2)).into_owned();
            [b"\xff\xfe".to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
        }),
        Shape::made("txt", "bytes that are no text", |size| {
            (0..size).map(|at| u8::try_from(at * 7 % 251).unwrap_or_default()).collect()
        }),
        Shape::made("txt", "bytes above ASCII", |size| {
            [b"Some words. ".to_vec(), b"\xe9\xa0\x82x ".repeat(size / 5)].concat()
        }),
    ];
    texts.chain(encoded).collect()
}
