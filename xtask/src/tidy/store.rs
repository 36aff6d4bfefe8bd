//! Every operation of the store is called by its conformance suite, which runs on both databases.

use syn::visit::{self, Visit};
use syn::{ImplItemFn, ItemImpl, Type, Visibility};

use super::complaint::Complaint;
use super::tree::{File, Tree};

const SOURCE: &str = "crates/store/src/";
const SUITE: &str = "crates/store/tests/";
const SEAM: [&str; 2] = ["Read", "Write"];

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let suite: Vec<&File> = tree.rust().filter(|file| file.path.starts_with(SUITE)).collect();
    let mut complaints = Vec::new();
    for file in tree.rust().filter(|file| file.path.starts_with(SOURCE) && !file.is_test()) {
        for (line, name) in operations(file) {
            if !suite.iter().any(|file| calls(&file.text, &name)) {
                let text = format!("`{name}` is not called in the conformance suite; add a test of it under {SUITE}");
                complaints.push(Complaint::new(&file.path, line, text));
            }
        }
    }
    complaints
}

/// The public methods of the store's two halves, with their lines.
fn operations(file: &File) -> Vec<(usize, String)> {
    let mut operations = Operations::default();
    // A file that does not parse is the compiler's to report.
    if let Ok(syntax) = syn::parse_file(&file.text) {
        operations.visit_file(&syntax);
    }
    operations.found
}

#[derive(Default)]
struct Operations {
    is_inside: bool,
    found: Vec<(usize, String)>,
}

impl<'ast> Visit<'ast> for Operations {
    fn visit_item_impl(&mut self, node: &'ast ItemImpl) {
        let Type::Path(subject) = &*node.self_ty else { return };
        self.is_inside = subject.path.segments.last().is_some_and(|name| SEAM.iter().any(|half| name.ident == half));
        visit::visit_item_impl(self, node);
        self.is_inside = false;
    }

    fn visit_impl_item_fn(&mut self, node: &'ast ImplItemFn) {
        if self.is_inside && matches!(node.vis, Visibility::Public(_)) {
            let name = &node.sig.ident;
            self.found.push((name.span().start().line, name.to_string()));
        }
    }
}

fn calls(text: &str, name: &str) -> bool {
    let call = format!(".{name}");
    text.match_indices(&call).any(|(at, _)| text[at + call.len()..].starts_with(['(', ':']))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    #[test]
    fn finds_an_operation_without_a_test() {
        let source = "impl Read<'_> {\n    pub async fn document(&self) {}\n    pub async fn documents(&self) {}\n}\n\
                      impl Write { pub fn save(&mut self) {} fn inner(&self) {} }\n\
                      impl Other { pub fn other(&self) {} }";
        let suite = "fn a() { read.document(); write\n.save::<u8>(1); } // documents";
        let found = check(&Tree::of(&[("crates/store/src/a.rs", source), ("crates/store/tests/it/a.rs", suite)]));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("crates/store/src/a.rs:3: `documents` is not called"), "{found:?}");
    }
}
