//! Import circles in made-up crates.

use super::check;
use crate::tidy::tree::Tree;

/// The circle found in a crate of these files, by its way; empty when there is none.
fn circle(files: &[(&str, &str)]) -> String {
    let paths: Vec<String> = files.iter().map(|(path, _)| format!("crates/a/src/{path}")).collect();
    let mut tree = vec![("crates/a/Cargo.toml", "")];
    tree.extend(paths.iter().zip(files).map(|(path, (_, text))| (path.as_str(), *text)));
    let found = check(&Tree::of(&tree));
    assert!(found.len() <= 1, "{found:?}");
    found.first().map_or(String::new(), |complaint| {
        let way = complaint.text.trim_start_matches("import circle ").split(';').next().unwrap();
        format!("{}:{} {way}", complaint.path.trim_start_matches("crates/a/src/"), complaint.line)
    })
}

const ROOT: (&str, &str) = ("lib.rs", "mod x; mod y; pub use x::X; pub use y::Y;");

#[test]
fn finds_every_way_to_name_another_file() {
    for y in [
        "use crate::x::X;",
        "use super::x::X;",
        "use crate::{x::{self, X}};",
        "use crate::x;",
        "use crate::x::*;",
        "use crate::X;",
        "use crate::X as Other;",
        "use super::X;",
        "fn f() { crate::x::f() }",
        "fn f() -> super::x::X { todo() }",
        "fn f() { println!(\"{}\", crate::x::f()) }",
        "fn f() { vec![(1, super::X::new())]; }",
        "mod inner { use super::super::x::X; }",
        "impl crate::x::Trait for Y {}",
        "fn f() { fn g() { use crate::x::X; } }",
    ] {
        let found = circle(&[ROOT, ("x.rs", "pub struct X;\n\nuse crate::y::Y;"), ("y.rs", y)]);
        assert_eq!(found, "x.rs:3 x.rs → y.rs → x.rs", "{y}");
    }
}

#[test]
fn a_one_way_import_is_no_circle() {
    for y in [
        "",
        "use std::fmt;",
        "use ::x::X;",
        "use x::X;",
        "use self::x::X; mod x { pub struct X; }",
        "use crate::y::Y;",
        "fn f() { x::f() }",
        "fn f() { println!(\"crate::x\", ::x::X) }",
        "#[cfg(test)] mod tests { use crate::x::X; }",
        "#[cfg(all(test, unix))] use crate::x::X;",
        "impl Y { #[cfg(test)] fn f() { crate::x::f() } }",
        "// crate::x::X",
    ] {
        let found = circle(&[ROOT, ("x.rs", "pub struct X;\n\nuse crate::y::Y;"), ("y.rs", y)]);
        assert_eq!(found, "", "{y}");
    }
}

#[test]
fn follows_re_exports_to_where_the_item_is() {
    let named = ("lib.rs", "mod facade; mod x; mod y; pub use facade::X;");
    let files = [
        named,
        ("facade.rs", "pub use super::x::X;"),
        ("x.rs", "use crate::y::Y; pub struct X;"),
        ("y.rs", "use crate::X;"),
    ];
    assert_eq!(circle(&files), "x.rs:1 x.rs → y.rs → x.rs");

    let star = ("lib.rs", "mod x; mod y; pub use x::*; pub use y::*;");
    let files = [star, ("x.rs", "use crate::Y;\npub struct X;"), ("y.rs", "use crate::X; pub struct Y;")];
    assert_eq!(circle(&files), "x.rs:1 x.rs → y.rs → x.rs");

    let one_way = [star, ("x.rs", "use crate::Y;\npub struct X;"), ("y.rs", "pub struct Y;")];
    assert_eq!(circle(&one_way), "");
}

#[test]
fn a_parent_that_uses_its_child_is_not_used_by_it() {
    let child = ("x.rs", "use super::Shared;");
    let parent = "mod x; pub struct Shared; fn f() { x::f() }";
    assert_eq!(circle(&[("lib.rs", parent), child]), "lib.rs:1 lib.rs → x.rs → lib.rs");
    assert_eq!(circle(&[("main.rs", parent), child]), "main.rs:1 main.rs → x.rs → main.rs");
    assert_eq!(circle(&[("lib.rs", "mod x; pub struct Shared;"), child]), "");
    assert_eq!(circle(&[("lib.rs", "mod x; use x::X; use std::Shared;"), ("x.rs", "")]), "");
}

#[test]
fn finds_longer_circles_and_folders() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "mod inner; use inner::Inner;"),
        ("a/inner.rs", "use crate::b::B; pub struct Inner;"),
        ("b.rs", "use crate::a::A;"),
    ];
    assert_eq!(circle(&files), "a.rs:1 a.rs → a/inner.rs → b.rs → a.rs");
}

#[test]
fn test_modules_are_left_out_wherever_they_are() {
    let files = [
        ("lib.rs", "mod x; #[cfg(test)] mod doubles;"),
        ("x.rs", "#[cfg(test)] use crate::doubles::Double; #[cfg(test)] mod tests;"),
        ("doubles.rs", "use crate::x::X;"),
        ("doubles/inner.rs", "use crate::x::X;"),
        ("x/tests.rs", "use super::X; use crate::doubles::Double;"),
    ];
    assert_eq!(circle(&files), "");
}
