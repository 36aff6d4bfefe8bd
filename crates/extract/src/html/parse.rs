//! Parses a page into a tree by the rules of HTML, in time that grows only with its size.
//!
//! The tokenizer is `html5gum`; the tree construction is ours, because depth, attributes and nodes are capped while
//! the tree is built and nothing recurses.

mod body;
mod build;
mod foreign;
mod formatting;
mod growing;
mod head;
mod input;
mod open;
mod tables;
mod tokens;

use html5gum::Tokenizer;

use self::input::Input;
use self::tokens::Tokens;
use super::tree::Tree;
use crate::budget::Budget;

/// Parses a page; never fails.
pub fn parse(html: &str) -> Tree {
    parse_within(html, &Budget::endless())
}

/// Parses as much of a page as there is time for.
pub fn parse_within(html: &str, budget: &Budget) -> Tree {
    let tokens = Tokens::default();
    let input = Input::new(html, tokens.is_crowded(), budget);
    let mut tokenizer = Tokenizer::new_with_emitter(input, tokens);
    // The tokenizer hands its emitter back as the one token, at the end.
    let builder = tokenizer.find_map(Result::ok);
    builder.map(build::Builder::finish).unwrap_or_default()
}

#[cfg(test)]
mod tests;
