//! Reads formulas as their author wrote them, where the page says so; else writes `MathML` on one line.

use super::attribute::Attribute;
use super::element;
use super::name::Name;
use super::tree::{Id, Tree};

/// A formula.
#[derive(Debug)]
pub struct Formula {
    /// Its source, or its signs on one line.
    pub text: String,
    /// Whether it stands by itself.
    pub is_block: bool,
}

/// So far above a formula says whether it stands by itself.
const MAX_AROUND: usize = 3;
/// A longer text in delimiters is no formula.
const LONGEST: usize = 4000;

/// The formula that an element holds: `MathML`, the source that scripts draw, or text in the delimiters of TeX.
pub fn read(tree: &Tree, id: Id) -> Option<Formula> {
    match tree.name(id) {
        Name::Math => Some(mathml(tree, id)),
        Name::Script => {
            let kind = tree.attribute(id, Attribute::Type).filter(|kind| kind.starts_with("math/tex"))?;
            Some(Formula { text: tree.text(id).trim().to_owned(), is_block: kind.contains("display") })
        }
        Name::Span | Name::Div if element::has_class(tree, id, &["math", "arithmatex"]) => delimited(tree, id),
        _ => None,
    }
}

fn delimited(tree: &Tree, id: Id) -> Option<Formula> {
    const DELIMITERS: [(&str, &str, bool); 4] =
        [("\\(", "\\)", false), ("\\[", "\\]", true), ("$$", "$$", true), ("$", "$", false)];
    let own = tree.children(id).filter(|child| tree.name(*child) == Name::Text).map(|child| tree.words(child));
    let text: String = own.collect();
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    DELIMITERS.iter().find_map(|(open, close, is_block)| {
        let source = text.strip_prefix(open)?.strip_suffix(close)?.trim();
        (!source.is_empty()).then(|| Formula { text: source.to_owned(), is_block: *is_block })
    })
}

fn mathml(tree: &Tree, id: Id) -> Formula {
    let is_source = |inner: &Id| {
        tree.name(*inner) == Name::Annotation
            && tree.attribute(*inner, Attribute::Encoding).is_some_and(|encoding| encoding.contains("tex"))
    };
    let source = (id..tree.end(id)).find(is_source).map(|inner| tree.text(inner).trim().to_owned());
    let source = source.or_else(|| tree.attribute(id, Attribute::Alttext).map(str::to_owned));
    let source = source.map(|source| undisplayed(&source).to_owned());
    let around =
        || tree.ancestors(id).take(MAX_AROUND).any(|outer| element::has_class(tree, outer, &["katex-display"]));
    let is_block = tree.attribute(id, Attribute::Display) == Some("block") || around();
    Formula { is_block: is_block && source.is_some(), text: source.unwrap_or_else(|| linear(tree, id)) }
}

/// Encyclopedias wrap every formula into a statement of its style.
fn undisplayed(source: &str) -> &str {
    let inner = source.strip_prefix("{\\displaystyle ").and_then(|rest| rest.strip_suffix('}'));
    inner.map_or(source, str::trim)
}

enum Step {
    Node(Id),
    Sign(&'static str),
}

/// `MathML` on one line: `(n+1)/t`, `x_1`, `√(2)`.
fn linear(tree: &Tree, math: Id) -> String {
    let (mut text, mut steps) = (String::new(), vec![Step::Node(math)]);
    while let Some(step) = steps.pop() {
        match step {
            Step::Sign(sign) => text.push_str(sign),
            Step::Node(id) if tree.name(id) == Name::Text => {
                text.extend(tree.words(id).chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)));
            }
            Step::Node(id) => {
                let first = steps.len();
                spell(tree, id, &mut steps);
                steps[first..].reverse();
            }
        }
    }
    text
}

fn spell(tree: &Tree, id: Id, steps: &mut Vec<Step>) {
    let signs: [&'static str; 3] = match tree.name(id) {
        Name::Annotation | Name::AnnotationXml => return,
        Name::Mfrac => ["", "/", ""],
        Name::Msup | Name::Mover => ["", "^", ""],
        Name::Msub | Name::Munder => ["", "_", ""],
        Name::Msubsup | Name::Munderover => ["", "_", "^"],
        Name::Msqrt => ["√", "", ""],
        Name::Mtr => ["; ", "", ""],
        Name::Mtd => [" ", "", ""],
        _ => return steps.extend(tree.children(id).map(Step::Node)),
    };
    let children: Vec<Id> = tree.children(id).filter(|child| tree.name(*child) != Name::Text).collect();
    if tree.name(id) == Name::Msqrt {
        steps.extend([Step::Sign("√"), Step::Sign("(")]);
        steps.extend(children.into_iter().map(Step::Node));
        return steps.push(Step::Sign(")"));
    }
    for (at, child) in children.into_iter().enumerate() {
        steps.push(Step::Sign(signs.get(at).copied().unwrap_or_default()));
        let needs_brackets = matches!(tree.name(id), Name::Mfrac | Name::Msup | Name::Msub | Name::Msubsup)
            && tree.children(child).filter(|inner| tree.name(*inner) != Name::Text).nth(1).is_some();
        if needs_brackets {
            steps.extend([Step::Sign("("), Step::Node(child), Step::Sign(")")]);
        } else {
            steps.push(Step::Node(child));
        }
    }
}

/// Signs that only say how others belong together.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{2061}'..='\u{2064}')
}
