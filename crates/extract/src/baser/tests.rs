//! What passages hold, and where they are cut.

use super::*;

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, spans: vec![Span::plain(text)] }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph { spans: vec![Span::plain(text)] }
}

fn bullets(texts: &[&str]) -> Block {
    Block::List { start: None, items: texts.iter().map(|text| vec![paragraph(text)]).collect() }
}

#[test]
fn passages_start_with_their_heading_path() {
    let blocks = [
        paragraph("Before."),
        heading(1, "Billing"),
        paragraph("First."),
        heading(2, "Refunds"),
        paragraph("Second."),
        heading(2, "Cards"),
        paragraph("Third."),
        heading(1, "Team"),
        paragraph("Fourth."),
    ];
    let expected =
        ["Before.", "Billing: First.", "Billing > Refunds: Second.", "Billing > Cards: Third.", "Team: Fourth."];
    assert_eq!(passages(&blocks, true), expected);
}

#[test]
fn sentences_stay_whole() {
    let sentence = "This sentence has exactly fifty characters in all. ";
    let found = passages(&[heading(1, "Long"), paragraph(&sentence.repeat(60))], true);
    assert!(found.len() > 2);
    for passage in &found {
        assert!(passage.chars().count() <= MAX_PASSAGE, "{}", passage.chars().count());
        assert!(passage.starts_with("Long: This") && passage.ends_with("in all."), "{passage}");
    }
}

#[test]
fn a_list_stays_with_its_lead_in() {
    let filler = "Some words before the list. ".repeat(42);
    let blocks = [paragraph(&filler), paragraph("You need:"), bullets(&["a card", "an account"])];
    let found = passages(&blocks, true);
    assert_eq!(found.last().unwrap(), "You need:\n- a card\n- an account");
    assert_eq!(found.len(), 2);
}

#[test]
fn rows_become_pairs() {
    let cell = |text: &str| vec![Span::plain(text)];
    let table = Block::Table {
        header: vec![cell("Plan"), cell("Price")],
        rows: vec![
            vec![cell("Basic"), cell("5")],
            vec![cell("Pro"), cell("")],
            vec![cell("Max"), cell("9"), cell("new")],
        ],
    };
    assert_eq!(
        passages(&[heading(1, "Plans"), table], true),
        ["Plans: Plan: Basic; Price: 5\nPlan: Pro\nPlan: Max; Price: 9; new"]
    );
}

#[test]
fn what_has_no_sentences_is_cut_between_words() {
    let endless = "word ".repeat(1_000);
    let found = passages(&[paragraph(&endless), paragraph(&"x".repeat(3_000))], false);
    assert!(found.iter().all(|passage| passage.chars().count() <= MAX_PASSAGE));
    assert_eq!(found.concat().matches("word").count(), 1_000);
    assert_eq!(found.concat().matches('x').count(), 3_000);
}
