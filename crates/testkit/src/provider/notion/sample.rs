//! A small workspace with one of everything that the vendor's document knows.

use serde_json::json;
use uuid::Uuid;

use super::block::Block;
use super::text::Text;
use super::world::{Database, World};

/// What is where in the workspace.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// A page with blocks of every type.
    pub page: Uuid,
    /// A page inside of it.
    pub child: Uuid,
    /// A database inside of it, with rows.
    pub database: Database,
    /// A row with text and properties.
    pub row: Uuid,
    /// The copy of a synced block whose original the connection does not see.
    pub orphan: Uuid,
    /// A page that was not shared.
    pub unshared: Uuid,
    /// A page in the bin.
    pub trashed: Uuid,
}

/// Rows enough for two pages of a list.
pub const ROWS: usize = 120;

/// Fills an empty world.
pub fn fill(world: &World) -> Sample {
    let unshared = world.add_page("Salaries", vec![Block::synced(vec![Block::paragraph("Nobody sees this.")])]);
    let original = world.children(unshared)[0];
    world.unshare(unshared);
    let page = world.add_page("Handbook", every_type());
    world.set_emoji(page, "📘");
    let synced = world.append(page, Block::synced(vec![Block::paragraph("Said in two places.")]));
    world.append(page, Block::synced_from(synced));
    let orphan = world.append(page, Block::synced_from(original));
    let child = world.add_page_in(page, "Holidays", vec![Block::paragraph("Thirty days a year.")]);
    world.append(page, Block::link_to_page(child));
    let database = world.add_database_in(page, "Questions");
    world.add_rows(database.source, ROWS);
    let row = world.add_row(database.source, "How do refunds work?", vec![Block::paragraph("Within five days.")]);
    world.set_property(row, "Points", "number", json!(3.5));
    world.set_property(row, "Status", "select", json!({ "id": "s1", "name": "Open", "color": "green" }));
    world.set_property(row, "Due", "date", json!({ "start": "2026-02-01", "end": null, "time_zone": null }));
    world.set_property(row, "Notes", "rich_text", Text::from("Ask Ann.").json());
    let trashed = world.add_page("Old rules", vec![Block::paragraph("No longer true.")]);
    world.trash(trashed);
    Sample { page, child, database, row, orphan, unshared, trashed }
}

/// A block of every type that needs nothing else.
fn every_type() -> Vec<Block> {
    let text = Text::empty().plain("Plain, ").bold("bold").italic(" and slanted").struck(" gone").code(" let x = 1;");
    let text = text.link(" a link", "https://example.com/a").equation("e=mc^2").day("2026-01-31");
    let cells = |words: [&str; 2]| words.map(Text::from).to_vec();
    vec![
        Block::heading(1, "How we work"),
        Block::heading(2, "Hours"),
        Block::heading(3, "Breaks"),
        Block::toggle_heading(2, "More hours", vec![Block::paragraph("Folded below a heading.")]),
        Block::paragraph(text).with(vec![Block::paragraph("Indented.")]),
        Block::paragraph(""),
        Block::bullet("One").with(vec![Block::bullet("One and a half")]),
        Block::bullet("Two"),
        Block::number("First"),
        Block::to_do("Done", true),
        Block::to_do("Open", false),
        Block::toggle("Folded", vec![Block::toggle("Twice", vec![Block::paragraph("At the bottom.")])]),
        Block::quote("Said by someone").with(vec![Block::paragraph("And more.")]),
        Block::callout("💡", "Mind this.").with(vec![Block::bullet("And this.")]),
        Block::code("rust", "fn main() {\n    let a = [1, 2];\n}"),
        Block::equation("\\int_0^1 x\\,dx"),
        Block::table(vec![cells(["Plan", "Rows"]), cells(["Team", "10,000"]), cells(["Business", ""])]),
        Block::columns(vec![
            vec![Block::paragraph("Left.")],
            vec![Block::paragraph("Right."), Block::toggle("Deep", vec![Block::paragraph("In a toggle in a column.")])],
        ]),
        Block::divider(),
        Block::breadcrumb(),
        Block::table_of_contents(),
        Block::template("Add a meeting"),
        Block::media("image", "https://example.com/a.png", "A picture"),
        Block::media("video", "https://example.com/a.mp4", ""),
        Block::media("pdf", "https://example.com/a.pdf", "A paper"),
        Block::media("file", "https://example.com/a.zip", "A file"),
        Block::media("audio", "https://example.com/a.mp3", ""),
        Block::address("bookmark", "https://example.com/b", "Worth reading"),
        Block::address("embed", "https://example.com/c", ""),
        Block::address("link_preview", "https://example.com/d", ""),
        Block::meeting_notes("Monday"),
        Block::unsupported("button"),
    ]
}
