//! Which encoding wins.

use super::*;

fn check(bytes: &[u8], content_type: &str, url: &str, expected: &str) {
    let hint = Hint { content_type: Some(content_type.to_owned()), url: Some(url.to_owned()), ..Hint::default() };
    assert_eq!(decode(bytes, &hint, true), Decoded { text: expected.into(), warning: None }, "{content_type}");
}

#[test]
fn a_byte_order_mark_beats_the_header() {
    check(b"\xef\xbb\xbfgr\xc3\xbcn", "text/html; charset=windows-1252", "", "grün");
    check(b"\xff\xfeg\0r\0\xfc\0n\0", "text/html; charset=utf-8", "", "grün");
    check(b"\xfe\xff\0g\0r\0\xfc\0n", "text/html", "", "grün");
    check(b"\xff\xfe\0\0g\0\0\0\xfc\0\0\0", "text/html", "", "gü");
    check(b"\0\0\xfe\xff\0\0\0g\0\0\0\xfc", "text/html", "", "gü");
}

#[test]
fn the_header_beats_meta() {
    check(b"<meta charset=utf-8>gr\xfcn", "text/html; Charset=\"ISO-8859-1\"", "", "<meta charset=utf-8>grün");
    check(b"g\0r\0\xfc\0n\0", "text/html; charset=utf-16le", "", "grün");
}

#[test]
fn meta_beats_detection() {
    check(b"<meta charset=windows-1251>\xcf\xf0\xe8", "text/html", "", "<meta charset=windows-1251>При");
    let old = b"<META http-equiv=Content-Type content=\"text/html; charset=koi8-r\">\xf0\xd2\xc9";
    check(old, "text/html", "", "<META http-equiv=Content-Type content=\"text/html; charset=koi8-r\">При");
    check(b"<?xml version='1.0' encoding='iso-8859-1'?>\xfc", "", "", "<?xml version='1.0' encoding='iso-8859-1'?>ü");
    check(b"<meta charset=utf-16le>gr\xc3\xbcn", "text/html", "", "<meta charset=utf-16le>grün");
}

#[test]
fn detection_is_the_last_resort() {
    check("Grüße aus Köln".as_bytes(), "text/html", "", "Grüße aus Köln");
    let russian = "Сбросить пароль можно в настройках учётной записи";
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(russian);
    check(&bytes, "text/html", "https://example.ru/", russian);
    check(&bytes, "text/html", "https://example.рф/", russian);
    let japanese = "パスワードを再設定するには、次の手順に従ってください。";
    let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(japanese);
    check(&bytes, "text/html; charset=no-such-thing", "https://example.jp/", japanese);
}

#[test]
fn a_wrong_declaration_is_told_and_mended() {
    let decoded = decode(
        b"<p>Gr\xf6\xdfe</p>",
        &Hint { content_type: Some("text/html;charset=utf-8".into()), ..Hint::default() },
        true,
    );
    assert_eq!(decoded.text, "<p>Größe</p>");
    assert_eq!(decoded.warning.as_deref(), Some("the text is not valid UTF-8; it was read as windows-1252"));
}
