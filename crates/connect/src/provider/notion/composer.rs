//! Writes Markdown block by block, inside of quotes and list items. Pure.

use super::rich_text::longest_run;

/// Deeper than this, blocks are written as if they stood at this depth: nobody nests so deep but attackers.
const DEEPEST: usize = 24;

/// What blocks can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Something that Markdown has no form for, such as a column.
    Plain,
    /// A quote.
    Quote,
    /// A list item whose text is indented by so many letters.
    Item(usize),
}

/// What is written so far.
#[derive(Debug, Default)]
pub struct Composer {
    out: String,
    open: Vec<Container>,
    /// How many of the open containers were open already when the last block was written.
    shared: usize,
    /// The marker of the last block, when that was an item.
    marker: Option<char>,
}

impl Composer {
    /// Everything from here on stands in this, until it is closed.
    pub fn open(&mut self, container: Container) {
        self.open.push(container);
    }

    /// Closes the innermost container.
    pub fn close(&mut self) {
        self.open.pop();
        self.shared = self.shared.min(self.open.len());
    }

    /// A paragraph, or anything else that is written as it is.
    pub fn paragraph(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.begin(None);
        self.lines(text);
    }

    /// A heading.
    pub fn heading(&mut self, level: usize, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.paragraph(&format!("{} {text}", "#".repeat(level.clamp(1, 6))));
        }
    }

    /// An item of a list, which stays open. One without text is only what it holds.
    pub fn item(&mut self, marker: &str, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return self.open(Container::Plain);
        }
        self.begin(marker.chars().next());
        self.lines(&format!("{marker} {text}"));
        // A box to tick is text of its item.
        let width = marker.find(' ').unwrap_or(marker.len()) + 1;
        self.open(Container::Item(width));
        self.shared = self.open.len();
    }

    /// Code, as it stands.
    pub fn code(&mut self, language: &str, text: &str) {
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        self.begin(None);
        self.lines(&format!("{fence}{language}\n{text}\n{fence}"));
    }

    /// A table whose cells are Markdown on one line. Short rows are filled up; without a head it gets an empty one.
    pub fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        let width = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or_default();
        if width == 0 {
            return;
        }
        let row = |cells: &[String]| {
            let filled = (0..width).map(|place| cells.get(place).map_or_else(String::new, |cell| in_cell(cell)));
            format!("| {} |", filled.collect::<Vec<_>>().join(" | "))
        };
        let rule = format!("|{}", " --- |".repeat(width));
        let lines: Vec<String> = [row(head), rule].into_iter().chain(rows.iter().map(|cells| row(cells))).collect();
        self.begin(None);
        self.lines(&lines.join("\n"));
    }

    /// All that was written.
    pub fn finish(self) -> String {
        self.out
    }

    /// Parts a block from the one before. Items of one list stay together.
    fn begin(&mut self, marker: Option<char>) {
        let is_together = marker.is_some() && self.marker == marker;
        if !self.out.is_empty() && !is_together {
            let prefix = prefix(&self.open[..self.shared]);
            self.out.push_str(prefix.trim_end());
            self.out.push('\n');
        }
        self.marker = marker;
        self.shared = self.open.len();
    }

    fn lines(&mut self, text: &str) {
        let prefix = prefix(&self.open);
        for line in text.split('\n') {
            let line = format!("{prefix}{line}");
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }
}

fn prefix(open: &[Container]) -> String {
    let marks = open.iter().filter(|container| **container != Container::Plain).take(DEEPEST);
    marks
        .map(|container| match container {
            Container::Plain => String::new(),
            Container::Quote => "> ".to_owned(),
            Container::Item(width) => " ".repeat(*width),
        })
        .collect()
}

/// Text that does not end its cell.
fn in_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_escaped = false;
    for letter in text.replace(['\n', '\r'], " ").chars() {
        if letter == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = letter == '\\' && !is_escaped;
        out.push(letter);
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(write: impl FnOnce(&mut Composer)) -> String {
        let mut composer = Composer::default();
        write(&mut composer);
        composer.finish()
    }

    #[test]
    fn blocks_stand_apart_and_items_together() {
        let text = composed(|to| {
            to.heading(2, "Head");
            to.item("-", "one");
            to.item("1.", "inner");
            to.close();
            to.paragraph("more of one");
            to.close();
            to.item("- [x]", "two");
            to.close();
            to.item("1.", "first");
            to.close();
            to.item("1.", "second");
            to.close();
            to.paragraph("end");
        });
        let expected = "## Head\n\n- one\n\n  1. inner\n\n  more of one\n\n- [x] two\n\n1. first\n1. second\n\nend\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn quotes_hold_what_is_in_them() {
        let text = composed(|to| {
            to.open(Container::Quote);
            to.paragraph("said");
            to.code("rust", "let a = \"```\";\n\nlet b;");
            to.open(Container::Plain);
            to.item("-", "");
            to.paragraph("in an empty item");
            to.close();
            to.close();
            to.close();
            to.open(Container::Quote);
            to.paragraph("another");
            to.close();
            to.paragraph("  ");
        });
        let expected =
            "> said\n>\n> ````rust\n> let a = \"```\";\n>\n> let b;\n> ````\n>\n> in an empty item\n\n> another\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn tables_keep_their_cells() {
        let cells = |row: &[&str]| row.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let text = composed(|to| {
            to.table(&cells(&["a", "b"]), &[cells(&["x | y", "p \\| q"]), cells(&["`r|s`\nt"])]);
            to.table(&[], &[cells(&["only"])]);
            to.table(&[], &[]);
        });
        let expected = "| a | b |\n| --- | --- |\n| x \\| y | p \\| q |\n| `r\\|s` t |  |\n\n|  |\n| --- |\n| only |\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn depth_costs_no_more_than_its_bound() {
        let text = composed(|to| {
            for _ in 0..5_000 {
                to.open(Container::Quote);
                to.paragraph("x");
            }
        });
        assert!(text.len() < 5_000 * 2 * (2 * DEEPEST + 2), "{}", text.len());
    }
}
