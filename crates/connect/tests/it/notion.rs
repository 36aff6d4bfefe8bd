//! Notion, as a fake of it behaves on good days and bad ones.

use std::fmt::Display;
use std::time::Duration;

use connect::provider::Reading;
use model::connection::NotionAccount;
use model::{Account, FailureCode, Resource};
use serde_json::json;
use testkit::provider::exchange::{Reply, Request};
use testkit::provider::fake::{Fake, Refusal};
use testkit::provider::notion::accounts::{INTERNAL_TOKEN, WORKSPACE_NAME};
use testkit::provider::notion::{Block, Notion, Text, sample};
use testkit::provider::switches::{Switch, Switches};

use crate::connected::{Connected, text};

async fn connected() -> Connected<Notion> {
    connected_to(Notion::default()).await
}

async fn connected_to<F: Fake>(fake: F) -> Connected<F> {
    Connected::to(fake, INTERNAL_TOKEN, |api_url| Account::Notion(NotionAccount { api_url })).await
}

fn found(resources: &[Resource], id: impl Display + Copy) -> &Resource {
    resources.iter().find(|one| one.external_id == id.to_string()).expect("it is listed")
}

#[tokio::test]
async fn the_account_is_called_as_its_workspace() {
    let notion = connected().await;
    let identity = notion.probe().await.unwrap();
    assert_eq!(identity.name, WORKSPACE_NAME);
    assert!(identity.notes[0].contains("nothing is shared"), "{identity:?}");
    notion.fake.fake().world.add_page("Handbook", vec![]);
    assert_eq!(notion.probe().await.unwrap().notes, Vec::<String>::new());
    notion.fake.switches().set(Switch::Revoked);
    assert_eq!(notion.probe().await.unwrap_err().code, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn everything_is_listed_once_with_what_it_lies_in_and_without_its_content() {
    let notion = connected().await;
    let sample = sample::fill(&notion.fake.fake().world);
    let listing = notion.list().await.unwrap();
    assert_eq!(listing.gaps, Vec::<String>::new());
    assert_eq!(listing.resources.len(), 1 + 1 + 1 + 121);
    let page = found(&listing.resources, sample.page);
    assert_eq!(
        (page.title.as_str(), page.object.as_str(), &page.parent, &page.icon),
        ("Handbook", "page", &None, &None)
    );
    assert_eq!(
        (page.mime_type.as_str(), page.version.as_deref()),
        ("text/markdown", Some(&*notion.fake.fake().world.edited(sample.page)))
    );
    assert_eq!(found(&listing.resources, sample.child).parent, Some(sample.page.to_string()));
    let database = found(&listing.resources, sample.database.id);
    assert_eq!((database.object.as_str(), &database.parent), ("database", &Some(sample.page.to_string())));
    assert_eq!(found(&listing.resources, sample.row).parent, Some(sample.database.id.to_string()));
    let renderings = notion.fake.log().exchanges();
    assert!(renderings.iter().all(|exchange| !exchange.request.path.ends_with("/markdown")));
}

#[tokio::test]
async fn search_may_leave_rows_pages_and_databases_out() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let page = world.add_page("Top", vec![Block::columns(vec![vec![Block::paragraph("x")], vec![]])]);
    let column = world.children(world.children(page)[0])[0];
    let in_column = world.add_page_in(column, "In a column", vec![]);
    let plain = world.add_page_in(page, "Plain", vec![]);
    let below = world.add_page_in(plain, "Below", vec![]);
    let database = world.add_database_in(plain, "Rows");
    let row = world.add_row(database.source, "Row", vec![]);
    let below_row = world.add_page_in(row, "Below a row", vec![]);
    for id in [in_column, plain, below, row, below_row, database.id, database.source] {
        world.hide_from_search(id);
    }
    let listing = notion.list().await.unwrap();
    assert_eq!(listing.gaps, Vec::<String>::new());
    assert_eq!(listing.resources.len(), 7);
    assert_eq!(found(&listing.resources, in_column).parent, Some(page.to_string()));
    assert_eq!(found(&listing.resources, below_row).parent, Some(row.to_string()));
}

#[tokio::test]
async fn rows_that_search_omits_are_found_in_their_source() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let database = world.add_database("Questions");
    world.add_source(database.id, "More questions");
    world.add_rows(database.source, 250);
    notion.fake.switches().set(Switch::SearchOmitsRows);
    assert_eq!(notion.ids().await.len(), 251);
}

