//! Markdown, reStructuredText and `AsciiDoc`: marks that open and do not close, and marks that nest.

use crate::shape::{Shape, filled};

const START: &str = "# Hostile\n\nSome words of the text.\n\n";

const MARKDOWN: [&str; 54] = [
    "> ",
    ">",
    "> > - ",
    "[",
    "[]",
    "[]()",
    "![",
    "![[]()",
    "*",
    "*a ",
    "**a *b ",
    "_a_",
    "a_b_",
    "***a**b*",
    "`",
    "`a",
    "`` ` ",
    "```\n",
    "```a\n",
    "~~a",
    "<",
    "<a ",
    "<a b='",
    "<!--",
    "<?a ",
    "<![CDATA[a",
    "<div>\n\n",
    "<div>\n",
    "</div>\n",
    "- ",
    "* - ",
    "-\n",
    "\t- a\n",
    "1. a\n   ",
    "1) ",
    "- [ ] a\n",
    "|",
    "|a|b|\n|-|-|\n",
    "a|",
    "&amp;",
    "&",
    "\\",
    "---\n",
    "a\n===\n",
    "# a\n",
    "#",
    "{",
    "<A>{",
    "$a$ ",
    "[a](b",
    "[a]: b\n",
    "[^a]: x\n\n",
    "[^a]",
    ":::note\n",
];

const RESTRUCTURED: [&str; 16] = [
    "a\n=\n",
    "* a\n",
    "``a",
    "*a",
    ".. a\n",
    ".. note::\n\n  a\n\n",
    "+-+\n",
    "+--+\n|a |\n+--+\n",
    "= =\n",
    "= =\na b\n= =\n",
    "`a <b>`_ ",
    "|a|",
    "  a\n",
    "::\n\n a\n\n",
    "1. a\n",
    ":a: b\n",
];

const ASCIIDOC: [&str; 16] = [
    "==",
    "== a\n",
    "*a",
    "* a\n",
    "** a\n",
    "|===\n|a\n",
    "|===\n|a |b\n|===\n",
    "+",
    "`a",
    "*****",
    "include::a[]\n",
    "====\n",
    "----\n",
    "link:a[b] ",
    "a::\n",
    "[NOTE]\na\n\n",
];

/// All of them.
pub fn shapes() -> Vec<Shape> {
    let kinds = [("md", &MARKDOWN[..]), ("rst", &RESTRUCTURED[..]), ("adoc", &ASCIIDOC[..])];
    let marks = kinds.into_iter().flat_map(|(ending, patterns)| {
        patterns
            .iter()
            .map(move |pattern| Shape::filled(ending, &format!("marks: {pattern:?}"), start(ending), pattern))
    });
    marks.chain(markdown()).chain(others()).collect()
}

fn start(ending: &str) -> &'static str {
    match ending {
        "md" => START,
        "rst" => "Hostile\n=======\n\nSome words of the text.\n\n",
        _ => "= Hostile\n\nSome words of the text.\n\n",
    }
}

fn markdown() -> Vec<Shape> {
    let long = || "y".repeat(100_000);
    vec![
        Shape::filled("md", "text of one line", START, "Words that go on and on without any end. "),
        Shape::filled("md", "paragraphs", START, "Some words.\n\n"),
        Shape::filled("md", "paragraphs of a letter", START, "a\n\n"),
        Shape::filled("md", "Chinese", START, "我们将在三十天内退款"),
        Shape::filled("md", "blank lines", START, "\n"),
        Shape::filled("md", "white space", START, " "),
        Shape::numbered("md", "definitions of links", START, |number| format!("[a{number}]: /b{number}\n")),
        Shape::numbered("md", "definitions of links, used", START, |number| format!("[a{number}]: /b\n\n[a{number}] ")),
        Shape::numbered("md", "footnotes", START, |number| format!("[^{number}]: x\n\n[^{number}] ")),
        Shape::numbered("md", "nested lists", START, |depth| format!("{}- a\n", "  ".repeat(depth % 500))),
        Shape::numbered("md", "backticks of every number", START, |number| format!("{}a", "`".repeat(number % 3_000))),
        Shape::numbered("md", "fences of every length", START, |number| {
            format!("{}\n", "`".repeat(3 + number % 3_000))
        }),
        Shape::made("md", "a table of 10,000 columns", |size| {
            let start = format!("{START}{}\n{}\n", "|a".repeat(10_000), "|-".repeat(10_000));
            filled(&start, "|b\n", size)
        }),
        Shape::made("md", "a table of 10,000 columns, filled", |size| {
            let start = format!("{START}{}\n{}\n", "|a".repeat(10_000), "|-".repeat(10_000));
            filled(&start, &format!("{}\n", "|b".repeat(10_000)), size)
        }),
        Shape::made("md", "a table of pages", |size| {
            filled(&format!("{START}|a|b|\n|-|-|\n"), "|<b>x</b>|[y](z)|\n", size)
        }),
        Shape::made("md", "told often: the address of a link", move |size| {
            let words = filled("[", "*a*b", size);
            [START.as_bytes(), &words, format!("](https://example.com/{})", long()).as_bytes()].concat()
        }),
        Shape::made("md", "told often: the address of emphasis in emphasis", move |size| {
            let times = size.min(1 << 20) / 8;
            let words = format!("[{}x{}]", "*a ".repeat(times), "*".repeat(times));
            format!("{START}{words}(https://example.com/{})", long()).into_bytes()
        }),
        Shape::made("md", "told often: the address of a definition", move |size| {
            filled(&format!("{START}[a]: https://example.com/{}\n\n", long()), "[a] ", size)
        }),
        Shape::filled("md", "front matter", "---\ntitle: a\n", "tags: [a, b]\n"),
        Shape::filled("md", "front matter that nests", "---\na: ", "[{a: "),
        Shape::filled("mdx", "imports", START, "import a from 'b'\n"),
        Shape::filled("mdx", "components", START, "<A b={c}>\n\nwords\n\n</A>\n"),
        Shape::filled("mdx", "components that do not close", START, "<A b={`"),
    ]
}

fn others() -> Vec<Shape> {
    let long = || "y".repeat(100_000);
    vec![
        Shape::filled("rst", "text of one line", start("rst"), "Words that go on and on without any end. "),
        Shape::filled("rst", "paragraphs", start("rst"), "Some words.\n\n"),
        Shape::numbered("rst", "nested lists", start("rst"), |depth| format!("{}* a\n\n", "  ".repeat(depth % 500))),
        Shape::made("rst", "told often: the address of a link", move |size| {
            filled(start("rst"), &format!("`a <https://example.com/{}>`_ b ", "y".repeat(100)), size)
        }),
        Shape::filled("adoc", "text of one line", start("adoc"), "Words that go on and on without any end. "),
        Shape::filled("adoc", "paragraphs", start("adoc"), "Some words.\n\n"),
        Shape::numbered("adoc", "nested lists", start("adoc"), |depth| format!("{} a\n", "*".repeat(1 + depth % 500))),
        Shape::made("adoc", "told often: the address of a link", move |size| {
            let start = format!("{}https://example.com/{}[", start("adoc"), long());
            filled(&start, "*a* b ", size)
        }),
    ]
}
