//! Turns paragraphs with levels into lists that nest.

use model::{Block, Span};

use crate::build::{Builder, Container};

/// How a paragraph is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// Not at all.
    #[default]
    Nothing,
    /// By a sign.
    Bullet,
    /// By a number; the first one.
    Number(u64),
}

/// A paragraph of an outline.
#[derive(Debug, Default)]
pub struct Point {
    pub level: usize,
    pub mark: Mark,
    pub spans: Vec<Span>,
}

/// The blocks of an outline.
pub fn blocks(points: Vec<Point>) -> Vec<Block> {
    let mut builder = Builder::default();
    // Level and mark of each open list, which has an open item.
    let mut open: Vec<(usize, bool)> = Vec::new();
    for point in points {
        if point.spans.is_empty() {
            continue;
        }
        let is_numbered = matches!(point.mark, Mark::Number(_));
        let ends = |(level, numbered): &(usize, bool)| {
            *level > point.level || point.mark == Mark::Nothing || (*level == point.level && *numbered != is_numbered)
        };
        while open.last().is_some_and(ends) {
            open.pop();
            builder.close();
            builder.close();
        }
        if point.mark != Mark::Nothing {
            if open.last().is_some_and(|(level, _)| *level == point.level) {
                builder.close();
            } else {
                let first = if let Mark::Number(first) = point.mark { Some(first) } else { None };
                builder.open(Container::List(first));
                open.push((point.level, is_numbered));
            }
            builder.open(Container::Item);
        }
        builder.block(Block::Paragraph { spans: point.spans });
    }
    builder.finish()
}
