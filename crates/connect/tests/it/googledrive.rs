//! Google Drive, as a fake of it behaves on good days and bad ones.

use std::time::Duration;

use connect::provider::{Content, Form, Reading};
use model::connection::DriveAccount;
use model::{Account, FailureCode};
use testkit::provider::drive::accounts::{READ, READ_METADATA, SERVICE_ACCOUNT};
use testkit::provider::drive::{Drive, sample};
use testkit::provider::switches::Switch;

use crate::connected::{Connected, text};
use crate::origin::drain;

async fn connected() -> Connected<Drive> {
    connected_as(&[READ]).await
}

async fn connected_as(scopes: &[&str]) -> Connected<Drive> {
    let fake = Drive::default();
    let token = fake.accounts.new_token(scopes);
    Connected::to(fake, &token, |api_url| Account::GoogleDrive(DriveAccount { api_url, ..DriveAccount::default() }))
        .await
}

fn to_folder(id: &str) -> impl Fn(&mut Account) {
    move |account| {
        let Account::GoogleDrive(account) = account else { panic!("this is a Drive") };
        account.folders = vec![id.to_owned()];
    }
}

fn to_drive(id: &str) -> impl Fn(&mut Account) {
    move |account| {
        let Account::GoogleDrive(account) = account else { panic!("this is a Drive") };
        id.clone_into(&mut account.drive);
    }
}

fn sorted(ids: &[&String]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    ids.sort();
    ids
}

async fn bytes(content: Content) -> Vec<u8> {
    let Form::File { mut body, .. } = content.form else { panic!("this is text") };
    let (bytes, end) = drain(&mut body).await;
    end.unwrap();
    bytes
}