#[tokio::test]
async fn a_parent_that_search_left_out_is_asked_for() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let top = world.add_page("Top", vec![]);
    let child = world.add_page_in(top, "Child", vec![]);
    let closed = world.add_page("Closed", vec![]);
    world.add_page_in(closed, "In a closed one", vec![]);
    world.hide_from_search(top);
    world.unshare(closed);
    let mut expected = [top.to_string(), child.to_string()];
    expected.sort();
    assert_eq!(notion.ids().await, expected);
}

#[tokio::test]
async fn what_search_tells_in_part_is_asked_for() {
    let notion = connected().await;
    let sample = sample::fill(&notion.fake.fake().world);
    let whole = notion.list().await.unwrap().resources;
    notion.fake.switches().set(Switch::PartialObjects);
    let mut parts = notion.list().await.unwrap().resources;
    assert_eq!(found(&parts, sample.page).title, "Handbook");
    parts.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    let mut sorted = whole;
    sorted.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    assert_eq!(parts, sorted);
}

#[tokio::test]
async fn rows_beyond_the_limit_of_one_answer_are_found_in_windows() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let database = world.add_database("Questions");
    world.add_rows(database.source, 330);
    world.set_row_limit(120);
    notion.fake.switches().set(Switch::SearchOmitsRows);
    let listing = notion.list().await.unwrap();
    assert_eq!(listing.resources.len(), 331);
    // The walk has its own bound.
    assert!(listing.gaps.iter().all(|gap| gap.contains("looked through")), "{:?}", listing.gaps);
}

#[tokio::test]
async fn more_rows_of_one_minute_than_an_answer_holds_are_a_gap() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let database = world.add_database("Questions");
    world.add_rows(database.source, 30);
    world.set_row_limit(5);
    notion.fake.switches().set(Switch::SearchOmitsRows);
    let listing = notion.list().await.unwrap();
    assert!(listing.resources.len() < 31);
    assert!(listing.gaps[0].starts_with("the rows of a database"), "{:?}", listing.gaps);
}

#[tokio::test]
async fn a_list_that_was_cut_is_a_gap() {
    let notion = connected().await;
    for number in 0..120 {
        notion.fake.fake().world.add_page(&format!("Page {number}"), vec![]);
    }
    assert_eq!(notion.list().await.unwrap().gaps, Vec::<String>::new());
    notion.fake.switches().set_times(Switch::Incomplete, 1);
    let listing = notion.list().await.unwrap();
    assert!(listing.gaps[0].starts_with("search"), "{:?}", listing.gaps);
}

#[tokio::test]
async fn cursors_may_die_and_pages_may_be_empty() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    for number in 0..250 {
        world.add_page(&format!("Page {number}"), vec![]);
    }
    let all = notion.ids().await;
    assert_eq!(all.len(), 250);
    notion.fake.switches().set_times(Switch::CursorExpires, 2);
    assert_eq!(notion.ids().await, all);
    notion.fake.switches().set_times(Switch::EmptyPageWithNext, 3);
    assert_eq!(notion.ids().await, all);
    notion.fake.switches().set(Switch::CursorExpires);
    assert_eq!(notion.list().await.unwrap_err().code, FailureCode::ServerError);
}

