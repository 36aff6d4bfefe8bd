//! The part of Confluence's query language that an importer uses: comparisons joined by `and`, and an order.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::content::{Content, Kind};
use super::world::World;

/// A query that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Query {
    terms: Vec<Term>,
    /// A field and whether the largest comes first.
    order: Option<(String, bool)>,
}

#[derive(Debug, PartialEq, Eq)]
struct Term {
    field: String,
    operator: String,
    values: Vec<String>,
}

/// What the text of a query is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(String),
}

const FIELDS: [&str; 9] = ["type", "space", "id", "content", "title", "parent", "ancestor", "lastmodified", "created"];

impl Query {
    /// Reads a query; the error is what was not understood.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut rest = tokens.as_slice();
        let mut terms = Vec::new();
        while !rest.is_empty() && !is_word(rest, "order") {
            if !terms.is_empty() {
                rest = after_word(rest, "and")?;
            }
            let (term, left) = term(rest)?;
            terms.push(term);
            rest = left;
        }
        let order = if rest.is_empty() { None } else { Some(order(after_word(rest, "order")?)?) };
        if terms.is_empty() {
            return Err("the query is empty".to_owned());
        }
        Ok(Self { terms, order })
    }

    /// Whether something is found. Dates are of a clock so many minutes east of Greenwich.
    pub(super) fn finds(&self, world: &World, content: &Content, zone_minutes: i64) -> Result<bool, String> {
        for term in &self.terms {
            if !term.holds(world, content, zone_minutes)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Puts what was found in order; without a word on it, by id.
    pub(super) fn sort(&self, found: &mut [&Content]) {
        found.sort_by_key(|content| content.id);
        let Some((field, descending)) = &self.order else { return };
        match field.as_str() {
            "title" => found.sort_by(|left, right| left.present().title.cmp(&right.present().title)),
            "created" => found.sort_by_key(|content| content.created_at),
            "id" => {}
            _ => found.sort_by_key(|content| content.present().at),
        }
        if *descending {
            found.reverse();
        }
    }
}

impl Term {
    fn holds(&self, world: &World, content: &Content, zone_minutes: i64) -> Result<bool, String> {
        let id = |text: &String| text.parse::<u64>().ok();
        Ok(match self.field.as_str() {
            "type" => self.is_among(|value| value == kind_name(content.kind)),
            "space" => self.is_among(|value| world.spaces.get(&content.space).is_some_and(|space| space.key == *value)),
            "id" | "content" => self.is_among(|value| id(value) == Some(content.id)),
            "parent" => self.is_among(|value| content.parent.is_some() && id(value) == content.parent),
            "ancestor" => {
                let above = world.ancestors(content);
                self.is_among(|value| above.iter().any(|ancestor| id(value) == Some(ancestor.id)))
            }
            "title" if self.operator == "~" => {
                let title = content.present().title.to_lowercase();
                self.values.iter().any(|value| title.contains(&value.to_lowercase()))
            }
            "title" => self.is_among(|value| *value == content.present().title),
            "created" => self.compare(content.created_at, zone_minutes)?,
            _ => self.compare(content.present().at, zone_minutes)?,
        })
    }

    fn is_among(&self, is: impl Fn(&String) -> bool) -> bool {
        let found = self.values.iter().any(is);
        if matches!(self.operator.as_str(), "!=" | "not in") { !found } else { found }
    }

    /// Dates have no seconds: what is compared is the minute that the change was in.
    fn compare(&self, at: i64, zone_minutes: i64) -> Result<bool, String> {
        let (there, here) = (instant(&self.values[0], zone_minutes)?, at - at.rem_euclid(60));
        Ok(match self.operator.as_str() {
            "=" => here == there,
            "!=" => here != there,
            ">" => here > there,
            ">=" => here >= there,
            "<" => here < there,
            _ => here <= there,
        })
    }
}

fn kind_name(kind: Kind) -> &'static str {
    kind.name()
}

