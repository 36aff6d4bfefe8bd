//! Reads text without markup: blank lines part paragraphs, and marked lines are lists.

use model::Block;

use crate::budget::Budget;
use crate::build::{Builder, Container};
use crate::portion;
use crate::reading::Reading;

/// A longer first line is text, not a title.
const MAX_TITLE: usize = 100;

/// More lines than any document people read; each may become a block of its own.
pub const MAX_LINES: usize = 600_000;

/// Reads a text, or as much of it as there is time for.
pub fn read(text: &str, budget: &Budget) -> Reading {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
    let (text, warning) = portion::first_lines(&text, MAX_LINES);
    let width = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut builder = Builder::default();
    for paragraph in paragraphs(text) {
        if budget.ends() {
            break;
        }
        if paragraph.iter().all(|line| item(line).is_some()) {
            list(&paragraph, &mut builder);
        } else {
            prose(&paragraph, width, &mut builder);
        }
    }
    let blocks = builder.finish();
    Reading { title: title(text, &blocks), blocks, warnings: warning.into_iter().collect(), ..Reading::default() }
}

fn paragraphs(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    lines.split(|line| line.trim().is_empty()).filter(|lines| !lines.is_empty()).map(<[&str]>::to_vec).collect()
}

fn prose(lines: &[&str], width: usize, builder: &mut Builder) {
    for (at, line) in lines.iter().enumerate() {
        builder.text(line.trim());
        match lines.get(at + 1) {
            Some(next) if is_wrapped(line, next, width) => builder.text("\n"),
            Some(_) => builder.hard_break(),
            None => builder.end_block(),
        }
    }
}

/// A line end is only layout when the next word had no room on the line, or the word goes on.
fn is_wrapped(line: &str, next: &str, width: usize) -> bool {
    let word = next.split_whitespace().next().unwrap_or_default();
    let needed = line.trim_end().chars().count() + 1 + word.chars().count();
    line.trim_end().ends_with('-') || needed > width
}

fn list(lines: &[&str], builder: &mut Builder) {
    let start = lines.first().and_then(|line| item(line)).and_then(|(number, _)| number);
    builder.open(Container::List(start));
    for (_, text) in lines.iter().filter_map(|line| item(line)) {
        builder.open(Container::Item);
        builder.text(text);
        builder.close();
    }
    builder.close();
}

/// The number and the text of a line such as `- text`, `* text`, `• text` or `1. text`.
fn item(line: &str) -> Option<(Option<u64>, &str)> {
    let line = line.trim();
    if let Some(text) = ["- ", "* ", "• ", "– "].iter().find_map(|marker| line.strip_prefix(marker)) {
        return Some((None, text));
    }
    let (number, text) = line.split_once(". ").or_else(|| line.split_once(") "))?;
    let number = Some(number).filter(|number| number.len() <= 4).and_then(|number| number.parse().ok());
    number.map(|number| (Some(number), text))
}

/// The first line, when it stands alone and is short.
fn title(text: &str, blocks: &[Block]) -> Option<String> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let is_alone = matches!(blocks.first(), Some(Block::Paragraph { spans }) if spans.iter().all(|span| !span.text.contains(['\n', '\u{2028}'])));
    let is_short = first.chars().count() <= MAX_TITLE && !first.ends_with('.');
    (is_alone && is_short && blocks.len() > 1).then(|| first.to_owned())
}
