//! Our tree beside the one of `html5ever`: the same text in the same order, in the same nest of blocks.

use std::path::Path;

use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::parse;
use crate::html::name::Name;
use crate::html::tree::Tree;

/// Elements whose nesting a reader sees.
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "pre",
    "blockquote",
    "section",
    "article",
    "main",
    "dl",
    "dt",
    "dd",
    "details",
];
/// What one tree has as text and the other as markup, or what no reader sees.
const SKIPPED: [&str; 12] = [
    "script", "style", "noscript", "template", "head", "iframe", "textarea", "noembed", "noframes", "svg", "math",
    "select",
];

/// Blocks as they open and close, and the words between them.
#[derive(Default)]
struct Outline(Vec<String>);

impl Outline {
    /// Runs of text are one, whatever comments stand between them.
    fn words(&mut self, text: &str) {
        let text: String = text.split_whitespace().collect();
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if !last.starts_with(['<', '/']) || last == "/" => last.push_str(&text),
            _ => self.0.push(format!(" {text}")),
        }
    }
}

fn ours(tree: &Tree) -> Vec<String> {
    let names: Vec<(Name, &str)> =
        BLOCKS.iter().chain(&SKIPPED).filter_map(|name| Some((Name::known(name.as_bytes())?, *name))).collect();
    let mut outline = Outline::default();
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut id = 0;
    while id < tree.nodes.len() {
        while let Some((_, name)) = open.pop_if(|(end, _)| *end <= id) {
            outline.0.push(format!("/{name}"));
        }
        let name = names.iter().find(|(name, _)| *name == tree.name(id)).map(|(_, name)| *name);
        match name {
            Some(name) if SKIPPED.contains(&name) => {
                id = tree.end(id);
                continue;
            }
            Some(name) => {
                outline.0.push(format!("<{name}"));
                open.push((tree.end(id), name));
            }
            None => outline.words(tree.words(id)),
        }
        id += 1;
    }
    outline.0.extend(open.iter().rev().map(|(_, name)| format!("/{name}")));
    outline.0
}

fn theirs(html: &str) -> Vec<String> {
    use html5ever::tendril::TendrilSink;
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut outline = Outline::default();
    let mut steps: Vec<(Handle, bool)> = vec![(dom.document.clone(), true)];
    while let Some((node, enters)) = steps.pop() {
        if let NodeData::Text { contents } = &node.data {
            outline.words(&contents.borrow());
            continue;
        }
        let name = match &node.data {
            NodeData::Element { name, .. } => name.local.to_string(),
            NodeData::Document => String::new(),
            _ => continue,
        };
        let is_block = BLOCKS.contains(&name.as_str());
        if !enters {
            outline.0.push(format!("/{name}"));
        } else if !SKIPPED.contains(&name.as_str()) {
            if is_block {
                outline.0.push(format!("<{name}"));
                steps.push((node.clone(), false));
            }
            steps.extend(node.children.borrow().iter().rev().map(|child| (child.clone(), true)));
        }
    }
    outline.0
}

/// Where the two first differ, with what stands around it.
fn difference(html: &str) -> Option<String> {
    let (ours, theirs) = (ours(&parse(html)), theirs(html));
    let at = ours.iter().zip(&theirs).position(|(one, other)| one != other);
    let at = at.or((ours.len() != theirs.len()).then_some(ours.len().min(theirs.len())))?;
    let around = |words: &[String]| words[at.saturating_sub(6).min(words.len())..(at + 6).min(words.len())].join(" ");
    Some(format!("ours: {}\ntheirs: {}", around(&ours), around(&theirs)))
}

#[test]
fn trees_are_those_of_the_standard() {
    let cases = [
        "<p>a<div>b</p>c",
        "<ul><li>a<li>b<ul><li>c</ul><li>d",
        "<table>x<tr><td>a<td>b<tr><th>c</table>d",
        "<table><tr><td><table><tr><td>a</table>b</table>c",
        "<b>a<p>b</b>c</p>d",
        "<a href=x>a<div>b<a href=y>c</div>d",
        "<h1>a<h2>b</h1>c",
        "<dl><dt>a<dd>b<dt>c</dl>d",
        "<p>a<table><tr><td>b</table>c",
        "<form><p>a</form>b<div>c",
        "<button>a<button>b</button>c",
        "<div><span>a</div>b</span>c",
        "<i>a<table><b>b<tr><td>c</td></b></table>d",
        "<table><caption>a<tr><td>b</table>",
        "<table><colgroup><col>x<tr><td>b</table>",
        "<p>a<pre>\nb</pre><p>c<ul><li>d</ul>e",
        "a</p>b</br>c</li>d",
        "<svg><p>a</svg>b",
        "<select><option>a<option>b</select>c",
        "<body><p>a</body>b</html>c",
    ];
    for html in cases {
        assert_eq!(difference(&standard(html)), None, "{html}");
    }
}

#[test]
fn fixtures_have_the_trees_of_the_standard() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let pages = std::fs::read_dir(folder).unwrap().map(|case| case.unwrap().path().join("page.html"));
    for page in pages.filter(|page| page.exists()) {
        let bytes = std::fs::read(&page).unwrap();
        if let Some(html) = String::from_utf8(bytes).ok().filter(|html| !html.contains('\0')) {
            assert_eq!(difference(&standard(&html)), None, "{}", page.display());
        }
    }
}

/// Pages without a doctype have a rule of their own for tables in paragraphs, which we leave out.
fn standard(html: &str) -> String {
    if html.trim_start().to_ascii_lowercase().starts_with("<!doctype") {
        html.to_owned()
    } else {
        format!("<!DOCTYPE html>{html}")
    }
}

/// `GLEANER_PAGES=FOLDER cargo test -p extract --lib -- --ignored --nocapture pages_of_a_folder`
#[test]
#[ignore = "reads a folder of pages that a person names"]
fn pages_of_a_folder() {
    let folder = std::env::var_os("GLEANER_PAGES").unwrap();
    let (mut count, mut differing) = (0, 0);
    for page in std::fs::read_dir(folder).unwrap().map(|page| page.unwrap().path()) {
        let html = String::from_utf8_lossy(&std::fs::read(&page).unwrap()).into_owned();
        count += 1;
        if let Some(difference) = difference(&standard(&html)) {
            differing += 1;
            println!("{}\n{difference}", page.display());
        }
    }
    println!("{differing} of {count} trees differ");
}
