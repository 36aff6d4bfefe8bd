//! One path pattern of robots.txt: `*` for anything, `$` for the end, everything else letter by letter.

/// A pattern, taken apart at its stars. Matching is linear in the path: stars are served leftmost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The text between the stars, in normal form.
    parts: Vec<String>,
    /// Whether the last part must end the path.
    anchored: bool,
    /// How specific the pattern is, in octets.
    weight: usize,
}

impl Pattern {
    /// Reads the value of an `Allow` or `Disallow` line; `None` when it is empty and so says nothing.
    pub fn parse(value: &[u8]) -> Option<Self> {
        if value.is_empty() {
            return None;
        }
        let (body, anchored) = value.strip_suffix(b"$").map_or((value, false), |body| (body, true));
        let parts: Vec<String> = body.split(|byte| *byte == b'*').map(normal).collect();
        let octets: usize = parts.iter().map(|part| octets(part)).sum();
        let weight = octets + parts.len() - 1 + usize::from(anchored);
        Some(Self { parts, anchored, weight })
    }

    /// How specific it is: of two patterns that match, the heavier decides.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Whether it covers a path, given in [`normal`] form.
    pub fn matches(&self, path: &str) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let Some(mut left) = path.strip_prefix(first.as_str()) else { return false };
        let Some((last, middle)) = rest.split_last() else { return !self.anchored || left.is_empty() };
        for part in middle {
            match left.find(part.as_str()) {
                Some(at) => left = &left[at + part.len()..],
                None => return false,
            }
        }
        if self.anchored { left.ends_with(last.as_str()) } else { left.contains(last.as_str()) }
    }
}

/// The one spelling in which paths are compared: what need not be encoded is not, everything else is `%XX`.
///
/// A star or dollar sign that stands for itself is `%2A` or `%24`, as a pattern must write it. The result is ASCII.
pub fn normal(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, escaped(tail)) {
            (b'%', Some(byte)) => {
                push(&mut out, byte, is_unreserved(byte));
                rest = &tail[2..];
            }
            // A lone percent sign is encoded like the rest, or it would pass for the start of somebody else's code.
            _ => push(&mut out, byte, byte.is_ascii_graphic() && !matches!(byte, b'*' | b'$' | b'%')),
        }
    }
    out
}

fn push(out: &mut String, byte: u8, plain: bool) {
    if plain {
        out.push(char::from(byte));
    } else {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        out.extend(['%', char::from(HEX[usize::from(byte >> 4)]), char::from(HEX[usize::from(byte & 15)])]);
    }
}

/// The byte that two hexadecimal digits at the start of `text` stand for.
fn escaped(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The length as the standard counts it: an encoded star or dollar sign weighs what the sign does.
fn octets(part: &str) -> usize {
    part.len() - 2 * (part.matches("%2A").count() + part.matches("%24").count())
}
