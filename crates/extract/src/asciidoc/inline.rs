//! The markup inside of `AsciiDoc`'s lines.

use model::Span;

use crate::build::Builder;
use crate::package::address;

/// A mark that is not closed so soon, in bytes, is none.
const LONGEST: usize = 2_000;

/// The text as the runs of a cell.
pub fn spans(text: &str) -> Vec<Span> {
    let mut builder = Builder::flat();
    write(text, &mut builder);
    builder.finish_flat()
}

/// Adds the text with its looks and links.
pub fn write(text: &str, builder: &mut Builder) {
    let mut rest = text;
    let mut before = None;
    while let Some(sign) = rest.chars().next() {
        let starts_word = before.is_none_or(|before: char| !before.is_alphanumeric());
        let found = if starts_word { piece(rest) } else { None };
        let Some((length, piece)) = found else {
            let length = rest[sign.len_utf8()..]
                .find(['`', '*', '_', '<', 'l', 'x', 'h', 'm'])
                .map_or(rest.len(), |at| at + sign.len_utf8());
            builder.text(&rest[..length]);
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
            continue;
        };
        let look = builder.look.clone();
        match piece {
            Piece::Code(_) => builder.look.code = true,
            Piece::Strong(_) => builder.look.strong = true,
            Piece::Emphasis(_) => builder.look.emphasis = true,
            Piece::Link(_, target) => builder.look.link = address(target),
        }
        let (Piece::Code(words) | Piece::Strong(words) | Piece::Emphasis(words) | Piece::Link(words, _)) = piece;
        builder.text(words);
        builder.look = look;
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
}

enum Piece<'a> {
    Code(&'a str),
    Strong(&'a str),
    Emphasis(&'a str),
    Link(&'a str, &'a str),
}

/// A piece at the start of the text, and its length with its marks.
fn piece(text: &str) -> Option<(usize, Piece<'_>)> {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    if let Some(rest) = text.strip_prefix("<<") {
        let (inner, _) = rest.split_once(">>")?;
        let words = inner.split_once(',').map_or(inner, |(_, words)| words.trim());
        return Some((inner.len() + 4, Piece::Link(words, "")));
    }
    for (name, is_link) in [("link:", true), ("xref:", false), ("https://", true), ("http://", true), ("mailto:", true)]
    {
        if text.starts_with(name) {
            return link(text, if matches!(name, "link:" | "xref:") { name.len() } else { 0 }, is_link);
        }
    }
    let mark = text.chars().next().filter(|sign| matches!(sign, '`' | '*' | '_'))?;
    let rest = &text[1..];
    let end = rest.find(mark).filter(|end| *end > 0 && !rest.starts_with(' '))?;
    let ends_word = rest[end + 1..].chars().next().is_none_or(|after| !after.is_alphanumeric());
    let inner = ends_word.then_some(&rest[..end])?;
    Some((
        end + 2,
        match mark {
            '`' => Piece::Code(inner.trim_matches('+')),
            '*' => Piece::Strong(inner),
            _ => Piece::Emphasis(inner),
        },
    ))
}

/// `https://example.com[words]` and the like; the name of the macro takes `skip` bytes.
fn link(text: &str, skip: usize, is_link: bool) -> Option<(usize, Piece<'_>)> {
    let open = text.find('[')?;
    let target = &text[skip..open];
    if target.contains(char::is_whitespace) {
        return None;
    }
    let (words, _) = text[open + 1..].split_once(']')?;
    let shown = words.split(",window").next().unwrap_or_default().trim_end_matches('^');
    let shown = if shown.is_empty() { target } else { shown };
    Some((open + words.len() + 2, Piece::Link(shown, if is_link { target } else { "" })))
}
