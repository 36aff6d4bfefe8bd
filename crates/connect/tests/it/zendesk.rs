//! Help centres of Zendesk: what is listed, what is read, and what every way to be refused comes to.

use connect::provider::{Proof, Reading};
use model::connection::ZendeskAccount;
use model::{Account, Failure, FailureCode, Listing, Secret};
use testkit::provider::exchange::Exchange;
use testkit::provider::switches::Switch;
use testkit::provider::zendesk::Zendesk;
use testkit::provider::zendesk::people::Role;
use testkit::provider::zendesk::shelf::Audience;
use testkit::provider::zendesk::specification;
use testkit::provider::zendesk::world::World;

use crate::connected::{Connected, Turnstile, text};

const TOKEN: &str = "wKp3-api-token";
const ARTICLE: &str = "article";

fn world() -> World {
    let mut world = World::new(&["en-us", "de"]);
    world.people.with_api_token("agent@acme.example", Role::Admin, TOKEN);
    world
}

fn agent() -> Vec<Proof> {
    vec![Proof::Basic("agent@acme.example".to_owned(), Secret::new(TOKEN))]
}

async fn connected(world: World, proofs: Vec<Proof>, change: impl Fn(&mut ZendeskAccount)) -> Connected<Zendesk> {
    let account = |site_url| {
        let mut account = ZendeskAccount { site_url, ..ZendeskAccount::default() };
        change(&mut account);
        Account::Zendesk(account)
    };
    let mut connected = Connected::to(Zendesk::new(world), "", account).await;
    connected.gate = Turnstile::showing(proofs);
    connected
}

/// A help centre with one section, whose id comes back.
fn with_section() -> (World, i64) {
    let mut world = world();
    let guide = world.category("Guide");
    let section = world.section(guide, "Start");
    (world, section)
}

fn titles(listing: &Listing) -> Vec<&str> {
    let mut titles: Vec<&str> = listing.resources.iter().map(|found| found.title.as_str()).collect();
    titles.sort_unstable();
    titles
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Failure>) -> (FailureCode, String) {
    let failure = answer.unwrap_err();
    assert!(!failure.text.contains(TOKEN), "{failure}");
    (failure.code, failure.text)
}

fn paths(exchanges: &[Exchange]) -> Vec<String> {
    exchanges.iter().map(|exchange| exchange.request.to_string()).collect()
}

#[tokio::test]
async fn articles_are_listed_in_their_sections() {
    let (mut world, start) = with_section();
    let deep = world.section_under(start, "Deep");
    let empty = world.category("Empty");
    let first = world.article(start, "First", "<p>One</p>");
    let second = world.article(deep, "Second", "<p>Two</p>");
    let connected = connected(world, agent(), |_| {}).await;
    let listing = connected.list().await.unwrap();
    let groups: Vec<_> = listing.groups.iter().map(|group| (group.title.as_str(), group.parent.is_some())).collect();
    for expected in [("Guide", false), ("Empty", false), ("Start", true), ("Start > Deep", true)] {
        assert!(groups.contains(&expected), "{groups:?}");
    }
    assert_eq!((groups.len(), listing.gaps.len()), (4, 0));
    assert!(listing.groups.iter().any(|group| group.id == empty.to_string()));
    let found = |id: i64| listing.resources.iter().find(|found| found.external_id == id.to_string()).unwrap();
    assert_eq!((found(first).title.as_str(), found(first).group.clone()), ("First", Some(start.to_string())));
    assert_eq!((found(second).object.as_str(), found(second).group.clone()), (ARTICLE, Some(deep.to_string())));
    assert!(found(first).url.ends_with(&format!("/hc/en-us/articles/{first}-First")), "{}", found(first).url);
    assert!(found(first).version.as_deref().is_some_and(|version| version.ends_with("|en-us")));
}

