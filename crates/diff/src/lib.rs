//! How one text became another, and whether that matters to a reader.
//!
//! A text is a list of paragraphs, as `extract` writes them, plain or Markdown ([`paragraphs`] cuts a whole one). [`compare`] aligns two of them; [`Comparison`] says what became
//! of each paragraph and whether it matters, [`apply`] makes the new text of the old one. [`Shingles`] and [`title_similarity`] find
//! texts that belong together.
//!
//! *What matters.* Each side of a change is reduced to what it says; only what is known not to matter is taken away (typography, white space,
//! emphasis, dates of the last update, years of copyright, counters, reading times, session ids and tracking parameters, the order of
//! links in a list). Whatever is left and differs, matters; so a doubt counts as a change. The verdicts are in
//! `fixtures/material.toml`, which the tests go through.
//!
//! *Time.* Aligning is linear in practice and bounded at worst; nothing here calls itself by the depth or length of a text.

mod align;
mod canon;
mod comparison;
mod letters;
mod lexer;
mod looks;
mod pairs;
mod sequence;
mod similarity;
mod split;
mod summary;
mod words;

pub use align::compare;
pub use comparison::{Comparison, Counts, Mismatch, Part, Row, RowKind, Run, RunKind, apply};
pub use looks::Looks;
pub use similarity::{Shingles, Signature, title_similarity};
pub use split::paragraphs;

/// Whether the difference between two texts matters to a reader: [`Comparison::is_material`] of their comparison.
pub fn is_material<P: AsRef<str>>(old: &[P], new: &[P]) -> bool {
    compare(old, new).is_material()
}
