//! What the other parts of a document say, for reading the one that holds the text.

use std::collections::HashMap;

use super::numbering::Numbering;
use super::styles::Styles;
use crate::package::Relation;

/// What the other parts say.
pub struct Known {
    pub styles: Styles,
    pub numbering: Numbering,
    /// What the part that is read refers to, by id.
    pub relations: HashMap<String, Relation>,
}
