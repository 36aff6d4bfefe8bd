//! Lists a workspace: what search finds, the rows of every data source, what all these lie in, and what lies on their pages.
//!
//! Notion's search leaves things out, rows of databases above all, and says so nowhere. No request lists everything, so each
//! way is taken that is cheap, and the costly one, looking through the blocks of pages, as far as its bound.

use std::collections::HashSet;

use model::{Failure, Listing};
use serde_json::json;

use super::super::api::OUT_OF_TIME;
use super::super::field::{is_set, text};
use super::super::gate::Gate;
use super::catalogue::{Catalogue, Wanted};
use super::interface::Interface;
use super::object;
use super::paging::{End, read_all};

/// The most lists of blocks that are looked through for pages and databases: at three requests a second less than two minutes.
const MOST_WALKS: usize = 300;
/// The most questions for the rows of one source. Each is answered with ten thousand rows at most.
const MOST_WINDOWS: usize = 500;
/// Blocks that pages and databases are put in, in order to arrange them.
const HOLDERS: [&str; 10] = [
    "column_list",
    "column",
    "toggle",
    "tab",
    "callout",
    "synced_block",
    "heading_1",
    "heading_2",
    "heading_3",
    "heading_4",
];

/// A listing that is under way.
struct Survey<'a, G> {
    notion: &'a Interface<'a, G>,
    seen: &'a (dyn Fn(usize) + Sync),
    catalogue: Catalogue,
    gaps: Vec<String>,
    walks: usize,
}

/// Lists everything that the connection may read.
pub async fn list<G: Gate>(notion: &Interface<'_, G>, seen: &(dyn Fn(usize) + Sync)) -> Result<Listing, Failure> {
    let mut survey = Survey { notion, seen, catalogue: Catalogue::default(), gaps: Vec::new(), walks: 0 };
    survey.search("page").await?;
    survey.search("data_source").await?;
    survey.settle().await?;
    survey.walk().await?;
    let left = survey.catalogue.left_to_walk();
    if left > 0 {
        survey.gaps.push(format!("{left} pages were not looked through for pages that Notion's search leaves out"));
    }
    Ok(Listing { groups: Vec::new(), resources: survey.catalogue.finish(), gaps: survey.gaps })
}

impl<G: Gate> Survey<'_, G> {
    /// Everything of a kind that search finds, the longest unchanged first: what is edited meanwhile moves to where we still come.
    async fn search(&mut self, kind: &str) -> Result<(), Failure> {
        let question = json!({
            "filter": {"property": "object", "value": kind},
            "sort": {"timestamp": "last_edited_time", "direction": "ascending"},
        });
        let (notion, seen, catalogue) = (self.notion, self.seen, &mut self.catalogue);
        let end = read_all(
            notion.api,
            |cursor| notion.found("search", &question, cursor),
            |object| {
                catalogue.add(&object);
                seen(catalogue.len());
                true
            },
        )
        .await?
        .map_err(|refusal| notion.api.refused(&refusal))?;
        self.note(&end, "search");
        Ok(())
    }

    /// Asks for what others name, until nobody names anything new.
    async fn settle(&mut self) -> Result<(), Failure> {
        while let Some(wanted) = self.catalogue.next() {
            let path = match &wanted {
                Wanted::Page(id) => format!("pages/{id}"),
                Wanted::Database(id) => format!("databases/{id}"),
                Wanted::Source(id) => format!("data_sources/{id}"),
                Wanted::Rows(id) => {
                    self.rows(id).await?;
                    continue;
                }
            };
            let answer = match self.notion.get(&path).await {
                Err(_) if self.notion.api.is_over() => {
                    self.note(&End::Cut(OUT_OF_TIME.to_owned()), "what search only names");
                    return Ok(());
                }
                answered => answered?,
            };
            match answer {
                Ok(object) => self.catalogue.add(&object),
                // It is named, and not shared with the connection: search itself names such things.
                Err(refusal) if matches!(refusal.status, 400 | 403 | 404) => {}
                Err(refusal) => return Err(self.notion.api.refused(&refusal)),
            }
            (self.seen)(self.catalogue.len());
        }
        Ok(())
    }

    /// The rows of a source, in windows: where one answer ends before the end, the next begins at its last row.
    async fn rows(&mut self, source: &str) -> Result<(), Failure> {
        let path = format!("data_sources/{source}/query");
        let mut since = String::new();
        for _ in 0..MOST_WINDOWS {
            let mut question = json!({"sorts": [{"timestamp": "created_time", "direction": "ascending"}]});
            if !since.is_empty() {
                question["filter"] = json!({"timestamp": "created_time", "created_time": {"on_or_after": since}});
            }
            let mut last = String::new();
            let (notion, seen, catalogue) = (self.notion, self.seen, &mut self.catalogue);
            let end = read_all(
                notion.api,
                |cursor| notion.found(&path, &question, cursor),
                |row| {
                    text(&row, "/created_time").clone_into(&mut last);
                    catalogue.add(&row);
                    seen(catalogue.len());
                    true
                },
            )
            .await?;
            match end {
                Ok(End::Limited) if !last.is_empty() && last != since => since = last,
                Ok(end) => {
                    self.note(&end, "the rows of a database");
                    return Ok(());
                }
                Err(refusal) if matches!(refusal.status, 400 | 403 | 404) => return Ok(()),
                Err(refusal) => return Err(self.notion.api.refused(&refusal)),
            }
        }
        self.note(&End::Limited, "the rows of a database");
        Ok(())
    }

    /// Looks through pages for what lies on them.
    async fn walk(&mut self) -> Result<(), Failure> {
        while self.walks < MOST_WALKS && !self.notion.api.is_over() {
            let Some(page) = self.catalogue.next_to_walk() else { return Ok(()) };
            self.walk_page(&page).await?;
            self.settle().await?;
        }
        Ok(())
    }

    async fn walk_page(&mut self, page: &str) -> Result<(), Failure> {
        let mut waiting = vec![page.to_owned()];
        let mut known = HashSet::new();
        while let Some(block) = waiting.pop() {
            if self.walks >= MOST_WALKS {
                self.gaps.push("a page was not looked through to its end for pages that lie on it".to_owned());
                return Ok(());
            }
            self.walks += 1;
            let path = format!("blocks/{block}/children");
            let (notion, catalogue) = (self.notion, &mut self.catalogue);
            let end = read_all(
                notion.api,
                |cursor| notion.listed(&path, cursor),
                |block| {
                    let kind = text(&block, "/type");
                    if matches!(kind, "child_page" | "child_database") && !object::is_put_away(&block) {
                        catalogue.add_child(&block, page);
                    } else if HOLDERS.contains(&kind) && is_set(&block, "/has_children") {
                        let id = object::id_of(&block).filter(|id| known.insert(id.clone()));
                        waiting.extend(id);
                    }
                    true
                },
            )
            .await?;
            match end {
                Ok(end) => self.note(&end, "the blocks of a page"),
                Err(refusal) if matches!(refusal.status, 400 | 403 | 404) => {}
                Err(refusal) => return Err(self.notion.api.refused(&refusal)),
            }
        }
        Ok(())
    }

    fn note(&mut self, end: &End, what: &str) {
        let gap = match end {
            End::Whole | End::Enough => return,
            End::Limited => format!("{what}: Notion gives only so many, and there are more"),
            End::Cut(why) => format!("{what}: {why}"),
        };
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }
}
