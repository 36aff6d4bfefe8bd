//! Messages as they travel.

use crate::budget::Budget;
use crate::reading::Reading;
use crate::{render, tidy};

fn read(bytes: &[u8]) -> Result<Reading, model::Failure> {
    super::read(bytes, &Budget::endless())
}

fn check(message: &str, expected: &str) {
    let reading = read(message.replace('\n', "\r\n").as_bytes()).unwrap();
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)).trim_end(), expected, "{message}");
}

#[test]
fn a_plain_message_has_its_headers_and_its_text() {
    check(
        "From: Ada <ada@example.com>\nTo: Grace\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?utf-8?B?IGF1cw==?= Bonn\nDate: Mon, 1 Jun 2026 10:00:00 +0200\n\n\
         Hello Grace,\n\nplease look.\n\n> Did you see it?\n> I did not.\n\nAda\n",
        "# Grüße aus Bonn\n\nFrom: Ada \\<ada@example.com>\\\nTo: Grace\\\nDate: Mon, 1 Jun 2026 10:00:00 +0200\n\nHello Grace,\n\nplease look.\n\n\
         > Did you see it? I did not.\n\nAda",
    );
}

const TWO_VERSIONS: &str = "Subject: Both\nContent-Type: multipart/mixed; boundary=\"out;er\"\n\nFor old programs.\n--out;er\n\
Content-Type: multipart/alternative; boundary=in\n\n--in\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n\
PLAIN\n--in\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nHTML\n--in--\n--out;er\n\
Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename*=UTF-8''%C3%BC.pdf\n\nxxx\n--out;er--\n";

#[test]
fn of_two_versions_the_one_that_says_more_is_read() {
    let html = "PHA+VGhlIDxiPkhUTUw8L2I+IHZlcnNpb24uPC9wPg==";
    let message = TWO_VERSIONS.replace("PLAIN", "Die Fassung f=FCr=\n alle.").replace("HTML", html);
    check(&message, "# Both\n\nThe **HTML** version.");
    let reading = read(message.as_bytes()).unwrap();
    assert_eq!(reading.warnings, ["attachments are not read; upload them on their own: ü.pdf"]);
    let empty = TWO_VERSIONS.replace("PLAIN", "Die Fassung f=FCr=\n alle.").replace("HTML", "PHA+PC9wPg==");
    check(&empty, "# Both\n\nDie Fassung für alle.");
}

#[test]
fn messages_inside_of_messages_are_read() {
    check(
        "Subject: Outer\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nSee below.\n--x\nContent-Type: message/rfc822\n\nSubject: Inner\nFrom: B\n\nInside.\n--x--\n",
        "# Outer\n\nSee below.\n\n## Inner\n\nFrom: B\n\nInside.",
    );
}

#[test]
fn what_cannot_be_read_says_why() {
    let cases = [
        ("Subject: a\nContent-Type: application/pkcs7-mime\n\nxxx", "decrypted"),
        ("Subject: a\nContent-Type: application/pdf\n\nxxx", "no text of its own"),
        ("Subject: a\n", "no text of its own"),
    ];
    for (message, words) in cases {
        let failure = read(message.as_bytes()).err().unwrap();
        assert!(failure.text.contains(words), "{failure}");
    }
}

#[test]
fn hostile_messages_end_in_bounds() {
    let part = |depth: usize| format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n");
    let nested = "Subject: a\n".to_owned() + &(0..3_000).map(part).collect::<Vec<_>>().concat();
    assert!(read(nested.as_bytes()).is_err());
    let many = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(50_000));
    assert!(read(many.as_bytes()).is_ok());
    let headers = "X-Y: z\n".repeat(100_000) + "\ntext";
    assert!(read(headers.as_bytes()).is_ok());
    let broken = "Subject: =?utf-8?B?\nContent-Type: multipart/mixed; boundary=\"\n\n=?=?=?x?q?=3";
    assert!(read(broken.as_bytes()).is_err());
}
