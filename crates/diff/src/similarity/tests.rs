//! What near-duplicates are alike, and what is not.

use super::*;

/// A text of so many words, of which every `every`th is another one.
fn text(words: usize, every: usize) -> Vec<String> {
    vec![
        (0..words)
            .map(|at| if at % every == every - 1 { format!("other{at} ") } else { format!("word{at} ") })
            .collect(),
    ]
}

#[test]
fn a_look_is_no_difference() {
    let a = Shingles::of(&["“Don’t” pay – THE FEE is 5 €."]);
    let b = Shingles::of(&["\"Don't\" pay -", "the  fee", "is 5 €"]);
    assert!((a.similarity(&b) - 1.0).abs() < f64::EPSILON);
}

#[test]
fn empty_texts_are_like_nothing() {
    let empty = Shingles::of::<&str>(&[]);
    assert!(empty.is_empty());
    assert!(empty.similarity(&empty).abs() < f64::EPSILON);
    assert!(empty.signature().similarity(&empty.signature()).abs() < f64::EPSILON);
    assert_eq!(Shingles::of(&["One"]).len(), 1);
}

#[test]
fn a_part_is_contained_in_the_whole() {
    let part = Shingles::of(&["one two three four"]);
    let whole = Shingles::of(&["zero one two three four five six seven eight nine ten"]);
    assert!((part.containment(&whole) - 1.0).abs() < f64::EPSILON);
    assert!(whole.containment(&part) < 0.5);
}

#[test]
fn a_signature_estimates_what_the_shingles_say() {
    let base = Shingles::of(&text(3_000, usize::MAX));
    for every in [5, 10, 30, 100, 1_000] {
        let other = Shingles::of(&text(3_000, every));
        let (exact, estimate) = (base.similarity(&other), base.signature().similarity(&other.signature()));
        assert!((exact - estimate).abs() < 0.15, "{every}: {exact} is estimated as {estimate}");
    }
}

#[test]
fn near_duplicates_share_a_band_and_strangers_do_not() {
    let share = |a: &Signature, b: &Signature| a.bands().iter().zip(b.bands()).any(|(a, b)| *a == b);
    let base = Shingles::of(&text(500, usize::MAX)).signature();
    assert!(share(&base, &Shingles::of(&text(500, 50)).signature()));
    assert!(!share(&base, &Shingles::of(&text(500, 2)).signature()));
}

#[test]
fn a_stored_signature_stays_what_it_was() {
    let signature = Shingles::of(&["Refunds are paid within 30 days."]).signature();
    assert_eq!(Signature::from_bytes(&signature.to_bytes()), Some(signature.clone()));
    assert_eq!(Signature::from_bytes(&[0; 511]), None);
    assert_eq!(Signature::from_bytes(&[0; 516]), None);
    assert_eq!(Signature::from_bytes(&[0; 513]), None);
}

#[test]
fn titles_are_alike_by_their_words_and_letters() {
    let cases = [
        ("Refunds", "Refunds", 1.0, 1.0),
        ("How do I get a refund?", "How do I get a refund", 1.0, 1.0),
        ("Refund policy", "Refunds policy", 0.5, 1.0),
        ("Reset your password", "Change your password", 0.5, 0.9),
        ("Version 1", "Version 2", 0.0, 0.5),
        ("Billing", "Security", 0.0, 0.2),
        ("退款政策", "退款政策", 1.0, 1.0),
        ("", "", 0.0, 0.0),
    ];
    for (a, b, least, most) in cases {
        let alike = title_similarity(a, b);
        assert!((least..=most).contains(&alike), "{a:?} and {b:?}: {alike}");
        assert!((alike - title_similarity(b, a)).abs() < f64::EPSILON);
    }
}
