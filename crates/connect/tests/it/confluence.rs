//! Sites of Confluence, in the cloud and on a Data Center: what is listed, what is read, and what every refusal comes to.

use connect::provider::{Proof, Reading};
use model::connection::ConfluenceAccount;
use model::{Account, Failure, FailureCode, Listing, Secret};
use testkit::provider::confluence::Confluence;
use testkit::provider::confluence::access::READING;
use testkit::provider::confluence::bodies::SAMPLES;
use testkit::provider::confluence::content::{Kind, Status};
use testkit::provider::confluence::specification;
use testkit::provider::confluence::world::{Edition, World};
use testkit::provider::switches::Switch;

use crate::connected::{Connected, Turnstile, text};

const TOKEN: &str = "pK7-site-token";
const SCOPED: &str = "pK7-scoped-token";
const PERSONAL: &str = "pK7-personal-token";
const USER: &str = "reader@acme.example";
const PAGE: &str = "page";

fn basic(token: &str) -> Vec<Proof> {
    vec![Proof::Basic(USER.to_owned(), Secret::new(token))]
}

fn bearer(token: &str) -> Vec<Proof> {
    vec![Proof::Bearer(Secret::new(token))]
}

fn cloud() -> World {
    let mut world = World::cloud();
    world.access.with_token(USER, TOKEN);
    world.access.with_scoped_token(USER, SCOPED, &READING);
    world
}

fn data_center() -> World {
    let mut world = World::data_center("/confluence");
    world.access.with_personal_token(PERSONAL);
    world
}

async fn connected(world: World, proofs: Vec<Proof>, change: impl Fn(&mut ConfluenceAccount)) -> Connected<Confluence> {
    let context = match &world.edition {
        Edition::Cloud { .. } => None,
        Edition::DataCenter { context } => Some(context.clone()),
    };
    let account = |origin: String| {
        let site_url = format!("{origin}{}", context.as_deref().unwrap_or("/wiki"));
        let mut account =
            ConfluenceAccount { site_url, data_center: context.is_some(), ..ConfluenceAccount::default() };
        change(&mut account);
        Account::Confluence(account)
    };
    let mut connected = Connected::to(Confluence::new(world), "", account).await;
    connected.gate = Turnstile::showing(proofs);
    connected
}

async fn site(world: World) -> Connected<Confluence> {
    connected(world, basic(TOKEN), |_| {}).await
}

async fn server(world: World) -> Connected<Confluence> {
    connected(world, bearer(PERSONAL), |_| {}).await
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Failure>) -> (FailureCode, String) {
    let failure = answer.unwrap_err();
    assert!([TOKEN, SCOPED, PERSONAL].iter().all(|token| !failure.text.contains(token)), "{failure}");
    (failure.code, failure.text)
}

fn titles(listing: &Listing) -> Vec<&str> {
    let mut titles: Vec<&str> = listing.resources.iter().map(|found| found.title.as_str()).collect();
    titles.sort_unstable();
    titles
}

fn asked(connected: &Connected<Confluence>) -> Vec<String> {
    connected.fake.log().exchanges().iter().map(|exchange| exchange.request.to_string()).collect()
}

/// Each page of the listing with the title of the page that it lies below.
fn tree(listing: &Listing) -> Vec<(&str, Option<&str>)> {
    let title =
        |id: &str| listing.resources.iter().find(|found| found.external_id == id).map(|found| found.title.as_str());
    let mut tree: Vec<_> =
        listing.resources.iter().map(|found| (found.title.as_str(), found.parent.as_deref().and_then(title))).collect();
    tree.sort_unstable();
    tree
}