#[tokio::test]
async fn pitfalls_19_20_and_22_long_lists_are_read_to_their_end_by_cursor_alone() {
    let mut world = World::big(5_000);
    world.people.with_api_token("agent@acme.example", Role::Admin, TOKEN);
    let connected = connected(world, agent(), |_| {}).await;
    let listing = connected.list().await.unwrap();
    let mut ids: Vec<&str> = listing.resources.iter().map(|found| found.external_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), listing.resources.len(), listing.gaps.len()), (5_000, 5_000, 0));
    let asked = connected.fake.log().below("/api/v2/help_center/articles");
    assert_eq!(asked.len(), 50);
    for exchange in &asked {
        let names: Vec<&str> = exchange.request.query.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.iter().all(|name| ["page[size]", "page[after]"].contains(name)), "{names:?}");
    }
}

#[tokio::test]
async fn smaller_pages_than_asked_for_are_pages_too() {
    let mut world = World::big(130);
    world.people.with_api_token("agent@acme.example", Role::Admin, TOKEN);
    world.largest_page = 30;
    let connected = connected(world, agent(), |_| {}).await;
    assert_eq!(connected.ids().await.len(), 130);
}

#[tokio::test]
async fn pitfall_23_authors_who_are_gone_are_not_asked_for() {
    let (mut world, section) = with_section();
    let article = world.article(section, "By nobody", "<p>x</p>");
    world.touch(article, |article| article.author = 1);
    let connected = connected(world, agent(), |_| {}).await;
    assert_eq!(connected.ids().await, [article.to_string()]);
    connected.content(article, ARTICLE).await;
    let asked = paths(&connected.fake.log().exchanges());
    assert!(
        asked.iter().all(|path| path.starts_with("GET /api/v2/help_center/") && !path.contains("include")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn pitfall_24_who_asks_too_often_asks_again() {
    let mut world = World::big(1_000);
    world.people.with_api_token("agent@acme.example", Role::Admin, TOKEN);
    let connected = connected(world, agent(), |_| {}).await;
    connected.fake.switches().set(Switch::PlainText429);
    connected.fake.switches().set(Switch::Throttled { every: 3, retry_after: Some(0) });
    assert_eq!(connected.ids().await.len(), 1_000);
    assert!(connected.gate.eased().len() > 3);
    assert_eq!(connected.gate.turns(), connected.fake.log().count());
}

#[tokio::test]
async fn who_is_told_to_come_back_later_than_waiting_is_worth_does_not_wait() {
    let (world, _) = with_section();
    let connected = connected(world, agent(), |_| {}).await;
    connected.fake.switches().set(Switch::Throttled { every: 1, retry_after: Some(93) });
    let failure = connected.list().await.unwrap_err();
    assert_eq!((failure.code, failure.retry_after.map(|wait| wait.as_secs())), (FailureCode::RateLimited, Some(93)));
}

#[tokio::test]
async fn pitfall_25_drafts_and_restricted_articles_stay_inside_unless_asked_for() {
    let (mut world, section) = with_section();
    let staff = world.segment("Staff", Audience::Staff);
    world.article(section, "Open", "<p>x</p>");
    let draft = world.article(section, "Draft", "<p>x</p>");
    world.draft(draft, "en-us", true);
    let internal = world.article(section, "Internal", "<p>x</p>");
    world.restrict(internal, &[staff]);

    let careful = connected(world.clone(), agent(), |_| {}).await;
    assert_eq!(titles(&careful.list().await.unwrap()), ["Open"]);
    assert_eq!(refused(careful.read(draft, ARTICLE, None).await).0, FailureCode::Gone);
    assert_eq!(refused(careful.read(internal, ARTICLE, None).await).0, FailureCode::ProviderPermission);

    let all = connected(world, agent(), |account| (account.drafts, account.restricted) = (true, true)).await;
    assert_eq!(titles(&all.list().await.unwrap()), ["Draft", "Internal", "Open"]);
    assert!(text(&all.content(draft, ARTICLE).await).ends_with("<p>x</p>"));
    assert!(text(&all.content(internal, ARTICLE).await).ends_with("<p>x</p>"));
}

#[tokio::test]
async fn what_was_open_and_is_not_any_more_is_told_though_its_text_is_the_same() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Open", "<p>x</p>");
    let staff = world.segment("Staff", Audience::Staff);
    let connected = connected(world, agent(), |_| {}).await;
    let version = connected.content(article, ARTICLE).await.version;
    connected.fake.fake().world().draft(article, "en-us", true);
    assert_eq!(refused(connected.read(article, ARTICLE, version.as_deref()).await).0, FailureCode::Gone);
    connected.fake.fake().world().draft(article, "en-us", false);
    connected.fake.fake().world().restrict(article, &[staff]);
    assert_eq!(refused(connected.read(article, ARTICLE, version.as_deref()).await).0, FailureCode::ProviderPermission);
}

#[tokio::test]
async fn pitfall_26_a_probe_is_not_fooled() {
    let (mut world, section) = with_section();
    world.article(section, "Open", "<p>x</p>");
    world.people.with_api_token("reader@acme.example", Role::EndUser, "reader-token");
    world.people.with_client("app", "app-secret", Role::Admin, &[]);
    let now = world.now();
    let misspelt = world.people.sign_in("app", "hc:raed", now).access;
    let basic = |user: &str, token: &str| vec![Proof::Basic(user.to_owned(), Secret::new(token))];
    let wrong = [
        basic("agent@acme.example", "wrong"),
        basic("nobody@acme.example", TOKEN),
        vec![Proof::Bearer(Secret::new("made-up"))],
        vec![Proof::Bearer(Secret::new(misspelt.clone()))],
    ];
    for proofs in wrong {
        let connected = connected(world.clone(), proofs.clone(), |account| account.locale = "en-us".to_owned()).await;
        let (code, said) = refused(connected.probe().await);
        assert_eq!(code, FailureCode::ProviderDisconnected, "{proofs:?} {said}");
        assert!(connected.fake.log().below("/api/v2/users").is_empty());
        assert!(!said.contains(&misspelt), "{said}");
    }
    let reader = connected(world.clone(), basic("reader@acme.example", "reader-token"), |_| {}).await;
    assert!(refused(reader.probe().await).1.contains("has to name a locale"));
    let reader =
        connected(world, basic("reader@acme.example", "reader-token"), |account| account.locale = "en-us".to_owned())
            .await;
    assert!(reader.probe().await.unwrap().notes[0].contains("no agent's"));
}

#[tokio::test]
async fn a_probe_tells_whether_more_than_the_open_articles_can_be_seen() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Open", "<p>x</p>");
    let signed_in = connected(world.clone(), agent(), |_| {}).await.probe().await.unwrap();
    assert_eq!((signed_in.name.as_str(), signed_in.notes.len()), ("127.0.0.1", 1));
    assert!(signed_in.notes[0].contains("open to everybody"), "{:?}", signed_in.notes);
    let anonymous = connected(world.clone(), Vec::new(), |_| {}).await.probe().await.unwrap();
    assert_eq!(
        anonymous.notes,
        ["nobody is signed in: only articles that everybody may read can be seen", "articles are read in en-us"]
    );
    world.draft(article, "en-us", true);
    assert!(connected(world.clone(), agent(), |_| {}).await.probe().await.unwrap().notes.is_empty());
    let nothing = connected(world, Vec::new(), |_| {}).await.probe().await.unwrap();
    assert!(nothing.notes.contains(&"no article can be seen".to_owned()));
}

#[tokio::test]
async fn a_wrong_locale_address_or_closed_door_is_told_when_it_is_set_up() {
    let (world, _) = with_section();
    let locale = connected(world.clone(), agent(), |account| account.locale = "fr".to_owned()).await;
    assert!(refused(locale.probe().await).1.contains("no locale \"fr\""));
    let address = connected(world.clone(), agent(), |account| account.site_url += "/elsewhere").await;
    let (code, said) = refused(address.probe().await);
    assert_eq!(code, FailureCode::ProviderDisconnected);
    assert!(said.contains("no help centre at this address"), "{said}");
    let mut closed = world;
    closed.open = false;
    let connected = connected(closed, Vec::new(), |_| {}).await;
    assert_eq!(refused(connected.probe().await).0, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn the_name_of_who_comes_with_a_token_says_so_once() {
    for user in ["agent@acme.example", "agent@acme.example/token"] {
        let (world, _) = with_section();
        let connected = connected(world, vec![Proof::Basic(user.to_owned(), Secret::new(TOKEN))], |_| {}).await;
        connected.list().await.unwrap();
        for exchange in connected.fake.log().exchanges() {
            assert_eq!(exchange.request.basic(), Some(("agent@acme.example/token".to_owned(), TOKEN.to_owned())));
        }
    }
}

#[tokio::test]
async fn an_unchanged_article_costs_one_request_and_votes_change_nothing() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Open", "<p>x</p>");
    let connected = connected(world, agent(), |_| {}).await;
    let content = connected.content(article, ARTICLE).await;
    let listed = connected.list().await.unwrap().resources.remove(0);
    assert_eq!(listed.version, content.version);
    connected.fake.fake().world().touch(article, |article| {
        article.votes.push(1);
        article.labels.push("new".to_owned());
    });
    connected.fake.log().clear();
    assert!(matches!(connected.read(article, ARTICLE, content.version.as_deref()).await, Ok(Reading::Unchanged)));
    assert_eq!(connected.fake.log().count(), 1);
    connected.fake.fake().world().write(article, "en-us", "Open", Some("<p>y</p>"));
    match connected.read(article, ARTICLE, content.version.as_deref()).await.unwrap() {
        Reading::Content(edited) => assert!(text(&edited).ends_with("<p>y</p>") && edited.version != content.version),
        Reading::Unchanged => panic!("the text is another"),
    }
}

#[tokio::test]
async fn relative_links_are_read_at_the_articles_address() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Links", "<p><a href=\"/hc/x\">x</a></p>");
    let connected = connected(world, agent(), |_| {}).await;
    let content = connected.content(article, ARTICLE).await;
    assert_eq!(
        (content.title.as_str(), content.url.as_str()),
        ("Links", format!("{}/hc/en-us/articles/{article}-Links", connected.fake.origin()).as_str())
    );
    let page = format!("<base href=\"{}\"><p><a href=\"/hc/x\">x</a></p>", content.url);
    assert!(text(&content).ends_with(&page), "{}", text(&content));
}

