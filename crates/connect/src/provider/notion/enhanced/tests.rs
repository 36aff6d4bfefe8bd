//! Pieces of enhanced Markdown, and the plain Markdown that they become.

use super::*;

fn check(text: &str, expected: &str) {
    assert_eq!(plain(text).markdown, expected, "{text}");
}

#[test]
fn every_line_is_a_block() {
    check("One\nTwo {color=\"red\"}\n## Head\n---\n<empty-block/>\n\nThree", "One\n\nTwo\n\n## Head\n\nThree\n");
    check("Parent\n\tChild of a paragraph\n\t\tGrandchild", "Parent\n\nChild of a paragraph\n\nGrandchild\n");
    check("# Toggle head {toggle=\"true\"}\n\tInside\nOutside", "# Toggle head\n\nInside\n\nOutside\n");
    check("", "");
    check("\n\t\n", "");
}

#[test]
fn lists_nest_as_they_are_indented() {
    check(
        "- one\n\t- inner\n\t\tdeep text\n\t- inner too\n- two\n1. first\n1. second\n\t- [x] done\n\t- [ ] open",
        "- one\n  - inner\n\n    deep text\n\n  - inner too\n- two\n\n1. first\n1. second\n\n   - [x] done\n   - [ ] open\n",
    );
    check("- \n\t![](https://e.com/a.png)\n- x", "![](https://e.com/a.png)\n\n- x\n");
    check("-5 degrees\n3.14 is a number\n2026. A year", "-5 degrees\n\n3.14 is a number\n\n2026. A year\n");
}

#[test]
fn callouts_and_quotes_are_quotes_in_both_spellings() {
    check(
        "<callout icon=\"💡\" color=\"gray_bg\">\n\tMind **this**\n\t- and this\n</callout>\nAfter",
        "> Mind **this**\n>\n> - and this\n\nAfter\n",
    );
    check("::: callout {icon=\"💡\"}\nNot indented\n:::\nAfter", "> Not indented\n\nAfter\n");
    check(
        "::: callout\n\touter\n\t::: callout\n\t\tinner\n\t:::\n\touter again\n:::",
        "> outer\n>\n> > inner\n>\n> outer again\n",
    );
    check("> Said<br>so {color=\"red\"}\n\tmore\n> Another", "> Said<br>so\n>\n> more\n\n> Another\n");
    check("<callout>Text on the line</callout>\nAfter", "> Text on the line\n\nAfter\n");
}

#[test]
fn containers_without_a_form_leave_their_content() {
    check(
        "<columns>\n\t<column>\n\t\tLeft\n\t</column>\n\t<column>\n\t\t- Right\n\t</column>\n</columns>\nEnd",
        "Left\n\n- Right\n\nEnd\n",
    );
    check(
        "<details color=\"red\">\n<summary>Why **so**?</summary>\n\tBecause.\n</details>\nEnd",
        "Why **so**?\n\nBecause.\n\nEnd\n",
    );
    check("<synced_block url=\"https://e.com\">\n\tShared\n</synced_block>", "Shared\n");
    check(
        "<meeting-notes>\n\tWeekly\n\t<summary>\n\t\tShort\n\t</summary>\n\t<notes>\n\t\tLong\n\t</notes>\n</meeting-notes>",
        "Weekly\n\nShort\n\nLong\n",
    );
    check("<brand-new kind=\"x\">\n\tStill here\n</brand-new>\nEnd", "Still here\n\nEnd\n");
    check("<column>\n\tNever closed\nEnd", "Never closed\n\nEnd\n");
    check("</columns>\n<table_of_contents color=\"gray\"/>\nEnd", "End\n");
}

#[test]
fn tags_may_share_their_line_with_text() {
    check("<details><summary>Why?</summary>Because.</details>\nEnd", "Why?\n\nBecause.\n\nEnd\n");
    check("A `</callout>` in <span color=\"red\">words</span>", "A `</callout>` in words\n");
}

#[test]
fn code_and_equations_stand_as_they_are() {
    check(
        "- item\n\t```python\n\tdef f(x):\n\t\treturn \"<b>$1$\"\n\n\t# no heading\n\t```\nEnd",
        "- item\n\n  ```python\n  def f(x):\n  \treturn \"<b>$1$\"\n\n  # no heading\n  ```\n\nEnd\n",
    );
    check("```plain text\na\n```", "```\na\n```\n");
    check("````markdown\n```\ninner\n```\n````", "````markdown\n```\ninner\n```\n````\n");
    check("$$\na_1 \\\\ b\n$$\n$$ e = mc^2 $$", "```latex\na_1 \\\\ b\n```\n\n```latex\ne = mc^2\n```\n");
    check("```\nnever closed", "```\nnever closed\n```\n");
}

#[test]
fn tables_are_tables() {
    check(
        "Before\n<table header-row=\"true\">\n<tr>\n<td>A</td>\n<td>B</td>\n</tr>\n<tr>\n<td>1</td>\n<td>`x`<br>2 \\| 3</td>\n</tr>\n</table>\nAfter",
        "Before\n\n| A | B |\n| --- | --- |\n| 1 | `x`<br>2 \\| 3 |\n\nAfter\n",
    );
}

#[test]
fn child_pages_and_files_are_lines_of_their_own() {
    check(
        "<page url=\"https://app.notion.com/p/1\">Child</page>\n<database url=\"https://app.notion.com/p/2\" inline=\"true\">Rows</database>\n<video src=\"https://e.com/v.mp4\">Film</video>",
        "[Child](https://app.notion.com/p/1)\n\n[Rows](https://app.notion.com/p/2)\n\n[Film](https://e.com/v.mp4)\n",
    );
}

#[test]
fn what_notion_did_not_render_is_counted() {
    let plain = plain(
        "a\n<unknown url=\"https://e.com#1\" alt=\"bookmark\"/>\n\t<unknown url=\"https://e.com\"/>\n<unknown alt=\"bookmark\"/>\nb",
    );
    assert_eq!(plain.markdown, "a\n\nb\n");
    let counted: Vec<_> = plain.unknown.into_iter().collect();
    assert_eq!(counted, [("bookmark".to_owned(), 2), ("unknown".to_owned(), 1)]);
}

#[test]
fn a_text_that_only_opens_ends() {
    let text = "<callout>\n".repeat(20_000) + "x";
    assert!(plain(&text).markdown.ends_with("x\n"));
    let text = "<".repeat(50_000) + &"![".repeat(5_000) + &"$`".repeat(5_000);
    assert!(!plain(&text).markdown.is_empty());
}
