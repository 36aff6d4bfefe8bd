//! `--explain`: the parts of a page in reading order, those with one reason under that reason.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::process::ExitCode;

use comfy_table::Table;
use extract::{Explanation, Part};

use super::document::Document;
use crate::output;

/// Where a width is not known.
const USUAL_WIDTH: usize = 100;
const LONGEST_ELEMENT: usize = 32;

pub fn run(document: &Document, as_json: bool) -> anyhow::Result<ExitCode> {
    let found = extract::explain(&document.bytes, &document.hint).map_err(|failure| document.refusal(&failure))?;
    if as_json {
        output::line(serde_json::to_string_pretty(&found)?)?;
    } else {
        let width = Table::new().width().map_or(USUAL_WIDTH, usize::from);
        output::text_of(shown(&found, width, std::io::stdout().is_terminal()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(found: &Explanation, width: usize, has_colours: bool) -> String {
    let mut text = String::new();
    let mut before: Option<&Part> = None;
    for part in &found.parts {
        let goes_on = before.is_some_and(|before| before.is_kept == part.is_kept && before.reason == part.reason);
        if !goes_on {
            let (word, colour) = if part.is_kept { ("kept", 32) } else { ("left out", 31) };
            let word = if has_colours { format!("\u{1b}[{colour}m{word}\u{1b}[0m") } else { word.to_owned() };
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(text, "{word}: {}", part.reason);
        }
        let _ = writeln!(text, "{}", line(part, width));
        before = Some(part);
    }
    for note in &found.notes {
        let _ = writeln!(text, "note: {note}");
    }
    let sum = |is_kept| found.parts.iter().filter(|part| part.is_kept == is_kept).map(|part| part.letters).sum::<u32>();
    let _ = writeln!(text, "{} letters kept, {} left out", sum(true), sum(false));
    text
}

fn line(part: &Part, width: usize) -> String {
    let element = cut(&part.element, LONGEST_ELEMENT);
    let size = if part.is_kept { String::new() } else { format!("  ({})", part.letters) };
    let room = width.saturating_sub(LONGEST_ELEMENT + 4 + size.len()).max(20);
    format!("  {element:<LONGEST_ELEMENT$}  {}{size}", cut(&part.excerpt, room))
}

fn cut(text: &str, most: usize) -> String {
    let is_long = text.chars().nth(most).is_some();
    if is_long { text.chars().take(most - 1).chain(['…']).collect() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_with_one_reason_stand_together() {
        let part = |is_kept, element: &str, reason: &str, excerpt: &str| Part {
            is_kept,
            element: element.to_owned(),
            reason: reason.to_owned(),
            letters: 7,
            excerpt: excerpt.to_owned(),
        };
        let parts = vec![
            part(false, "nav", "the landmark <nav>", "Home"),
            part(true, "h1", "the page's <main>", "Refunds"),
            part(true, "p", "the page's <main>", &"Words that go on. ".repeat(4)),
        ];
        let found = Explanation { parts, notes: vec!["it is cut".to_owned()] };
        let expected = "\
left out: the landmark <nav>
  nav                               Home  (7)
kept: the page's <main>
  h1                                Refunds
  p                                 Words that go on. Words th…
note: it is cut
14 letters kept, 7 left out
";
        assert_eq!(shown(&found, 63, false), expected);
    }
}
