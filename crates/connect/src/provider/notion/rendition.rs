//! A page as Notion renders it, with the parts put in that the first answer leaves out.

use std::collections::{BTreeMap, HashSet, VecDeque};

use model::Failure;
use serde_json::Value;

use super::super::field::{list, text};
use super::super::gate::Gate;
use super::enhanced::tag::Tag;
use super::enhanced::{Plain, plain};
use super::id;
use super::interface::Interface;
use super::link::link;
use super::rich_text::markdown;

/// The most parts of one page that are asked for one by one.
const MOST_PARTS: usize = 300;
/// The most links to other sites of one page that are looked up: Notion renders only that they are there.
const MOST_LINKS: usize = 50;
/// The longest text that parts are put together to.
const LONGEST: usize = 16 << 20;
/// Blocks that are a link and a caption.
const LINKS: [&str; 3] = ["bookmark", "embed", "link_preview"];

/// Plain Markdown, and what is not in it.
#[derive(Debug)]
pub struct Rendition {
    /// The text.
    pub markdown: String,
    /// What was left out, a sentence each.
    pub warnings: Vec<String>,
}

/// Asks for a page's text. `None` where Notion does not render this one: its blocks may be read all the same.
pub async fn rendition<G: Gate>(notion: &Interface<'_, G>, page: &str) -> Result<Option<Rendition>, Failure> {
    let Some(answer) = rendered(notion, page).await? else { return Ok(None) };
    let mut warnings = Vec::new();
    let whole = with_parts(notion, &answer, &mut warnings).await?;
    let whole = with_links(notion, whole, &mut warnings).await?;
    let Plain { markdown, unknown } = plain(&whole);
    warnings.extend(missing(&unknown));
    Ok(Some(Rendition { markdown, warnings }))
}

/// The rendering of a page or of a part of one; `None` where it is refused for good.
async fn rendered<G: Gate>(notion: &Interface<'_, G>, id: &str) -> Result<Option<Value>, Failure> {
    match notion.get(&format!("pages/{id}/markdown")).await? {
        Ok(answer) => Ok(Some(answer)),
        Err(refusal) if matches!(refusal.status, 400 | 403 | 404) => Ok(None),
        Err(refusal) => Err(notion.api.refused(&refusal)),
    }
}

/// Pages of very many blocks come in parts. What is not shared with the connection is told in the same way, and refused then.
async fn with_parts<G: Gate>(
    notion: &Interface<'_, G>,
    answer: &Value,
    warnings: &mut Vec<String>,
) -> Result<String, Failure> {
    let mut whole = text(answer, "/markdown").to_owned();
    let mut waiting: VecDeque<String> = left_out(answer).collect();
    let mut asked = HashSet::new();
    let mut refused = 0;
    while let Some(part) = waiting.pop_front() {
        if !asked.insert(part.clone()) {
            continue;
        }
        if asked.len() > MOST_PARTS || whole.len() > LONGEST {
            warnings.push(format!("the page is very long; {} parts of it are left out", waiting.len() + 1));
            break;
        }
        if let Some(answer) = rendered(notion, &part).await? {
            whole = put(&whole, &part, text(&answer, "/markdown"));
            waiting.extend(left_out(&answer));
        } else {
            whole = put(&whole, &part, "");
            refused += 1;
        }
    }
    if refused > 0 {
        warnings.push(format!("{refused} parts of the page are not shared with the connection"));
    }
    Ok(whole)
}

fn left_out(answer: &Value) -> impl Iterator<Item = String> {
    list(answer, "/unknown_block_ids").iter().filter_map(|part| id::canonical(text(part, "")))
}

