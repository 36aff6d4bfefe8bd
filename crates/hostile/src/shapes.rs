//! Every file that is made to hurt: each is one pattern, repeated until the file has its size, and the same on every run.

mod archive;
mod containers;
mod crafted;
mod data;
mod letters;
mod markup;
mod office;
mod pages;
mod pdf;
mod texts;
mod typeset;

use crate::shape::Shape;

/// All of them, format by format.
pub fn all() -> Vec<Shape> {
    let formats = [
        pages::shapes(),
        crafted::shapes(),
        markup::shapes(),
        texts::shapes(),
        data::shapes(),
        letters::shapes(),
        containers::shapes(),
        office::shapes(),
        pdf::shapes(),
        typeset::shapes(),
    ];
    formats.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::all;

    #[test]
    fn every_shape_has_a_name_of_its_own() {
        let mut names = HashSet::new();
        for shape in all() {
            assert!(names.insert(format!("{} {}", shape.ending, shape.name)), "{} {}", shape.ending, shape.name);
        }
    }
}
