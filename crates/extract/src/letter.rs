//! An e-mail as blocks: subject, who wrote to whom, the text; whatever file it came in.

use model::{Block, Failure, FailureCode};

use crate::budget::Budget;
use crate::build::Builder;
use crate::line::HARD_BREAK;
use crate::portion;
use crate::reading::Reading;
use crate::room::Room;
use crate::{html, plain};

/// A warning names at most so many attachments.
const MAX_NAMED: usize = 20;

/// An HTML text that says so much less than the plain one, in parts of hundred, is no text.
const LEAST_SHARE: usize = 40;

/// More HTML than a message has in all its parts, in bytes.
const MAX_HTML: usize = 8 * 1024 * 1024;

/// What one message says about itself.
#[derive(Debug, Default)]
pub struct Letter {
    /// What it is about.
    pub subject: String,
    /// Names such as `From` with what they say, in the order in which they are shown.
    pub lines: Vec<(&'static str, String)>,
    /// The names of its attachments.
    pub attachments: Vec<String>,
    /// What a person should know about the reading of its texts.
    warnings: Vec<String>,
    /// How much HTML was read, in bytes.
    html: usize,
    room: Room,
    /// How many lines of plain text were read.
    plain_lines: usize,
}

/// A text of a message, in one or two versions.
#[derive(Debug, Default)]
pub struct Body {
    pub html: Option<String>,
    pub plain: Option<String>,
}

impl Letter {
    /// A message about a subject, without a text so far.
    pub fn new(subject: String, lines: Vec<(&'static str, String)>) -> Self {
        Self { subject, lines, ..Self::default() }
    }

    /// The blocks before the text.
    pub fn head(&self, level: u8) -> Vec<Block> {
        let mut builder = Builder::default();
        builder.open_heading(level);
        builder.text(&self.subject);
        builder.close_heading();
        for (name, value) in self.lines.iter().filter(|(_, value)| !value.trim().is_empty()) {
            builder.text(&format!("{name}: {value}"));
            builder.hard_break();
        }
        builder.finish()
    }

    /// The whole message.
    pub fn read(self, blocks: Vec<Block>) -> Result<Reading, Failure> {
        let mut warnings = self.warnings.clone();
        warnings.extend(self.room.warnings());
        if !self.attachments.is_empty() {
            let mut names: Vec<&str> = self.attachments.iter().take(MAX_NAMED).map(String::as_str).collect();
            if self.attachments.len() > MAX_NAMED {
                names.push("…");
            }
            warnings.push(format!("attachments are not read; upload them on their own: {}", names.join(", ")));
        }
        if blocks.is_empty() {
            let text = "the e-mail has no text of its own; upload its attachments on their own";
            return Err(Failure::new(FailureCode::EmptyContent, text));
        }
        let title = Some(self.subject.clone()).filter(|subject| !subject.trim().is_empty());
        let mut all = self.head(1);
        all.extend(blocks);
        let authors = self.line("From").map(sender).into_iter().collect();
        let published = self.line("Date").map(str::to_owned);
        Ok(Reading { title, authors, published, blocks: all, warnings, ..Reading::default() })
    }

    /// The blocks of the version that says more; HTML, when both say the same. What is left out of it becomes a warning.
    pub fn blocks(&mut self, body: Body, budget: &Budget) -> Vec<Block> {
        let from_html = body.html.map(|html| self.marked(&html, budget)).unwrap_or_default();
        let Some(plain) = body.plain else { return from_html };
        let letters = |text: &str| text.chars().filter(|sign| sign.is_alphanumeric()).count();
        let shown: usize = crate::render::paragraphs(&from_html).iter().map(|text| letters(text)).sum();
        if shown * 100 >= letters(&plain) * LEAST_SHARE && shown > 0 { from_html } else { self.quoted(&plain) }
    }

    /// The blocks of HTML, as far as the message may have it.
    fn marked(&mut self, html: &str, budget: &Budget) -> Vec<Block> {
        let (html, cut) = portion::first(html, MAX_HTML - self.html);
        self.html = if cut.is_some() { MAX_HTML } else { self.html + html.len() };
        let reading = html::whole(html, None, &self.room, budget);
        if cut.is_some() || !reading.warnings.is_empty() {
            self.warn("the HTML of the e-mail is very long; what comes first was read, and the rest is left out");
        }
        reading.blocks
    }

    /// Plain text; lines that begin with `>` are quoted from the message that this one answers.
    fn quoted(&mut self, text: &str) -> Vec<Block> {
        let (text, cut) = portion::first_lines(text, plain::MAX_LINES - self.plain_lines);
        if let Some(warning) = cut {
            self.warn(&warning);
        }
        let mut blocks = Vec::new();
        let lines: Vec<&str> = text.lines().collect();
        self.plain_lines = (self.plain_lines + lines.len()).min(plain::MAX_LINES);
        for run in lines.chunk_by(|a, b| a.starts_with('>') == b.starts_with('>')) {
            let is_quote = run[0].starts_with('>');
            let own = run.iter().map(|line| if is_quote { line.trim_start_matches(['>', ' ']) } else { *line });
            let inner = plain::read(&own.collect::<Vec<_>>().join("\n"), &Budget::endless());
            match (inner.blocks.is_empty(), is_quote) {
                (true, _) => {}
                (false, true) => blocks.push(Block::Quote { blocks: inner.blocks }),
                (false, false) => blocks.extend(inner.blocks),
            }
        }
        blocks
    }

    fn warn(&mut self, text: &str) {
        if !self.warnings.iter().any(|known| known == text) {
            self.warnings.push(text.to_owned());
        }
    }

    fn line(&self, wanted: &str) -> Option<&str> {
        self.lines.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str())
    }
}

/// The name of a sender, or the address where there is none: `"Jo Doe" <jo@example.com>`.
fn sender(from: &str) -> String {
    let name = from.split('<').next().unwrap_or_default().trim().trim_matches('"');
    if name.is_empty() { from.trim_matches(['<', '>', ' ']).to_owned() } else { name.to_owned() }
}

/// Line ends have no place in a header's value.
pub fn one_line(text: &str) -> String {
    text.replace(['\r', '\n', HARD_BREAK], " ").trim().to_owned()
}
