//! The text of a body in storage format.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// A heading or a paragraph.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The level of a heading.
    pub(super) level: Option<u8>,
    pub(super) text: String,
}

/// Elements whose end is the end of a block.
const ENDS: [&str; 14] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "td",
    "th",
    "pre",
    "blockquote",
    "ac:plain-text-body",
    "ac:task-body",
];

/// Elements whose text nobody sees.
const SILENT: [&str; 5] = ["ac:parameter", "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:placeholder"];

/// All text with single spaces.
pub(super) fn text(storage: &str) -> String {
    let texts: Vec<_> = blocks(storage).into_iter().map(|block| block.text).collect();
    texts.join(" ")
}

/// The headings and paragraphs in order, those of table cells and list items too.
pub(super) fn blocks(storage: &str) -> Vec<Block> {
    let mut reader = reader(storage);
    let (mut blocks, mut text, mut silent) = (Vec::new(), String::new(), 0_usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => silent += usize::from(SILENT.contains(&start.name().as_ref())),
            Ok(Event::End(end)) => {
                let name = end.name().as_ref().to_owned();
                silent = silent.saturating_sub(usize::from(SILENT.contains(&name.as_str())));
                if ENDS.contains(&name.as_str()) {
                    push(&mut blocks, &mut text, level(&name));
                }
            }
            Ok(Event::Text(words)) if silent == 0 => text.push_str(&words),
            Ok(Event::CData(words)) if silent == 0 => text.push_str(&words),
            Ok(Event::GeneralRef(name)) if silent == 0 => text.push_str(&letter(&name)),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    push(&mut blocks, &mut text, None);
    blocks
}

fn push(blocks: &mut Vec<Block>, text: &mut String, level: Option<u8>) {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.clear();
    if !words.is_empty() {
        blocks.push(Block { level, text: words });
    }
}

fn level(name: &str) -> Option<u8> {
    name.strip_prefix('h').and_then(|level| level.parse().ok())
}

/// A reader that sees every element start and end.
pub(super) fn reader(storage: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(storage);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// What a reference stands for; of HTML's names, those that editors write.
fn letter(name: &str) -> String {
    let known = [
        ("nbsp", "\u{a0}"),
        ("ndash", "–"),
        ("mdash", "—"),
        ("hellip", "…"),
        ("rarr", "→"),
        ("larr", "←"),
        ("lsquo", "‘"),
        ("rsquo", "’"),
        ("ldquo", "“"),
        ("rdquo", "”"),
        ("auml", "ä"),
        ("ouml", "ö"),
        ("uuml", "ü"),
        ("szlig", "ß"),
        ("eacute", "é"),
        ("copy", "©"),
    ];
    match known.iter().find(|(known, _)| *known == name) {
        Some((_, letter)) => (*letter).to_owned(),
        None => unescape(&format!("&{name};")).map(std::borrow::Cow::into_owned).unwrap_or_default(),
    }
}
