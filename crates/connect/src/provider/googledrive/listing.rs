//! Lists a Drive: the user's own files with what is shared with them, and every shared drive.

use std::collections::HashSet;

use model::connection::DriveAccount;
use model::{Failure, Listing};
use serde_json::Value;

use super::super::api::{OUT_OF_TIME, Refusal};
use super::super::field::{is_set, list as values, text};
use super::super::gate::Gate;
use super::file::{FIELDS, is_id};
use super::interface::Interface;
use super::tree::Tree;

/// More pages than any list has: a thousand files are on each.
const MOST_PAGES: usize = 5_000;
/// How often a list is read again from its start when its token is not taken any more.
const MOST_RESTARTS: usize = 3;

type Query<'a> = Vec<(&'a str, &'a str)>;

/// Lists everything that the connection may read, within the account's limits.
///
/// Drive by drive: asked for all drives at once, Google answers with what it has found in time.
pub async fn list<G: Gate>(
    drive: &Interface<'_, G>,
    account: &DriveAccount,
    seen: &(dyn Fn(usize) + Sync),
) -> Result<Listing, Failure> {
    let mut survey = Survey { drive, seen, tree: Tree::default(), gaps: Vec::new() };
    if account.drive.is_empty() {
        survey.files(vec![("corpora", "user")]).await?.map_err(|refusal| drive.api.refused(&refusal))?;
        for (id, name) in survey.drives().await? {
            survey.tree.add_drive(&id, &name);
            if let Err(refusal) = survey.files(vec![("corpora", "drive"), ("driveId", &id)]).await? {
                survey.gaps.push(format!("the shared drive {name:?}: {}", drive.api.refused(&refusal).text));
            }
        }
    } else {
        let name = name_of(drive, &account.drive).await?;
        survey.tree.add_drive(&account.drive, &name);
        let query = vec![("corpora", "drive"), ("driveId", account.drive.as_str())];
        survey.files(query).await?.map_err(|refusal| drive.api.refused(&refusal))?;
    }
    let (groups, resources) = survey.tree.finish(&account.folders);
    Ok(Listing { groups, resources, gaps: survey.gaps })
}

/// The name of a shared drive, from itself: as a file its root is just called `Drive`.
pub async fn name_of<G: Gate>(drive: &Interface<'_, G>, id: &str) -> Result<String, Failure> {
    let path = if is_id(id) { format!("drives/{id}") } else { return Err(no_id(id)) };
    let answer = drive.get(&path, &[("fields", "id,name")]).await?.map_err(|refusal| drive.api.refused(&refusal))?;
    Ok(text(&answer, "/name").to_owned())
}

/// The failure of a text that stands where an id of Drive should.
pub fn no_id(id: &str) -> Failure {
    let text = format!("{id:?} is no id of Google Drive, which has letters, digits, - and _");
    Failure::new(model::FailureCode::NotFound, text)
}

/// A listing that is under way.
struct Survey<'a, G> {
    drive: &'a Interface<'a, G>,
    seen: &'a (dyn Fn(usize) + Sync),
    tree: Tree,
    gaps: Vec<String>,
}

impl<G: Gate> Survey<'_, G> {
    /// All files of a corpus. Without the two flags everything on shared drives is left out, and nothing says so.
    async fn files(&mut self, corpus: Query<'_>) -> Result<Result<(), Refusal>, Failure> {
        let fields = format!("nextPageToken,incompleteSearch,files({FIELDS})");
        let mut query = corpus;
        query.extend([
            ("q", "trashed=false"),
            ("pageSize", "1000"),
            ("fields", fields.as_str()),
            ("supportsAllDrives", "true"),
            ("includeItemsFromAllDrives", "true"),
        ]);
        let (drive, seen, tree) = (self.drive, self.seen, &mut self.tree);
        let mut is_incomplete = false;
        let end = pages(drive, "files", &query, |page| {
            is_incomplete |= is_set(page, "/incompleteSearch");
            for file in values(page, "/files") {
                tree.add(file);
            }
            seen(tree.len());
        })
        .await?;
        if is_incomplete {
            self.gap("Google did not search all that there is");
        }
        Ok(end.map(|cut| self.note(cut)))
    }

    /// The shared drives that the user is in, by id and name.
    async fn drives(&mut self) -> Result<Vec<(String, String)>, Failure> {
        let query = [("pageSize", "100"), ("fields", "nextPageToken,drives(id,name)")];
        let mut drives: Vec<(String, String)> = Vec::new();
        let end = pages(self.drive, "drives", &query, |page| {
            for found in values(page, "/drives") {
                let id = text(found, "/id");
                if is_id(id) && drives.iter().all(|(known, _)| known != id) {
                    drives.push((id.to_owned(), text(found, "/name").to_owned()));
                }
            }
        })
        .await?;
        match end {
            Ok(cut) => self.note(cut),
            Err(refusal) => self.gap(&format!("the shared drives: {}", self.drive.api.refused(&refusal).text)),
        }
        Ok(drives)
    }

    fn note(&mut self, cut: Option<&'static str>) {
        if let Some(cut) = cut {
            self.gap(cut);
        }
    }

    fn gap(&mut self, gap: &str) {
        if self.gaps.iter().all(|known| known != gap) {
            self.gaps.push(gap.to_owned());
        }
    }
}

/// Hands out the pages of a list, from the start again when a token dies, and says why it ended before its end. A refusal of the
/// first page is for the caller.
async fn pages<G: Gate>(
    drive: &Interface<'_, G>,
    path: &str,
    query: &[(&str, &str)],
    mut take: impl FnMut(&Value) + Send,
) -> Result<Result<Option<&'static str>, Refusal>, Failure> {
    let mut token = String::new();
    let mut tokens = HashSet::new();
    let mut restarts = 0;
    loop {
        let mut query = query.to_vec();
        if !token.is_empty() {
            query.push(("pageToken", &token));
        }
        let answer = match drive.get(path, &query).await {
            Err(_) if drive.api.is_over() => return Ok(Ok(Some(OUT_OF_TIME))),
            answered => answered?,
        };
        let page = match answer {
            Ok(page) => page,
            Err(refusal) if refusal.status == 400 && !token.is_empty() && restarts < MOST_RESTARTS => {
                restarts += 1;
                (token, tokens) = (String::new(), HashSet::new());
                continue;
            }
            Err(refusal) => return Ok(Err(refusal)),
        };
        take(&page);
        text(&page, "/nextPageToken").clone_into(&mut token);
        if token.is_empty() {
            return Ok(Ok(None));
        }
        if tokens.len() >= MOST_PAGES {
            return Ok(Ok(Some("the list has more pages than are read")));
        }
        if !tokens.insert(token.clone()) {
            return Ok(Ok(Some("the list leads in a circle")));
        }
    }
}
