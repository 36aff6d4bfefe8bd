//! Which language wins: the claimed or the detected one.

use super::*;

const ENGLISH: &str = "You can ask for a refund within thirty days of your purchase, and the money is usually back on your card after \
    five working days, unless your bank needs more time over public holidays. ";
const GERMAN: &str = "Sie können innerhalb von dreißig Tagen nach dem Kauf eine Rückerstattung verlangen, und das Geld ist in der \
    Regel nach fünf Werktagen wieder auf Ihrem Konto, es sei denn, Ihre Bank braucht länger. ";

fn check(text: &str, claimed: Option<&str>, expected: Option<&str>) {
    let blocks = [Block::Paragraph { spans: vec![Span::plain(text)] }];
    assert_eq!(identify(&blocks, claimed).as_deref(), expected, "{text:.30} {claimed:?}");
}

#[test]
fn short_texts_are_what_they_claim() {
    check("Reset password", Some("en-US"), Some("en"));
    check("Reset password", None, None);
    check("Reset password", Some("not a code"), None);
}

#[test]
fn long_texts_are_what_they_are() {
    check(ENGLISH, None, Some("en"));
    check(GERMAN, None, Some("de"));
    check(&GERMAN.repeat(4), Some("en"), Some("de"));
    check(GERMAN, Some("en"), Some("en"));
    check("パスワードを再設定するには、次の手順に従ってください。", None, Some("ja"));
}

#[test]
fn code_says_nothing() {
    let blocks = [Block::Code { language: None, text: ENGLISH.to_owned() }];
    assert_eq!(identify(&blocks, None), None);
}

#[test]
fn every_detected_language_has_a_code() {
    for lang in Lang::all() {
        assert!(code(*lang).is_some(), "{lang:?}");
    }
}
