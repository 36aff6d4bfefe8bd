//! The query language of `files.list`, as far as an importer needs it: terms joined by `and`, `or`, `not` and parentheses.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::item::{Item, State};

/// A query that was understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Query {
    All,
    And(Box<Query>, Box<Query>),
    Or(Box<Query>, Box<Query>),
    Not(Box<Query>),
    In(String),
    Trashed(bool),
    Text(Field, Relation, String),
    Time(Moment, Relation, Timestamp),
    SharedWithMe,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field {
    Name,
    MimeType,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Moment {
    Created,
    Modified,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Relation {
    Equal,
    Unequal,
    Contains,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(String),
}

impl Query {
    /// Reads a query; none when it is not one, or uses what the fake does not know.
    pub fn read(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::All);
        }
        let mut tokens = tokens(text)?;
        tokens.reverse();
        let query = either(&mut tokens)?;
        tokens.is_empty().then_some(query)
    }

    pub fn fits(&self, state: &State, item: &Item) -> bool {
        match self {
            Self::All => true,
            Self::And(one, other) => one.fits(state, item) && other.fits(state, item),
            Self::Or(one, other) => one.fits(state, item) || other.fits(state, item),
            Self::Not(query) => !query.fits(state, item),
            Self::In(parent) => {
                let parent = if parent == "root" { &state.root } else { parent };
                item.parent.as_ref() == Some(parent)
            }
            Self::Trashed(is_trashed) => state.is_trashed(item) == *is_trashed,
            Self::Text(field, relation, text) => {
                let value = match field {
                    Field::Name => &item.name,
                    Field::MimeType => &item.mime,
                };
                match relation {
                    Relation::Equal => value == text,
                    Relation::Unequal => value != text,
                    // Names are found by the start of their words, media types by their own start.
                    _ => contains(*field, &value.to_lowercase(), &text.to_lowercase()),
                }
            }
            Self::Time(moment, relation, instant) => {
                let value = match moment {
                    Moment::Created => &item.created,
                    Moment::Modified => &item.modified,
                };
                relation.holds(value, instant)
            }
            // Whatever is not in the account's own drive was shared with it.
            Self::SharedWithMe => item.parent.is_none() && item.drive.is_none() && item.id != state.root,
        }
    }
}

fn contains(field: Field, value: &str, text: &str) -> bool {
    match field {
        Field::Name => {
            let starts = std::iter::once(0)
                .chain(value.match_indices(|c: char| !c.is_alphanumeric()).map(|(at, sign)| at + sign.len()));
            starts.into_iter().any(|start| value[start..].starts_with(text))
        }
        Field::MimeType => value.starts_with(text),
    }
}

impl Relation {
    fn holds(self, one: &Timestamp, other: &Timestamp) -> bool {
        match self {
            Self::Equal => one == other,
            Self::Unequal => one != other,
            Self::Less => one < other,
            Self::AtMost => one <= other,
            Self::More => one > other,
            Self::AtLeast => one >= other,
            Self::Contains => false,
        }
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => {
                let (text, taken) = quoted(rest)?;
                (Token::Text(text), taken)
            }
            '(' | ')' => (Token::Sign(first.to_string()), 1),
            '=' | '!' | '<' | '>' => {
                let taken = if rest[1..].starts_with('=') { 2 } else { 1 };
                (Token::Sign(rest[..taken].to_owned()), taken)
            }
            _ if first.is_ascii_alphabetic() => {
                let taken = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
                (Token::Word(rest[..taken].to_owned()), taken)
            }
            _ => return None,
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

/// A text in quotes, in which a backslash takes the next sign as it is; and how many bytes it takes.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut is_escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        match sign {
            _ if is_escaped => {
                value.push(sign);
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            '\'' => return Some((value, at + 1)),
            _ => value.push(sign),
        }
    }
    None
}

/// The tokens are in reverse, the next one last.
fn either(tokens: &mut Vec<Token>) -> Option<Query> {
    let mut query = both(tokens)?;
    while take_word(tokens, "or") {
        query = Query::Or(Box::new(query), Box::new(both(tokens)?));
    }
    Some(query)
}

fn both(tokens: &mut Vec<Token>) -> Option<Query> {
    let mut query = term(tokens)?;
    while take_word(tokens, "and") {
        query = Query::And(Box::new(query), Box::new(term(tokens)?));
    }
    Some(query)
}

fn take_word(tokens: &mut Vec<Token>, word: &str) -> bool {
    tokens.pop_if(|token| matches!(token, Token::Word(text) if text == word)).is_some()
}