#[tokio::test]
async fn a_locale_is_read_by_itself() {
    let (mut world, section) = with_section();
    let both = world.article(section, "Both", "<p>English</p>");
    world.article(section, "English only", "<p>x</p>");
    world.write(both, "de", "Beide", Some("<p>Deutsch</p>"));
    let german = connected(world.clone(), agent(), |account| account.locale = "DE".to_owned()).await;
    let listing = german.list().await.unwrap();
    assert_eq!(titles(&listing), ["Beide"]);
    assert_eq!(listing.resources[0].external_id, both.to_string());
    assert!(listing.resources[0].version.as_deref().unwrap().ends_with("|de"));
    let content = german.content(both, ARTICLE).await;
    assert!(text(&content).ends_with("<p>Deutsch</p>"));
    // The same article in another locale is another text, even when both were written at once.
    let english = connected(world, agent(), |_| {}).await;
    assert!(matches!(english.read(both, ARTICLE, content.version.as_deref()).await, Ok(Reading::Content(_))));
}

#[tokio::test]
async fn nobody_reads_in_the_default_locale_and_asks_for_it_once() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Open", "<p>x</p>");
    let connected = connected(world, Vec::new(), |_| {}).await;
    assert_eq!(connected.ids().await, [article.to_string()]);
    let version = connected.content(article, ARTICLE).await.version;
    connected.fake.log().clear();
    assert!(matches!(connected.read(article, ARTICLE, version.as_deref()).await, Ok(Reading::Unchanged)));
    assert_eq!(paths(&connected.fake.log().exchanges()), [format!("GET /api/v2/help_center/en-us/articles/{article}")]);
}

