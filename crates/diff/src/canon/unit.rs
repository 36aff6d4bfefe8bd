//! Cuts a paragraph into its items, rows, lines of code and running text, as Markdown marks them.

/// What a part of a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape<'a> {
    Prose,
    Heading,
    /// An item of a list without order.
    Bullet,
    /// An item of a list with order, and its number.
    Step(&'a str),
    /// A row of a table.
    Row,
    Code,
}

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit<'a> {
    pub shape: Shape<'a>,
    /// Its lines without what marks them.
    pub lines: Vec<&'a str>,
}

/// The parts of a paragraph, in order.
pub fn units(paragraph: &str) -> Vec<Unit<'_>> {
    let mut units: Vec<Unit<'_>> = Vec::new();
    let mut fence: Option<Fence> = None;
    // A blank line ends what goes on over several lines.
    let mut goes_on = false;
    for line in paragraph.lines() {
        let text = unquoted(line);
        if let Some(open) = fence {
            if open.is_closed_by(text) {
                fence = None;
            } else {
                units.push(Unit { shape: Shape::Code, lines: vec![open.inside(line)] });
            }
            goes_on = false;
        } else if let Some(open) = Fence::opened_by(text, line.len() - text.len()) {
            fence = Some(open);
        } else if text.is_empty() {
            goes_on = false;
        } else {
            let (shape, text) = marked(text);
            match units.last_mut() {
                Some(last) if shape == Shape::Prose && goes_on => last.lines.push(text),
                _ => units.push(Unit { shape, lines: vec![text] }),
            }
            goes_on = !matches!(shape, Shape::Heading | Shape::Row);
        }
    }
    units
}

/// A line without white space around it and the signs of a quotation before it.
fn unquoted(line: &str) -> &str {
    line.trim().trim_start_matches(|c: char| c == '>' || c.is_whitespace())
}

/// What a line is by its first signs, and what follows them.
fn marked(text: &str) -> (Shape<'_>, &str) {
    let heading = text.trim_start_matches('#');
    if heading.len() < text.len() && text.len() - heading.len() <= 6 && heading.starts_with(' ') {
        return (Shape::Heading, heading);
    }
    if text.starts_with('|') {
        return (Shape::Row, text);
    }
    for bullet in ["- ", "* ", "+ ", "• ", "◦ ", "▪ ", "‣ "] {
        if let Some(rest) = text.strip_prefix(bullet) {
            return (Shape::Bullet, rest);
        }
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &text[digits..];
    match rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")) {
        Some(rest) if (1..=4).contains(&digits) => (Shape::Step(&text[..digits]), rest),
        _ => (Shape::Prose, text),
    }
}

/// What encloses lines of code.
#[derive(Debug, Clone, Copy)]
pub struct Fence {
    sign: char,
    length: usize,
    /// How far from its line's start it stands.
    indent: usize,
}

impl Fence {
    pub fn opened_by(text: &str, indent: usize) -> Option<Self> {
        let sign = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = text.trim_start_matches(sign);
        let length = text.len() - info.len();
        (length >= 3 && !info.contains('`')).then_some(Self { sign, length, indent })
    }

    pub fn is_closed_by(self, text: &str) -> bool {
        text.len() >= self.length && text.trim_start_matches(self.sign).is_empty()
    }

    /// A line of code without the indentation of its fence, and without white space at its end.
    fn inside(self, line: &str) -> &str {
        let is_margin = |c: char| c == '>' || c.is_whitespace();
        let margin =
            line.bytes().take(self.indent).take_while(|byte| is_margin(char::from(*byte)) && byte.is_ascii()).count();
        line[margin..].trim_end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_belong_to_what_their_signs_say() {
        let text = "# A\nb\nc\n- d\n  e\n12. f\n\ng\n> | h |\n```sh\n  i  \n\n```\n2024 is a year.";
        let expected = [
            (Shape::Heading, vec![" A"]),
            (Shape::Prose, vec!["b", "c"]),
            (Shape::Bullet, vec!["d", "e"]),
            (Shape::Step("12"), vec!["f"]),
            (Shape::Prose, vec!["g"]),
            (Shape::Row, vec!["| h |"]),
            (Shape::Code, vec!["  i"]),
            (Shape::Code, vec![""]),
            (Shape::Prose, vec!["2024 is a year."]),
        ];
        assert_eq!(units(text), expected.map(|(shape, lines)| Unit { shape, lines }));
    }

    #[test]
    fn code_keeps_its_own_indentation_only() {
        let lines = |text| units(text).into_iter().flat_map(|unit| unit.lines).collect::<Vec<_>>();
        assert_eq!(lines("- a\n  ```\n  b\n    c\n  ```"), ["a", "b", "  c"]);
        assert_eq!(lines("> ```\n> b\n>   c\n> ```"), ["b", "  c"]);
        assert_eq!(lines("```\nnever closed"), ["never closed"]);
    }
}
