//! A small help centre with one of everything, for tests and for the vendors' clients.

use super::people::Role;
use super::shelf::Audience;
use super::world::World;

/// Who may do everything.
pub const EMAIL: &str = "admin@example.com";
/// The API token of [`EMAIL`].
pub const API_TOKEN: &str = "old-token";
/// The identifier of an OAuth client that acts for an administrator.
pub const CLIENT_ID: &str = "gleaner";
/// Its secret.
pub const CLIENT_SECRET: &str = "client-secret";

/// The ids of what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// "Billing", in both locales.
    pub category: i64,
    /// "Refunds", in the category.
    pub section: i64,
    /// "Abroad", in the section.
    pub nested: i64,
    /// A published article in both locales, with labels and a file.
    pub open: i64,
    /// A draft.
    pub draft: i64,
    /// An article for agents, with a picture in its text.
    pub restricted: i64,
}

/// A help centre in English and German with the sample, one who may do everything, a customer, and an OAuth client.
pub fn world() -> (World, Sample) {
    let mut world = World::new(&["en-us", "de"]);
    world.people.with_api_token(EMAIL, Role::Admin, API_TOKEN);
    world.people.with_password("end@example.com", Role::EndUser, "end-password");
    world.people.with_client(CLIENT_ID, CLIENT_SECRET, Role::Admin, &["hc:read", "read"]);
    let category = world.category("Billing");
    let section = world.section(category, "Refunds");
    let nested = world.section_under(section, "Abroad");
    world.write(category, "de", "Rechnungen", Some("Alles über Geld"));
    let open = world.article(section, "How refunds work", "<p>A refund takes five days.</p>");
    world.write(open, "de", "So läuft eine Rückzahlung", Some("<p>Fünf Tage.</p>"));
    let draft = world.article(section, "Not yet", "<p>Soon.</p>");
    world.draft(draft, "en-us", true);
    let restricted = world.article(nested, "For agents", "<p>Ask the bank.</p>");
    let staff = world.segment("Agents and admins", Audience::Staff);
    world.restrict(restricted, &[staff]);
    world.touch(open, |article| article.labels = vec!["money".to_owned(), "bank".to_owned()]);
    world.attach(open, "form.pdf", "application/pdf", "%PDF-1.4");
    world.attach_inline(restricted, "bank.png", "image/png", "\u{89}PNG");
    (world, Sample { category, section, nested, open, draft, restricted })
}
