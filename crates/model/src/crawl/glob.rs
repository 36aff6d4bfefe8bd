//! Patterns of paths: `*` stands for anything within a segment, `**` for anything at all, `?` for one character.

use std::fmt;
use std::str::FromStr;

/// The longest pattern, in characters.
const LONGEST: usize = 500;

/// A pattern that a whole path must match.
///
/// ```
/// use model::crawl::Glob;
///
/// let help: Glob = "/help/**".parse().unwrap();
/// assert!(help.matches("/help/billing/refunds") && help.matches("/help"));
/// assert!(!help.matches("/helpful"));
/// let versions: Glob = "/v?/*.html".parse().unwrap();
/// assert!(versions.matches("/v2/index.html") && !versions.matches("/v2/a/index.html"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    text: String,
    parts: Vec<Part>,
}

/// Why a text is no pattern. The text says the mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GlobRefusal {
    /// It begins with neither a slash nor a star.
    #[error("must begin with / or *, such as /help/** or **.pdf")]
    Start,
    /// Too long.
    #[error("is longer than {LONGEST} characters")]
    TooLong,
    /// Something that no path holds.
    #[error("contains white space, a control character or #; patterns match paths, such as /help/**")]
    NoPath,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// This character.
    Just(char),
    /// One character but a slash.
    One,
    /// Any number of characters but slashes.
    Segment,
    /// Any number of characters.
    Any,
}

impl Glob {
    /// Whether the whole path matches. `/help/**` matches `/help` as well.
    pub fn matches(&self, path: &str) -> bool {
        let stem = self.parts.strip_suffix(&[Part::Just('/'), Part::Any]);
        matches(&self.parts, path) || stem.is_some_and(|stem| matches(stem, path))
    }
}

/// Follows all ways through the pattern at once, so that no pattern takes longer than its length times that of the path.
fn matches(parts: &[Part], path: &str) -> bool {
    // `ways[at]`: whether the first `at` parts can match what was read so far.
    let mut ways = vec![false; parts.len() + 1];
    ways[0] = true;
    skip_stars(parts, &mut ways);
    for letter in path.chars() {
        let mut next = vec![false; parts.len() + 1];
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| ways[*at]) {
            match part {
                Part::Just(own) => next[at + 1] |= *own == letter,
                Part::One => next[at + 1] |= letter != '/',
                Part::Segment => next[at] |= letter != '/',
                Part::Any => next[at] = true,
            }
        }
        skip_stars(parts, &mut next);
        ways = next;
    }
    ways[parts.len()]
}

/// Stars may stand for nothing.
fn skip_stars(parts: &[Part], ways: &mut [bool]) {
    for (at, part) in parts.iter().enumerate() {
        ways[at + 1] |= ways[at] && matches!(part, Part::Segment | Part::Any);
    }
}

impl FromStr for Glob {
    type Err = GlobRefusal;

    fn from_str(text: &str) -> Result<Self, GlobRefusal> {
        if text.chars().nth(LONGEST).is_some() {
            return Err(GlobRefusal::TooLong);
        }
        if !text.starts_with(['/', '*']) {
            return Err(GlobRefusal::Start);
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#') {
            return Err(GlobRefusal::NoPath);
        }
        let mut parts: Vec<Part> = Vec::new();
        for letter in text.chars() {
            match (letter, parts.last_mut()) {
                ('*', Some(last @ (Part::Segment | Part::Any))) => *last = Part::Any,
                ('*', _) => parts.push(Part::Segment),
                ('?', _) => parts.push(Part::One),
                (letter, _) => parts.push(Part::Just(letter)),
            }
        }
        Ok(Self { text: text.to_owned(), parts })
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_what_they_say() {
        let cases = [
            ("/", "/", true),
            ("/", "/a", false),
            ("/a", "/a/", false),
            ("/*", "/", true),
            ("/*", "/a", true),
            ("/*", "/a/b", false),
            ("/**", "/a/b", true),
            ("/**", "", true),
            ("**", "/", true),
            ("**.pdf", "/a/b.pdf", true),
            ("**.pdf", "/a/b.pdf/c", false),
            ("/a/*/c", "/a/b/c", true),
            ("/a/*/c", "/a/b/b/c", false),
            ("/a/**/c", "/a/b/b/c", true),
            ("/a***c", "/a/b/c", true),
            ("/?", "/a", true),
            ("/?", "/", false),
            ("/?", "//", false),
            ("/%C3%A4/*", "/%C3%A4/b", true),
            ("/A", "/a", false),
        ];
        for (glob, path, expected) in cases {
            assert_eq!(glob.parse::<Glob>().unwrap().matches(path), expected, "{glob} {path}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_its_mend() {
        for bad in ["", "help/**", "https://a.example/**"] {
            assert_eq!(bad.parse::<Glob>(), Err(GlobRefusal::Start), "{bad:?}");
        }
        for bad in ["/a b", "/a#b", "/a\n"] {
            assert_eq!(bad.parse::<Glob>(), Err(GlobRefusal::NoPath), "{bad:?}");
        }
        assert_eq!(format!("/{}", "a".repeat(LONGEST)).parse::<Glob>(), Err(GlobRefusal::TooLong));
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        let glob: Glob = format!("/{}b", "*a".repeat(200)).parse().unwrap();
        assert!(!glob.matches(&format!("/{}", "a".repeat(2_000))));
    }
}
