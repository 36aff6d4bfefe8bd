//! The strings that the cells of a workbook share.

use crate::xml::{Node, Xml};

/// The strings by their position.
pub fn read(text: &str) -> Vec<String> {
    let (mut strings, mut open) = (Vec::new(), String::new());
    let (mut is_text, mut is_reading) = (false, false);
    for node in Xml::new(text) {
        match node {
            Node::Open(element) => match element.name().as_str() {
                "t" => is_text = !is_reading,
                // How Japanese names are read stands beside them.
                "rPh" => is_reading = true,
                _ => {}
            },
            Node::Close(name) => match name.as_str() {
                "si" => strings.push(std::mem::take(&mut open)),
                "t" => is_text = false,
                "rPh" => is_reading = false,
                _ => {}
            },
            Node::Text(text) if is_text => open.push_str(&text),
            Node::Text(_) => {}
        }
    }
    strings
}
