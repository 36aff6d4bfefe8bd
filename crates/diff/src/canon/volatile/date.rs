//! Reads the date that follows a word such as "Last updated": absolute or an age, in the languages of the vocabulary.

use super::super::inline::{Kind, Token};
use super::vocabulary::{AGE_UNITS, AGES, DATE_WORDS, MONTHS};

/// How many tokens are the date; `None` if it is none. A number alone is none, so that a version or a price is never taken for one.
pub fn length(tokens: &[Token<'_>], words: &[String]) -> Option<usize> {
    let mut seen = Seen::default();
    let mut length = 0;
    for (at, (token, word)) in tokens.iter().zip(words).enumerate() {
        match seen.take(token.kind, word) {
            Taken::Date => length = at + 1,
            Taken::Filler => {}
            Taken::Other => break,
        }
    }
    seen.is_date().then_some(length)
}

/// Whether a number is a year of our time.
pub fn is_year(number: &str) -> bool {
    number.len() == 4 && number.parse().is_ok_and(|year: u16| (1900..=2100).contains(&year))
}

enum Taken {
    /// It belongs to a date.
    Date,
    /// It may stand in one.
    Filler,
    /// The date is over.
    Other,
}

/// What was seen of a date.
#[expect(clippy::struct_excessive_bools, reason = "each may be seen with or without each other")]
#[derive(Default)]
struct Seen {
    numbers: usize,
    has_year: bool,
    has_month: bool,
    /// All of it in one: `05/03/2024`.
    is_whole: bool,
    has_unit: bool,
    is_age: bool,
    /// Signs between numbers, as in 2024-05-03.
    joins: usize,
}

impl Seen {
    fn take(&mut self, kind: Kind, word: &str) -> Taken {
        match kind {
            Kind::Number => self.number(word),
            Kind::Word => self.word(word),
            Kind::Sign => self.sign(word),
            Kind::Code | Kind::Link => Taken::Other,
        }
    }

    fn number(&mut self, number: &str) -> Taken {
        let parts: Vec<&str> = number.split(['.', '/']).collect();
        let is_time = number.contains(':');
        let has_year = parts.iter().any(|part| is_year(part));
        if number.contains(',')
            || (parts.len() == 2 && !is_time && !has_year)
            || parts.iter().any(|part| part.len() > 8)
        {
            return Taken::Other;
        }
        self.numbers += 1;
        self.has_year |= has_year;
        self.is_whole |= (parts.len() == 3 && (has_year || number.contains('/'))) || (parts.len() == 2 && has_year);
        Taken::Date
    }

    fn word(&mut self, word: &str) -> Taken {
        // "ago" first: it is August in Spanish too.
        if AGES.contains(word) {
            self.is_age = true;
        } else if MONTHS.contains(word) {
            self.has_month = true;
        } else if AGE_UNITS.contains(word) {
            self.has_unit = true;
        } else if word == "年" || word == "년" {
            self.has_year = true;
            self.joins += 2;
        } else if !DATE_WORDS.contains(word) {
            return Taken::Other;
        }
        Taken::Date
    }

    fn sign(&mut self, sign: &str) -> Taken {
        match sign {
            "." if self.is_age || self.has_year || self.is_whole => Taken::Other,
            "(" if self.is_date() => Taken::Other,
            "-" | "/" | "." => {
                self.joins += 1;
                Taken::Filler
            }
            ":" | "," | "(" | ")" | "+" => Taken::Filler,
            _ => Taken::Other,
        }
    }

    fn is_date(&self) -> bool {
        let is_joined = self.has_year && self.numbers >= 3 && self.joins >= 2;
        let is_year_alone = self.has_year && self.numbers == 1;
        let is_absolute = self.is_whole || (self.has_month && self.numbers > 0) || is_joined || is_year_alone;
        self.is_age || (is_absolute && !self.has_unit)
    }
}