fn term(tokens: &mut Vec<Token>) -> Option<Query> {
    match tokens.pop()? {
        Token::Sign(sign) if sign == "(" => {
            let query = either(tokens)?;
            (tokens.pop()? == Token::Sign(")".to_owned())).then_some(query)
        }
        Token::Word(word) if word == "not" => Some(Query::Not(Box::new(term(tokens)?))),
        Token::Word(word) if word == "sharedWithMe" => {
            tokens.pop_if(|token| *token == Token::Sign("=".to_owned()));
            take_word(tokens, "true");
            Some(Query::SharedWithMe)
        }
        Token::Text(id) => (take_word(tokens, "in") && take_word(tokens, "parents")).then_some(Query::In(id)),
        Token::Word(name) => comparison(&name, tokens.pop()?, tokens.pop()?),
        Token::Sign(_) => None,
    }
}

fn comparison(name: &str, relation: Token, value: Token) -> Option<Query> {
    let relation = match relation {
        Token::Sign(sign) => match sign.as_str() {
            "=" => Relation::Equal,
            "!=" => Relation::Unequal,
            "<" => Relation::Less,
            "<=" => Relation::AtMost,
            ">" => Relation::More,
            ">=" => Relation::AtLeast,
            _ => return None,
        },
        Token::Word(word) if word == "contains" => Relation::Contains,
        _ => return None,
    };
    let is_order = !matches!(relation, Relation::Equal | Relation::Unequal | Relation::Contains);
    match (name, value) {
        ("trashed", Token::Word(word)) if matches!(relation, Relation::Equal | Relation::Unequal) => {
            let is_true = word.parse::<bool>().ok()?;
            Some(Query::Trashed(is_true == (relation == Relation::Equal)))
        }
        ("name", Token::Text(text)) if !is_order => Some(Query::Text(Field::Name, relation, text)),
        ("mimeType", Token::Text(text)) if !is_order => Some(Query::Text(Field::MimeType, relation, text)),
        ("modifiedTime", Token::Text(text)) if relation != Relation::Contains => {
            Some(Query::Time(Moment::Modified, relation, instant(&text)?))
        }
        ("createdTime", Token::Text(text)) if relation != Relation::Contains => {
            Some(Query::Time(Moment::Created, relation, instant(&text)?))
        }
        _ => None,
    }
}

/// RFC 3339; without a zone it is UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let local = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    text.parse().ok().or_else(local)
}

#[cfg(test)]
mod tests {
    use super::super::world::World;
    use super::*;

    #[test]
    fn queries_find_what_they_say() {
        let world = World::default();
        let folder = world.add_folder(&world.root(), "Support");
        let file = world.add_file(&folder, "Ann's price list.pdf", "application/pdf", b"%PDF");
        let state = world.lock();
        let item = state.item(&file);
        let modified = item.modified.to_string();
        let cases = [
            (format!("'{folder}' in parents"), true),
            ("'root' in parents".to_owned(), false),
            (format!("'{folder}' in parents and trashed = false"), true),
            ("trashed=true".to_owned(), false),
            ("trashed!=true".to_owned(), true),
            ("not trashed=true and mimeType='application/pdf'".to_owned(), true),
            ("mimeType != 'application/vnd.google-apps.folder'".to_owned(), true),
            ("mimeType contains 'application/'".to_owned(), true),
            ("mimeType contains 'pdf'".to_owned(), false),
            (r"name = 'Ann\'s price list.pdf'".to_owned(), true),
            ("name contains 'price'".to_owned(), true),
            ("name contains 'rice'".to_owned(), false),
            (format!("modifiedTime > '{modified}'"), false),
            (format!("modifiedTime >= '{modified}'"), true),
            ("modifiedTime > '2026-01-05T08:59:59'".to_owned(), true),
            ("createdTime < '2026-01-05T09:00:00Z' or (mimeType='application/pdf' and trashed=false)".to_owned(), true),
            ("sharedWithMe".to_owned(), false),
            (String::new(), true),
        ];
        for (text, expected) in cases {
            let query = Query::read(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(query.fits(&state, item), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_query_is_none() {
        for text in [
            "name",
            "name = ",
            "name = x",
            "name = 'x",
            "(trashed=false",
            "trashed=false)",
            "size > '1'",
            "title='x'",
            "trashed > true",
            "modifiedTime > 'yesterday'",
            "'x' in owners",
            "; drop",
        ] {
            assert_eq!(Query::read(text), None, "{text}");
        }
    }
}
