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
mod open;
mod tables;
mod tokens;

use html5gum::Tokenizer;

use self::tokens::Tokens;
use super::tree::Tree;

/// Parses a page; never fails.
pub fn parse(html: &str) -> Tree {
    let mut tokenizer = Tokenizer::new_with_emitter(html, Tokens::default());
    // The tokenizer hands its emitter back as the one token, at the end.
    let builder = tokenizer.find_map(Result::ok);
    builder.map(build::Builder::finish).unwrap_or_default()
}

#[cfg(test)]
mod tests;
