//! No import circle between the files of a crate: such files can only be understood, tested and moved together.

mod circles;
mod modules;
mod references;

use self::circles::circles;
use self::modules::Modules;
use super::complaint::Complaint;
use super::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Complaint> {
    let manifests = tree.files().filter_map(|file| file.path.strip_suffix("Cargo.toml"));
    manifests.flat_map(|folder| check_crate(tree, &format!("{folder}src/"))).collect()
}

fn check_crate(tree: &Tree, source: &str) -> Vec<Complaint> {
    let files: Vec<_> = tree.rust().filter(|file| file.path.starts_with(source) && !file.is_test()).collect();
    let modules = Modules::read(source, &files);
    let mut complaints = Vec::new();
    for circle in circles(files.len(), &modules.edges()) {
        let name = |index: usize| files[index].path.trim_start_matches(source);
        let way: Vec<&str> = circle.iter().map(|edge| name(edge.from)).chain([name(circle[0].from)]).collect();
        let text =
            format!("import circle {}; move what both sides need to a file that imports neither", way.join(" → "));
        complaints.push(Complaint::new(&files[circle[0].from].path, circle[0].line, text));
    }
    complaints
}

#[cfg(test)]
mod tests;
