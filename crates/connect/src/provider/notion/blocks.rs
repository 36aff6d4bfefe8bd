//! A page block by block: the way that is left where Notion does not render it.

use std::collections::{HashSet, VecDeque};

use model::Failure;
use serde_json::Value;

use super::super::api::Refusal;
use super::super::field::{is_set, text};
use super::super::gate::Gate;
use super::block::{Inside, source_of_children, write, write_table};
use super::composer::Composer;
use super::interface::Interface;
use super::object::is_put_away;
use super::paging::{End, read_all};
use super::rendition::Rendition;

/// The most lists of blocks that are asked for, for one page.
const MOST_LISTS: usize = 1_000;

/// A list of blocks that is being written, within what holds it.
struct Frame {
    /// Whose children they are.
    of: String,
    blocks: VecDeque<Value>,
}

struct Reader<'a, G> {
    notion: &'a Interface<'a, G>,
    to: Composer,
    asked: usize,
    unsupported: usize,
    refused: usize,
    is_cut: bool,
}

/// Reads a page's blocks, and what they hold, in order. The stack is ours: pages nest deeper than a thread's stack is.
pub async fn by_blocks<G: Gate>(notion: &Interface<'_, G>, page: &str) -> Result<Rendition, Failure> {
    let mut reader = Reader { notion, to: Composer::default(), asked: 0, unsupported: 0, refused: 0, is_cut: false };
    let first = match reader.children(page).await? {
        Ok(blocks) => blocks,
        Err(refusal) => return Err(notion.api.refused(&refusal)),
    };
    let mut frames = vec![Frame { of: page.to_owned(), blocks: first.into() }];
    while let Some(frame) = frames.last_mut() {
        let Some(block) = frame.blocks.pop_front() else {
            frames.pop();
            reader.to.close();
            continue;
        };
        let inside = write(&block, &mut reader.to);
        reader.unsupported += usize::from(text(&block, "/type") == "unsupported");
        let source = source_of_children(&block).filter(|_| is_set(&block, "/has_children"));
        match (inside, source) {
            (Inside::Rows, Some(source)) => {
                let rows = reader.inner(&source).await?;
                write_table(&block, &rows, &mut reader.to);
                reader.to.close();
            }
            // What repeats a block that it stands in has no end.
            (Inside::Follows, Some(source)) if frames.iter().all(|frame| frame.of != source) => {
                let blocks = reader.inner(&source).await?.into();
                frames.push(Frame { of: source, blocks });
            }
            _ => reader.to.close(),
        }
    }
    Ok(reader.finish())
}

impl<G: Gate> Reader<'_, G> {
    /// What a block holds. Notion names blocks whose children it then knows nothing of: they are counted, and the page goes on.
    async fn inner(&mut self, block: &str) -> Result<Vec<Value>, Failure> {
        if self.asked >= MOST_LISTS {
            self.is_cut = true;
            return Ok(Vec::new());
        }
        match self.children(block).await? {
            Ok(blocks) => Ok(blocks),
            Err(refusal) if matches!(refusal.status, 400 | 403 | 404) => {
                self.refused += 1;
                Ok(Vec::new())
            }
            Err(refusal) => Err(self.notion.api.refused(&refusal)),
        }
    }

    async fn children(&mut self, block: &str) -> Result<Result<Vec<Value>, Refusal>, Failure> {
        self.asked += 1;
        let mut known = HashSet::new();
        let mut blocks = Vec::new();
        let path = format!("blocks/{block}/children");
        let end = read_all(
            self.notion.api,
            |cursor| self.notion.listed(&path, cursor),
            |block| {
                // A list that was read again from its start gives its blocks twice.
                let id = text(&block, "/id");
                if !is_put_away(&block) && (id.is_empty() || known.insert(id.to_owned())) {
                    blocks.push(block);
                }
                true
            },
        )
        .await?;
        Ok(end.map(|end| {
            self.is_cut |= end != End::Whole;
            blocks
        }))
    }

    fn finish(self) -> Rendition {
        let mut warnings = Vec::new();
        if self.is_cut {
            warnings.push("the page is very long; not all of its blocks were read".to_owned());
        }
        if self.refused > 0 {
            warnings.push(format!("{} blocks of the page are not shared with the connection", self.refused));
        }
        if self.unsupported > 0 {
            warnings.push(format!("Notion does not hand out {} blocks of the page", self.unsupported));
        }
        Rendition { markdown: self.to.finish(), warnings }
    }
}
