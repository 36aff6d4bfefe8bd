//! Follows the groups and control words of a document.

use std::collections::HashMap;
use std::rc::Rc;

use encoding_rs::{Encoding, WINDOWS_1252};
use model::Block;

use super::page::{Page, Properties};
use super::token::Token;
use crate::package;

/// Groups stand inside each other at most this deep; what is deeper is left out.
const MAX_DEPTH: usize = 1_000;

/// What the text of a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Use {
    #[default]
    Text,
    Nothing,
    Fonts,
    Styles,
    Title,
    /// The mark before an item of a list.
    Mark,
    /// What a field does.
    Instruction,
}

/// What a group hands on to the groups inside of it.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the format switches each of them by itself")]
struct Group {
    purpose: Use,
    is_bold: bool,
    is_italic: bool,
    is_hidden: bool,
    link: Option<Rc<str>>,
    encoding: Option<&'static Encoding>,
    /// How many signs stand for a Unicode one in older programs.
    fallback: Option<usize>,
    /// Whether the group may be skipped by who does not know it.
    is_optional: bool,
}

/// A document that is being read.
#[derive(Default)]
pub struct Reader {
    page: Page,
    properties: Properties,
    group: Group,
    outer: Vec<Group>,
    ignored: usize,
    bytes: Vec<u8>,
    /// Half of a sign beyond the first 65,536.
    half: Option<u16>,
    to_skip: usize,
    encoding: Option<&'static Encoding>,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    headings: HashMap<i32, u8>,
    style: i32,
    title: String,
    name: String,
    instruction: String,
}

impl Reader {
    /// Takes the next piece.
    pub fn token(&mut self, token: Token) {
        match token {
            Token::Byte(_) if self.to_skip > 0 => self.to_skip -= 1,
            Token::Byte(byte) => self.bytes.push(byte),
            Token::Open => {
                self.end_bytes();
                self.to_skip = 0;
                if self.outer.len() >= MAX_DEPTH {
                    self.ignored += 1;
                } else {
                    self.outer.push(self.group.clone());
                    self.group.is_optional = false;
                }
            }
            Token::Close => {
                self.end_bytes();
                self.to_skip = 0;
                if self.ignored > 0 {
                    self.ignored -= 1;
                } else if let Some(outer) = self.outer.pop() {
                    self.close(outer);
                }
            }
            Token::Control(word, number) => self.control(word, number),
        }
    }

    /// Whether a group was never closed.
    pub fn is_open(&self) -> bool {
        !self.outer.is_empty()
    }

    /// The title and the blocks.
    pub fn finish(mut self) -> (Option<String>, Vec<Block>) {
        self.end_bytes();
        let title = Some(self.title).filter(|title| !title.trim().is_empty());
        (title, self.page.finish())
    }

    fn close(&mut self, outer: Group) {
        if self.group.purpose == Use::Instruction && outer.purpose != Use::Instruction {
            let instruction = std::mem::take(&mut self.instruction);
            let target = instruction.trim().strip_prefix("HYPERLINK").and_then(|rest| rest.split('"').nth(1));
            let link = target.and_then(package::address);
            self.group = outer;
            // The result of the field is the next group.
            self.group.link = link.or(self.group.link.take());
        } else {
            self.group = outer;
        }
        self.show_look();
    }

