//! Pages as the Markdown that the vendor's guide describes: tabs for what lies inside, tags for what Markdown has not.

use serde_json::{Value, json};
use uuid::Uuid;

use super::block::Content;
use super::item::{Item, Kind, State};
use super::objects::{block_url, url};
use super::text::Text;

/// The vendor's limit on the ids of one answer.
const MOST_UNKNOWN: usize = 100;

struct Writer<'a> {
    state: &'a State,
    lines: String,
    /// How many blocks may still be written.
    left: usize,
    is_truncated: bool,
    unknown: Vec<Uuid>,
}

/// The `page_markdown` object of a page or block.
pub(super) fn page_markdown(state: &State, item: &Item) -> Value {
    let left = state.settings.markdown_limit;
    let mut writer = Writer { state, lines: String::new(), left, is_truncated: false, unknown: Vec::new() };
    if item.is_block() {
        writer.block(item, 0);
    } else {
        writer.blocks(&item.children, 0);
    }
    writer.unknown.truncate(MOST_UNKNOWN);
    json!({
        "object": "page_markdown", "id": item.id, "markdown": writer.lines, "truncated": writer.is_truncated,
        "unknown_block_ids": writer.unknown,
    })
}

impl Writer<'_> {
    fn blocks(&mut self, ids: &[Uuid], depth: usize) {
        let live = ids.iter().filter_map(|id| self.state.visible(*id)).filter(|item| !item.is_trashed);
        for item in live {
            self.block(item, depth);
        }
    }

    fn block(&mut self, item: &Item, depth: usize) {
        if self.left == 0 {
            self.is_truncated = true;
            self.unknown(item, depth);
            return;
        }
        self.left -= 1;
        let (kind, content) = match &item.kind {
            Kind::Page => return self.line(depth, &format!("<page url=\"{}\">{}</page>", url(item), item.title)),
            Kind::Database | Kind::Source => {
                return self.line(depth, &format!("<database url=\"{}\">{}</database>", url(item), item.title));
            }
            Kind::Block { kind, content } => (kind.as_str(), content),
        };
        // What is kept back stands as a tag; so does what the format has not.
        let Some(inside) = self.state.shown_in(item) else { return self.unknown(item, depth) };
        match content {
            Content::Text(text, fields) if kind == "code" => self.code(text, fields, depth),
            Content::Text(text, fields) => self.text(kind, &text.markdown(), fields, inside, depth),
            Content::Media { url, caption } if kind == "image" => {
                self.line(depth, &format!("![{}]({url})", caption.markdown()));
            }
            Content::Media { url, caption } => {
                self.line(depth, &format!("<{kind} src=\"{url}\">{}</{kind}>", caption.markdown()));
            }
            Content::Address { .. } => self.foreign(item, kind, depth),
            Content::Synced(None) => {
                self.tagged("synced_block", &format!(" url=\"{}\"", block_url(item.id)), inside, depth);
            }
            Content::Synced(Some(original)) => {
                self.tagged("synced_block_reference", &format!(" url=\"{}\"", block_url(*original)), inside, depth);
            }
            // Rows are written with their table.
            Content::Cells(_) => self.row(item, depth),
            Content::Fields(fields) => self.fields(item, kind, fields, inside, depth),
        }
    }

    fn text(&mut self, kind: &str, text: &str, fields: &Value, inside: &[Uuid], depth: usize) {
        let (mark, is_toggle) = match kind {
            "paragraph" if text.is_empty() && inside.is_empty() => return self.line(depth, "<empty-block/>"),
            "toggle" => {
                self.line(depth, &format!("<details>\n{}<summary>{text}</summary>", "\t".repeat(depth)));
                self.blocks(inside, depth + 1);
                return self.line(depth, "</details>");
            }
            "callout" => return self.callout(text, fields, inside, depth),
            "heading_1" => ("# ", fields["is_toggleable"] == true),
            "heading_2" => ("## ", fields["is_toggleable"] == true),
            "heading_3" => ("### ", fields["is_toggleable"] == true),
            "heading_4" => ("#### ", fields["is_toggleable"] == true),
            "bulleted_list_item" => ("- ", false),
            "numbered_list_item" => ("1. ", false),
            "to_do" if fields["checked"] == true => ("- [x] ", false),
            "to_do" => ("- [ ] ", false),
            "quote" => ("> ", false),
            _ => ("", false),
        };
        let toggle = if is_toggle { " {toggle=\"true\"}" } else { "" };
        self.line(depth, &format!("{mark}{text}{toggle}"));
        self.blocks(inside, depth + 1);
    }

    fn code(&mut self, text: &Text, fields: &Value, depth: usize) {
        let language = fields["language"].as_str().unwrap_or_default();
        self.line(depth, &format!("```{language}\n{}\n```", text.words()));
    }

    fn callout(&mut self, text: &str, fields: &Value, inside: &[Uuid], depth: usize) {
        let icon = fields["icon"]["emoji"].as_str().unwrap_or_default();
        let (open, close) = if self.state.settings.has_fenced_callouts {
            (format!("::: callout {{icon=\"{icon}\" color=\"gray_bg\"}}"), ":::")
        } else {
            (format!("<callout icon=\"{icon}\" color=\"gray_bg\">"), "</callout>")
        };
        self.line(depth, &open);
        self.line(depth + 1, text);
        self.blocks(inside, depth + 1);
        self.line(depth, close);
    }

    fn fields(&mut self, item: &Item, kind: &str, fields: &Value, inside: &[Uuid], depth: usize) {
        match kind {
            "divider" => self.line(depth, "---"),
            "breadcrumb" => {}
            "table_of_contents" => self.line(depth, "<table_of_contents/>"),
            "equation" => {
                let expression = fields["expression"].as_str().unwrap_or_default();
                self.line(depth, &format!("$$\n{expression}\n$$"));
            }
            "column_list" => self.tagged("columns", "", inside, depth),
            "column" => self.tagged("column", "", inside, depth),
            "table" => self.tagged("table", " header-row=\"true\"", inside, depth),
            "link_to_page" => {
                let page = fields["page_id"].as_str().and_then(|id| Uuid::parse_str(id).ok());
                let page = page.and_then(|id| self.state.visible(id));
                let title = page.map_or("", |page| page.title.as_str()).to_owned();
                let address = page.map_or(String::new(), url);
                self.line(depth, &format!("<mention-page url=\"{address}\">{title}</mention-page>"));
            }
            "meeting_notes" => {
                let title = fields["title"][0]["plain_text"].as_str().unwrap_or_default().to_owned();
                self.line(depth, &format!("<meeting-notes>\n{}\n</meeting-notes>", "\t".repeat(depth + 1) + &title));
            }
            _ => self.foreign(item, kind, depth),
        }
    }

    fn row(&mut self, item: &Item, depth: usize) {
        let Kind::Block { content: Content::Cells(cells), .. } = &item.kind else { return };
        self.line(depth, "<tr>");
        for cell in cells {
            self.line(depth, &format!("<td>{}</td>", cell.markdown()));
        }
        self.line(depth, "</tr>");
    }

    fn tagged(&mut self, tag: &str, attributes: &str, inside: &[Uuid], depth: usize) {
        self.line(depth, &format!("<{tag}{attributes}>"));
        // The guide writes rows at the depth of their table.
        self.blocks(inside, if tag == "table" { depth } else { depth + 1 });
        self.line(depth, &format!("</{tag}>"));
    }

    /// A block of which the format has no form; it was loaded, so it is not listed as unknown.
    fn foreign(&mut self, item: &Item, kind: &str, depth: usize) {
        self.line(depth, &format!("<unknown url=\"{}\" alt=\"{kind}\"/>", block_url(item.id)));
    }

    /// A block that could not be loaded.
    fn unknown(&mut self, item: &Item, depth: usize) {
        let kind = if let Kind::Block { kind, .. } = &item.kind { kind.as_str() } else { "page" };
        self.foreign(item, kind, depth);
        self.unknown.push(item.id);
    }

    fn line(&mut self, depth: usize, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push('\n');
        }
        self.lines.extend(std::iter::repeat_n('\t', depth));
        self.lines.push_str(text);
    }
}