#[tokio::test]
async fn what_passes_is_sat_out() {
    let notion = connected().await;
    let page = notion.fake.fake().world.add_page("Handbook", vec![Block::paragraph("Text.")]);
    let switches = notion.fake.switches();
    for status in [500, 502, 503, 504, 529] {
        switches.set_times(Switch::Broken { status }, 1);
        assert_eq!(text(&notion.content(page, "page").await), "Text.\n", "{status}");
    }
    switches.set_times(Switch::BrokenOff, 1);
    assert_eq!(text(&notion.content(page, "page").await), "Text.\n");
    switches.set_times(Switch::EdgePage, 1);
    assert_eq!(text(&notion.content(page, "page").await), "Text.\n");
    switches.set_times(Switch::NoContentThenGone, 1);
    assert_eq!(notion.read(page, "page", None).await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn too_many_requests_ease_the_connection_and_lose_nothing() {
    let notion = connected().await;
    let page = notion.fake.fake().world.add_page("Handbook", vec![Block::paragraph("Text.")]);
    let switches = notion.fake.switches();
    switches.set_times(Switch::Throttled { every: 1, retry_after: Some(0) }, 1);
    assert_eq!(text(&notion.content(page, "page").await), "Text.\n");
    switches.set(Switch::PlainText429);
    switches.set_times(Switch::Throttled { every: 1, retry_after: Some(1) }, 1);
    assert_eq!(text(&notion.content(page, "page").await), "Text.\n");
    assert_eq!(notion.gate.eased(), [Some(Duration::ZERO), Some(Duration::from_secs(1))]);
    assert_eq!(notion.gate.turns(), notion.fake.log().count());
}

#[tokio::test]
async fn the_edge_says_nothing_of_a_page() {
    let mut notion = connected().await;
    notion.patience = Duration::ZERO;
    let page = notion.fake.fake().world.add_page("Handbook", vec![]);
    notion.fake.switches().set(Switch::EdgePage);
    let failure = notion.read(page, "page", None).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ServerError);
    assert!(failure.text.contains("in front of"), "{failure}");
}

#[tokio::test]
async fn a_page_is_read_with_all_that_is_in_it() {
    let notion = connected().await;
    let sample = sample::fill(&notion.fake.fake().world);
    let content = notion.content(sample.page, "page").await;
    assert_eq!(
        (content.title.as_str(), content.version.as_deref()),
        ("Handbook", Some(&*notion.fake.fake().world.edited(sample.page)))
    );
    let read = text(&content);
    for part in [
        "# How we work",
        "Folded below a heading.",
        "Plain, **bold***",
        "`e=mc^2`",
        "- One\n  - One and a half",
        "1. First",
        "- [x] Done",
        "At the bottom.",
        "> Said by someone\n>\n> And more.",
        "> Mind this.\n>\n> - And this.",
        "```rust\nfn main() {",
        "```latex\n\\int_0^1 x\\,dx",
        "| Plan | Rows |\n| --- | --- |\n| Team | 10,000 |",
        "Left.\n\nRight.",
        "In a toggle in a column.",
        "![A picture](https://example.com/a.png)",
        "[A paper](https://example.com/a.pdf)",
        "[a.mp3](https://example.com/a.mp3)",
        "[Worth reading](https://example.com/b)",
        "<https://example.com/c>",
        "Said in two places.",
        "[Holidays](https://www.notion.so/Holidays-",
        "Monday",
    ] {
        assert!(read.contains(part), "{part:?} is missing in:\n{read}");
    }
    assert_eq!(read.matches("Said in two places.").count(), 2);
    for left in ["<callout", "<unknown", "<column", "{toggle", "Thirty days", "Nobody sees this", "Within five days"] {
        assert!(!read.contains(left), "{left:?} is in:\n{read}");
    }
    assert!(
        content.warnings.iter().any(|warning| warning.contains("1 parts of the page are not shared")),
        "{:?}",
        content.warnings
    );
    assert!(content.warnings.iter().any(|warning| warning.contains("1 unsupported")), "{:?}", content.warnings);
}

#[tokio::test]
async fn an_unchanged_page_costs_one_request() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let page = world.add_page("Handbook", vec![Block::paragraph("Text.")]);
    let version = notion.content(page, "page").await.version;
    notion.fake.log().clear();
    assert!(matches!(notion.read(page, "page", version.as_deref()).await, Ok(Reading::Unchanged)));
    assert_eq!(notion.fake.log().count(), 1);
    world.append(page, Block::paragraph("More."));
    let Ok(Reading::Content(content)) = notion.read(page, "page", version.as_deref()).await else {
        panic!("it changed")
    };
    assert_eq!(text(&content), "Text.\n\nMore.\n");
}

/// Times are whole minutes: a second edit within the same minute would never show.
#[tokio::test]
async fn what_was_edited_just_now_has_no_version_yet() {
    let notion = connected().await;
    let page = notion.fake.fake().world.add_page("Handbook", vec![]);
    let database = notion.fake.fake().world.add_database("Rows");
    let edited: jiff::Timestamp = notion.fake.fake().world.edited(page).parse().unwrap();
    notion.clock.set(model::Timestamp::from_micros(edited.as_microsecond()).plus(Duration::from_mins(2)));
    assert_eq!(notion.content(page, "page").await.version, None);
    assert_eq!(notion.content(database.id, "database").await.version, None);
    notion.clock.set(notion.clock.now().plus(Duration::from_mins(2)));
    assert!(notion.content(page, "page").await.version.is_some());
    assert!(notion.content(database.id, "database").await.version.is_some());
}