#[tokio::test]
async fn pages_are_listed_in_their_spaces_and_below_their_pages() {
    let mut world = cloud();
    let space = world.space("DOC", "Documentation");
    let home = world.homepage(space).unwrap();
    let outer = world.node(Kind::Folder, space, Some(home), "Outer");
    let inner = world.node(Kind::Folder, space, Some(outer), "Inner");
    let page = world.page_under(inner, "In folders", "<p>x</p>");
    world.page_under(page, "Below", "<p>x</p>");
    let board = world.node(Kind::Whiteboard, space, Some(home), "Board");
    world.page_under(board, "On a board", "<p>x</p>");
    for (title, status) in [("Old", Status::Archived), ("Bin", Status::Trashed), ("New", Status::Draft)] {
        let page = world.page(space, title, "<p>x</p>");
        world.set_status(page, status);
    }
    let hidden = world.page(space, "Hidden", "<p>x</p>");
    world.restrict(hidden, true);
    world.bare_space("EMPTY", "Nothing yet");
    let archived = world.space("OLD", "Long ago");
    world.archive_space(archived);
    let secret = world.space("SECRET", "Secret");
    world.show_space(secret, false);

    let connected = site(world).await;
    let listing = connected.list().await.unwrap();
    let groups: Vec<_> =
        listing.groups.iter().map(|group| (group.id.as_str(), group.title.as_str(), group.parent.clone())).collect();
    assert_eq!(groups, [("DOC", "Documentation", None), ("EMPTY", "Nothing yet", None)]);
    assert_eq!(listing.groups[0].url, format!("{}/wiki/spaces/DOC", connected.fake.origin()));
    assert_eq!(
        tree(&listing),
        [
            ("Below", Some("In folders")),
            ("Documentation", None),
            ("In folders", Some("Documentation")),
            ("On a board", None),
        ]
    );
    assert_eq!(listing.gaps, Vec::<String>::new());
    let found = listing.resources.iter().find(|found| found.external_id == page.to_string()).unwrap();
    assert_eq!(found.url, format!("{}/wiki/spaces/DOC/pages/{page}/In+folders", connected.fake.origin()));
    assert_eq!(
        (found.version.as_deref(), found.group.as_deref(), found.object.as_str()),
        (Some("1"), Some("DOC"), PAGE)
    );
}

#[tokio::test]
async fn pitfalls_27_and_28_large_spaces_are_read_to_their_end_by_cursor() {
    let mut world = cloud();
    world.fill(5_000);
    let connected = site(world).await;
    let listing = connected.list().await.unwrap();
    let mut ids: Vec<&str> = listing.resources.iter().map(|found| found.external_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), listing.resources.len(), listing.gaps.len()), (5_000, 5_000, 0));
    let lists: Vec<_> = asked(&connected).into_iter().filter(|path| path.contains("/pages?")).collect();
    assert_eq!(lists.len(), 20);
    assert!(lists.iter().all(|path| !path.contains("start=") && path.contains("limit=250")), "{lists:?}");
}

#[tokio::test]
async fn pitfall_30_pages_of_lists_get_smaller_where_large_ones_time_out() {
    let mut world = cloud();
    world.fill(600);
    // Only lists with bodies time out in life, and those are never asked for.
    world.quirks.times_out_above = Some(5);
    let connected = site(world).await;
    assert_eq!(connected.ids().await.len(), 600);
    assert!(asked(&connected).iter().all(|path| !path.contains("body-format")));
    connected.fake.log().clear();
    connected.fake.switches().set_times(Switch::Broken { status: 504 }, 3);
    assert_eq!(connected.ids().await.len(), 600);
    let limits: Vec<_> = asked(&connected)
        .iter()
        .filter_map(|path| path.split("limit=").nth(1)?.split('&').next()?.parse::<usize>().ok())
        .collect();
    assert!(limits.starts_with(&[250, 125, 62, 31]), "{limits:?}");
}

#[tokio::test]
async fn pitfall_31_a_data_center_that_counts_wrongly_is_read_to_its_end() {
    type Quirk = fn(&mut World);
    let quirks: [(&str, Quirk); 4] = [
        ("none", |_| {}),
        ("a cap", |world| world.quirks.cap = Some(30)),
        ("a cap and wrong numbers", |world| (world.quirks.cap, world.quirks.misnumbers_next) = (Some(30), true)),
        ("everything", |world| {
            (world.quirks.cap, world.quirks.misnumbers_next, world.quirks.repeats_past_end) = (Some(30), true, true);
        }),
    ];
    for (name, quirk) in quirks {
        let mut world = data_center();
        world.fill(430);
        quirk(&mut world);
        let connected = server(world).await;
        let listing = connected.list().await.unwrap();
        let mut ids: Vec<&str> = listing.resources.iter().map(|found| found.external_id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), listing.resources.len(), listing.gaps.len()), (430, 430, 0), "{name}");
    }
}

