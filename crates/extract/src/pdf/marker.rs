//! The marks that begin the items of lists.

/// A mark: the number of an ordered item, and how many letters it takes with the space behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    pub number: Option<u64>,
    pub letters: usize,
}

/// Whether this is a sign that begins an item.
pub fn is_bullet(sign: char) -> bool {
    BULLETS.contains(&sign)
}

const BULLETS: [char; 14] = ['•', '◦', '‣', '▪', '▫', '■', '□', '●', '○', '⁃', '–', '—', '*', '-'];

/// The mark of a text that has more than it.
pub fn find(text: &str) -> Option<Marker> {
    let (mark, rest) = text.trim_start().split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    if rest.is_empty() {
        return None;
    }
    let letters = text.chars().count() - rest.chars().count();
    let mut signs = mark.chars();
    if let (Some(sign), None) = (signs.next(), signs.next()) {
        return BULLETS.contains(&sign).then_some(Marker { number: None, letters });
    }
    let inner = mark.strip_suffix(['.', ')'])?.trim_start_matches('(');
    if inner.len() <= 3 && inner.bytes().all(|byte| byte.is_ascii_digit()) {
        return inner.parse().ok().map(|number| Marker { number: Some(number), letters });
    }
    // `a)` and `(b)` are ordered, too; `A.` may be somebody's initial.
    let is_letter = mark.ends_with(')') && inner.len() == 1 && inner.bytes().all(|byte| byte.is_ascii_lowercase());
    let number = is_letter.then(|| inner.bytes().next().map(|byte| u64::from(byte - b'a') + 1)).flatten()?;
    Some(Marker { number: Some(number), letters })
}
