//! Pages as generators of documentation hold them.

use crate::{render, tidy};

fn check(text: &str, expected: &str) {
    let read_html: crate::markdown::ReadHtml =
        |html, url, room, budget| crate::html::whole(html, url, room, budget).blocks;
    let reading = crate::markdown::read(text, None, read_html, &crate::Budget::endless());
    assert_eq!(render::markdown(&tidy::blocks(reading.blocks)).trim_end(), expected, "{text}");
}

#[test]
fn components_leave_their_text() {
    check(
        "---\ntitle: A\n---\nimport { Card } from 'x'\nimport Y from \"y\";\n\nexport const a = {\n  b: 1,\n};\n\n# Title\n\n<Tabs>\n  <Tab title=\"Linux\">\n    Run this:\n\n    ```sh\n    a --b\n    ```\n  </Tab>\n  <Tab\n    title='Mac > 10'\n  >\n    - one\n      - two\n  </Tab>\n</Tabs>\n\n<Note>Mind this.</Note>\n\n{/* a remark */}\n\nEnd <Icon name=\"x\" />.",
        "# Title\n\n**Linux**\n\nRun this:\n\n```sh\na --b\n```\n\n**Mac > 10**\n\n- one\n  - two\n\nMind this.\n\nEnd .",
    );
}

#[test]
fn code_about_components_is_code() {
    check(
        "Use it:\n\n```jsx\nimport A from 'a'\n<Tabs>\n```\n\n<A />\n",
        "Use it:\n\n```jsx\nimport A from 'a'\n<Tabs>\n```",
    );
    check("import of goods is free\n\nx < Y", "import of goods is free\n\nx \\< Y");
}

#[test]
fn html_inside_of_markdown_is_read() {
    check(
        "Text\n\n<div>\n<p>In <b>HTML</b></p>\n</div>\n\n<details><summary>More</summary>\n\nHidden *text*\n\n</details>",
        "Text\n\nIn **HTML**\n\n**More**\n\nHidden *text*",
    );
}

#[test]
fn hostile_pages_end() {
    for text in ["<A\n".repeat(20_000), "<A>\n".repeat(20_000), "<A><A>".repeat(2_000), "import {\n".repeat(20_000)] {
        super::without_code(&text);
    }
}