#[tokio::test]
async fn articles_without_a_text_are_no_articles() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Empty", "");
    world.article(section, "Full", "<p>x</p>");
    let connected = connected(world, agent(), |_| {}).await;
    assert_eq!(titles(&connected.list().await.unwrap()), ["Full"]);
    assert_eq!(refused(connected.read(article, ARTICLE, None).await).0, FailureCode::EmptyContent);
    connected.fake.switches().set(Switch::NullBody);
    assert_eq!(titles(&connected.list().await.unwrap()), Vec::<&str>::new());
}

#[tokio::test]
async fn articles_whose_section_is_gone_are_not_lost() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Lost", "<p>x</p>");
    world.lose_shelf(section);
    let connected = connected(world, agent(), |_| {}).await;
    let listing = connected.list().await.unwrap();
    assert_eq!(listing.resources[0].external_id, article.to_string());
    let group = listing.resources[0].group.as_deref();
    let section = listing.groups.iter().find(|group_of| Some(group_of.id.as_str()) == group).unwrap();
    assert_eq!(section.title, "Other articles");
    assert!(
        listing
            .groups
            .iter()
            .any(|category| Some(&category.id) == section.parent.as_ref() && category.parent.is_none())
    );
}

#[tokio::test]
async fn an_article_that_is_not_there_any_more_is_told_from_a_broken_connection() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Old", "<p>x</p>");
    let other = world.article(section, "Other", "<p>x</p>");
    let connected = connected(world, agent(), |_| {}).await;
    connected.fake.fake().world().archive(article);
    let (code, said) = refused(connected.read(article, ARTICLE, None).await);
    assert_eq!((code, said.as_str()), (FailureCode::NotFound, "Zendesk: RecordNotFound: Not found"));
    for id in ["", "../users/me", "1?x", "99999999999999999999999"] {
        assert_eq!(refused(connected.read(id, ARTICLE, None).await).0, FailureCode::NotFound, "{id}");
    }
    connected.fake.switches().set(Switch::NoContentThenGone);
    assert_eq!(refused(connected.read(other, ARTICLE, None).await).0, FailureCode::NotFound);
    connected.fake.switches().clear_all();
    connected.fake.switches().set(Switch::Revoked);
    assert_eq!(refused(connected.read(other, ARTICLE, None).await).0, FailureCode::ProviderDisconnected);
    assert_eq!(refused(connected.list().await).0, FailureCode::ProviderDisconnected);
}