#[tokio::test]
async fn pitfalls_32_33_and_36_a_data_center_is_asked_only_for_what_it_has() {
    let mut world = data_center();
    let space = world.space("DOC", "Documentation");
    let home = world.homepage(space).unwrap();
    let page = world.page_under(home, "Page", "<p>Words</p>");
    world.page_under(page, "Below", "<p>x</p>");
    world.quirks.unreadable_ancestors.insert(page);
    world.quirks.breaks_attachment_paging = true;
    let connected = server(world).await;
    let listing = connected.list().await.unwrap();
    assert_eq!(tree(&listing), [("Below", Some("Page")), ("Documentation", None), ("Page", Some("Documentation"))]);
    assert_eq!(listing.groups[0].id, "DOC");
    let content = connected.content(page, PAGE).await;
    assert!(text(&content).ends_with("<p>Words</p>"));
    assert_eq!(content.url, format!("{}/confluence/display/DOC/Page", connected.fake.origin()));
    assert!(matches!(connected.read(page, PAGE, content.version.as_deref()).await, Ok(Reading::Unchanged)));
    let paths = asked(&connected);
    assert!(paths.iter().all(|path| path.starts_with("GET /confluence/rest/api/")), "{paths:?}");
    assert!(paths.iter().all(|path| !path.contains("folder") && !path.contains("attachment")), "{paths:?}");
}

#[tokio::test]
async fn pitfall_34_each_token_opens_its_own_door() {
    let mut world = cloud();
    let space = world.space("DOC", "Documentation");
    let page = world.page(space, "Page", "<p>Words</p>");
    world.access.with_scoped_token(USER, "narrow", &["read:space:confluence"]);
    let Edition::Cloud { cloud_id } = world.edition.clone() else { panic!("this site is in the cloud") };
    let gateway = move |account: &mut ConfluenceAccount| {
        let origin = account.site_url.trim_end_matches("/wiki").to_owned();
        account.api_url = format!("{origin}/ex/confluence/{cloud_id}");
    };
    for proofs in [basic(SCOPED), bearer(SCOPED)] {
        let connected = connected(world.clone(), proofs, &gateway).await;
        connected.probe().await.unwrap();
        assert_eq!(connected.ids().await.len(), 2);
        assert!(text(&connected.content(page, PAGE).await).ends_with("<p>Words</p>"));
        assert!(asked(&connected).iter().all(|path| path.starts_with("GET /ex/confluence/")));
    }
    let cases: [(Vec<Proof>, bool); 4] =
        [(basic(SCOPED), false), (bearer(SCOPED), false), (basic(TOKEN), true), (bearer("narrow"), true)];
    for (proofs, is_gateway) in cases {
        let change = |account: &mut ConfluenceAccount| {
            if is_gateway {
                gateway(account);
            }
        };
        let connected = connected(world.clone(), proofs.clone(), change).await;
        assert_eq!(refused(connected.list().await).0, FailureCode::ProviderDisconnected, "{proofs:?} {is_gateway}");
    }
}

#[tokio::test]
async fn the_tree_is_not_worth_a_listing_to_who_may_not_see_folders() {
    let mut world = cloud();
    let space = world.space("DOC", "Documentation");
    for name in ["One", "Two"] {
        let folder = world.node(Kind::Folder, space, world.homepage(space), name);
        world.page_under(folder, &format!("In {name}"), "<p>x</p>");
    }
    let scopes: Vec<&str> = READING.into_iter().filter(|scope| !scope.contains("folder")).collect();
    world.access.with_scoped_token(USER, "no-folders", &scopes);
    let Edition::Cloud { cloud_id } = world.edition.clone() else { panic!("this site is in the cloud") };
    let connected = connected(world, bearer("no-folders"), |account| {
        let origin = account.site_url.trim_end_matches("/wiki").to_owned();
        account.api_url = format!("{origin}/ex/confluence/{cloud_id}/wiki");
    })
    .await;
    let listing = connected.list().await.unwrap();
    assert_eq!(tree(&listing), [("Documentation", None), ("In One", None), ("In Two", None)]);
    assert_eq!((listing.gaps.len(), connected.fake.log().count_of(401)), (0, 1));
}

