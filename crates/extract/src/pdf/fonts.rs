//! The fonts of a document: what their codes mean, how far their letters step, and how they look. No font takes more time
//! or room than fonts do.

mod collections;
mod font;
mod load;
mod look;
mod names;
mod sfnt;
mod signs;

pub use self::font::{Font, Glyph};
pub use self::load::Fonts;