#[tokio::test]
async fn what_is_gone_is_told_from_what_is_not_ours() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let (trashed, closed, database) =
        (world.add_page("T", vec![]), world.add_page("C", vec![]), world.add_database("D"));
    world.trash(trashed);
    world.unshare(closed);
    world.trash(database.id);
    let code = async |id: String, object: &str| notion.read(id, object, None).await.unwrap_err().code;
    assert_eq!(code(trashed.to_string(), "page").await, FailureCode::Gone);
    assert_eq!(code(database.id.to_string(), "database").await, FailureCode::Gone);
    assert_eq!(code(closed.to_string(), "page").await, FailureCode::NotFound);
    assert_eq!(code(database.source.to_string(), "page").await, FailureCode::NotFound);
    let asked = notion.fake.log().count();
    assert_eq!(code("../users/me".to_owned(), "page").await, FailureCode::NotFound);
    assert_eq!(notion.fake.log().count(), asked);
    world.restore(trashed);
    world.set_reads_content(false);
    assert_eq!(code(trashed.to_string(), "page").await, FailureCode::ProviderPermission);
}

#[tokio::test]
async fn a_database_registered_by_its_id_alone_is_read_as_one() {
    let notion = connected().await;
    let database = notion.fake.fake().world.add_database("Questions");
    assert_eq!(notion.content(database.id.simple(), "").await.title, "Questions");
}

#[tokio::test]
async fn a_long_page_is_put_together_from_its_parts() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let deep = Block::toggle("Folded", (0..7).map(|number| Block::paragraph(format!("Deep {number}"))).collect());
    let blocks = (0..40).map(|number| Block::paragraph(format!("Line {number}"))).chain([deep]).collect();
    let page = world.add_page("Long", blocks);
    let whole = text(&notion.content(page, "page").await).to_owned();
    world.set_markdown_limit(5);
    let content = notion.content(page, "page").await;
    assert_eq!(text(&content), whole);
    assert_eq!(content.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn callouts_are_read_in_both_spellings() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let page = world.add_page(
        "P",
        vec![Block::callout("💡", "Mind.").with(vec![Block::bullet("This.")]), Block::paragraph("After.")],
    );
    let tagged = text(&notion.content(page, "page").await).to_owned();
    world.set_fenced_callouts();
    assert_eq!(text(&notion.content(page, "page").await), tagged);
    assert_eq!(tagged, "> Mind.\n>\n> - This.\n\nAfter.\n");
}

#[tokio::test]
async fn the_properties_of_a_row_are_content() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let row = sample::fill(world).row;
    world.set_property(row, "Asked by", "people", json!([{"object": "user", "id": "1", "name": "Ada"}]));
    world.set_property(row, "Total", "rollup", json!({"type": "number", "number": null, "function": "sum"}));
    world.set_property(row, "Later", "brand_new", json!(null));
    let content = notion.content(row, "page").await;
    let expected =
        "- Asked by: Ada\n- Due: 2026-02-01\n- Notes: Ask Ann.\n- Points: 3.5\n- Status: Open\n\nWithin five days.\n";
    assert_eq!(text(&content), expected);
}

#[tokio::test]
async fn a_database_is_a_table_of_its_rows() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let database = world.add_database("Questions");
    let row = world.add_row(database.source, "How | much?", vec![]);
    world.set_property(row, "Status", "select", json!({"name": "Open"}));
    world.add_row(database.source, "Why?", vec![]);
    let content = notion.content(database.id, "database").await;
    let read = text(&content);
    assert!(read.starts_with("| Name | Status |\n| --- | --- |\n| [How \\| much?](https://www.notion.so/"), "{read}");
    assert!(read.ends_with(" |  |\n"), "{read}");

    let version = content.version.unwrap();
    let listed = notion.list().await.unwrap().resources;
    assert_eq!(found(&listed, database.id).version.as_deref(), Some(version.as_str()));
    notion.fake.log().clear();
    assert!(matches!(notion.read(database.id, "database", Some(&version)).await, Ok(Reading::Unchanged)));
    assert_eq!(notion.fake.log().count(), 2);
    world.set_property(row, "Status", "select", json!({"name": "Done"}));
    assert!(matches!(notion.read(database.id, "database", Some(&version)).await, Ok(Reading::Content(_))));
}

#[tokio::test]
async fn a_database_of_two_sources_shows_both() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let database = world.add_database("Questions");
    let other = world.add_source(database.id, "Older questions");
    world.add_row(database.source, "One", vec![]);
    world.add_row(other, "Two", vec![]);
    let content = notion.content(database.id, "database").await;
    let read = text(&content);
    assert!(read.contains("## Questions\n\n| Name |") && read.contains("## Older questions\n\n| Name |"), "{read}");
}

#[tokio::test]
async fn a_very_long_database_is_cut_with_a_warning() {
    let notion = connected().await;
    let world = &notion.fake.fake().world;
    let database = world.add_database("Questions");
    world.add_rows(database.source, 1_100);
    let content = notion.content(database.id, "database").await;
    assert_eq!(text(&content).lines().count(), 2 + 1_000);
    assert_eq!(content.warnings, ["the database has more than 1000 rows; those after are left out"]);
}