#[tokio::test]
async fn pitfall_37_a_page_without_a_body_is_told() {
    let mut world = cloud();
    let space = world.space("DOC", "Documentation");
    let page = world.page(space, "Page", "<p>x</p>");
    let toc = world.page(space, "Contents", "<ac:structured-macro ac:name=\"children\" /><p>&nbsp;</p>");
    let connected = site(world).await;
    let (code, said) = refused(connected.read(toc, PAGE, None).await);
    assert_eq!(code, FailureCode::EmptyContent);
    assert!(said.contains("children"), "{said}");
    connected.fake.switches().set(Switch::NullBody);
    assert_eq!(refused(connected.read(page, PAGE, None).await).0, FailureCode::EmptyContent);
    assert_eq!(connected.ids().await.len(), 3);
}

#[tokio::test]
async fn pitfall_38_a_key_that_finds_nothing_is_told_when_it_is_set_up() {
    for (world, proofs) in [(cloud(), basic(TOKEN)), (data_center(), bearer(PERSONAL))] {
        let mut world = world;
        world.space("DOC", "Documentation");
        world.space("HR", "People");
        let hidden = world.space("SECRET", "Secret");
        world.show_space(hidden, false);
        let only = |keys: &'static [&'static str]| {
            let (world, proofs) = (world.clone(), proofs.clone());
            connected(world, proofs, |account| account.spaces = keys.iter().map(|key| (*key).to_owned()).collect())
        };
        let wrong = only(&["DOC", "DOK", "SECRET"]).await;
        let (code, said) = refused(wrong.probe().await);
        assert_eq!(code, FailureCode::NotFound);
        assert!(said.contains("DOK, SECRET"), "{said}");
        assert_eq!(
            wrong.list().await.unwrap().gaps,
            ["the space DOK cannot be seen", "the space SECRET cannot be seen"]
        );
        let right = only(&["HR"]).await;
        assert!(right.probe().await.unwrap().notes.contains(&"1 space can be seen".to_owned()));
        assert_eq!(titles(&right.list().await.unwrap()), ["People"]);
    }
}

#[tokio::test]
async fn a_probe_tells_the_site_the_user_and_the_spaces() {
    for (world, proofs) in [(cloud(), basic(TOKEN)), (data_center(), bearer(PERSONAL))] {
        let mut world = world;
        world.space("DOC", "Documentation");
        world.space("HR", "People");
        let identity = connected(world.clone(), proofs.clone(), |_| {}).await.probe().await.unwrap();
        assert_eq!(
            (identity.name.as_str(), identity.notes),
            ("127.0.0.1", vec!["signed in as Reader".to_owned(), "2 spaces can be seen".to_owned()])
        );
        let wrong = connected(world.clone(), basic("wrong"), |_| {}).await;
        assert_eq!(refused(wrong.probe().await).0, FailureCode::ProviderDisconnected);
        world.access.anonymous = true;
        let nobody = connected(world, Vec::new(), |_| {}).await.probe().await.unwrap();
        assert!(nobody.notes[0].starts_with("nobody is signed in"), "{:?}", nobody.notes);
    }
}

#[tokio::test]
async fn an_unchanged_page_costs_one_request_without_its_body() {
    let mut world = cloud();
    let space = world.space("DOC", "Documentation");
    let page = world.page(space, "Page", "<p>x</p>");
    let connected = site(world).await;
    let content = connected.content(page, PAGE).await;
    assert_eq!((content.version.as_deref(), content.title.as_str()), (Some("1"), "Page"));
    connected.fake.log().clear();
    assert!(matches!(connected.read(page, PAGE, Some("1")).await, Ok(Reading::Unchanged)));
    assert_eq!(asked(&connected), [format!("GET /wiki/api/v2/pages/{page}")]);
    connected.fake.fake().world().label(page, &["new"]);
    assert!(matches!(connected.read(page, PAGE, Some("1")).await, Ok(Reading::Unchanged)));
    connected.fake.fake().world().edit(page, "<p>y</p>");
    match connected.read(page, PAGE, Some("1")).await.unwrap() {
        Reading::Content(edited) => {
            assert_eq!(edited.version.as_deref(), Some("2"));
            assert!(text(&edited).ends_with("<p>y</p>"));
        }
        Reading::Unchanged => panic!("the text is another"),
    }
}

