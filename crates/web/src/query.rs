//! Reads a query string strictly: nothing is decoded by guessing, no known parameter is taken twice.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::Error;
use crate::quoted::quoted;
use crate::state::State;

/// The decoded parameters of a query string, in their order.
#[derive(Debug)]
pub struct Query(Vec<(String, String)>);

impl FromRequestParts<State> for Query {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Error> {
        Self::read(parts.uri.query().unwrap_or_default())
    }
}

impl Query {
    /// Decodes `name=value&…`.
    pub fn read(query: &str) -> Result<Self, Error> {
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        };
        query.split('&').filter(|text| !text.is_empty()).map(pair).collect::<Result<_, _>>().map(Self)
    }

    /// The text of a parameter.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        let Some(at) = self.0.iter().position(|(known, _)| known == name) else { return Ok(None) };
        let value = self.0.swap_remove(at).1;
        if self.0.iter().any(|(known, _)| known == name) {
            return Err(Error::BadRequest(format!("the query parameter {name} is given more than once; give it once")));
        }
        if value.contains('\0') {
            return Err(Error::BadRequest(format!("the query parameter {name} contains a NUL character; remove it")));
        }
        Ok(Some(value))
    }

    /// A parameter as a value of its type; `wanted` says what is allowed.
    pub fn parsed<T: FromStr>(&mut self, name: &str, wanted: &str) -> Result<Option<T>, Error> {
        self.text(name)?.map(|text| text.parse().map_err(|_| refused(name, wanted, &text))).transpose()
    }

    /// A parameter that is one of a few words.
    pub fn word<T: Copy + Display>(&mut self, name: &str, words: &[T]) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let found = words.iter().copied().find(|word| word.to_string() == text);
        found.map(Some).ok_or_else(|| refused(name, &one_of(words), &text))
    }

    /// A parameter that is `true` or `false`.
    pub fn flag(&mut self, name: &str) -> Result<Option<bool>, Error> {
        self.word(name, &[true, false])
    }

    /// Refuses what nobody took: a misspelt filter would otherwise answer with what it should leave out.
    pub fn nothing_else(self, known: &[&str]) -> Result<(), Error> {
        let Some((name, _)) = self.0.first() else { return Ok(()) };
        let (name, known) = (quoted(name), one_of(known));
        Err(Error::BadRequest(format!("the query parameter {name} is not known here; it must be {known}")))
    }
}

/// The refusal of a parameter's value.
pub fn refused(name: &str, wanted: &str, value: &str) -> Error {
    Error::BadRequest(format!("the query parameter {name} must be {wanted}, got {}", quoted(value)))
}

/// `a`, `a or b`, `one of a, b, c`.
pub fn one_of<T: Display>(words: &[T]) -> String {
    let words: Vec<_> = words.iter().map(ToString::to_string).collect();
    match words.as_slice() {
        [first, second] => format!("{first} or {second}"),
        _ => format!("one of {}", words.join(", ")),
    }
}

fn decoded(text: &str) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => escaped(rest.next(), rest.next()).ok_or_else(|| undecodable(text, "a % without two hex digits"))?,
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| undecodable(text, "bytes that are not UTF-8"))
}

fn escaped(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high?)? * 16 + digit(low?)?)
}

fn undecodable(text: &str, what: &str) -> Error {
    Error::BadRequest(format!("the query holds {what} in {}; percent-encode it as UTF-8", quoted(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_strictly() {
        let cases = [
            ("a=b+c%20d", Ok("b c d")),
            ("a=%C3%a9", Ok("é")),
            ("a", Ok("")),
            ("x=1&a=b=c&&", Ok("b=c")),
            ("%61=1", Ok("1")),
            ("a=1&a=2", Err("the query parameter a is given more than once; give it once")),
            ("a=%00", Err("the query parameter a contains a NUL character; remove it")),
            ("a=%zz", Err("the query holds a % without two hex digits in \"%zz\"; percent-encode it as UTF-8")),
            ("a=%+1", Err("the query holds a % without two hex digits in \"%+1\"; percent-encode it as UTF-8")),
            ("other=%F", Err("the query holds a % without two hex digits in \"%F\"; percent-encode it as UTF-8")),
            ("a=%FF", Err("the query holds bytes that are not UTF-8 in \"%FF\"; percent-encode it as UTF-8")),
        ];
        for (query, expected) in cases {
            let got = Query::read(query).and_then(|mut query| query.text("a")).map_err(|error| error.to_string());
            assert_eq!(got, expected.map(|text| Some(text.to_owned())).map_err(str::to_owned), "{query}");
        }
    }

    #[test]
    fn what_is_left_can_be_refused() {
        let refused = |query: &str| {
            let mut query = Query::read(query).unwrap();
            query.text("a").unwrap();
            query.nothing_else(&["a", "b"]).map_err(|error| error.to_string())
        };
        assert_eq!(refused("a=1"), Ok(()));
        let expected = "the query parameter \"x\" is not known here; it must be a or b";
        assert_eq!(refused("a=1&x=2"), Err(expected.to_owned()));
    }

    #[test]
    fn unknown_repeated_parameters_are_nobodys_business() {
        assert_eq!(Query::read("x=1&x=2").unwrap().text("a").unwrap(), None);
    }
}
