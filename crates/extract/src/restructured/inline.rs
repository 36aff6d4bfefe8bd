//! The markup inside of reStructuredText's lines.

use crate::build::Builder;
use crate::package::address;

/// A mark that is not closed so soon, in bytes, is none.
const LONGEST: usize = 2_000;

/// Adds the text with its looks and links.
pub fn write(text: &str, builder: &mut Builder) {
    let mut rest = text;
    while let Some((at, length, piece)) = next(rest) {
        builder.text(&rest[..at]);
        let look = builder.look.clone();
        match piece {
            Piece::Code(inner) => {
                builder.look.code = true;
                builder.text(inner);
            }
            Piece::Strong(inner) => {
                builder.look.strong = true;
                builder.text(inner);
            }
            Piece::Emphasis(inner) => {
                builder.look.emphasis = true;
                builder.text(inner);
            }
            Piece::Reference(inner) => {
                let (words, target) = parted(inner);
                builder.look.link = target.and_then(address);
                builder.text(words);
            }
        }
        builder.look = look;
        rest = &rest[at + length..];
    }
    builder.text(rest);
}

enum Piece<'a> {
    Code(&'a str),
    Strong(&'a str),
    Emphasis(&'a str),
    Reference(&'a str),
}

/// The first marked piece: where it starts, how long it is with its marks, and what it is.
fn next(text: &str) -> Option<(usize, usize, Piece<'_>)> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find(['`', '*'])?;
        let starts_word = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        let after = &text[at..];
        if let Some(found) = starts_word.then(|| piece(text, at, after)).flatten() {
            return Some(found);
        }
        from = at + after.chars().take_while(|sign| matches!(sign, '`' | '*')).count();
    }
}

fn piece<'a>(text: &'a str, at: usize, after: &'a str) -> Option<(usize, usize, Piece<'a>)> {
    let inner = |mark: &str| {
        let rest = after.strip_prefix(mark)?;
        let rest = &rest[..rest.floor_char_boundary(LONGEST)];
        let end = rest.find(mark).filter(|end| *end > 0 && !rest.starts_with(' '))?;
        Some((&rest[..end], end + 2 * mark.len()))
    };
    if let Some((code, length)) = inner("``") {
        return Some((at, length, Piece::Code(code)));
    }
    if let Some((strong, length)) = inner("**") {
        return Some((at, length, Piece::Strong(strong)));
    }
    if let Some((words, length)) = inner("`") {
        // A role such as `:ref:` stands before, underscores behind.
        let tail = after[length..].bytes().take(2).take_while(|byte| *byte == b'_').count();
        let start = role_start(&text[..at]);
        return Some((start, at - start + length + tail, Piece::Reference(words)));
    }
    inner("*").map(|(words, length)| (at, length, Piece::Emphasis(words)))
}

/// Where a role begins that ends here.
fn role_start(before: &str) -> usize {
    let Some(inner) = before.strip_suffix(':') else { return before.len() };
    let name =
        inner.rsplit(|sign: char| !(sign.is_ascii_alphanumeric() || matches!(sign, ':' | '-' | '.' | '_'))).next();
    let name = name.unwrap_or_default();
    if name.starts_with(':') && name.len() > 1 { inner.len() - name.len() } else { before.len() }
}

/// `words <target>`, or words alone.
fn parted(inner: &str) -> (&str, Option<&str>) {
    match inner.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((words, target)) if !words.trim().is_empty() => (words.trim_end(), Some(target)),
        Some((_, target)) => (target, Some(target)),
        None => (inner.trim_start_matches('~'), None),
    }
}
