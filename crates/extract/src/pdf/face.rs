//! How letters look, and what is noted of them beside.

use super::links::Target;

/// How the letters of a run look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Face {
    pub is_bold: bool,
    pub is_italic: bool,
    /// Whether all letters are equally wide.
    pub is_mono: bool,
    /// The level of the heading that the document marks them as, 1 to 6.
    pub heading: Option<u8>,
    /// Where they lead.
    pub link: Option<Target>,
}
