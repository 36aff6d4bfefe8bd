//! An article as a text could become one: its Markdown, the questions that it answers, and the words by which it is found.
//!
//! The same text gives the same article. Questions are the headings that ask something, the title, and the other headings
//! under the title. Keywords are found as RAKE does it (Rose, Engel, Cramer, Cowley, "Automatic keyword extraction from
//! individual documents", 2010): phrases between stop words, ranked by the degree of their words over their frequency.

use std::collections::{HashMap, HashSet};

use model::{Block, Content};

const MOST_QUESTIONS: usize = 12;
const MOST_KEYWORDS: usize = 12;
/// The longest phrase that is a keyword, in words.
const LONGEST_PHRASE: usize = 3;
/// The longest word that is one.
const LONGEST_WORD: usize = 40;
/// How much of a text is looked through for keywords.
const MOST_BYTES: usize = 200 * 1024;
/// The longest question, in characters.
const LONGEST_QUESTION: usize = 200;

/// Languages that have a list of stop words (Stopwords ISO), by their BCP 47 primary subtag.
const LISTED: [&str; 30] = [
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "lt",
    "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sv", "tr", "uk",
];

/// The article that a text would make.
///
/// ```
/// use model::{Block, Span};
///
/// let blocks = [Block::Paragraph { spans: vec![Span::plain("Ask for a refund from the billing page.")] }];
/// let article = extract::article("Refunds", &blocks, &["Ask for a refund from the billing page.".to_owned()], Some("en"));
/// assert_eq!(article.main_knowledge, "Ask for a refund from the billing page.\n");
/// assert_eq!(article.questions, ["Refunds"]);
/// assert!(article.keywords.contains(&"billing".to_owned()), "{:?}", article.keywords);
/// ```
pub fn article(title: &str, blocks: &[Block], paragraphs: &[String], language: Option<&str>) -> Content {
    let main_knowledge = if blocks.is_empty() { paragraphs.join("\n\n") } else { crate::markdown(blocks) };
    Content {
        title: title.to_owned(),
        main_knowledge,
        agent_instruction: String::new(),
        questions: questions(title, blocks),
        keywords: keywords(title, paragraphs, language),
        escalation: false,
    }
}

fn questions(title: &str, blocks: &[Block]) -> Vec<String> {
    let headings: Vec<String> = blocks.iter().filter_map(heading).collect();
    let asks = |text: &&String| text.ends_with(['?', '？', '؟']);
    let asked = headings.iter().filter(asks).cloned();
    let under = headings.iter().filter(|text| !asks(text) && text.as_str() != title);
    let under = under.map(|text| format!("{title}: {text}"));
    let mut known = HashSet::new();
    asked
        .chain([title.to_owned()])
        .chain(under)
        .filter(|question| !question.is_empty() && question.chars().count() <= LONGEST_QUESTION)
        .filter(|question| known.insert(question.to_lowercase()))
        .take(MOST_QUESTIONS)
        .collect()
}

fn heading(block: &Block) -> Option<String> {
    let Block::Heading { spans, .. } = block else { return None };
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn keywords(title: &str, paragraphs: &[String], language: Option<&str>) -> Vec<String> {
    let stop: HashSet<&str> = stop_words(language).iter().copied().collect();
    let mut left = MOST_BYTES;
    let texts = std::iter::once(title).chain(paragraphs.iter().map(String::as_str)).take_while(|text| {
        let fits = left > 0;
        left = left.saturating_sub(text.len());
        fits
    });
    let phrases: Vec<Vec<String>> = texts.flat_map(|text| phrases(text, &stop)).collect();
    let mut ranked = ranked(&phrases);
    // What the title says counts before everything.
    let of_title = title.to_lowercase();
    ranked.sort_by_key(|(phrase, _)| !of_title.contains(phrase.as_str()));
    let mut found: Vec<String> = ranked.into_iter().map(|(phrase, _)| phrase).take(MOST_KEYWORDS).collect();
    if found.is_empty() && !title.is_empty() {
        found.push(of_title);
    }
    found
}

/// The stop words of a language; none where there is no list.
fn stop_words(language: Option<&str>) -> &'static [&'static str] {
    let primary = language.unwrap_or("en").split('-').next().unwrap_or_default();
    let primary = if matches!(primary, "nb" | "nn") { "no" } else { primary };
    if LISTED.contains(&primary) { stop_words::get(primary) } else { &[] }
}

