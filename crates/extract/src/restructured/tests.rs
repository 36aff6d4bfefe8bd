//! Texts as people write them.

use crate::{render, tidy};

fn check(text: &str, expected: &str) {
    assert_eq!(render::markdown(&tidy::blocks(super::read(text).blocks)).trim_end(), expected, "{text}");
}

#[test]
fn underlines_make_headings_in_the_order_of_their_signs() {
    check(
        "=====\nTitle\n=====\n\nOne\n---\n\nText\nover lines.\n\nTwo\n---\n\nDeep\n~~~~\nx",
        "# Title\n\n## One\n\nText over lines.\n\n## Two\n\n### Deep\n\nx",
    );
}

#[test]
fn lists_nest_by_their_indentation() {
    check(
        "- one\n  goes on\n\n  - inner\n\n- two\n\ntext\n\n3. c\n4. d\n",
        "- one goes on\n  - inner\n- two\n\ntext\n\n3. c\n4. d",
    );
}

#[test]
fn code_and_notes_are_kept_and_remarks_are_not() {
    check(
        "See::\n\n    a = 1\n\n      b\n\n.. code-block:: Python\n   :linenos:\n\n   x()\n\n.. a remark\n   of two lines\n\n.. note:: Mind\n   this.\n\n   And that.\n\nEnd.",
        "See:\n\n```\na = 1\n\n  b\n```\n\n```python\nx()\n```\n\n> Mind this.\n>\n> And that.\n\nEnd.",
    );
    check(".. toctree::\n\n   a\n   b\n\n.. _target:\n\nText", "Text");
}

#[test]
fn marks_inside_of_lines_are_resolved() {
    check(
        "Use ``a*b``, **bold**, *slanted*, 2*3*4, `a page <https://example.com/>`_, :ref:`other <x>` and :func:`~os.open`.",
        "Use `a*b`, **bold**, *slanted*, 2\\*3\\*4, [a page](https://example.com/), other and os.open.",
    );
}

#[test]
fn hostile_texts_end() {
    for text in [
        "- ".repeat(50_000),
        "`".repeat(50_000),
        "*".repeat(50_000),
        ".. note::\n".repeat(5_000),
        " ".repeat(100_000) + "x::",
    ] {
        super::read(&text);
    }
    let deep = (0..3_000).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect::<Vec<_>>().concat();
    super::read(&deep);
}