#[tokio::test]
async fn what_readers_do_not_find_any_more_is_told_apart() {
    for world in [cloud(), data_center()] {
        let mut world = world;
        let proofs = if matches!(world.edition, Edition::Cloud { .. }) { basic(TOKEN) } else { bearer(PERSONAL) };
        let space = world.space("DOC", "Documentation");
        let pages: Vec<u64> = (0..4).map(|number| world.page(space, &format!("Page {number}"), "<p>x</p>")).collect();
        world.trash(pages[0]);
        world.set_status(pages[1], Status::Archived);
        world.delete(pages[2]);
        world.restrict(pages[3], true);
        let connected = connected(world, proofs, |_| {}).await;
        for known in [None, Some("1")] {
            let mut answers = Vec::new();
            for page in &pages {
                answers.push(refused(connected.read(page, PAGE, known).await));
            }
            let codes: Vec<_> = answers.iter().map(|(code, _)| *code).collect();
            assert_eq!(
                codes,
                [FailureCode::Gone, FailureCode::Gone, FailureCode::NotFound, FailureCode::NotFound],
                "{answers:?}"
            );
            assert_eq!(
                [answers[0].1.as_str(), answers[1].1.as_str()],
                ["the page is in the trash", "the page is archived"]
            );
        }
        for id in ["", "../spaces", "1?x", "att7"] {
            assert_eq!(refused(connected.read(id, PAGE, None).await).0, FailureCode::NotFound, "{id}");
        }
    }
}

#[tokio::test]
async fn a_page_that_vanishes_while_it_is_read_is_not_found() {
    let mut world = cloud();
    let space = world.space("DOC", "Documentation");
    let page = world.page(space, "Page", "<p>x</p>");
    let connected = site(world).await;
    connected.fake.switches().set(Switch::NoContentThenGone);
    assert_eq!(refused(connected.read(page, PAGE, None).await).0, FailureCode::NotFound);
}

#[tokio::test]
async fn a_login_in_front_breaks_the_connection_and_takes_nothing_away() {
    for (world, proofs) in [(cloud(), basic(TOKEN)), (data_center(), bearer(PERSONAL))] {
        let mut world = world;
        let space = world.space("DOC", "Documentation");
        let page = world.page(space, "Page", "<p>x</p>");
        world.quirks.login_page = true;
        let connected = connected(world, proofs, |_| {}).await;
        for (code, said) in [
            refused(connected.probe().await),
            refused(connected.list().await),
            refused(connected.read(page, PAGE, Some("1")).await),
        ] {
            assert_eq!(code, FailureCode::ProviderDisconnected);
            assert!(said.contains("most likely a login"), "{said}");
        }
        connected.fake.fake().world().quirks.login_page = false;
        connected.fake.switches().set(Switch::Revoked);
        assert_eq!(refused(connected.read(page, PAGE, None).await).0, FailureCode::ProviderDisconnected);
    }
}

#[tokio::test]
async fn a_wrong_address_is_told_from_missing_pages() {
    let mut world = data_center();
    let space = world.space("DOC", "Documentation");
    let page = world.page(space, "Page", "<p>x</p>");
    let connected = connected(world, bearer(PERSONAL), |account| account.data_center = false).await;
    assert!(connected.probe().await.is_err());
    assert!(connected.read(page, PAGE, None).await.is_err());
}

#[tokio::test]
async fn a_list_survives_what_passes() {
    let mut world = cloud();
    world.fill(900);
    let connected = site(world).await;
    for (switch, times) in [
        (Switch::CursorExpires, 1),
        (Switch::EmptyPageWithNext, 3),
        (Switch::Broken { status: 503 }, 2),
        (Switch::BrokenOff, 2),
        (Switch::Throttled { every: 2, retry_after: Some(0) }, 3),
    ] {
        connected.fake.switches().set_times(switch, times);
        let listing = connected.list().await.unwrap();
        assert_eq!((listing.resources.len(), listing.gaps.len()), (900, 0), "{switch:?}");
        assert!(!connected.fake.switches().is_set(switch), "{switch:?}");
    }
    connected.fake.switches().set(Switch::RateLimit403);
    connected.fake.switches().set_times(Switch::Throttled { every: 2, retry_after: None }, 2);
    assert_eq!(connected.ids().await.len(), 900);
    assert!(connected.gate.eased().contains(&None));
}

