//! Lists of files, of shared drives and of changes, with their pages, filters and masks.

use serde_json::{Value, json};

use super::errors::{error, invalid, parameter};
use super::fields::Mask;
use super::item::{Item, State};
use super::objects::{FIELDS, USUAL_FIELDS, change, drive, file};
use super::query::Query;
use crate::provider::cursors::{Cursors, Page};
use crate::provider::exchange::{Reply, Request};
use crate::provider::switches::{Switch, Switches};

/// What every list needs beside what is in it.
pub(super) struct Lister<'a> {
    pub state: &'a State,
    pub cursors: &'a Cursors,
    pub switches: &'a Switches,
    pub request: &'a Request,
}

/// A refusal, ready to send.
type Refused = Box<Reply>;

/// Whether a list may hold a file.
type Reach<'a> = Box<dyn Fn(&Item) -> bool + 'a>;

impl Lister<'_> {
    /// `GET /drive/v3/files`.
    pub fn files(&self) -> Reply {
        self.try_files().unwrap_or_else(|refused| *refused)
    }

    /// `GET /drive/v3/drives`.
    pub fn drives(&self) -> Reply {
        self.try_drives().unwrap_or_else(|refused| *refused)
    }

    /// `GET /drive/v3/changes`.
    pub fn changes(&self) -> Reply {
        self.try_changes().unwrap_or_else(|refused| *refused)
    }

    /// `GET /drive/v3/changes/startPageToken`.
    pub fn start_page_token(&self) -> Reply {
        let token = self.state.changes.len() + 1;
        Reply::json(200, &json!({ "kind": "drive#startPageToken", "startPageToken": token.to_string() }))
    }

    fn try_files(&self) -> Result<Reply, Refused> {
        let query = Query::read(self.parameter("q").unwrap_or_default()).ok_or_else(|| Box::new(invalid("q")))?;
        let reach = self.reach()?;
        let seen = self.state.order.iter().filter_map(|id| self.state.visible(id));
        let mut found: Vec<&Item> = seen
            .filter(|item| !item.is_drive && item.id != self.state.root)
            .filter(|item| reach(item) && query.fits(self.state, item))
            .collect();
        self.sort(&mut found)?;
        let list = format!("files {:?}", self.beside_page());
        let page = self.page(&list, found.len(), if self.sees_drives() { 100 } else { found.len().max(1) }, 1_000)?;
        let files: Value =
            found[page.items.clone()].iter().map(|item| file(self.state, item, &self.origin())).collect();
        let mut body = json!({ "kind": "drive#fileList", "incompleteSearch": page.is_cut, "files": files });
        self.add_next(&mut body, &page, &list);
        Ok(masked(self.request, &body, &format!("kind,nextPageToken,incompleteSearch,files({USUAL_FIELDS})")))
    }

    fn try_drives(&self) -> Result<Reply, Refused> {
        let seen = self.state.order.iter().filter_map(|id| self.state.visible(id));
        let found: Vec<&Item> = seen.filter(|item| item.is_drive).collect();
        let page = self.page("drives", found.len(), 10, 100)?;
        let drives: Value = found[page.items.clone()].iter().map(|item| drive(item)).collect();
        let mut body = json!({ "kind": "drive#driveList", "drives": drives });
        self.add_next(&mut body, &page, "drives");
        Ok(masked(self.request, &body, "kind,nextPageToken,drives(kind,id,name)"))
    }

    fn try_changes(&self) -> Result<Reply, Refused> {
        let expired = self.switches.strikes(Switch::CursorExpires);
        let token = self.parameter("pageToken").and_then(|token| token.parse::<usize>().ok());
        let total = self.state.changes.len();
        let start = token.filter(|token| !expired && (1..=total + 1).contains(token));
        let start = start.ok_or_else(|| Box::new(invalid("pageToken")))? - 1;
        let size = self.size(100, 1_000)?;
        let page = Page::of(total, start, size, self.switches);
        let drive = self.parameter("driveId");
        let keeps_removed = self.parameter("includeRemoved") != Some("false");
        let lines = self.state.changes.iter().enumerate().take(page.items.end).skip(page.items.start);
        let lines = lines.filter(|(place, line)| {
            // Of several changes of a file only the last one counts.
            let is_last = !self.state.changes[place + 1..].iter().any(|later| later.id == line.id);
            let is_in_reach = match (drive, &line.drive) {
                (Some(wanted), is_in) => is_in.as_deref() == Some(wanted),
                (None, Some(_)) => self.sees_drives(),
                (None, None) => true,
            };
            is_last && is_in_reach
        });
        let objects = lines.map(|(_, line)| change(self.state, line, &self.origin()));
        let objects: Value = objects.filter(|object| keeps_removed || object["removed"] == false).collect();
        let mut body = json!({ "kind": "drive#changeList", "changes": objects });
        match page.next {
            Some(next) => body["nextPageToken"] = (next + 1).to_string().into(),
            None => body["newStartPageToken"] = (total + 1).to_string().into(),
        }
        let usual = format!(
            "kind,nextPageToken,newStartPageToken,changes(kind,type,changeType,time,removed,fileId,file({USUAL_FIELDS}))"
        );
        Ok(masked(self.request, &body, &usual))
    }

    /// Which files a list may hold, by the corpus and the drive that are asked for.
    fn reach(&self) -> Result<Reach<'_>, Refused> {
        let (corpora, drive) = (self.parameter("corpora").unwrap_or("user"), self.parameter("driveId"));
        let sees_drives = self.sees_drives();
        match (corpora, drive) {
            ("drive", None) => Err(Box::new(parameter(400, "required", "Required parameter: driveId", "driveId"))),
            ("drive", Some(_)) | ("allDrives", None) if !sees_drives => {
                let message = "The includeItemsFromAllDrives and supportsAllDrives parameters must be set.";
                Err(Box::new(error(403, "invalid", message)))
            }
            ("drive", Some(id)) if self.state.visible(id).is_none_or(|item| !item.is_drive) => {
                let message = format!("Shared drive not found: {id}");
                Err(Box::new(parameter(404, "notFound", &message, "driveId")))
            }
            ("drive", Some(id)) => Ok(Box::new(move |item: &Item| item.drive.as_deref() == Some(id))),
            ("user" | "domain" | "allDrives", None) => {
                Ok(Box::new(move |item: &Item| sees_drives || item.drive.is_none()))
            }
            (_, Some(_)) => Err(Box::new(invalid("driveId"))),
            _ => Err(Box::new(invalid("corpora"))),
        }
    }

    fn sort(&self, found: &mut [&Item]) -> Result<(), Refused> {
        let order = self.parameter("orderBy").unwrap_or("modifiedTime desc");
        // The first key alone; where it leaves the order open, that of making stays.
        let first = order.split(',').next().unwrap_or_default().trim();
        let (key, is_descending) = first.strip_suffix(" desc").map_or((first, false), |key| (key, true));
        match key {
            "createdTime" => found.sort_by_key(|item| item.created),
            "modifiedTime" | "recency" => found.sort_by_key(|item| item.modified),
            "name" | "name_natural" => found.sort_by(|one, other| one.name.cmp(&other.name)),
            "folder" => found.sort_by_key(|item| item.mime != super::world::FOLDER),
            _ => return Err(Box::new(invalid("orderBy"))),
        }
        if is_descending {
            found.reverse();
        }
        Ok(())
    }

    /// Without both flags whatever is in shared drives is silently left out.
    fn sees_drives(&self) -> bool {
        ["supportsAllDrives", "includeItemsFromAllDrives"].iter().all(|name| self.parameter(name) == Some("true"))
    }

    fn size(&self, usual: usize, largest: usize) -> Result<usize, Refused> {
        match self.parameter("pageSize").map(str::parse::<usize>) {
            None => Ok(usual),
            Some(Ok(size)) if (1..=largest).contains(&size) => Ok(size),
            Some(_) => {
                let message = format!("Invalid value. Values must be within the range: [1, {largest}]");
                Err(Box::new(parameter(400, "invalidParameter", &message, "pageSize")))
            }
        }
    }

    fn page(&self, list: &str, total: usize, usual: usize, largest: usize) -> Result<Page, Refused> {
        let size = self.size(usual, largest)?;
        let offset = match self.parameter("pageToken") {
            None => Some(0),
            Some(_) if self.switches.strikes(Switch::CursorExpires) => None,
            Some(token) => self.cursors.redeem(token, list),
        };
        let offset = offset.ok_or_else(|| Box::new(invalid("pageToken")))?;
        Ok(Page::of(total, offset, size, self.switches))
    }

    fn add_next(&self, body: &mut Value, page: &Page, list: &str) {
        if let Some(offset) = page.next {
            let token = format!("~!!~{}", self.cursors.count());
            body["nextPageToken"] = self.cursors.hand_out(token, list, offset).into();
        }
    }

    /// What says which list is asked for; a token holds for no other.
    fn beside_page(&self) -> Vec<&(String, String)> {
        let page = ["pageToken", "pageSize", "fields"];
        self.request.query.iter().filter(|(name, _)| !page.contains(&name.as_str())).collect()
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.request.parameter(name)
    }

    fn origin(&self) -> String {
        origin(self.request)
    }
}

/// The address at which the fake was asked.
pub(super) fn origin(request: &Request) -> String {
    format!("http://{}", request.header("host").unwrap_or("127.0.0.1"))
}

/// The wanted fields of a body, or a refusal of the mask.
pub(super) fn masked(request: &Request, body: &Value, usual: &str) -> Reply {
    let text = request.parameter("fields").unwrap_or(usual);
    let wrong = |what: &str| parameter(400, "invalidParameter", &format!("Invalid field selection {what}"), "fields");
    let is_known =
        |name: &str| FIELDS.contains(&name) || ["nextPageToken", "newStartPageToken", "file"].contains(&name);
    match Mask::read(text).map(|mask| mask.of(body, &is_known)) {
        Some(Ok(kept)) => Reply::json(200, &kept),
        Some(Err(name)) => wrong(&name),
        None => wrong(text),
    }
}