#[tokio::test]
async fn the_account_is_called_by_its_address_and_its_limits_are_looked_at() {
    let drive = connected().await;
    assert_eq!(drive.probe().await.unwrap().name, SERVICE_ACCOUNT);
    let sample = sample::fill(&drive.fake.fake().world);
    for (limit, expected) in [
        (sample.folder.as_str(), None),
        (sample.pdf.as_str(), Some(FailureCode::NotFound)),
        ("1FakeNobody", Some(FailureCode::NotFound)),
        ("../about", Some(FailureCode::NotFound)),
    ] {
        let drive = connected().await.limited(to_folder(limit));
        sample::fill(&drive.fake.fake().world);
        assert_eq!(drive.probe().await.err().map(|failure| failure.code), expected, "{limit}");
    }
    let drive = connected().await.limited(to_drive(&sample.drive));
    assert_eq!(drive.probe().await.unwrap_err().code, FailureCode::NotFound);
    sample::fill(&drive.fake.fake().world);
    assert_eq!(drive.probe().await.unwrap().notes, ["only the shared drive \"Team\""]);
    drive.fake.fake().accounts.expire_tokens();
    assert_eq!(drive.probe().await.unwrap_err().code, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn everything_readable_is_listed_once_shared_drives_included() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    let listing = drive.list().await.unwrap();
    assert_eq!(listing.gaps, Vec::<String>::new());
    let mut ids: Vec<String> = listing.resources.iter().map(|found| found.external_id.clone()).collect();
    ids.sort();
    // The shortcut to the document is the document, the form cannot be exported, and what is in the bin is left out. Nobody
    // knows what the dangling shortcut led to, so that is found out when it is read.
    let expected = [
        &sample.document,
        &sample.large,
        &sample.sheet,
        &sample.slides,
        &sample.pdf,
        &sample.keyed,
        &sample.locked,
        &sample.abusive,
        &sample.shared,
        &sample.dangling,
    ];
    assert_eq!(ids, sorted(&expected));
    let document = listing.resources.iter().find(|found| found.external_id == sample.document).unwrap();
    assert_eq!((document.title.as_str(), document.group.as_ref()), ("How refunds work", Some(&sample.folder)));
    let groups: Vec<&str> = listing.groups.iter().map(|group| group.title.as_str()).collect();
    assert!(groups.contains(&"Support") && groups.contains(&"Team"), "{groups:?}");
}

#[tokio::test]
async fn limits_to_folders_and_drives_are_kept() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    let in_folder = connected().await.limited(to_folder(&sample.folder));
    sample::fill(&in_folder.fake.fake().world);
    let world = &in_folder.fake.fake().world;
    let inner = world.add_folder(&sample.folder, "Inner");
    let deep = world.add_document(&inner, "Deep", "x");
    world.add_shortcut(&inner, "To sales", &sample.drive);
    let ids = in_folder.ids().await;
    assert!(ids.contains(&deep) && ids.contains(&sample.document) && !ids.contains(&sample.dangling), "{ids:?}");

    let in_drive = connected().await.limited(to_drive(&sample.drive));
    sample::fill(&in_drive.fake.fake().world);
    assert_eq!(in_drive.ids().await, [sample.shared]);
    let nowhere = connected().await.limited(to_drive("0AFakeNobody"));
    assert_eq!(nowhere.list().await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn long_lists_survive_dead_tokens_and_empty_pages() {
    let drive = connected().await;
    let world = &drive.fake.fake().world;
    world.add_files(&world.root(), 2_500);
    let all = drive.ids().await;
    assert_eq!(all.len(), 2_500);
    drive.fake.switches().set_times(Switch::CursorExpires, 2);
    assert_eq!(drive.ids().await, all);
    drive.fake.switches().set_times(Switch::EmptyPageWithNext, 2);
    assert_eq!(drive.ids().await, all);
    drive.fake.switches().set_times(Switch::BrokenOff, 3);
    assert_eq!(drive.ids().await, all);
    drive.fake.switches().set(Switch::CursorExpires);
    assert_eq!(drive.list().await.unwrap_err().code, FailureCode::ServerError);
}

#[tokio::test]
async fn an_incomplete_search_is_a_gap() {
    let drive = connected().await;
    let world = &drive.fake.fake().world;
    world.add_files(&world.root(), 1_200);
    drive.fake.switches().set_times(Switch::Incomplete, 1);
    let listing = drive.list().await.unwrap();
    assert_eq!(listing.gaps, ["Google did not search all that there is"]);
    assert_eq!(listing.resources.len(), 1_000);
}

/// An upload keeps the time of its file, so a listing by time would leave it out.
#[tokio::test]
async fn a_new_file_with_an_old_time_is_listed() {
    let drive = connected().await;
    let world = &drive.fake.fake().world;
    let file = world.add_file(&world.root(), "Old.txt", "text/plain", b"x");
    world.set_modified(&file, "2001-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(drive.ids().await, [file]);
}

#[tokio::test]
async fn googles_own_are_exported() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    let document = drive.content(&sample.document, "file").await;
    assert_eq!(
        (document.title.as_str(), text(&document)),
        ("How refunds work", "# How refunds work\n\nWithin five days.\n")
    );
    assert!(matches!(document.form, Form::Text { media_type: "text/markdown", .. }));
    assert_eq!(text(&drive.content(&sample.slides, "file").await), "Welcome to the team\n");
    // The whole workbook where that is given, its first sheet where it is not.
    let sheet = drive.content(&sample.sheet, "file").await;
    assert_eq!(
        (text(&sheet), &sheet.warnings[..]),
        ("Plan,Price\nTeam,10\n", &["only the first sheet was exported".to_owned()][..])
    );
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    drive.fake.fake().world.set_export(&sample.sheet, xlsx, b"PK");
    let sheet = drive.content(&sample.sheet, "file").await;
    assert!(matches!(&sheet.form, Form::File { media_type: Some(kind), .. } if kind == xlsx));
    assert_eq!(bytes(sheet).await, b"PK");
    let downloads = drive.fake.log().exchanges();
    assert!(downloads.iter().all(|exchange| exchange.request.parameter("alt") != Some("media")));
}

#[tokio::test]
async fn what_is_too_large_to_export_has_a_link() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    assert_eq!(text(&drive.content(&sample.large, "file").await).len(), 10 * 1024 * 1024 + 1);
}

#[tokio::test]
async fn files_come_as_they_are() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    let pdf = drive.content(&sample.pdf, "file").await;
    assert!(matches!(&pdf.form, Form::File { media_type: Some(kind), .. } if kind == "application/pdf"));
    assert_eq!(bytes(pdf).await, b"%PDF-1.4\n%%EOF\n");
    assert_eq!(text(&drive.content(&sample.shared, "file").await), "Be kind.\n");
}