    fn control(&mut self, word: &str, number: Option<i32>) {
        let is_on = number != Some(0);
        if word == "u" {
            return self.unicode(number.unwrap_or(0));
        }
        self.end_bytes();
        match word {
            "*" => self.group.is_optional = true,
            "uc" => self.group.fallback = usize::try_from(number.unwrap_or(1)).ok().map(|count| count.min(10)),
            "ansicpg" => self.encoding = number.and_then(code_page),
            "f" => {
                self.font = number.unwrap_or(0);
                self.group.encoding = self.fonts.get(&self.font).copied();
            }
            "fcharset" if self.group.purpose == Use::Fonts => {
                if let Some(encoding) = number.and_then(char_set) {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "b" => self.group.is_bold = is_on,
            "i" => self.group.is_italic = is_on,
            "v" => self.group.is_hidden = is_on,
            "plain" => (self.group.is_bold, self.group.is_italic, self.group.is_hidden) = (false, false, false),
            _ => self.destination(word, number),
        }
        self.show_look();
    }

    /// What a group is for, and what a paragraph is.
    fn destination(&mut self, word: &str, number: Option<i32>) {
        match word {
            "fonttbl" => self.group.purpose = Use::Fonts,
            "stylesheet" => self.group.purpose = Use::Styles,
            "title" if self.group.purpose == Use::Nothing => self.group.purpose = Use::Title,
            "info" | "colortbl" | "pict" | "objdata" | "header" | "headerl" | "headerr" | "headerf" | "footer"
            | "footerl" | "footerr" | "footerf" | "xe" | "tc" | "rxe" | "bkmkstart" | "bkmkend" | "nonshppict"
            | "sp" | "deleted" | "themedata" | "datastore" | "listtable" | "listoverridetable" | "rsidtbl"
            | "generator" => {
                self.group.purpose = Use::Nothing;
            }
            "listtext" | "pntext" => self.group.purpose = Use::Mark,
            "fldinst" => self.group.purpose = Use::Instruction,
            // The text of shapes, and pictures of which only the newer version has a place.
            "shptxt" | "shppict" | "shpinst" => {}
            _ if self.group.is_optional => {
                self.group.purpose = Use::Nothing;
                self.group.is_optional = false;
            }
            "s" if self.group.purpose == Use::Styles => self.style = number.unwrap_or(0),
            _ if matches!(self.group.purpose, Use::Text | Use::Mark) => self.layout(word, number),
            _ => {}
        }
    }

    fn layout(&mut self, word: &str, number: Option<i32>) {
        let level = |number: Option<i32>| usize::try_from(number.unwrap_or(0)).unwrap_or(0).min(8);
        match word {
            "par" | "page" | "sect" => self.page.end_paragraph(&self.properties),
            "pard" if self.group.purpose == Use::Text => self.properties = Properties::default(),
            "intbl" => self.properties.is_in_table = true,
            "cell" | "nestcell" => self.page.end_cell(&self.properties),
            "row" | "nestrow" => self.page.end_row(),
            "trowd" => self.page.begin_row(),
            "trhdr" => self.page.mark_header(),
            "ls" => self.properties.is_item = number != Some(0),
            "ilvl" => self.properties.level = level(number),
            "outlinelevel" => {
                self.properties.heading = u8::try_from(level(number) + 1).ok().filter(|level| *level <= 6);
            }
            "s" => self.properties.heading = number.and_then(|style| self.headings.get(&style).copied()),
            "line" => self.page.line.hard_break(),
            "tab" | "emspace" | "enspace" | "~" => self.say("\u{a0}"),
            "_" => self.say("-"),
            "bullet" => self.say("•"),
            "endash" => self.say("–"),
            "emdash" => self.say("—"),
            "lquote" => self.say("‘"),
            "rquote" => self.say("’"),
            "ldblquote" => self.say("“"),
            "rdblquote" => self.say("”"),
            _ => {}
        }
    }

    fn unicode(&mut self, number: i32) {
        self.end_bytes();
        self.to_skip = self.group.fallback.unwrap_or(1);
        let unit = u16::try_from(number & 0xffff).unwrap_or(0);
        let units = [self.half.take().unwrap_or(unit), unit];
        let pair = if (0xd800..0xdc00).contains(&units[0]) && units[0] != unit { &units[..] } else { &units[1..] };
        match String::from_utf16(pair) {
            Ok(text) => self.say(&text),
            Err(_) => self.half = Some(unit),
        }
    }

    fn end_bytes(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let encoding = self.group.encoding.or(self.encoding).unwrap_or(WINDOWS_1252);
        let text = encoding.decode_without_bom_handling(&bytes).0.into_owned();
        self.say(&text);
    }

    fn say(&mut self, text: &str) {
        match self.group.purpose {
            _ if self.ignored > 0 => {}
            Use::Text if self.group.is_hidden => {}
            Use::Text => self.page.line.text(text),
            Use::Mark => self.page.mark.push_str(text),
            Use::Title => self.title.push_str(text),
            Use::Instruction => self.instruction.push_str(text),
            Use::Styles => self.style_name(text),
            Use::Nothing | Use::Fonts => {}
        }
    }

    /// `heading 1;` ends with the sign that parts the styles.
    fn style_name(&mut self, text: &str) {
        self.name.push_str(text);
        if !self.name.ends_with(';') {
            return;
        }
        let name = std::mem::take(&mut self.name).trim_end_matches(';').trim().to_lowercase();
        let level = name.strip_prefix("heading ").and_then(|level| level.parse().ok());
        if let Some(level) = level.or((name == "title").then_some(1)).filter(|level| *level <= 6) {
            self.headings.insert(self.style, level);
        }
        self.style = 0;
    }

    fn show_look(&mut self) {
        let look = &mut self.page.line.look;
        (look.strong, look.emphasis) = (self.group.is_bold, self.group.is_italic);
        if look.link != self.group.link {
            look.link.clone_from(&self.group.link);
        }
    }
}

fn code_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        65_001 => "utf-8".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 => "macintosh".to_owned(),
        other => format!("windows-{other}"),
    };
    Encoding::for_label(label.as_bytes())
}

/// The code page of a font's alphabet.
fn char_set(number: i32) -> Option<&'static Encoding> {
    code_page(match number {
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1_253,
        162 => 1_254,
        163 => 1_258,
        177 => 1_255,
        178 => 1_256,
        186 => 1_257,
        204 => 1_251,
        222 => 874,
        238 => 1_250,
        _ => return None,
    })
}
