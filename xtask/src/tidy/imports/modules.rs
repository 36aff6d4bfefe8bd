//! The modules of one crate, and which file a path in them leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::circles::Edge;
use super::references::{Contents, Import, Place, Reference};
use crate::tidy::tree::File;

/// Re-exports of re-exports are followed this far; only a circle of re-exports is longer.
const FOLLOWED: usize = 16;

/// Every module, inline ones included, and every path written in one.
#[derive(Default)]
pub struct Modules {
    modules: BTreeMap<Place, Module>,
    references: Vec<(usize, Reference)>,
}

/// What a module defines and brings into scope.
#[derive(Default)]
struct Module {
    file: usize,
    items: BTreeSet<String>,
    imports: Vec<Import>,
}

impl Modules {
    /// Reads the files below `source`, the folder of the crate's root file. Test modules are left out.
    pub fn read(source: &str, files: &[&File]) -> Self {
        let mut read = Vec::new();
        let mut for_tests = Vec::new();
        for (file, place) in
            files.iter().enumerate().filter_map(|(index, file)| Some((index, place(source, &file.path)?)))
        {
            let contents = Contents::read(&files[file].text, &place);
            for_tests.extend(contents.test_modules.iter().cloned());
            read.push((file, place, contents));
        }
        let mut modules = Self::default();
        for (file, place, contents) in read {
            if !for_tests.iter().any(|tests| place.starts_with(tests)) {
                modules.add(file, place, contents);
            }
        }
        modules
    }

    /// Which file names something of which other, each pair once, on its first line.
    pub fn edges(&self) -> Vec<Edge> {
        let mut edges: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (from, reference) in &self.references {
            let to = self.defined_in(&reference.place, &reference.path, FOLLOWED).filter(|to| to != from);
            if let Some(to) = to {
                let line = edges.entry((*from, to)).or_insert(reference.line);
                *line = reference.line.min(*line);
            }
        }
        edges.into_iter().map(|((from, to), line)| Edge { from, to, line }).collect()
    }

    fn add(&mut self, file: usize, place: Place, contents: Contents) {
        self.modules.entry(place).or_default().file = file;
        for place in contents.inline_modules {
            self.modules.entry(place).or_default().file = file;
        }
        for (place, name) in contents.items {
            self.modules.entry(place).or_default().items.insert(name);
        }
        for import in contents.imports {
            self.modules.entry(import.place.clone()).or_default().imports.push(import);
        }
        self.references.extend(contents.references.into_iter().map(|reference| (file, reference)));
    }

    /// The file that defines what `path`, written in the module `place`, names; `None` when it is no file of the crate.
    fn defined_in(&self, place: &[String], path: &[String], left: usize) -> Option<usize> {
        let (mut place, mut rest) = self.start(place, path)?;
        while let Some((name, after)) = rest.split_first() {
            let inner: Place = place.iter().chain([name]).cloned().collect();
            if !self.modules.contains_key(&inner) {
                return self.member(&place, name, after, left);
            }
            (place, rest) = (inner, after);
        }
        self.modules.get(&place).map(|module| module.file)
    }

    /// The module where the search begins, and what of the path is left.
    fn start<'a>(&self, place: &[String], path: &'a [String]) -> Option<(Place, &'a [String])> {
        let first = path.first()?;
        match first.as_str() {
            "crate" => Some((Place::new(), &path[1..])),
            "self" => Some((place.to_vec(), &path[1..])),
            "super" => {
                let supers = path.iter().take_while(|name| *name == "super").count();
                Some((place[..place.len().checked_sub(supers)?].to_vec(), &path[supers..]))
            }
            _ => {
                let child: Place = place.iter().chain([first]).cloned().collect();
                self.modules.contains_key(&child).then(|| (place.to_vec(), path))
            }
        }
    }

    /// The file that defines `name` of the module `place`: its own, or that of what it re-exports.
    fn member(&self, place: &[String], name: &String, after: &[String], left: usize) -> Option<usize> {
        let module = self.modules.get(place)?;
        if module.items.contains(name) || left == 0 {
            return Some(module.file);
        }
        let exact = module.imports.iter().find(|import| import.name.as_ref() == Some(name));
        if let Some(import) = exact {
            let path: Place = import.path.iter().chain(after).cloned().collect();
            return self.defined_in(place, &path, left - 1).or(Some(module.file));
        }
        let mut globs = module.imports.iter().filter(|import| import.name.is_none());
        let through = globs.find_map(|import| self.exported(place, &import.path, name, left - 1));
        through.or(Some(module.file))
    }

    /// The file that defines `name` when the module that `path` leads to hands it on: a `*` passes private imports by.
    fn exported(&self, place: &[String], path: &[String], name: &String, left: usize) -> Option<usize> {
        let (start, rest) = self.start(place, path)?;
        let target: Place = start.iter().chain(rest).cloned().collect();
        let module = self.modules.get(&target)?;
        let inner: Place = target.iter().chain([name]).cloned().collect();
        let has = module.items.contains(name)
            || self.modules.contains_key(&inner)
            || module.imports.iter().any(|import| import.is_public && import.name.as_ref() == Some(name));
        let member = if has { self.defined_in(&target, &["self".to_owned(), name.clone()], left) } else { None };
        member.or_else(|| {
            let mut globs =
                module.imports.iter().filter(|import| import.is_public && import.name.is_none() && left > 0);
            globs.find_map(|import| self.exported(&target, &import.path, name, left - 1))
        })
    }
}

/// The module of a file; `None` for a program beside a library, which is a crate of its own.
fn place(source: &str, path: &str) -> Option<Place> {
    let inner = path.strip_prefix(source)?.strip_suffix(".rs")?;
    match inner {
        "lib" | "main" => Some(Place::new()),
        _ if inner.starts_with("bin/") => None,
        _ => Some(inner.trim_end_matches("/mod").split('/').map(str::to_owned).collect()),
    }
}
