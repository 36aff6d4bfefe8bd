//! Reads the known fields of a JSON object precisely: what is wrong is told by name, what is unknown is never kept.

use std::fmt;
use std::ops::RangeInclusive;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use crate::error::Error;
use crate::offenders::Offenders;
use crate::quoted::quoted;

/// The known fields that a body held.
#[derive(Debug)]
pub struct Fields(Vec<(&'static str, Json)>);

impl Fields {
    /// Reads a body. Only the fields in `known` are kept, and of an array only the first `items`.
    pub fn read(body: &[u8], known: &'static [&'static str], items: usize) -> Result<Self, Error> {
        Self::read_as(body, Shape { known, items, is_strict: false })
    }

    /// The same for a body in which a field that is not known is refused: it might have been meant to narrow what is done.
    pub fn read_strictly(body: &[u8], known: &'static [&'static str], items: usize) -> Result<Self, Error> {
        Self::read_as(body, Shape { known, items, is_strict: true })
    }

    fn read_as(body: &[u8], shape: Shape) -> Result<Self, Error> {
        let text = std::str::from_utf8(body).map_err(|error| {
            Error::BadRequest(format!("the body is not valid UTF-8 after byte {}", error.valid_up_to()))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Err(Error::BadRequest("the body is empty; send a JSON object".to_owned()));
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let value = shape.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
        match value.map_err(|error| malformed(&error))? {
            Json::Object(fields) => Ok(fields),
            other => Err(Error::BadRequest(format!("the body must be a JSON object, got {}", other.kind()))),
        }
    }

    /// A text; `None` when the field is missing or null.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        match self.take(name) {
            None => Ok(None),
            Some(Json::Text(text)) if text.contains('\0') => Err(Error::BadRequest(nul(name))),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(name, "a string", &other)),
        }
    }

    /// A whole number within bounds; `None` when the field is missing or null.
    pub fn number(&mut self, name: &str, bounds: RangeInclusive<i64>) -> Result<Option<i64>, Error> {
        let wanted = || format!("a whole number from {} to {}", bounds.start(), bounds.end());
        match self.take(name) {
            None => Ok(None),
            Some(Json::Number(Some(number))) if bounds.contains(&number) => Ok(Some(number)),
            Some(Json::Number(Some(number))) => {
                Err(Error::BadRequest(format!("{name} must be {}, got {number}", wanted())))
            }
            Some(Json::Number(None)) => {
                Err(Error::BadRequest(format!("{name} must be {}, got another number", wanted())))
            }
            Some(other) => Err(wrong(name, &wanted(), &other)),
        }
    }

    /// A boolean; `None` when the field is missing or null.
    pub fn flag(&mut self, name: &str) -> Result<Option<bool>, Error> {
        match self.take(name) {
            None => Ok(None),
            Some(Json::Flag(flag)) => Ok(Some(flag)),
            Some(other) => Err(wrong(name, "a boolean", &other)),
        }
    }

    /// An array of texts and its full length, which may be more than was kept. Empty when the field is missing or null.
    pub fn texts(&mut self, name: &str) -> Result<(Vec<String>, usize), Error> {
        match self.take(name) {
            None => Ok((Vec::new(), 0)),
            Some(Json::Array { items, count }) => Ok((texts(name, items)?, count)),
            Some(other) => Err(wrong(name, "an array of strings", &other)),
        }
    }

    fn take(&mut self, name: &str) -> Option<Json> {
        let at = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.swap_remove(at).1).filter(|value| !matches!(value, Json::Null))
    }
}

fn texts(name: &str, items: Vec<Json>) -> Result<Vec<String>, Error> {
    let mut texts = Vec::with_capacity(items.len());
    let mut offenders = Offenders::default();
    for (at, item) in items.into_iter().enumerate() {
        match item {
            Json::Text(text) if text.contains('\0') => offenders.add(|| nul(&format!("{name}[{at}]"))),
            Json::Text(text) => texts.push(text),
            other => offenders.add(|| format!("{name}[{at}] must be a string, got {}", other.kind())),
        }
    }
    offenders.refuse().map(|()| texts)
}

fn wrong(name: &str, wanted: &str, got: &Json) -> Error {
    Error::BadRequest(format!("{name} must be {wanted}, got {}", got.kind()))
}

fn nul(name: &str) -> String {
    format!("{name} contains a NUL character (U+0000); remove it")
}

/// What the parser says, with the place where it says it.
fn malformed(error: &serde_json::Error) -> Error {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let (line, column) = (error.line(), error.column());
    Error::BadRequest(match error.classify() {
        Category::Data => format!("{text} (line {line}, column {column})"),
        _ => format!("the body is not valid JSON: {text} (line {line}, column {column})"),
    })
}

/// A JSON value as deep as it is needed.
#[derive(Debug)]
enum Json {
    Null,
    Flag(bool),
    /// `None` for one that is no whole number of ours.
    Number(Option<i64>),
    Text(String),
    Array {
        items: Vec<Json>,
        count: usize,
    },
    Object(Fields),
}

impl Json {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array { .. } => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// How much of a value is kept: the fields of an object, the first items of an array.
#[derive(Clone, Copy)]
struct Shape {
    known: &'static [&'static str],
    items: usize,
    is_strict: bool,
}

impl Shape {
    /// What is kept of a value inside the body: an array's items, nothing of an object.
    const fn of_field(self) -> Self {
        Self { known: &[], items: self.items, is_strict: false }
    }

    /// What is kept of a value inside an array: its kind and its text.
    const fn of_item() -> Self {
        Self { known: &[], items: 0, is_strict: false }
    }
}

impl<'de> DeserializeSeed<'de> for Shape {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Shape {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(Some(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(i64::try_from(number).ok()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while items.len() < self.items {
            match array.next_element_seed(Self::of_item())? {
                Some(item) => items.push(item),
                None => return Ok(Json::Array { count: items.len(), items }),
            }
        }
        let mut count = items.len();
        while array.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Json::Array { items, count })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut fields: Vec<(&'static str, Json)> = Vec::new();
        while let Some(name) = object.next_key::<String>()? {
            let Some(known) = self.known.iter().copied().find(|known| *known == name) else {
                if self.is_strict {
                    let (name, known) = (quoted(&name), self.known.join(", "));
                    return Err(A::Error::custom(format_args!("there is no field {name} here; there are {known}")));
                }
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            if fields.iter().any(|(seen, _)| *seen == known) {
                return Err(A::Error::custom(format_args!("{known} is given twice; give it once")));
            }
            fields.push((known, object.next_value_seed(self.of_field())?));
        }
        Ok(Json::Object(Fields(fields)))
    }
}

#[cfg(test)]
mod tests;
