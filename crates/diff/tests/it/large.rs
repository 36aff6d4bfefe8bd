//! Large texts, of the kinds that aligning is slow at: what is quadratic would not end here in anybody's patience.
//! `cargo test --release -p diff large -- --nocapture` tells how long each takes.

use std::time::Instant;

use diff::{Shingles, apply, compare};

const PARAGRAPHS: usize = if cfg!(debug_assertions) { 2_500 } else { 10_000 };
/// So many times the tenth of a megabyte.
const SIZE: usize = if cfg!(debug_assertions) { 2 } else { 10 };

/// Pseudo-random numbers, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn sentence(&mut self, words: usize, vocabulary: u64) -> String {
        (0..words).map(|_| format!("word{}", self.roll(vocabulary))).collect::<Vec<_>>().join(" ")
    }

    fn shuffled(&mut self, mut text: Vec<String>) -> Vec<String> {
        for at in (1..text.len()).rev() {
            let other = usize::try_from(self.roll(at as u64 + 1)).unwrap();
            text.swap(at, other);
        }
        text
    }
}

fn check(case: &str, old: &[String], new: &[String]) {
    let began = Instant::now();
    let comparison = compare(old, new);
    println!("{case}: {:?}", began.elapsed());
    assert_eq!(apply(old, &comparison).unwrap(), new, "{case}");
}

#[test]
fn many_paragraphs() {
    let mut dice = Dice(1);
    let text: Vec<String> = (0..PARAGRAPHS).map(|_| dice.sentence(12, 5_000)).collect();
    let edited = |every: usize| -> Vec<String> {
        let edit = |(at, text): (usize, &String)| {
            if at % every == 0 { text.replacen("word", "other", 1) } else { text.clone() }
        };
        text.iter().enumerate().map(edit).collect()
    };
    check("every hundredth edited", &text, &edited(100));
    check("every second edited", &text, &edited(2));
    check("every one edited", &text, &edited(1));
    check("reversed", &text, &text.iter().rev().cloned().collect::<Vec<_>>());
    check("shuffled", &text, &dice.shuffled(text.clone()));
    check("shuffled and edited", &text, &dice.shuffled(edited(1)));
    let strangers: Vec<String> = (0..PARAGRAPHS).map(|_| dice.sentence(12, 5_000)).collect();
    check("another text of the same words", &text, &strangers);
    let few: Vec<String> = (0..PARAGRAPHS).map(|_| dice.sentence(12, 3)).collect();
    let few_too: Vec<String> = (0..PARAGRAPHS).map(|_| dice.sentence(12, 3)).collect();
    check("three words only", &few, &few_too);
    let alternating = |one: &str, other: &str| -> Vec<String> {
        (0..PARAGRAPHS).map(|at| if at % 2 == 0 { one } else { other }.to_owned()).collect()
    };
    check("two paragraphs again and again", &alternating("a b", "c d"), &alternating("c d", "a b"));
    check("nothing in common", &alternating("a", "b"), &alternating("c", "d"));
}

#[test]
fn one_long_paragraph() {
    let mut dice = Dice(2);
    let one = |text: String| vec![text];
    let text = dice.sentence(10_000 * SIZE, 20_000);
    let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let edited = |every: usize| -> String {
        let edit = |(at, word): (usize, &String)| if at % every == 0 { format!("new{at}") } else { word.clone() };
        words.iter().enumerate().map(edit).collect::<Vec<_>>().join(" ")
    };
    check("every hundredth word", &one(text.clone()), &one(edited(100)));
    check("every second word", &one(text.clone()), &one(edited(2)));
    check("shuffled words", &one(text.clone()), &one(dice.shuffled(words.clone()).join(" ")));
    check("other words of the same vocabulary", &one(text.clone()), &one(dice.sentence(10_000 * SIZE, 20_000)));
    check("two words only", &one(dice.sentence(10_000 * SIZE, 2)), &one(dice.sentence(10_000 * SIZE, 2)));
    check("one word less", &one("a ".repeat(50_000 * SIZE)), &one("a ".repeat(50_000 * SIZE - 1)));
    check("signs", &one("[](*`".repeat(20_000 * SIZE)), &one("`*](".repeat(25_000 * SIZE)));
    check("backticks", &one(runs_of('`')), &one(runs_of('*')));
    check("no spaces", &one("a".repeat(100_000 * SIZE)), &one("b".repeat(100_000 * SIZE)));
    check("lines", &one("- a\n".repeat(25_000 * SIZE)), &one("1. a\n".repeat(20_000 * SIZE)));
}

/// Runs of all lengths, in a release build a megabyte in all.
fn runs_of(sign: char) -> String {
    (1..140 * SIZE).map(|length| sign.to_string().repeat(length)).collect::<Vec<_>>().join(" ")
}

#[test]
fn shingles_of_a_long_text() {
    let text = [Dice(3).sentence(10_000 * SIZE, 20_000)];
    assert!(Shingles::of(&text).signature().similarity(&Shingles::of(&text).signature()) > 0.99);
}
