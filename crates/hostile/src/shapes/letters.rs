//! E-mails: parts inside of parts, boundaries that lie, headers without an end.

use crate::shape::{Shape, filled, numbered};

const HEAD: &str = "From: a@example.com\nTo: b@example.com\nSubject: Hostile\nMIME-Version: 1.0\n";

/// All of them.
pub fn shapes() -> Vec<Shape> {
    let with = |name: &str, rest: &'static str, pattern: &'static str| {
        Shape::made("eml", name, move |size| filled(&[HEAD, rest].concat(), pattern, size))
    };
    vec![
        Shape::made("eml", "parts in parts", |size| {
            numbered(HEAD, |at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n"), size)
        }),
        Shape::made("eml", "parts in parts of one boundary", |size| {
            filled(HEAD, "Content-Type: multipart/mixed; boundary=b\n\n--b\n", size)
        }),
        with("messages in messages", "", "Content-Type: message/rfc822\n\n"),
        with("parts", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nhello\n"),
        with("blank parts", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n"),
        with(
            "attached pages",
            "Content-Type: multipart/mixed; boundary=b\n\n",
            "--b\nContent-Type: text/html\n\n<p>hello</p>\n",
        ),
        with(
            "versions",
            "Content-Type: multipart/alternative; boundary=b\n\n",
            "--b\nContent-Type: text/html\n\n<p>hello</p>\n",
        ),
        with(
            "lines that are nearly boundaries",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n",
            "--bb\n--\n",
        ),
        with("one header", "X-Long: a", " word\n"),
        with("headers", "", "X-One: a\n"),
        with("encoded words", "X-Words: ", "=?utf-8?q?a?= "),
        with("encoded words that do not end", "X-Words: ", "=?utf-8?b?"),
        with("parameters", "Content-Type: multipart/mixed; ", "a=b;"),
        with("parameters in pieces", "Content-Type: multipart/mixed; ", "boundary*0=b;"),
        with("comments in comments", "X-Date: ", "("),
        with("recipients", "Cc: ", "Jo Doe <jo@example.com>, "),
        with("text", "\n", "Words of a letter.\n\n"),
        with("quoted text", "\n", "> > > word\n"),
        with("quotes in quotes", "\n", "> "),
        with("quoted-printable", "Content-Transfer-Encoding: quoted-printable\n\n", "=41=42=\n"),
        with("base64", "Content-Transfer-Encoding: base64\n\n", "V29yZHMg"),
        with("base64 of a page", "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n", "PGRpdj54"),
        with("uuencoded", "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n", "#0V%T\n"),
        with("a page", "Content-Type: text/html\n\n", "<div>x"),
        with("a page of quotes", "Content-Type: text/html\n\n", "<blockquote>x"),
        with("UTF-7", "Content-Type: text/plain; charset=utf-7\n\n", "+AGEAYg-"),
    ]
}
