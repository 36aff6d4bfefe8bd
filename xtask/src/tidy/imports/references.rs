//! Reads one file: the modules and items it defines, what it imports, and every path it writes.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, Item, ItemMod, ItemUse, Macro, Path, UseTree, Visibility};

/// A module's path from the root of the crate.
pub type Place = Vec<String>;

/// What is found in one file.
#[derive(Default)]
pub struct Contents {
    pub inline_modules: Vec<Place>,
    /// Modules behind `#[cfg(test)]`, wherever their file is.
    pub test_modules: Vec<Place>,
    /// Items with the module that defines them.
    pub items: Vec<(Place, String)>,
    pub imports: Vec<Import>,
    pub references: Vec<Reference>,
}

/// One leaf of a `use`.
pub struct Import {
    /// The module it stands in.
    pub place: Place,
    /// The name it brings into scope; `None` for `*`.
    pub name: Option<String>,
    /// What it names; for `*` the module.
    pub path: Place,
    /// Whether others may import it from here.
    pub is_public: bool,
}

/// A path as it is written.
pub struct Reference {
    /// The module it stands in.
    pub place: Place,
    pub path: Place,
    pub line: usize,
}

impl Contents {
    /// Reads the text of the file of the module `place`. What does not parse is the compiler's to report.
    pub fn read(text: &str, place: &[String]) -> Self {
        let mut reader = Reader { place: place.to_vec(), contents: Self::default() };
        if let Ok(file) = syn::parse_file(text) {
            reader.visit_file(&file);
        }
        reader.contents
    }
}

struct Reader {
    place: Place,
    contents: Contents,
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let (name, attributes) = describe(item);
        if is_for_tests(attributes) {
            if let Item::Mod(module) = item {
                let place = self.inner(&module.ident);
                self.contents.test_modules.push(place);
            }
            return;
        }
        if let Some(name) = name {
            self.contents.items.push((self.place.clone(), name.to_string()));
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let inner = self.inner(&module.ident);
        if module.content.is_some() {
            self.contents.inline_modules.push(inner.clone());
        }
        let outer = std::mem::replace(&mut self.place, inner);
        visit::visit_item_mod(self, module);
        self.place = outer;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            let is_public = !matches!(item.vis, Visibility::Inherited);
            let mut leaves = Vec::new();
            flatten(&item.tree, &Place::new(), &mut leaves);
            for (name, path, line) in leaves {
                self.contents.references.push(Reference { place: self.place.clone(), path: path.clone(), line });
                self.contents.imports.push(Import { place: self.place.clone(), name, path, is_public });
            }
        }
    }

    fn visit_impl_item_fn(&mut self, method: &'ast ImplItemFn) {
        if !is_for_tests(&method.attrs) {
            visit::visit_impl_item_fn(self, method);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            let names: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
            self.reference(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

impl Reader {
    fn inner(&self, name: &Ident) -> Place {
        self.place.iter().cloned().chain([name.to_string()]).collect()
    }

    fn reference(&mut self, names: &[&Ident]) {
        if let [first, _, ..] = names {
            let path = names.iter().map(ToString::to_string).collect();
            self.contents.references.push(Reference {
                place: self.place.clone(),
                path,
                line: first.span().start().line,
            });
        }
    }

    /// Paths inside a macro call, which nobody has parsed: names with `::` between them.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut names: Vec<Ident> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(name) if colons == 2 && !names.is_empty() => {
                    names.push(name);
                    colons = 0;
                }
                other => {
                    self.reference(&names.iter().collect::<Vec<_>>());
                    names.clear();
                    // `::serde::Serialize` starts outside the crate: its names are no path of ours.
                    let is_outside = colons == 2;
                    colons = 0;
                    match other {
                        TokenTree::Ident(name) if !is_outside => names.push(name),
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        _ => {}
                    }
                }
            }
        }
        self.reference(&names.iter().collect::<Vec<_>>());
    }
}

/// The leaves of a `use`: the name brought into scope, the path, the line.
fn flatten(tree: &UseTree, before: &Place, leaves: &mut Vec<(Option<String>, Place, usize)>) {
    let with = |name: &Ident| before.iter().cloned().chain([name.to_string()]).collect::<Place>();
    let named = |name: &Ident| if name == "self" { before.clone() } else { with(name) };
    let line = |name: &Ident| name.span().start().line;
    match tree {
        UseTree::Path(path) => flatten(&path.tree, &with(&path.ident), leaves),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, leaves)),
        UseTree::Name(leaf) => {
            let path = named(&leaf.ident);
            leaves.push((path.last().cloned(), path, line(&leaf.ident)));
        }
        UseTree::Rename(leaf) => {
            leaves.push((Some(leaf.rename.to_string()), named(&leaf.ident), line(&leaf.ident)));
        }
        UseTree::Glob(star) => leaves.push((None, before.clone(), star.star_token.spans[0].start().line)),
    }
}

/// The name that an item gives to its module, and what it is marked with.
fn describe(item: &Item) -> (Option<&Ident>, &[Attribute]) {
    match item {
        Item::Const(item) => (Some(&item.ident), &item.attrs),
        Item::Enum(item) => (Some(&item.ident), &item.attrs),
        Item::Fn(item) => (Some(&item.sig.ident), &item.attrs),
        Item::Impl(item) => (None, &item.attrs),
        Item::Macro(item) => (item.ident.as_ref(), &item.attrs),
        Item::Mod(item) => (None, &item.attrs),
        Item::Static(item) => (Some(&item.ident), &item.attrs),
        Item::Struct(item) => (Some(&item.ident), &item.attrs),
        Item::Trait(item) => (Some(&item.ident), &item.attrs),
        Item::Type(item) => (Some(&item.ident), &item.attrs),
        Item::Union(item) => (Some(&item.ident), &item.attrs),
        Item::Use(item) => (None, &item.attrs),
        _ => (None, &[]),
    }
}

/// `#[cfg(test)]`, alone or with more conditions, but not `#[cfg(not(test))]`.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.filter_map(|attribute| attribute.meta.require_list().ok()).any(|list| {
        let text = list.tokens.to_string();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        words.contains(&"test") && !words.contains(&"not")
    })
}