/// Looks up what the links in the text lead to.
async fn with_links<G: Gate>(
    notion: &Interface<'_, G>,
    mut whole: String,
    warnings: &mut Vec<String>,
) -> Result<String, Failure> {
    let links: Vec<String> = unknown_tags(&whole)
        .filter(|(_, tag)| LINKS.contains(&tag.attribute("alt")))
        .filter_map(|(_, tag)| id::of_address(tag.attribute("url")))
        .collect();
    if links.len() > MOST_LINKS {
        warnings.push(format!("{} of the links on the page are left out", links.len() - MOST_LINKS));
    }
    for block in links.into_iter().take(MOST_LINKS) {
        match notion.get(&format!("blocks/{block}")).await? {
            Ok(answer) => whole = put(&whole, &block, &linked(&answer)),
            Err(refusal) if matches!(refusal.status, 400 | 403 | 404) => {}
            Err(refusal) => return Err(notion.api.refused(&refusal)),
        }
    }
    Ok(whole)
}

/// A link with its caption.
fn linked(block: &Value) -> String {
    let kind = text(block, "/type");
    let caption = markdown(list(block, &format!("/{kind}/caption")));
    link(&caption, text(block, &format!("/{kind}/url")))
}

/// The tags of blocks that are not in the text, and where they stand.
fn unknown_tags(whole: &str) -> impl Iterator<Item = (usize, Tag)> {
    whole.match_indices("<unknown").filter_map(|(place, _)| Some((place, Tag::read(&whole[place..])?)))
}

/// Puts a part where its tag stands, as deep as that; behind everything when there is no such tag.
fn put(whole: &str, part: &str, text: &str) -> String {
    let place = unknown_tags(whole).find(|(_, tag)| id::of_address(tag.attribute("url")).as_deref() == Some(part));
    let Some((start, tag)) = place else { return format!("{}\n{text}", whole.trim_end_matches('\n')) };
    let line = &whole[whole[..start].rfind('\n').map_or(0, |end| end + 1)..start];
    let tabs = &line[..line.len() - line.trim_start_matches('\t').len()];
    let text = text.trim_end_matches('\n').replace('\n', &format!("\n{tabs}"));
    [&whole[..start], &text, &whole[start + tag.length..]].concat()
}

/// What Notion does not render and nothing else tells.
fn missing(unknown: &BTreeMap<String, usize>) -> Option<String> {
    // Where one stands in the tree is nothing to read.
    let kinds = unknown.iter().filter(|(kind, _)| kind.as_str() != "breadcrumb");
    let kinds: Vec<String> = kinds.map(|(kind, count)| format!("{count} {}", kind.replace('_', " "))).collect();
    (!kinds.is_empty()).then(|| format!("Notion does not hand out some blocks of the page: {}", kinds.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stands_where_its_tag_stood() {
        let id = "3cbc16ec-c9ae-80af-92b8-ef7532b95d58";
        let tag = "<unknown url=\"https://app.notion.com/p/954b67f93f8741db887423b92bbd31ee#3cbc16ecc9ae80af92b8ef7532b95d58\" alt=\"x\"/>";
        let other = "<unknown url=\"https://www.notion.so/954b67f93f8741db887423b92bbd31ee\" alt=\"x\"/>";
        let cases = [
            (format!("a\n\t{tag}\nb"), "p\n\tq\n", "a\n\tp\n\t\tq\nb".to_owned()),
            (format!("- {tag}"), "p", "- p".to_owned()),
            (format!("a\n{other}\n"), "p", format!("a\n{other}\np")),
            (format!("{tag}\n{tag}"), "", format!("\n{tag}")),
        ];
        for (whole, part, expected) in cases {
            assert_eq!(put(&whole, id, part), expected, "{whole}");
        }
    }

    #[test]
    fn a_link_is_its_caption_and_address() {
        let bookmark = serde_json::json!({"type": "bookmark", "bookmark": {"url": "https://example.com", "caption": [{"plain_text": "Ex"}]}});
        assert_eq!(linked(&bookmark), "[Ex](https://example.com)");
        assert_eq!(
            linked(&serde_json::json!({"type": "embed", "embed": {"url": "https://example.com"}})),
            "<https://example.com>"
        );
        assert_eq!(linked(&serde_json::json!({"type": null})), "");
    }
}
