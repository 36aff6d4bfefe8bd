//! Pieces of pages in storage format, with the HTML that says the same.

use proptest::prelude::*;

use super::*;

const PLACE: Place<'static> = Place { site: "https://acme.example/wiki", space: Some("DOC"), page: "4711" };

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (storage, expected) in cases {
        let read = read(storage, &PLACE);
        assert_eq!(read.html, *expected, "{storage}");
        assert_eq!(read.warnings, Vec::<String>::new(), "{storage}");
    }
}

/// A macro with parameters and a body, both in storage format.
fn macro_of(name: &str, parameters: &[(&str, &str)], body: &str) -> String {
    let parameters =
        parameters.iter().map(|(name, value)| format!(r#"<ac:parameter ac:name="{name}">{value}</ac:parameter>"#));
    let parameters: String = parameters.collect();
    format!(
        r#"<ac:structured-macro ac:name="{name}" ac:schema-version="1" ac:macro-id="6c1f">{parameters}{body}</ac:structured-macro>"#
    )
}

fn rich(body: &str) -> String {
    format!("<ac:rich-text-body>{body}</ac:rich-text-body>")
}

fn plain(body: &str) -> String {
    format!("<ac:plain-text-body><![CDATA[{body}]]></ac:plain-text-body>")
}

#[test]
fn plain_markup_stays_and_its_looks_go() {
    check(&[
        (
            "<p>Caf&eacute; &amp; T&uuml;r&nbsp;1 &#8211; &lt;b&gt;</p>",
            "<p>Caf&eacute; &amp; T&uuml;r&nbsp;1 &#8211; &lt;b&gt;</p>",
        ),
        (
            r#"<p style="text-align: center;" class="auto-cursor-target">one<br /> two</p><p /><hr />"#,
            "<p>one<br> two</p><p></p><hr>",
        ),
        (r#"<h2 id="x">Title <span style="color: red;">red</span></h2>"#, "<h2>Title red</h2>"),
        (
            "<ul><li><p>one</p><ol start=\"3\"><li>two</li></ol></li></ul>",
            "<ul><li><p>one</p><ol start=\"3\"><li>two</li></ol></li></ul>",
        ),
        (
            r#"<p><a href="/wiki/x?a=1&amp;b=2" data-card-appearance="inline">card</a></p>"#,
            r#"<p><a href="/wiki/x?a=1&amp;b=2">card</a></p>"#,
        ),
        ("<p>x<script>alert(1)</script><blink>y</blink></p>", "<p>xy</p>"),
        ("<p title='say \"hi\"'>x</p>", "<p title=\"say &quot;hi&quot;\">x</p>"),
    ]);
}

#[test]
fn merged_cells_stay_merged() {
    let table = r#"<table class="wrapped" data-layout="wide"><colgroup><col style="width: 99.0px;" /><col /></colgroup><tbody><tr><th colspan="2" class="highlight"><p>Plan</p></th></tr><tr><td rowspan="2">Free</td><td>1</td></tr><tr><td><br /></td></tr></tbody></table>"#;
    check(&[(
        table,
        r#"<table><tbody><tr><th colspan="2"><p>Plan</p></th></tr><tr><td rowspan="2">Free</td><td>1</td></tr><tr><td><br></td></tr></tbody></table>"#,
    )]);
}

#[test]
fn code_keeps_its_language_its_title_and_its_space() {
    let java = macro_of(
        "code",
        &[("language", "java"), ("title", "Main.java"), ("collapse", "true")],
        &plain("if (a < b && c) {\n  run();\n}"),
    );
    check(&[
        (
            &java,
            "<p><strong>Main.java</strong></p><pre><code class=\"language-java\">if (a &lt; b &amp;&amp; c) {\n  run();\n}</code></pre>",
        ),
        (&macro_of("code", &[], &plain("x")), "<pre><code>x</code></pre>"),
        (&macro_of("code", &[("language", "none")], &plain("x")), "<pre><code>x</code></pre>"),
        (&macro_of("code", &[("language", "c#\"><b>")], &plain("x")), "<pre><code>x</code></pre>"),
        // A CDATA section cannot hold its own end, so there are two.
        (&macro_of("code", &[], &plain("a]]]]><![CDATA[>b")), "<pre><code>a]]&gt;b</code></pre>"),
        (&macro_of("noformat", &[("nopanel", "true")], &plain("  a\n b")), "<pre><code>  a\n b</code></pre>"),
        (
            &macro_of("mermaid", &[], &plain("graph TD;")),
            "<pre><code class=\"language-mermaid\">graph TD;</code></pre>",
        ),
    ]);
}

#[test]
fn boxes_that_advise_are_told_as_such() {
    let boxed = |inner: &str| format!("<div class=\"confluence-information-macro\">{inner}</div>");
    check(&[
        (
            &macro_of("info", &[("title", "Before &amp; after")], &rich("<p>Save.</p>")),
            &boxed("<p><strong>Before &amp; after</strong></p><p>Save.</p>"),
        ),
        (&macro_of("note", &[("icon", "false")], &rich("<p>Save.</p>")), &boxed("<p>Save.</p>")),
        (&macro_of("tip", &[], &rich("<p>Save.</p>")), &boxed("<p>Save.</p>")),
        (&macro_of("warning", &[], &rich("<p>Save.</p>")), &boxed("<p>Save.</p>")),
        (
            &macro_of("panel", &[("title", "Limits"), ("bgColor", "#fff")], &rich("<p>Three.</p>")),
            &boxed("<p><strong>Limits</strong></p><p>Three.</p>"),
        ),
    ]);
    let panel = r#"<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content><p>New.</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div class="panel"><p>New.</p></div></ac:adf-fallback></ac:adf-extension>"#;
    check(&[(panel, &boxed("<p>New.</p>"))]);
}

#[test]
fn what_the_new_editor_adds_is_read_once() {
    let decisions = r#"<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-attribute key="local-id">a</ac:adf-attribute><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>Ship it</ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback><ul class="decision-list"><li>Ship it</li></ul></ac:adf-fallback></ac:adf-extension>"#;
    let unknown = r#"<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="extension-key">x</ac:adf-attribute></ac:adf-node><ac:adf-fallback><p>instead</p></ac:adf-fallback></ac:adf-extension>"#;
    check(&[(decisions, "<ul><li>Ship it</li></ul>"), (unknown, "<p>instead</p>")]);
}

#[test]
fn collapsed_sections_keep_their_label() {
    check(&[
        (
            &macro_of("expand", &[("title", "More")], &rich("<p>x</p>")),
            "<details><summary>More</summary><p>x</p></details>",
        ),
        (&macro_of("expand", &[], &rich("<p>x</p>")), "<details><p>x</p></details>"),
        (
            &macro_of("ui-expand", &[("title", "More")], &rich("<p>x</p>")),
            "<details><summary>More</summary><p>x</p></details>",
        ),
    ]);
}

#[test]
fn macros_lie_inside_of_macros() {
    let code = macro_of("code", &[("language", "sql")], &plain("select 1"));
    let expand = macro_of("expand", &[("title", "Show")], &rich(&code));
    check(&[(
        &macro_of("info", &[], &rich(&expand)),
        "<div class=\"confluence-information-macro\"><details><summary>Show</summary><pre><code class=\"language-sql\">select 1</code></pre></details></div>",
    )]);
}

#[test]
fn unknown_macros_keep_what_is_written_in_them() {
    check(&[
        (
            &macro_of(
                "acme-box",
                &[("colour", "red"), ("atlassian-macro-output-type", "INLINE")],
                &rich("<p>kept</p>"),
            ),
            "<p>kept</p>",
        ),
        (&macro_of("ui-tab", &[("title", "Linux")], &rich("<p>apt</p>")), "<p><strong>Linux</strong></p><p>apt</p>"),
        (&macro_of("excerpt", &[("hidden", "true")], &rich("<p>In short.</p>")), "<p>In short.</p>"),
        (
            &macro_of("details", &[], &rich("<table><tbody><tr><th>Owner</th><td>Ann</td></tr></tbody></table>")),
            "<table><tbody><tr><th>Owner</th><td>Ann</td></tr></tbody></table>",
        ),
    ]);
}

#[test]
fn tasks_are_done_or_not() {
    let list = "<ac:task-list>\n<ac:task>\n<ac:task-id>7</ac:task-id>\n<ac:task-uuid>a-b</ac:task-uuid>\n<ac:task-status>complete</ac:task-status>\n<ac:task-body><span>Write</span></ac:task-body>\n</ac:task><ac:task><ac:task-id>8</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>Read <ac:link><ri:user ri:username=\"ann\" /></ac:link></ac:task-body></ac:task></ac:task-list>";
    let html = read(list, &PLACE).html.replace('\n', "");
    assert_eq!(html, "<ul class=\"inline-task-list\"><li class=\"checked\">Write</li><li>Read @ann</li></ul>");
}

#[test]
fn links_lead_where_their_resource_is() {
    let link = |inner: &str| format!("<ac:link>{inner}</ac:link>");
    let page = "https://acme.example/wiki/pages/viewpage.action?spaceKey";
    check(&[
        (
            &link(
                "<ri:page ri:content-title=\"Set up &amp; go\" ri:version-at-save=\"2\" /><ac:plain-text-link-body><![CDATA[the <guide>]]></ac:plain-text-link-body>",
            ),
            &format!("<a href=\"{page}=DOC&amp;title=Set+up+%26+go\">the &lt;guide&gt;</a>"),
        ),
        (
            &link("<ri:page ri:content-title=\"Home\" ri:space-key=\"HR\" />"),
            &format!("<a href=\"{page}=HR&amp;title=Home\">Home</a>"),
        ),
        (
            "<ac:link ac:anchor=\"step 2\"><ri:page ri:content-title=\"Home\" /><ac:link-body>see <strong>two</strong></ac:link-body></ac:link>",
            &format!("<a href=\"{page}=DOC&amp;title=Home#step%202\">see <strong>two</strong></a>"),
        ),
        // An entity that only HTML knows: the words are right and an address could not be.
        (&link("<ri:page ri:content-title=\"Caf&eacute;\" />"), "Caf&eacute;"),
        (
            "<ac:link ac:anchor=\"top\"><ac:plain-text-link-body><![CDATA[up]]></ac:plain-text-link-body></ac:link>",
            "<a href=\"#top\">up</a>",
        ),
        (
            &link("<ri:attachment ri:filename=\"a b.pdf\" />"),
            "<a href=\"https://acme.example/wiki/download/attachments/4711/a%20b.pdf\">a b.pdf</a>",
        ),
        (&link("<ri:attachment ri:filename=\"x.pdf\"><ri:page ri:content-title=\"Other\" /></ri:attachment>"), "x.pdf"),
        (&link("<ri:space ri:space-key=\"HR\" />"), "<a href=\"https://acme.example/wiki/display/HR\">HR</a>"),
        (
            &link("<ri:content-entity ri:content-id=\"99\" /><ac:link-body>there</ac:link-body>"),
            "<a href=\"https://acme.example/wiki/pages/viewpage.action?pageId=99\">there</a>",
        ),
        (&link("<ri:blog-post ri:content-title=\"News\" ri:posting-day=\"2024/01/02\" />"), "News"),
        (&link("<ri:user ri:username=\"ann\" />"), "@ann"),
        (
            &link("<ri:url ri:value=\"https://x.example/?a=1&amp;b=2\" /><ac:link-body>x</ac:link-body>"),
            "<a href=\"https://x.example/?a=1&amp;b=2\">x</a>",
        ),
    ]);
}

#[test]
fn people_whose_name_the_page_does_not_hold_are_counted() {
    let mention = "<p><ac:link><ri:user ri:account-id=\"557058:f\" /></ac:link> asks <ac:link><ri:user ri:userkey=\"8a\" /></ac:link></p>";
    let read = read(mention, &PLACE);
    assert_eq!(read.html, "<p>@user asks @user</p>");
    assert_eq!(read.warnings, ["2 mentions of people are shown as @user: the page holds no names"]);
}

#[test]
fn pictures_keep_their_words_and_their_file() {
    check(&[
        (
            "<ac:image ac:alt=\"The &quot;start&quot;\" ac:width=\"300\"><ri:attachment ri:filename=\"screen 1.png\" ri:version-at-save=\"1\" /></ac:image>",
            "<img src=\"https://acme.example/wiki/download/attachments/4711/screen%201.png\" alt=\"The &quot;start&quot;\">",
        ),
        (
            "<ac:image><ri:attachment ri:filename=\"a.png\" /></ac:image>",
            "<img src=\"https://acme.example/wiki/download/attachments/4711/a.png\" alt=\"a.png\">",
        ),
        (
            "<ac:image ac:title=\"Logo\"><ri:url ri:value=\"https://x.example/l.png\" /></ac:image>",
            "<img src=\"https://x.example/l.png\" alt=\"Logo\">",
        ),
        (
            "<ac:image ac:alt=\"a\"><ri:url ri:value=\"https://x.example/l.png\" /><ac:caption><p>Under <em>it</em></p></ac:caption><ac:adf-mark key=\"border\" /></ac:image>",
            "<figure><img src=\"https://x.example/l.png\" alt=\"a\"><figcaption><p>Under <em>it</em></p></figcaption></figure>",
        ),
    ]);
}

#[test]
fn layouts_are_read_in_order() {
    let layout = "<ac:layout><ac:layout-section ac:type=\"two_equal\"><ac:layout-cell><p>left</p></ac:layout-cell><ac:layout-cell>right</ac:layout-cell></ac:layout-section></ac:layout>";
    check(&[
        (layout, "<div><p>left</p></div><div>right</div>"),
        (
            &macro_of("section", &[], &rich(&macro_of("column", &[("width", "50%")], &rich("<p>left</p>")))),
            "<p>left</p>",
        ),
    ]);
}

#[test]
fn signs_are_text() {
    check(&[
        ("<p><ac:emoticon ac:name=\"tick\" /> ok</p>", "<p>✔ ok</p>"),
        (
            "<p><ac:emoticon ac:name=\"blue-star\" ac:emoji-shortname=\":rocket:\" ac:emoji-id=\"1f680\" ac:emoji-fallback=\"🚀\" /></p>",
            "<p>🚀</p>",
        ),
        (
            "<p><ac:emoticon ac:name=\"atlassian-x\" ac:emoji-shortname=\":party:\" ac:emoji-fallback=\":party:\" /></p>",
            "<p>:party:</p>",
        ),
        (&macro_of("status", &[("colour", "Green"), ("title", "IN PROGRESS")], ""), "IN PROGRESS"),
        (&macro_of("mathblock", &[], &plain("a < b")), "<div class=\"math\">$$a &lt; b$$</div>"),
        (&macro_of("mathinline", &[("body", "x^2")], ""), "<span class=\"math\">\\(x^2\\)</span>"),
    ]);
}

#[test]
fn pitfall_35_dates_are_text() {
    check(&[
        (
            "<p>Due <time datetime=\"2024-05-01\" /> at noon</p>",
            "<p>Due <time datetime=\"2024-05-01\">2024-05-01</time> at noon</p>",
        ),
        ("<p><time datetime=\"2024-05-01\">1 May</time></p>", "<p><time datetime=\"2024-05-01\">1 May</time></p>"),
        (
            "<p>Отчёт <ac:link><ri:attachment ri:filename=\"отчёт.pdf\" /></ac:link></p>",
            "<p>Отчёт <a href=\"https://acme.example/wiki/download/attachments/4711/%D0%BE%D1%82%D1%87%D1%91%D1%82.pdf\">отчёт.pdf</a></p>",
        ),
    ]);
}

#[test]
fn what_editors_alone_see_goes() {
    check(&[
        ("<p><ac:placeholder ac:type=\"text\">Say <b>why</b></ac:placeholder></p>", "<p></p>"),
        (
            "<p>a <ac:inline-comment-marker ac:ref=\"9\">marked</ac:inline-comment-marker> word</p>",
            "<p>a marked word</p>",
        ),
        (&macro_of("anchor", &[("", "top")], ""), ""),
        ("<!-- x --><p>y</p>", "<p>y</p>"),
    ]);
}

#[test]
fn files_and_pages_that_are_shown_inside_are_linked() {
    check(&[
        (
            &macro_of("view-file", &[("name", "<ri:attachment ri:filename=\"plan.xlsx\" />"), ("height", "250")], ""),
            "<a href=\"https://acme.example/wiki/download/attachments/4711/plan.xlsx\">plan.xlsx</a>",
        ),
        (
            &macro_of("widget", &[("url", "<ri:url ri:value=\"https://youtu.be/x\" />")], ""),
            "<a href=\"https://youtu.be/x\">https://youtu.be/x</a>",
        ),
        (
            &macro_of("iframe", &[("src", "https://x.example/a")], ""),
            "<a href=\"https://x.example/a\">https://x.example/a</a>",
        ),
        (&macro_of("jira", &[("server", "Jira"), ("key", "OPS-12")], ""), "OPS-12"),
    ]);
}

#[test]
fn pitfall_36_what_confluence_makes_is_named_and_left_out() {
    let page = [
        "<p>kept</p>",
        &macro_of("toc", &[("maxLevel", "3")], ""),
        &macro_of("children", &[], ""),
        &macro_of("recently-updated", &[("max", "5")], ""),
        &macro_of("children", &[], ""),
        &macro_of("include", &[("", "<ac:link><ri:page ri:content-title=\"Terms\" /></ac:link>")], ""),
        &macro_of("excerpt-include", &[("", "<ri:page ri:content-title=\"Short\" />")], ""),
        &macro_of("acme-chart", &[("id", "9")], ""),
        &macro_of("jira", &[("jqlQuery", "project = X")], ""),
    ];
    let read = read(&page.concat(), &PLACE);
    assert_eq!(read.html, "<p>kept</p>");
    let names = "toc, children, recently-updated, include of Terms, excerpt-include of Short, acme-chart, jira";
    assert_eq!(read.warnings, [format!("left out, because Confluence makes it only when the page is shown: {names}")]);
}

#[test]
fn the_recorded_page_is_read_without_the_pages_that_a_macro_shows() {
    let storage = "<ac:layout><ac:layout-section ac:type=\"two_equal\"><ac:layout-cell>\n<p><span style=\"color: rgb(151,160,175);\">Say hello.</span></p>\n</ac:layout-cell><ac:layout-cell>\n<p />\n</ac:layout-cell></ac:layout-section><ac:layout-section ac:type=\"fixed-width\"><ac:layout-cell><h2>📄 Recent pages</h2></ac:layout-cell></ac:layout-section></ac:layout>";
    assert_eq!(
        read(storage, &PLACE).html,
        "<div>\n<p>Say hello.</p>\n</div><div>\n<p></p>\n</div><div><h2>📄 Recent pages</h2></div>"
    );
}

#[test]
fn a_page_that_says_nothing_is_blank() {
    let toc = macro_of("toc", &[], "");
    for (storage, blank) in [
        ("", true),
        ("<p />\n<p>&nbsp; &#160;</p>", true),
        (toc.as_str(), true),
        ("<p>x</p>", false),
        ("<p>&amp;</p>", false),
        ("<ac:image><ri:attachment ri:filename=\"a.png\" /></ac:image>", false),
    ] {
        assert_eq!(read(storage, &PLACE).is_blank(), blank, "{storage}");
    }
}

#[test]
fn damage_costs_what_is_damaged() {
    let cases = [
        ("<p>one</p><p>two <b", "<p>one</p><p>two </p>", true),
        ("<p>a <strong>b</p><p>c</p>", "<p>a <strong>b</strong></p><p>c</p>", false),
        ("</p>x</strong>", "x", false),
        ("<p>AT&T & co</p>", "<p>AT&T & co</p>", false),
        ("<ac:rich-text-body><p>alone</p></ac:rich-text-body>", "<p>alone</p>", false),
        ("<ri:page ri:content-title=\"x\" /><p>y</p>", "<p>y</p>", false),
        ("<ac:structured-macro><ac:rich-text-body>x</ac:rich-text-body></ac:structured-macro>", "x", false),
    ];
    for (storage, expected, warns) in cases {
        let read = read(storage, &PLACE);
        assert_eq!((read.html.as_str(), !read.warnings.is_empty()), (expected, warns), "{storage}");
    }
}

#[test]
fn depth_costs_nothing() {
    let deep = format!("{}x{}", "<div>".repeat(200_000), "</div>".repeat(200_000));
    let read = read(&deep, &PLACE);
    assert!(read.html.contains('x'));
    assert!(read.html.len() < 20_000, "{}", read.html.len());
    let boxes = rich("<p>x</p>");
    let nested = (0..2_000).fold(boxes, |inner, _| rich(&macro_of("info", &[], &inner)));
    assert!(super::read(&nested, &PLACE).html.contains(">x<"));
}

/// Pieces of pages, whole and broken.
const PIECES: [&str; 30] = [
    "<p>",
    "</p>",
    "x < y & z",
    "&nbsp;",
    "&#x0;",
    "<ac:link ac:anchor='a\"b'>",
    "</ac:link>",
    "<ri:page ri:content-title=\"T\" />",
    "<ri:attachment ri:filename=\"f\">",
    "<ri:user />",
    "<ac:plain-text-link-body>",
    "<![CDATA[",
    "]]>",
    "<ac:structured-macro ac:name=\"code\">",
    "<ac:structured-macro ac:name=\"expand\">",
    "</ac:structured-macro>",
    "<ac:parameter ac:name=\"title\">",
    "</ac:parameter>",
    "<ac:rich-text-body>",
    "</ac:rich-text-body>",
    "<ac:plain-text-body>",
    "<ac:image>",
    "<ac:caption>",
    "</ac:image>",
    "<ac:task><ac:task-status>complete",
    "<ac:task-body>",
    "<ac:adf-extension><ac:adf-content>",
    "<ac:adf-fallback><script>",
    "<ac:placeholder>",
    "<time datetime=\"2024-01-01\" />",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn no_order_of_pieces_breaks_anything(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..60)) {
        let storage = pieces.concat();
        let read = read(&storage, &PLACE);
        prop_assert!(!read.html.contains("<script"), "{storage}\n{}", read.html);
        // Each element that opens here opens nothing but elements that end.
        for name in ["p", "a", "div", "details", "figure", "li", "ul", "pre", "code", "time"] {
            let opened = read.html.matches(&format!("<{name}>")).count() + read.html.matches(&format!("<{name} ")).count();
            prop_assert_eq!(opened, read.html.matches(&format!("</{name}>")).count(), "{} {}\n{}", name, storage, read.html);
        }
    }
}
