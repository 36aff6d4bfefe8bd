//! A small site with one of everything, for tests and for clients that others wrote.

use super::access::READING;
use super::content::Kind;
use super::world::World;

/// Who may read everything.
pub const EMAIL: &str = "reader@example.com";
/// The API token of [`EMAIL`] at the site.
pub const TOKEN: &str = "classic-token";
/// The API token of [`EMAIL`] at the gateway.
pub const SCOPED_TOKEN: &str = "scoped-token";

/// The ids of what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The space `DOC`.
    pub space: u64,
    /// A personal space without any page.
    pub personal: u64,
    /// The homepage of `DOC`.
    pub home: u64,
    /// A folder below the homepage.
    pub folder: u64,
    /// A page in the folder, with labels and a file.
    pub page: u64,
    /// A page below that.
    pub child: u64,
    /// The file.
    pub file: u64,
}

/// A site in the cloud with the sample and somebody who may read it.
pub fn world() -> (World, Sample) {
    let mut world = World::cloud();
    world.access.with_token(EMAIL, TOKEN);
    world.access.with_scoped_token(EMAIL, SCOPED_TOKEN, &READING);
    let space = world.space("DOC", "Documentation");
    let personal = world.bare_space("~7120205fc9", "Somebody");
    let home = world.homepage(space).expect("a space is made with its homepage");
    let folder = world.node(Kind::Folder, space, Some(home), "Billing");
    let page = world.page_under(folder, "How refunds work", "<p>Five days &ndash; at most.</p>");
    let child = world.page_under(page, "Abroad", "<h2>Banks</h2><p>Ten days.</p>");
    world.label(page, &["money", "bank"]);
    let file = world.attach(page, "price list.pdf", "application/pdf", "%PDF-1.4");
    (world, Sample { space, personal, home, folder, page, child, file })
}
