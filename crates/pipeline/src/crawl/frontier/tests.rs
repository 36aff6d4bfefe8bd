//! What becomes of addresses, without a site.

use std::time::Duration;

use model::crawl::Paths;

use super::*;

fn url(path: &str) -> WebUrl {
    WebUrl::parse(&format!("https://a.example{path}")).unwrap()
}

fn plan(limit: usize, reads_all: bool) -> CrawlPlan {
    let (paths, time) = (Paths::default(), Duration::from_secs(1));
    CrawlPlan { seeds: vec![url("/")], paths, limit, max_depth: 2, time, reads_all }
}

fn link(frontier: &mut Frontier<'_>, path: &str, depth: u32) -> Place {
    frontier.discover(&url(path), depth, FoundBy::Link(url("/")), None).unwrap()
}

fn accept(frontier: &mut Frontier<'_>, place: Place) {
    frontier.note_read(place);
    frontier.judge(place, CrawlOutcome::Accepted, "read".to_owned());
}

fn duplicate(frontier: &mut Frontier<'_>, place: Place, of: &str) {
    frontier.note_read(place);
    frontier.judge(place, CrawlOutcome::DuplicateOf(url(of)), "canonical".to_owned());
}

fn outcomes(mut frontier: Frontier<'_>) -> Vec<(String, &'static str)> {
    frontier.settle(|_| None);
    let found = frontier.finish().0;
    found.into_iter().map(|found| (found.url.as_url().path().to_owned(), found.outcome.as_str())).collect()
}

fn expect(frontier: Frontier<'_>, expected: &[(&str, &str)]) {
    let found = outcomes(frontier);
    assert_eq!(found.iter().map(|(path, word)| (path.as_str(), *word)).collect::<Vec<_>>(), expected);
}

#[test]
fn addresses_are_looked_at_in_order_and_once() {
    let plan = plan(9, true);
    let mut frontier = Frontier::new(&plan, &plan.seeds);
    for path in ["/b", "/a", "/b", "/"] {
        link(&mut frontier, path, 1);
    }
    let order: Vec<String> =
        std::iter::from_fn(|| frontier.next().map(|place| frontier.url(place).as_url().path().to_owned())).collect();
    assert_eq!(order, ["/", "/b", "/a"]);
}

#[test]
fn an_address_tells_much_by_itself() {
    let plan = plan(9, true);
    let mut frontier = Frontier::new(&plan, &plan.seeds);
    link(&mut frontier, "/file.PDF", 1);
    link(&mut frontier, "/deep", 3);
    frontier.discover(&WebUrl::parse("https://b.example/").unwrap(), 1, FoundBy::Link(url("/")), None);
    frontier.discover(&WebUrl::parse("http://www.a.example/w").unwrap(), 1, FoundBy::Link(url("/")), None);
    expect(
        frontier,
        &[("/", "accepted"), ("/file.PDF", "not_html"), ("/deep", "too_deep"), ("/", "off_scope"), ("/w", "accepted")],
    );
}

#[test]
fn what_was_too_deep_may_be_near_by_another_way() {
    let plan = plan(9, true);
    let mut frontier = Frontier::new(&plan, &plan.seeds);
    link(&mut frontier, "/x", 3);
    let place = link(&mut frontier, "/x", 2);
    assert_eq!(frontier.depth(place), 2);
    expect(frontier, &[("/", "accepted"), ("/x", "accepted")]);
}

#[test]
fn no_more_is_accepted_than_the_limit_and_seeds_count_for_nothing() {
    for reads_all in [true, false] {
        let plan = plan(2, reads_all);
        let mut frontier = Frontier::new(&plan, &plan.seeds);
        assert!(!frontier.is_enough());
        for path in ["/1", "/2", "/3"] {
            link(&mut frontier, path, 1);
        }
        assert_eq!(frontier.is_enough(), !reads_all, "unread addresses are enough where nothing is to be read");
        expect(frontier, &[("/", "accepted"), ("/1", "accepted"), ("/2", "accepted"), ("/3", "limit")]);
    }
}

#[test]
fn a_seed_by_another_name_is_a_seed() {
    let plan = plan(1, true);
    let mut frontier = Frontier::new(&plan, &plan.seeds);
    link(&mut frontier, "/home", 1);
    link(&mut frontier, "/1", 1);
    let home = frontier.discover_other(0, &url("/home"), FoundBy::Redirect(url("/"))).unwrap();
    frontier.judge(0, CrawlOutcome::DuplicateOf(url("/home")), "redirect".to_owned());
    accept(&mut frontier, home);
    assert!(!frontier.is_enough());
    frontier.settle(|_| None);
    let found = frontier.finish().0;
    assert!(
        found[1].is_seed && found[1].outcome == CrawlOutcome::Accepted && found[2].outcome == CrawlOutcome::Accepted
    );
}

#[test]
fn a_canonical_address_that_is_no_page_makes_no_duplicate() {
    let plan = plan(9, true);
    let mut frontier = Frontier::new(&plan, &plan.seeds);
    let [a, b, c, d, gone] = ["/a", "/b", "/c", "/d", "/gone"].map(|path| link(&mut frontier, path, 1));
    duplicate(&mut frontier, a, "/b");
    accept(&mut frontier, b);
    duplicate(&mut frontier, c, "/gone");
    frontier.judge(gone, CrawlOutcome::Failed(model::FailureCode::NotFound), "404".to_owned());
    duplicate(&mut frontier, d, "/d2");
    expect(
        frontier,
        &[
            ("/", "accepted"),
            ("/a", "duplicate_of"),
            ("/b", "accepted"),
            ("/c", "accepted"),
            ("/d", "accepted"),
            ("/gone", "not_found"),
        ],
    );
}

#[test]
fn pages_that_call_each_other_canonical_are_one_page() {
    let plan = plan(9, true);
    let mut frontier = Frontier::new(&plan, &plan.seeds);
    let [a, b] = ["/a", "/b"].map(|path| link(&mut frontier, path, 1));
    duplicate(&mut frontier, a, "/b");
    duplicate(&mut frontier, b, "/a");
    expect(frontier, &[("/", "accepted"), ("/a", "accepted"), ("/b", "duplicate_of")]);
}

#[test]
fn a_link_that_is_closed_here_may_be_open_elsewhere() {
    let plan = plan(9, true);
    let mut frontier = Frontier::new(&plan, &plan.seeds);
    for path in ["/login", "/login", "/page"] {
        frontier.discover_closed(url(path), 1, &url("/"));
    }
    link(&mut frontier, "/page", 1);
    expect(frontier, &[("/", "accepted"), ("/page", "accepted"), ("/login", "robots")]);
}

#[test]
fn what_robots_forbid_is_not_accepted_unread() {
    let plan = plan(9, true);
    let mut frontier = Frontier::new(&plan, &plan.seeds);
    link(&mut frontier, "/private", 1);
    frontier.settle(|url| (url.as_url().path() == "/private").then(|| (CrawlOutcome::Robots, "forbidden".to_owned())));
    let found = frontier.finish().0;
    assert_eq!((&found[1].outcome, found[1].was_read), (&CrawlOutcome::Robots, false));
}