#[tokio::test]
async fn an_unchanged_file_costs_one_request() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    let world = &drive.fake.fake().world;
    let listed = drive.list().await.unwrap().resources;
    for id in [&sample.document, &sample.pdf] {
        let version = drive.content(id, "file").await.version;
        assert_eq!(listed.iter().find(|found| found.external_id == *id).unwrap().version, version);
        drive.fake.log().clear();
        assert!(matches!(drive.read(id, "file", version.as_deref()).await, Ok(Reading::Unchanged)));
        assert_eq!(drive.fake.log().count(), 1);
        if id == &sample.pdf {
            world.set_bytes(id, b"other");
        } else {
            world.set_export(id, "text/markdown", b"other");
        }
        assert!(matches!(drive.read(id, "file", version.as_deref()).await, Ok(Reading::Content(_))));
    }
    // The bytes are the same whatever the name is.
    let version = drive.content(&sample.pdf, "file").await.version;
    world.rename(&sample.pdf, "Conditions.pdf");
    assert!(matches!(drive.read(&sample.pdf, "file", version.as_deref()).await, Ok(Reading::Unchanged)));
}

#[tokio::test]
async fn each_reason_not_to_read_is_told() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    let code = async |id: &str| drive.read(id, "file", None).await.unwrap_err().code;
    assert_eq!(code(&sample.trashed).await, FailureCode::Gone);
    assert_eq!(code(&sample.locked).await, FailureCode::ProviderPermission);
    assert_eq!(code(&sample.abusive).await, FailureCode::ProviderPermission);
    assert_eq!(code(&sample.form).await, FailureCode::UnsupportedType);
    assert_eq!(code(&sample.folder).await, FailureCode::UnsupportedType);
    assert_eq!(code(&sample.dangling).await, FailureCode::NotFound);
    assert_eq!(code("1FakeNobody").await, FailureCode::NotFound);
    let asked = drive.fake.log().count();
    assert_eq!(code("../about?x=1").await, FailureCode::NotFound);
    assert_eq!(drive.fake.log().count(), asked);
    let metadata = connected_as(&[READ_METADATA]).await;
    let sample = sample::fill(&metadata.fake.fake().world);
    assert_eq!(metadata.read(&sample.pdf, "file", None).await.unwrap_err().code, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn a_shortcut_is_read_as_what_it_stands_for_with_its_key() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    let world = &drive.fake.fake().world;
    let content = drive.content(&sample.shortcut, "file").await;
    assert_eq!(
        (content.title.as_str(), text(&content)),
        ("How refunds work", "# How refunds work\n\nWithin five days.\n")
    );
    let keyed = world.add_shortcut(&sample.folder, "By its link", &sample.keyed);
    assert_eq!(bytes(drive.content(&keyed, "file").await).await, b"Shared by its link.\n");
    let twice = world.add_shortcut(&sample.folder, "Twice", &sample.shortcut);
    assert_eq!(drive.read(&twice, "file", None).await.unwrap_err().code, FailureCode::UnsupportedType);
}

#[tokio::test]
async fn a_limit_of_requests_comes_as_403_and_is_sat_out() {
    let drive = connected().await;
    let sample = sample::fill(&drive.fake.fake().world);
    let switches = drive.fake.switches();
    switches.set(Switch::RateLimit403);
    switches.set_times(Switch::Throttled { every: 1, retry_after: None }, 2);
    assert_eq!(text(&drive.content(&sample.shared, "file").await), "Be kind.\n");
    assert_eq!(drive.gate.eased(), [None, None]);
    switches.clear_all();
    switches.set_times(Switch::Throttled { every: 1, retry_after: Some(1) }, 1);
    assert_eq!(text(&drive.content(&sample.shared, "file").await), "Be kind.\n");
    assert_eq!(drive.gate.eased()[2], Some(Duration::from_secs(1)));
    switches.clear_all();
    for status in [500, 503] {
        switches.set_times(Switch::Broken { status }, 1);
        assert_eq!(text(&drive.content(&sample.shared, "file").await), "Be kind.\n");
    }
    assert_eq!(drive.gate.turns(), drive.fake.log().count());
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_once() {
    let fake = Drive::default();
    let old = fake.accounts.new_token(&[READ]);
    fake.accounts.expire_tokens();
    let new = fake.accounts.new_token(&[READ]);
    let mut drive =
        Connected::to(fake, "", |api_url| Account::GoogleDrive(DriveAccount { api_url, ..DriveAccount::default() }))
            .await;
    drive.gate = crate::connected::Turnstile::new(&[&old, &new]);
    assert_eq!(drive.probe().await.unwrap().name, SERVICE_ACCOUNT);
    assert_eq!(drive.fake.log().count_of(401), 1);
}
