//! Bodies in storage format, one for each thing that editors put into pages, and what a reader must find in each.

/// A body and its words.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// What it shows.
    pub name: &'static str,
    /// The body.
    pub storage: &'static str,
    /// What a reader must find in it.
    pub says: &'static [&'static str],
    /// What stands in it and is nothing to read: parameters, ids, language names.
    pub silent: &'static [&'static str],
}

/// All of them.
pub const SAMPLES: [Sample; 21] = [
    Sample {
        name: "code",
        storage: r#"<p>Start the export by hand:</p><ac:structured-macro ac:name="code" ac:schema-version="1" ac:macro-id="6f0a"><ac:parameter ac:name="language">bash</ac:parameter><ac:parameter ac:name="theme">Midnight</ac:parameter><ac:plain-text-body><![CDATA[export-orders --day "$DAY" > out.csv
if [ $? -ne 0 ] && [ -f out.csv ]; then rm out.csv; fi]]></ac:plain-text-body></ac:structured-macro>"#,
        says: &["Start the export by hand:", "export-orders --day \"$DAY\" > out.csv", "&& [ -f out.csv ]"],
        silent: &["Midnight", "6f0a"],
    },
    Sample {
        name: "code that holds the end of a section of its own",
        storage: r#"<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:plain-text-body><![CDATA[let last = rows[rows[0]]]]><![CDATA[> 4;]]></ac:plain-text-body></ac:structured-macro>"#,
        says: &["let last = rows[rows[0]]> 4;"],
        silent: &["CDATA"],
    },
    Sample {
        name: "panel",
        storage: r#"<ac:structured-macro ac:name="panel" ac:schema-version="1"><ac:parameter ac:name="title">Opening hours</ac:parameter><ac:parameter ac:name="bgColor">#deebff</ac:parameter><ac:rich-text-body><p>The desk is open from <strong>nine to five</strong>.</p></ac:rich-text-body></ac:structured-macro>"#,
        says: &["nine to five"],
        silent: &["#deebff"],
    },
    Sample {
        name: "info, note, tip and warning",
        storage: r#"<ac:structured-macro ac:name="info"><ac:rich-text-body><p>Refunds take five days.</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="note"><ac:rich-text-body><p>Weekends do not count.</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="tip"><ac:rich-text-body><p>Ask for the order number first.</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="warning"><ac:parameter ac:name="icon">false</ac:parameter><ac:rich-text-body><p>Never send card numbers.</p></ac:rich-text-body></ac:structured-macro>"#,
        says: &[
            "Refunds take five days.",
            "Weekends do not count.",
            "Ask for the order number first.",
            "Never send card numbers.",
        ],
        silent: &["false"],
    },
    Sample {
        name: "expand",
        storage: r#"<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">Why so long?</ac:parameter><ac:parameter ac:name="breakoutWidth">760</ac:parameter><ac:rich-text-body><p>The bank has to agree.</p></ac:rich-text-body></ac:structured-macro>"#,
        says: &["The bank has to agree."],
        silent: &["760"],
    },
    Sample {
        name: "table of contents",
        storage: r#"<ac:structured-macro ac:name="toc"><ac:parameter ac:name="maxLevel">3</ac:parameter><ac:parameter ac:name="style">none</ac:parameter></ac:structured-macro><h1>Before you start</h1><p>You need an account.</p><h2>Rights</h2><p>You need to be an administrator.</p>"#,
        says: &["Before you start", "You need an account.", "Rights", "You need to be an administrator."],
        silent: &["none"],
    },
    Sample {
        name: "include",
        storage: r#"<p>The address follows.</p><ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Address" /></ac:link></ac:parameter></ac:structured-macro>"#,
        says: &["The address follows."],
        silent: &[],
    },
    Sample {
        name: "excerpt and excerpt-include",
        storage: r#"<ac:structured-macro ac:name="excerpt"><ac:parameter ac:name="atlassian-macro-output-type">INLINE</ac:parameter><ac:rich-text-body><p>In short: it works.</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="excerpt-include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Address" ri:space-key="DOC" /></ac:link></ac:parameter></ac:structured-macro>"#,
        says: &["In short: it works."],
        silent: &["INLINE"],
    },
    Sample {
        name: "lists that the site makes",
        storage: r#"<p>What is new:</p><ac:structured-macro ac:name="recently-updated"><ac:parameter ac:name="max">5</ac:parameter></ac:structured-macro><p>Below this page:</p><ac:structured-macro ac:name="children"><ac:parameter ac:name="all">true</ac:parameter></ac:structured-macro>"#,
        says: &["What is new:", "Below this page:"],
        silent: &["true"],
    },
    Sample {
        name: "jira",
        storage: r#"<p>The fault is known as <ac:structured-macro ac:name="jira"><ac:parameter ac:name="server">System Jira</ac:parameter><ac:parameter ac:name="serverId">f0c1</ac:parameter><ac:parameter ac:name="key">SHOP-42</ac:parameter></ac:structured-macro> and will be mended.</p>"#,
        says: &["The fault is known as", "and will be mended."],
        silent: &["System Jira", "f0c1"],
    },
    Sample {
        name: "status",
        storage: r#"<p>Export: <ac:structured-macro ac:name="status"><ac:parameter ac:name="title">IN BETA</ac:parameter><ac:parameter ac:name="colour">Yellow</ac:parameter></ac:structured-macro></p>"#,
        says: &["Export:"],
        silent: &["Yellow"],
    },
    Sample {
        name: "tasks",
        storage: r#"<ac:task-list><ac:task><ac:task-id>17</ac:task-id><ac:task-uuid>a1b2</ac:task-uuid><ac:task-status>incomplete</ac:task-status><ac:task-body><span class="placeholder-inline-tasks">Call the bank</span></ac:task-body></ac:task><ac:task><ac:task-id>18</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>Write it down</ac:task-body></ac:task></ac:task-list>"#,
        says: &["Call the bank", "Write it down"],
        silent: &["incomplete", "17", "a1b2"],
    },
    Sample {
        name: "table with merged cells",
        storage: r#"<table data-layout="default" ac:local-id="t1"><colgroup><col style="width: 120.0px;" /><col /><col /></colgroup><tbody><tr><th rowspan="2"><p>Plan</p></th><th colspan="2"><p>Limits</p></th></tr><tr><th><p>Rows</p></th><th><p>Calls</p></th></tr><tr><td><p>Team</p></td><td><p>10,000</p></td><td rowspan="2"><p>100 an hour</p></td></tr><tr><td><p>Business</p></td><td><p>500,000</p></td></tr></tbody></table>"#,
        says: &["Plan", "Limits", "Rows", "Calls", "Team", "10,000", "100 an hour", "Business", "500,000"],
        silent: &["120.0px", "t1"],
    },
    Sample {
        name: "links",
        storage: r#"<p>See <ac:link><ri:page ri:content-title="Address" /><ac:plain-text-link-body><![CDATA[where we are]]></ac:plain-text-link-body></ac:link>, <ac:link ac:anchor="rights"><ac:link-body>the <em>rights</em></ac:link-body></ac:link>, ask <ac:link><ri:user ri:account-id="712020:77aa" /></ac:link>, read <ac:link><ri:attachment ri:filename="price list.pdf" /><ac:link-body>our prices</ac:link-body></ac:link> or <a href="https://example.com/help?a=1&amp;b=2">the help</a>.</p>"#,
        says: &["where we are", "rights", "our prices", "the help"],
        silent: &["712020:77aa"],
    },
    Sample {
        name: "images",
        storage: r#"<p>Press the green button:</p><ac:image ac:align="center" ac:width="340" ac:alt="a green button"><ri:attachment ri:filename="button.png" ri:version-at-save="1" /></ac:image><ac:image><ri:url ri:value="https://example.com/logo.png" /></ac:image>"#,
        says: &["Press the green button:"],
        silent: &["340"],
    },
    Sample {
        name: "emoticons",
        storage: r#"<p>Well done <ac:emoticon ac:name="smile" ac:emoji-shortname=":slight_smile:" ac:emoji-id="1f642" ac:emoji-fallback="🙂" /> and good night.</p>"#,
        says: &["Well done", "and good night."],
        silent: &["1f642", ":slight_smile:"],
    },
    Sample {
        name: "layouts",
        storage: r#"<ac:layout><ac:layout-section ac:type="two_equal" ac:breakout-mode="wide"><ac:layout-cell><p>On the left.</p></ac:layout-cell><ac:layout-cell><p>On the right.</p></ac:layout-cell></ac:layout-section><ac:layout-section ac:type="fixed-width"><ac:layout-cell><p>Across.</p></ac:layout-cell></ac:layout-section></ac:layout>"#,
        says: &["On the left.", "On the right.", "Across."],
        silent: &["two_equal", "wide"],
    },
    Sample {
        name: "date",
        storage: r#"<p>The offer ends on <time datetime="2026-12-24" /> at noon.</p>"#,
        says: &["The offer ends on", "2026-12-24", "at noon."],
        silent: &[],
    },
    Sample {
        name: "references",
        storage: "<p>Caf&eacute;&nbsp;M&uuml;ller &ndash; open &amp; warm &#128522; &lt;always&gt;</p>",
        says: &["Café", "Müller – open & warm 😊 <always>"],
        silent: &["eacute", "nbsp"],
    },
    Sample {
        name: "macros in macros",
        storage: r#"<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">More</ac:parameter><ac:rich-text-body><ac:structured-macro ac:name="info"><ac:rich-text-body><ul><li><p>First</p><ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[second()]]></ac:plain-text-body></ac:structured-macro></li></ul></ac:rich-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>"#,
        says: &["First", "second()"],
        silent: &[],
    },
    Sample {
        name: "a macro that nobody knows, and a place to write",
        storage: r#"<ac:structured-macro ac:name="acme-roadmap"><ac:parameter ac:name="lane">Q4</ac:parameter><ac:rich-text-body><p>Ship the export.</p></ac:rich-text-body></ac:structured-macro><p><ac:placeholder>Type your answer here</ac:placeholder></p>"#,
        says: &["Ship the export."],
        silent: &["Q4", "Type your answer here"],
    },
];
