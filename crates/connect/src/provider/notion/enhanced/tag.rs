//! The tags of enhanced Markdown, such as `<callout icon="💡">`, `</callout>` and `<mention-date start="2026-01-01"/>`. Pure.

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name, lower case.
    pub name: String,
    /// `</name>`.
    pub is_end: bool,
    /// `<name/>`.
    pub is_empty: bool,
    /// Its attributes in order, their entities replaced.
    pub attributes: Vec<(String, String)>,
    /// How many bytes it takes.
    pub length: usize,
}

impl Tag {
    /// The tag that `text` begins with; `None` where it begins with none.
    pub fn read(text: &str) -> Option<Self> {
        let inside = text.strip_prefix('<')?;
        let is_end = inside.starts_with('/');
        let inside = inside.strip_prefix('/').unwrap_or(inside);
        let name_length =
            inside.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
        let (name, mut rest) = inside.split_at(name_length);
        if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            return None;
        }
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            let end = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>'));
            if let Some(after) = end {
                let (name, is_empty) = (name.to_ascii_lowercase(), rest.starts_with('/'));
                return Some(Self { name, is_end, is_empty, attributes, length: text.len() - after.len() });
            }
            rest = attribute(rest, &mut attributes)?;
        }
    }

    /// An attribute's value; empty when there is none.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// The place of the end tag of this name, and what it takes, at or after `from`.
pub fn end_of(text: &str, name: &str, from: usize) -> Option<(usize, usize)> {
    let mut here = from;
    loop {
        let start = here + text.get(here..)?.find("</")?;
        match Tag::read(&text[start..]) {
            Some(tag) if tag.name == name => return Some((start, tag.length)),
            _ => here = start + 2,
        }
    }
}

/// Reads `name="value"` and gives the rest.
fn attribute<'a>(text: &'a str, attributes: &mut Vec<(String, String)>) -> Option<&'a str> {
    let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(byte)).count();
    let (name, rest) = text.split_at(length);
    if name.is_empty() {
        return None;
    }
    let Some(rest) = rest.strip_prefix('=') else {
        attributes.push((name.to_owned(), String::new()));
        return Some(rest);
    };
    let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    let (value, rest) = rest[1..].split_once(quote)?;
    attributes.push((name.to_owned(), decoded(value)));
    Some(rest)
}

fn decoded(value: &str) -> String {
    let entities = [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(value.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_letters_are_not() {
        let tag = Tag::read("<callout icon=\"💡\" color='blue_bg'>rest").unwrap();
        assert_eq!((tag.name.as_str(), tag.is_end, tag.is_empty), ("callout", false, false));
        assert_eq!([tag.attribute("icon"), tag.attribute("color"), tag.attribute("x")], ["💡", "blue_bg", ""]);
        let tag = Tag::read("<page url=\"https://e.com/?a=1&amp;b=2\"/>").unwrap();
        assert_eq!((tag.attribute("url"), tag.is_empty, tag.length), ("https://e.com/?a=1&b=2", true, 40));
        let tag = Tag::read("</Mention-User >").unwrap();
        assert_eq!((tag.name.as_str(), tag.is_end), ("mention-user", true));
        assert!(Tag::read("<details open>").is_some());
        for text in ["<3", "< b>", "<https://example.com>", "<a b", "<a b=c>", "<a b=\"c>", "<>", "a<b>", "</>"] {
            assert_eq!(Tag::read(text), None, "{text}");
        }
    }

    #[test]
    fn ends_are_found_by_their_name() {
        assert_eq!(end_of("<a>x</b></a>", "a", 3), Some((8, 4)));
        assert_eq!(end_of("<a>x</b>", "a", 3), None);
        assert_eq!(end_of("", "a", 3), None);
    }
}
