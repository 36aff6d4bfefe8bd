//! One file that is made to hurt, and how patterns fill it.

/// A file that is made to hurt.
pub struct Shape {
    /// How its name ends, which is its format to whoever looks at the name.
    pub ending: &'static str,
    /// What is in it.
    pub name: String,
    make: Box<dyn Fn(usize) -> Vec<u8>>,
}

impl Shape {
    /// A file that a function makes, of about so many bytes.
    pub fn made(ending: &'static str, name: impl Into<String>, make: impl Fn(usize) -> Vec<u8> + 'static) -> Self {
        Self { ending, name: name.into(), make: Box::new(make) }
    }

    /// A start, and a pattern after it until the file is full.
    pub fn filled(ending: &'static str, name: &str, start: &'static str, pattern: &'static str) -> Self {
        Self::made(ending, name, move |size| filled(start, pattern, size))
    }

    /// A start, and patterns with numbers after it until the file is full.
    pub fn numbered(ending: &'static str, name: &str, start: &'static str, pattern: fn(usize) -> String) -> Self {
        Self::made(ending, name, move |size| numbered(start, pattern, size))
    }

    /// The file, of about so many bytes.
    pub fn bytes(&self, size: usize) -> Vec<u8> {
        (self.make)(size)
    }
}

/// A start, and a pattern after it as often as it fits.
pub fn filled(start: &str, pattern: &str, size: usize) -> Vec<u8> {
    let times = size.saturating_sub(start.len()) / pattern.len().max(1);
    [start.as_bytes(), pattern.repeat(times).as_bytes()].concat()
}

/// A start, and numbered patterns after it as many as fit.
pub fn numbered(start: &str, pattern: impl Fn(usize) -> String, size: usize) -> Vec<u8> {
    let mut bytes = start.as_bytes().to_vec();
    for number in 0.. {
        let next = pattern(number);
        if bytes.len() + next.len() > size {
            break;
        }
        bytes.extend(next.into_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{filled, numbered};

    #[test]
    fn patterns_fill_what_they_are_given() {
        assert_eq!(filled("ab", "cde", 9), b"abcdecde");
        assert_eq!(numbered("a", |number| format!("<{number}>"), 9), b"a<0><1>");
    }
}
