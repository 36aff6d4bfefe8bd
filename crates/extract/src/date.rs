//! Reads dates in the spellings that documents use, and writes them in one: RFC 3339 where the time and its zone are
//! known, else the day alone.

/// No document that people fetch is older; what says so left its date out.
const FIRST_YEAR: u32 = 1900;
/// Systems that have no date write the one where their clocks began.
const CLOCK_START: (u32, u32, u32) = (1970, 1, 1);

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The date that a text says, and nothing else: `2025-03-01`, `2025-03-01T10:00:00Z`, `20250301`, `Sat, 1 Mar 2025
/// 10:00:00 +0100`, `March 1, 2025`. A time without a zone is no instant, so only its day counts.
pub fn read(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    iso(text).or_else(|| spelled(text)).filter(|date| !is_placeholder(date)).map(|date| date.written())
}

/// A day, and the time on it with its zone as it was written.
struct Date {
    year: u32,
    month: u32,
    day: u32,
    time: Option<String>,
}

impl Date {
    fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let is_year = (FIRST_YEAR..=9999).contains(&year);
        (is_year && (1..=days).contains(&day)).then_some(Self { year, month, day, time: None })
    }

    fn written(&self) -> String {
        let Self { year, month, day, time } = self;
        let time = time.as_deref().map(|time| format!("T{time}")).unwrap_or_default();
        format!("{year:04}-{month:02}-{day:02}{time}")
    }
}

fn is_placeholder(date: &Date) -> bool {
    (date.year, date.month, date.day) == CLOCK_START
}

/// ISO 8601, with or without signs between the parts of the day.
fn iso(text: &str) -> Option<Date> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (year, month, day, rest) = match digits {
        4 => {
            let sign = text[4..].chars().next().filter(|sign| matches!(sign, '-' | '/' | '.'))?;
            let (month, rest) = number(&text[5..], 2)?;
            let (day, rest) = number(rest.strip_prefix(sign)?, 2)?;
            (number(text, 4)?.0, month, day, rest)
        }
        8 => (number(text, 4)?.0, number(&text[4..], 2)?.0, number(&text[6..], 2)?.0, &text[8..]),
        _ => return None,
    };
    let date = Date::new(year, month, day)?;
    let time = match rest.strip_prefix(['T', 't', ' ']) {
        Some(rest) => clock(rest)?.instant(),
        None if rest.is_empty() => None,
        None => return None,
    };
    Some(Date { time, ..date })
}

/// A number of up to so many digits, and what follows it.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

/// A time of day.
enum Clock {
    /// With its zone, in RFC 3339.
    Zoned(String),
    /// Without a zone.
    Local,
}

impl Clock {
    fn instant(self) -> Option<String> {
        match self {
            Self::Zoned(time) => Some(time),
            Self::Local => None,
        }
    }
}

fn clock(text: &str) -> Option<Clock> {
    let text = text.trim();
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = rest.strip_prefix(':').map_or(Some((0, rest)), |rest| number(rest, 2))?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let fraction =
        rest.strip_prefix(['.', ',']).map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count() + 1);
    let zone = rest[fraction..].trim();
    // Half of a day has no zone either.
    if zone.is_empty() || ["am", "pm", "a.m.", "p.m."].iter().any(|half| zone.eq_ignore_ascii_case(half)) {
        return Some(Clock::Local);
    }
    let zone = offset(zone)?;
    Some(Clock::Zoned(format!("{hour:02}:{minute:02}:{second:02}{zone}")))
}

/// `Z`, `+02:00`, `+0200`, `+02`, and the names of the zone without an offset.
fn offset(zone: &str) -> Option<String> {
    // A mail may repeat the zone by its name: `+0100 (CET)`.
    let zone = zone.split(" (").next().unwrap_or(zone);
    if ["z", "utc", "gmt", "ut"].iter().any(|name| zone.eq_ignore_ascii_case(name)) {
        return Some("Z".to_owned());
    }
    let sign = zone.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    let (hours, rest) = number(&zone[1..], 2)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, rest) } else { number(rest, 2)? };
    (hours <= 14 && minutes <= 59 && rest.is_empty()).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

/// A day with the English name of its month, and the time of a mail after it.
fn spelled(text: &str) -> Option<Date> {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| month(word).is_some())?;
    let month = month(words[at])?;
    let day = |word: &&str| {
        let (day, rest) = number(word, 2)?;
        matches!(rest, "" | "." | "st" | "nd" | "rd" | "th").then_some(day)
    };
    let year = |word: &&str| number(word, 4).filter(|(year, rest)| rest.is_empty() && *year > 31).map(|(year, _)| year);
    let weekday = |words: &[&str]| words.is_empty() || (words.len() == 1 && words[0].chars().all(char::is_alphabetic));
    // `1 March 2025`, or `March 1, 2025`.
    let before = at.checked_sub(1).and_then(|before| day(&words[before]).filter(|_| weekday(&words[..before])));
    let (day, rest) = match before {
        Some(day) => (day, at + 1),
        None => (words.get(at + 1).and_then(day).filter(|_| weekday(&words[..at]))?, at + 2),
    };
    let date = Date::new(words.get(rest).and_then(year)?, month, day)?;
    let after = words[rest + 1..].join(" ");
    let time = if after.is_empty() { None } else { clock(after.strip_prefix("at ").unwrap_or(&after))?.instant() };
    Some(Date { time, ..date })
}

fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let position = NAMES.iter().position(|name| *name == word);
    let position =
        position.or_else(|| MONTHS.iter().position(|short| *short == word || (word == "sept" && *short == "sep")));
    position.and_then(|at| u32::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests;