#[tokio::test]
async fn a_token_that_ended_is_replaced_in_the_middle_of_a_list() {
    let mut world = World::big(300);
    world.people.with_client("app", "app-secret", Role::Admin, &[]);
    let now = world.now();
    let old = world.people.sign_in("app", "hc:read", now).access;
    world.people.expire_access_tokens();
    let new = world.people.sign_in("app", "hc:read", now).access;
    let proofs = [old, new].into_iter().map(|token| Proof::Bearer(Secret::new(token))).collect();
    let connected = connected(world, proofs, |_| {}).await;
    assert_eq!(connected.ids().await.len(), 300);
    assert_eq!(connected.fake.log().count_of(401), 1);
}

#[tokio::test]
async fn a_list_survives_what_passes() {
    let mut world = World::big(1_000);
    world.people.with_api_token("agent@acme.example", Role::Admin, TOKEN);
    let connected = connected(world, agent(), |_| {}).await;
    for (switch, times) in [
        (Switch::CursorExpires, 1),
        (Switch::Broken { status: 503 }, 2),
        (Switch::Broken { status: 500 }, 8),
        (Switch::BrokenOff, 2),
    ] {
        connected.fake.switches().set_times(switch, times);
        let listing = connected.list().await.unwrap();
        assert_eq!((listing.resources.len(), listing.gaps.len()), (1_000, 0), "{switch:?}");
        assert!(!connected.fake.switches().is_set(switch), "{switch:?}");
    }
    connected.fake.switches().set(Switch::CursorExpires);
    assert_eq!(refused(connected.list().await).0, FailureCode::NotFound);
}

#[tokio::test]
#[cfg_attr(
    not(vendor_specs),
    ignore = "the vendors' documents are not at hand; GLEANER_VENDOR_SPECS names their folder"
)]
async fn zendesk_is_asked_as_its_document_wants() {
    let (mut world, section) = with_section();
    let article = world.article(section, "Open", "<p>x</p>");
    let contract = specification::contract();
    for (proofs, locale) in [(agent(), ""), (agent(), "en-us"), (Vec::new(), "")] {
        let connected = connected(world.clone(), proofs, |account| account.locale = locale.to_owned()).await;
        connected.probe().await.unwrap();
        connected.list().await.unwrap();
        connected.content(article, ARTICLE).await;
        contract.must_hold(&connected.fake.log().exchanges());
    }
}