/// The runs of words between stop words and punctuation.
fn phrases(text: &str, stop: &HashSet<&str>) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut phrase = Vec::new();
    let is_break = |letter: char| !(letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '-' | '_' | ' '));
    for part in text.split(is_break) {
        for word in part.split(' ').map(|word| word.trim_matches(['\'', '’', '-', '_'])) {
            let word = word.to_lowercase();
            if word.is_empty() {
                continue;
            }
            let is_word = (2..=LONGEST_WORD).contains(&word.chars().count()) && word.chars().any(char::is_alphabetic);
            if !is_word || stop.contains(word.as_str()) {
                found.push(std::mem::take(&mut phrase));
            } else {
                phrase.push(word);
            }
        }
        found.push(std::mem::take(&mut phrase));
    }
    found.retain(|phrase| !phrase.is_empty() && phrase.len() <= LONGEST_PHRASE);
    found
}

/// Each phrase with its rank, the highest first; of those with the same rank, the one that stands more often, then earlier.
fn ranked(phrases: &[Vec<String>]) -> Vec<(String, f64)> {
    let mut words: HashMap<&str, (f64, f64)> = HashMap::new();
    for phrase in phrases {
        for word in phrase {
            let (frequency, degree) = words.entry(word).or_default();
            *frequency += 1.0;
            *degree += f64::from(u8::try_from(phrase.len()).unwrap_or(u8::MAX));
        }
    }
    let mut order: HashMap<String, (usize, usize, f64)> = HashMap::new();
    for (place, phrase) in phrases.iter().enumerate() {
        let rank =
            phrase.iter().filter_map(|word| words.get(word.as_str())).map(|(often, degree)| degree / often).sum();
        order.entry(phrase.join(" ")).or_insert((0, place, rank)).0 += 1;
    }
    let mut ranked: Vec<_> = order.into_iter().collect();
    ranked.sort_by(|(_, one), (_, other)| {
        let weight =
            |(often, _, rank): &(usize, usize, f64)| rank * f64::from(u32::try_from(*often).unwrap_or(u32::MAX));
        weight(other).total_cmp(&weight(one)).then(one.1.cmp(&other.1))
    });
    ranked.into_iter().map(|(phrase, (_, _, rank))| (phrase, rank)).collect()
}

#[cfg(test)]
mod tests {
    use model::Span;

    use super::*;

    fn title(level: u8, text: &str) -> Block {
        Block::Heading { level, spans: vec![Span::plain(text)] }
    }

    #[test]
    fn questions_are_what_is_asked_then_the_title_then_the_headings() {
        let blocks = [
            title(1, "Refunds"),
            title(2, "Who pays for the return?"),
            title(2, "Deadlines"),
            title(3, "deadlines"),
            title(2, "  "),
        ];
        let expected = ["Who pays for the return?", "Refunds", "Refunds: Deadlines"];
        assert_eq!(questions("Refunds", &blocks), expected);
        assert_eq!(questions("", &[]), Vec::<String>::new());
    }

    #[test]
    fn keywords_are_phrases_without_stop_words() {
        let paragraphs = [
            "A refund takes five working days. The refund goes to the credit card that was charged.".to_owned(),
            "Ask for a refund within 30 days, and keep the credit card.".to_owned(),
        ];
        let found = keywords("How refunds work", &paragraphs, Some("en"));
        assert!(found.iter().any(|keyword| keyword == "credit card"), "{found:?}");
        assert!(found.iter().any(|keyword| keyword.contains("refund")), "{found:?}");
        assert!(
            !found.iter().any(|keyword| keyword.split(' ').any(|word| ["the", "and", "30"].contains(&word))),
            "{found:?}"
        );
        let german = keywords("Rückgabe", &["Die Rückgabe ist für Sie kostenlos.".to_owned()], Some("de"));
        assert_eq!(german[0], "rückgabe");
        assert_eq!(keywords("返金", &[], Some("ja")), ["返金"]);
    }

    #[test]
    fn every_listed_language_has_stop_words() {
        for language in LISTED {
            assert!(stop_words(Some(language)).len() > 10, "{language}");
        }
        assert!(stop_words(Some("xx")).is_empty());
        assert_eq!(stop_words(Some("en-GB")), stop_words(None));
    }
}