/// A workspace in which pages are not rendered.
struct Unrendered(Notion);

impl Fake for Unrendered {
    fn answer(&self, request: &Request, switches: &Switches) -> Reply {
        if request.path.ends_with("/markdown") {
            let body = json!({"object": "error", "status": 400, "code": "invalid_request_url", "message": "No."});
            return Reply::json(400, &body);
        }
        self.0.answer(request, switches)
    }

    fn refuse(&self, refusal: &Refusal, request: &Request) -> Reply {
        self.0.refuse(refusal, request)
    }
}

/// A workspace whose search names pages of whose blocks Notion then knows nothing.
struct Blockless(Notion);

impl Fake for Blockless {
    fn answer(&self, request: &Request, switches: &Switches) -> Reply {
        if request.path.ends_with("/children") {
            let body =
                json!({"object": "error", "status": 404, "code": "object_not_found", "message": "No such block."});
            return Reply::json(404, &body);
        }
        self.0.answer(request, switches)
    }

    fn refuse(&self, refusal: &Refusal, request: &Request) -> Reply {
        self.0.refuse(refusal, request)
    }
}

#[tokio::test]
async fn pitfall_14_blocks_that_are_not_there_take_nothing_away() {
    let notion = connected_to(Blockless(Notion::default())).await;
    let world = &notion.fake.fake().0.world;
    let pages = ["One", "Two"].map(|title| world.add_page(title, vec![Block::paragraph("Said.")]));
    let listing = notion.list().await.unwrap();
    assert_eq!((listing.resources.len(), listing.gaps), (2, Vec::new()));
    assert_eq!(text(&notion.content(pages[0], "page").await), "Said.\n");
}

/// Letters and digits alone, without addresses and the titles of what is only linked to: there the two ways differ.
fn words(text: &str) -> Vec<&str> {
    let parts = text.split(['(', ')', '<', '>']).filter(|part| !part.starts_with("https://"));
    let words = parts.flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric()));
    words.filter(|word| !word.is_empty() && *word != "Holidays").collect()
}

#[tokio::test]
async fn block_by_block_a_page_reads_like_its_rendering() {
    let rendered = connected().await;
    let sample = sample::fill(&rendered.fake.fake().world);
    let unrendered = connected_to(Unrendered(Notion::default())).await;
    assert_eq!(sample::fill(&unrendered.fake.fake().0.world).page, sample.page);
    let (rendered, unrendered) =
        (rendered.content(sample.page, "page").await, unrendered.content(sample.page, "page").await);
    assert_eq!(words(text(&unrendered)), words(text(&rendered)), "{}\n---\n{}", text(&unrendered), text(&rendered));
    assert!(unrendered.warnings.iter().any(|warning| warning.contains("not shared")), "{:?}", unrendered.warnings);
}

#[tokio::test]
async fn blocks_nest_deeper_than_any_stack() {
    let notion = connected_to(Unrendered(Notion::default())).await;
    let world = &notion.fake.fake().0.world;
    let page = world.add_page("Deep", vec![Block::paragraph("Top.")]);
    let mut place = world.append(page, Block::toggle("Level 0", vec![]));
    for level in 1..1_200 {
        place = world.append(place, Block::toggle(format!("Level {level}"), vec![]));
    }
    let content = notion.content(page, "page").await;
    assert!(text(&content).contains("Level 900\n"));
    assert_eq!(content.warnings, ["the page is very long; not all of its blocks were read"]);
}

#[tokio::test]
async fn a_synced_block_that_holds_its_own_copy_ends() {
    let notion = connected_to(Unrendered(Notion::default())).await;
    let world = &notion.fake.fake().0.world;
    let page = world.add_page("Loop", vec![Block::synced(vec![Block::paragraph("Once.")])]);
    let original = world.children(page)[0];
    world.append(original, Block::synced_from(original));
    assert_eq!(text(&notion.content(page, "page").await), "Once.\n");
}

#[tokio::test]
async fn kinds_of_blocks_that_nobody_knows_keep_their_words() {
    let notion = connected_to(Unrendered(Notion::default())).await;
    let blocks = vec![
        Block::unheard_of("ai_block", "Summed up."),
        Block::unsupported("button"),
        Block::paragraph(Text::empty()),
    ];
    let page = notion.fake.fake().0.world.add_page("New", blocks);
    let content = notion.content(page, "page").await;
    assert_eq!(text(&content), "Summed up.\n");
    assert_eq!(content.warnings, ["Notion does not hand out 1 blocks of the page"]);
}
