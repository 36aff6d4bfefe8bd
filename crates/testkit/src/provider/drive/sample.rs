//! A small drive with one of everything that an importer meets.

use super::world::{FORM, World};

/// What is where.
#[derive(Debug, Clone)]
pub struct Sample {
    pub folder: String,
    pub document: String,
    pub sheet: String,
    pub slides: String,
    pub pdf: String,
    /// A document whose exports are over the limit.
    pub large: String,
    pub form: String,
    /// A shortcut to the document, in another folder.
    pub shortcut: String,
    /// A shortcut to nothing.
    pub dangling: String,
    /// A file that wants a resource key, which is `key`.
    pub keyed: String,
    /// A file that nobody may download.
    pub locked: String,
    pub abusive: String,
    pub trashed: String,
    /// A shared drive.
    pub drive: String,
    /// A document in it.
    pub shared: String,
}

/// A byte more than may be exported.
const TOO_LONG: usize = 10 * 1024 * 1024 + 1;

/// Fills an empty world.
pub fn fill(world: &World) -> Sample {
    let root = world.root();
    let folder = world.add_folder(&root, "Support");
    let other = world.add_folder(&root, "Sales");
    let document = world.add_document(&folder, "How refunds work", "# How refunds work\n\nWithin five days.\n");
    let large = world.add_document(&folder, "Everything", "");
    world.set_export(&large, "text/markdown", &vec![b'x'; TOO_LONG]);
    let keyed = world.add_file(&folder, "Old.txt", "text/plain", b"Shared by its link.\n");
    world.set_resource_key(&keyed, "key");
    let locked = world.add_file(&folder, "Locked.txt", "text/plain", b"Not for you.\n");
    world.forbid_download(&locked);
    let abusive = world.add_file(&folder, "Virus.txt", "text/plain", b"X5O!\n");
    world.mark_as_abusive(&abusive);
    let trashed = world.add_document(&folder, "Old rules", "No longer true.\n");
    world.trash(&trashed);
    let drive = world.add_drive("Team");
    Sample {
        sheet: world.add_sheet(&folder, "Prices", "Plan,Price\nTeam,10\n"),
        slides: world.add_slides(&folder, "Welcome", "Welcome to the team\n"),
        pdf: world.add_file(&folder, "Terms.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n"),
        form: world.add_closed(&folder, "Survey", FORM),
        shortcut: world.add_shortcut(&other, "Refunds", &document),
        dangling: world.add_shortcut(&other, "Gone", "1FakeNobody"),
        shared: world.add_document(&drive, "Team rules", "Be kind.\n"),
        folder,
        document,
        large,
        keyed,
        locked,
        abusive,
        trashed,
        drive,
    }
}
