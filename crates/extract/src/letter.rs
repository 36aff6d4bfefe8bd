//! An e-mail as blocks: subject, who wrote to whom, the text; whatever file it came in.

use model::{Block, Failure, FailureCode};

use crate::budget::Budget;
use crate::build::Builder;
use crate::line::HARD_BREAK;
use crate::portion;
use crate::reading::Reading;
use crate::{html, plain};

/// A warning names at most so many attachments.
const MAX_NAMED: usize = 20;

/// An HTML text that says so much less than the plain one, in parts of hundred, is no text.
const LEAST_SHARE: usize = 40;

/// More HTML than a message has, in bytes.
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
}

/// A text of a message, in one or two versions.
#[derive(Debug, Default)]
pub struct Body {
    pub html: Option<String>,
    pub plain: Option<String>,
}

impl Letter {
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
        let mut warnings = Vec::new();
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

    fn line(&self, wanted: &str) -> Option<&str> {
        self.lines.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str())
    }
}

impl Body {
    /// The blocks of the version that says more; HTML, when both say the same.
    pub fn blocks(self) -> Vec<Block> {
        let from_html =
            self.html.map(|html| html::whole(portion::first(&html, MAX_HTML).0, None).blocks).unwrap_or_default();
        let Some(plain) = self.plain else { return from_html };
        let letters = |text: &str| text.chars().filter(|sign| sign.is_alphanumeric()).count();
        let shown: usize = crate::render::paragraphs(&from_html).iter().map(|text| letters(text)).sum();
        if shown * 100 >= letters(&plain) * LEAST_SHARE && shown > 0 { from_html } else { quoted(&plain) }
    }
}

/// The name of a sender, or the address where there is none: `"Jo Doe" <jo@example.com>`.
fn sender(from: &str) -> String {
    let name = from.split('<').next().unwrap_or_default().trim().trim_matches('"');
    if name.is_empty() { from.trim_matches(['<', '>', ' ']).to_owned() } else { name.to_owned() }
}

/// Plain text; lines that begin with `>` are quoted from the message that this one answers.
fn quoted(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut run = String::new();
    let mut is_quote = false;
    let mut end = |run: &mut String, is_quote: bool| {
        let inner = plain::read(&std::mem::take(run), &Budget::endless()).blocks;
        match (inner.is_empty(), is_quote) {
            (true, _) => {}
            (false, true) => blocks.push(Block::Quote { blocks: inner }),
            (false, false) => blocks.extend(inner),
        }
    };
    for line in text.lines() {
        let own = line.trim_start_matches(['>', ' ']);
        let starts_quote = line.starts_with('>');
        if starts_quote != is_quote {
            end(&mut run, is_quote);
            is_quote = starts_quote;
        }
        run.push_str(if starts_quote { own } else { line });
        run.push('\n');
    }
    end(&mut run, is_quote);
    blocks
}

/// Line ends have no place in a header's value.
pub fn one_line(text: &str) -> String {
    text.replace(['\r', '\n', HARD_BREAK], " ").trim().to_owned()
}