#[tokio::test]
async fn a_list_that_never_ends_is_told_to_be_cut() {
    let mut world = cloud();
    world.fill(900);
    let connected = site(world).await;
    connected.fake.switches().set(Switch::EmptyPageWithNext);
    let listing = connected.list().await.unwrap();
    assert_eq!(listing.gaps, ["the list of spaces was not read to its end: its pages are empty and lead on and on"]);
    assert!(connected.fake.log().count() < 10);
}

#[tokio::test]
async fn every_body_that_editors_write_is_read() {
    let mut world = cloud();
    let space = world.space("DOC", "Documentation");
    let pages: Vec<u64> = SAMPLES.iter().map(|sample| world.page(space, sample.name, sample.storage)).collect();
    let connected = site(world).await;
    for (sample, page) in SAMPLES.iter().zip(pages) {
        let content = connected.content(page, PAGE).await;
        let said = words(text(&content));
        for wanted in sample.says {
            assert!(said.contains(wanted), "{}: {wanted:?} is not in {said:?}", sample.name);
        }
        for unwanted in sample.silent {
            assert!(!said.contains(unwanted), "{}: {unwanted:?} is in {said:?}", sample.name);
        }
    }
}

/// The words of HTML, without tags and with the references resolved that the samples have.
fn words(html: &str) -> String {
    let texts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text = texts.collect::<String>().replace("&#128522;", "😊").replace("&eacute;", "é").replace("&uuml;", "ü");
    let text = text.replace("&nbsp;", "\u{a0}").replace("&ndash;", "–").replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

#[tokio::test]
async fn a_page_can_be_taken_as_it_is_shown() {
    for (world, proofs) in [(cloud(), basic(TOKEN)), (data_center(), bearer(PERSONAL))] {
        let mut world = world;
        let space = world.space("DOC", "Documentation");
        let page = world.page(space, "Page", "<p>Words</p>");
        let connected = connected(world, proofs, |account| account.rendered = true).await;
        let content = connected.content(page, PAGE).await;
        assert!(text(&content).contains("Words"));
        assert!(asked(&connected).last().unwrap().contains("export_view"));
        // What was read as it is stored is another text.
        assert!(matches!(connected.read(page, PAGE, Some("1")).await, Ok(Reading::Content(_))));
        assert!(matches!(connected.read(page, PAGE, content.version.as_deref()).await, Ok(Reading::Unchanged)));
        assert_eq!(connected.list().await.unwrap().resources[0].version, content.version);
    }
}

#[tokio::test]
#[cfg_attr(
    not(vendor_specs),
    ignore = "the vendors' documents are not at hand; GLEANER_VENDOR_SPECS names their folder"
)]
async fn confluence_is_asked_as_its_document_wants() {
    let mut world = cloud();
    let space = world.space("DOC", "Documentation");
    let folder = world.node(Kind::Folder, space, world.homepage(space), "Folder");
    let page = world.page_under(folder, "Page", "<p>x</p>");
    let trashed = world.page(space, "Bin", "<p>x</p>");
    world.trash(trashed);
    let contract = specification::contract();
    for (rendered, keys) in [(false, Vec::new()), (true, vec!["DOC".to_owned()])] {
        let connected = connected(world.clone(), basic(TOKEN), |account| {
            (account.rendered, account.spaces) = (rendered, keys.clone());
        })
        .await;
        connected.probe().await.unwrap();
        connected.list().await.unwrap();
        connected.content(page, PAGE).await;
        connected.read(page, PAGE, Some("1")).await.unwrap();
        assert_eq!(refused(connected.read(trashed, PAGE, None).await).0, FailureCode::Gone);
        contract.must_hold(&connected.fake.log().exchanges());
    }
}
