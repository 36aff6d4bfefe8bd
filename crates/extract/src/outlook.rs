//! Reads e-mails as Outlook saves them: properties in the streams of a compound file, \[MS-OXMSG\].

mod compound;
mod packed;
mod properties;

use model::{Failure, FailureCode};

use self::compound::{Compound, Entry, Kind};
use self::properties::{Instant, Properties};
use crate::budget::Budget;
use crate::calendar::civil;
use crate::letter::{Body, Letter, one_line};
use crate::reading::Reading;
use crate::rtf;

/// A message of more attachments is named up to here.
const MAX_ATTACHMENTS: usize = 1_000;

const SUBJECT: &str = "0037";
const SENDER: &str = "0C1A";
const SENDER_ADDRESS: &str = "0C1F";
const SENDER_MAIL: &str = "5D01";
const TO: &str = "0E04";
const CC: &str = "0E03";
const TEXT: &str = "1000";
const HTML: &str = "1013";
const RICH_TEXT: &str = "1009";
const ATTACHMENT: &str = "3707";
const SHORT_ATTACHMENT: &str = "3704";

/// Reads a message.
pub fn read(bytes: &[u8], budget: &Budget) -> Result<Reading, Failure> {
    let damaged = || Failure::new(FailureCode::ParseFailed, "the e-mail is damaged; save it again");
    let file = Compound::open(bytes).ok_or_else(damaged)?;
    let children = file.children(file.root().ok_or_else(damaged)?);
    let properties = Properties::of(&file, &children, None);
    let mut letter = Letter::new(one_line(&properties.text(SUBJECT).unwrap_or_default()), lines(&properties));
    letter.attachments = attachments(&file, &children, &properties);
    let body = Body { html: properties.text(HTML), plain: properties.text(TEXT) };
    let mut blocks = letter.blocks(body, budget);
    if blocks.is_empty() {
        let rich = packed::unpacked(&properties.bytes(RICH_TEXT));
        blocks = rtf::read(&rich).map(|reading| reading.blocks).unwrap_or_default();
    }
    letter.read(blocks)
}

fn lines(properties: &Properties) -> Vec<(&'static str, String)> {
    let text = |id| one_line(&properties.text(id).unwrap_or_default());
    let address = [SENDER_MAIL, SENDER_ADDRESS].map(text).into_iter().find(|address| address.contains('@'));
    let sender = match (text(SENDER), address) {
        (name, Some(address)) if name.is_empty() || name == address => address,
        (name, Some(address)) => format!("{name} <{address}>"),
        (name, None) => name,
    };
    vec![
        ("From", sender),
        ("To", text(TO)),
        ("Cc", text(CC)),
        ("Date", properties.sent().map(date).unwrap_or_default()),
    ]
}

fn date(sent: Instant) -> String {
    let minutes = sent.seconds.div_euclid(60);
    let (year, month, day) = civil(minutes.div_euclid(24 * 60));
    let (hour, minute) = (minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60));
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}

/// The names of the attachments, each of which has a folder.
fn attachments(file: &Compound, children: &[&Entry], message: &Properties) -> Vec<String> {
    let is_folder = |entry: &&&Entry| entry.kind == Kind::Folder && entry.name.starts_with("__attach");
    let mut names = Vec::new();
    for folder in children.iter().filter(is_folder).take(MAX_ATTACHMENTS) {
        let children = file.children(folder);
        let properties = Properties::of(file, &children, message.encoding);
        let name = properties.text(ATTACHMENT).or_else(|| properties.text(SHORT_ATTACHMENT));
        names.extend(name.map(|name| one_line(&name)).filter(|name| !name.is_empty()));
    }
    names
}

#[cfg(test)]
mod tests;