/// `2026/11/23 10:15`, `2026-11-23 10:15` or a day alone.
fn instant(text: &str, zone_minutes: i64) -> Result<i64, String> {
    let unread = || format!("'{text}' is no date");
    let plain = text.replace('/', "-");
    let (day, time) = plain.split_once(' ').unwrap_or((&plain, "00:00"));
    let day: Date = day.parse().map_err(|_| unread())?;
    let time: Time = time.parse().map_err(|_| unread())?;
    let zone = i32::try_from(zone_minutes * 60).ok().and_then(|seconds| Offset::from_seconds(seconds).ok());
    let instant = zone.ok_or_else(unread)?.to_timestamp(DateTime::from_parts(day, time));
    instant.map(jiff::Timestamp::as_second).map_err(|_| unread())
}

fn term(tokens: &[Token]) -> Result<(Term, &[Token]), String> {
    let (field, rest) = word(tokens)?;
    let field = field.to_lowercase();
    if !FIELDS.contains(&field.as_str()) {
        return Err(format!("no field exists with name '{field}'"));
    }
    let (operator, rest) = operator(rest)?;
    if !operator.ends_with("in") {
        let (value, rest) = value(rest)?;
        return Ok((Term { field, operator, values: vec![value] }, rest));
    }
    let mut rest = after_sign(rest, "(")?;
    let mut values = Vec::new();
    loop {
        let (value, left) = value(rest)?;
        values.push(value);
        match left {
            [Token::Sign(sign), left @ ..] if sign == "," => rest = left,
            left => return Ok((Term { field, operator, values }, after_sign(left, ")")?)),
        }
    }
}

fn operator(tokens: &[Token]) -> Result<(String, &[Token]), String> {
    match tokens {
        [Token::Sign(sign), rest @ ..] if ["=", "!=", ">", ">=", "<", "<=", "~"].contains(&sign.as_str()) => {
            Ok((sign.clone(), rest))
        }
        [Token::Word(word), rest @ ..] if word.eq_ignore_ascii_case("in") => Ok(("in".to_owned(), rest)),
        [Token::Word(word), rest @ ..] if word.eq_ignore_ascii_case("not") && is_word(rest, "in") => {
            Ok(("not in".to_owned(), &rest[1..]))
        }
        other => Err(format!("expected an operator before {other:?}")),
    }
}

fn value(tokens: &[Token]) -> Result<(String, &[Token]), String> {
    match tokens {
        [Token::Word(text) | Token::Quoted(text), rest @ ..] => Ok((text.clone(), rest)),
        other => Err(format!("expected a value before {other:?}")),
    }
}

fn word(tokens: &[Token]) -> Result<(&str, &[Token]), String> {
    match tokens {
        [Token::Word(text), rest @ ..] => Ok((text, rest)),
        other => Err(format!("expected a field before {other:?}")),
    }
}

fn order(tokens: &[Token]) -> Result<(String, bool), String> {
    let (field, rest) = word(after_word(tokens, "by")?)?;
    let descending = match rest {
        [] => false,
        [Token::Word(way)] if way.eq_ignore_ascii_case("asc") => false,
        [Token::Word(way)] if way.eq_ignore_ascii_case("desc") => true,
        other => return Err(format!("expected an order before {other:?}")),
    };
    Ok((field.to_lowercase(), descending))
}

fn is_word(tokens: &[Token], wanted: &str) -> bool {
    matches!(tokens.first(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted))
}

fn after_word<'a>(tokens: &'a [Token], wanted: &str) -> Result<&'a [Token], String> {
    if is_word(tokens, wanted) { Ok(&tokens[1..]) } else { Err(format!("expected '{wanted}' before {tokens:?}")) }
}

fn after_sign<'a>(tokens: &'a [Token], wanted: &str) -> Result<&'a [Token], String> {
    match tokens {
        [Token::Sign(sign), rest @ ..] if sign == wanted => Ok(rest),
        other => Err(format!("expected '{wanted}' before {other:?}")),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '"' | '\'' => {
                let end = rest[1..].find(first).ok_or("a quotation mark is not closed")?;
                (Token::Quoted(rest[1..=end].to_owned()), end + 2)
            }
            '(' | ')' | ',' => (Token::Sign(first.to_string()), 1),
            '=' | '!' | '<' | '>' | '~' => {
                let length = if rest[1..].starts_with('=') { 2 } else { 1 };
                (Token::Sign(rest[..length].to_owned()), length)
            }
            _ => {
                let end = rest.find(|letter: char| letter.is_whitespace() || "\"'(),=!<>~".contains(letter));
                let end = end.unwrap_or(rest.len());
                (Token::Word(rest[..end].to_owned()), end)
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests;
