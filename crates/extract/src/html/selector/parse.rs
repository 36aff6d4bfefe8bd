//! Reads the text of a selector, and says what of it is wrong or not supported.

use std::fmt;

use super::parts::{Combinator, Complex, Compound, Condition, Test};
use crate::html::attribute::Attribute;

/// The compounds of one selector; each is a bit of a number.
const MAX_PARTS: usize = 32;
/// Longer texts are no selectors of a person.
const LONGEST: usize = 2_000;

/// What is wrong with a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorError {
    selector: String,
    part: String,
    reason: &'static str,
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { selector, part, reason } = self;
        let is_whole = part.is_empty() || part == selector;
        if is_whole { write!(f, "`{selector}`: {reason}") } else { write!(f, "`{part}` in `{selector}`: {reason}") }
    }
}

impl std::error::Error for SelectorError {}

/// The selectors of a list.
pub fn list(text: &str) -> Result<Vec<Complex>, SelectorError> {
    let error = |part: &str, reason| SelectorError { selector: text.trim().to_owned(), part: part.to_owned(), reason };
    if text.len() > LONGEST {
        let start: String = text.chars().take(40).collect();
        return Err(SelectorError { selector: format!("{start}…"), part: String::new(), reason: "it is too long" });
    }
    Reader { rest: text.trim() }.list().map_err(|(part, reason)| error(&part, reason))
}

/// How attributes are compared, longer signs first.
const TESTS: [(&str, Test); 6] = [
    ("~=", Test::Word),
    ("|=", Test::Dash),
    ("^=", Test::Begins),
    ("$=", Test::Ends),
    ("*=", Test::Contains),
    ("=", Test::Is),
];

type Refusal = (String, &'static str);

/// The text that is still to be read.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn list(mut self) -> Result<Vec<Complex>, Refusal> {
        let mut list = Vec::new();
        loop {
            list.push(self.complex()?);
            match self.next() {
                None => return Ok(list),
                // `complex` stops at nothing else.
                Some(_) => self.skip(1),
            }
        }
    }

    /// Compounds and what is between them, up to a comma or the end.
    fn complex(&mut self) -> Result<Complex, Refusal> {
        let (mut complex, mut combinator) = (Complex::default(), Combinator::Inside);
        self.space();
        loop {
            let compound = self.compound()?;
            complex.parts.push((combinator, compound));
            if complex.parts.len() > MAX_PARTS {
                return Err((String::new(), "it has more than 32 parts"));
            }
            self.space();
            combinator = match self.next() {
                None | Some(',') => return Ok(complex),
                Some('>') => {
                    self.skip(1);
                    self.space();
                    Combinator::Child
                }
                Some('+' | '~') => {
                    return Err((
                        self.rest.to_owned(),
                        "siblings are not supported; use the descendant (space) or the child (`>`) combinator",
                    ));
                }
                Some(_) => Combinator::Inside,
            };
        }
    }

    fn compound(&mut self) -> Result<Compound, Refusal> {
        let mut compound = Compound::default();
        let before = self.rest.len();
        if self.next() == Some('*') {
            self.skip(1);
        } else if let Some(name) = self.name() {
            compound.element = Some(name);
        }
        loop {
            let start = self.rest;
            match self.next() {
                Some('#') => compound.conditions.push(Condition::Id(self.marked(start, "an id has no name")?)),
                Some('.') => compound.conditions.push(Condition::Class(self.marked(start, "a class has no name")?)),
                Some('[') => compound.conditions.push(self.attribute()?),
                Some(':') => {
                    let end = start.find([' ', ',', '>', '.', '#', '[']).unwrap_or(start.len());
                    let reason = if start.starts_with("::") {
                        "pseudo-elements are not supported; name the element itself"
                    } else {
                        "pseudo-classes are not supported; use classes, ids or attributes"
                    };
                    return Err((start[..end].to_owned(), reason));
                }
                _ => break,
            }
        }
        if self.rest.len() == before {
            return Err((self.rest.to_owned(), "here a selector is missing"));
        }
        Ok(compound)
    }

    /// The name after a sign.
    fn marked(&mut self, start: &str, reason: &'static str) -> Result<String, Refusal> {
        self.skip(1);
        self.name().ok_or_else(|| (start.to_owned(), reason))
    }

    /// `[name]`, `[name=value]`, `[name^="value"]` and the like.
    fn attribute(&mut self) -> Result<Condition, Refusal> {
        let start = self.rest;
        let end = start.find(']').ok_or_else(|| (start.to_owned(), "`]` is missing"))?;
        let refuse = |reason| (start[..=end].to_owned(), reason);
        self.skip(1);
        self.space();
        let name = self.name().ok_or_else(|| refuse("an attribute has no name"))?;
        let attribute = Attribute::known(name.to_ascii_lowercase().as_bytes())
            .ok_or_else(|| refuse("this attribute is not kept when pages are read; use classes, ids or roles"))?;
        self.space();
        let Some((sign, test)) = TESTS.into_iter().find(|(sign, _)| self.rest.starts_with(sign)) else {
            return match self.next() {
                Some(']') => {
                    self.skip(1);
                    Ok(Condition::Attribute(attribute, Test::Present, String::new()))
                }
                _ => Err(refuse("this comparison is not known")),
            };
        };
        self.skip(sign.len());
        self.space();
        let value = self.value().ok_or_else(|| refuse("the value is missing or its quote is not closed"))?;
        self.space();
        if self.next() != Some(']') {
            return Err(refuse("after the value, only `]` may follow; flags are not supported"));
        }
        self.skip(1);
        Ok(Condition::Attribute(attribute, test, value))
    }

    fn value(&mut self) -> Option<String> {
        let quote = self.next().filter(|sign| matches!(sign, '"' | '\''));
        let Some(quote) = quote else { return self.name() };
        let inner = &self.rest[1..];
        let end = inner.find(quote)?;
        self.skip(end + 2);
        Some(inner[..end].to_owned())
    }

    /// A name; a backslash makes any sign a part of it, as in `.md\:flex`.
    fn name(&mut self) -> Option<String> {
        let (mut name, mut length, mut is_escaped) = (String::new(), 0, false);
        for c in self.rest.chars() {
            let is_part = c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii();
            if !is_escaped && c == '\\' {
                is_escaped = true;
            } else if is_escaped || is_part {
                name.push(c);
                is_escaped = false;
            } else {
                break;
            }
            length += c.len_utf8();
        }
        self.skip(length);
        (!name.is_empty()).then_some(name)
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn next(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }
}
