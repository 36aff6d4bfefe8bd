//! Crawls of real sites: each address that is seen has one outcome, and nobody is asked more than is polite.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use connect::Client;
use model::crawl::{CrawlPlan, CrawlReport, Found, Paths};
use model::{Clock, Pace, WebUrl};
use pipeline::{Crawler, Settings};
use store::{Store, Target};
use tempfile::TempDir;
use testkit::postgres::{TestDatabase, database};
use testkit::site::{Answer, Gate, Site};
use url::Position;

/// Runs each named test once on SQLite and once on PostgreSQL.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Bed::sqlite().await).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Bed::postgres().await).await;
            })+
        }
    };
}

on_both!(
    a_site_is_read_from_its_sitemaps_and_its_links,
    every_address_has_one_outcome_and_a_reason,
    a_crawl_ends_in_time_with_what_it_has,
    enough_addresses_are_enough,
    pages_are_asked_for_one_by_one_with_a_pause,
    what_goes_wrong_at_a_seed_is_told,
    sites_are_crawled_side_by_side,
);

/// A crawler on a store of its own.
struct Bed {
    store: Store,
    delay: Duration,
    _ground: (Option<TestDatabase>, TempDir),
}

impl Bed {
    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("gleaner.db"));
        Self::on(&target, None, folder).await
    }

    async fn postgres() -> Self {
        let database = database().await;
        let folder = tempfile::tempdir().unwrap();
        let target = Target::parse(Some(&database.url()), folder.path()).unwrap();
        Self::on(&target, Some(database), folder).await
    }

    async fn on(target: &Target, database: Option<TestDatabase>, folder: TempDir) -> Self {
        let store = Store::open(target, folder.path(), Clock::system()).await.unwrap();
        Self { store, delay: Duration::ZERO, _ground: (database, folder) }
    }

    async fn crawl(&self, plan: &CrawlPlan) -> CrawlReport {
        let config = connect::Config { allow: "127.0.0.0/8".parse().unwrap(), ..connect::Config::default() };
        let client = Client::new(&config, Clock::system()).unwrap();
        let pace = Pace { delay: self.delay, ..Settings::default().pace };
        let settings = Settings { pace, ..Settings::default() };
        let crawler = Crawler::new(self.store.clone(), client, Arc::new(settings));
        crawler.crawl(plan, &|_| {}).await.unwrap()
    }
}

fn plan(seeds: &[String]) -> CrawlPlan {
    CrawlPlan {
        seeds: seeds.iter().map(|seed| WebUrl::parse(seed).unwrap()).collect(),
        paths: Paths::default(),
        limit: CrawlPlan::LIMIT,
        max_depth: CrawlPlan::DEPTH,
        time: Duration::from_mins(1),
        reads_all: true,
    }
}

/// A page that links to these places.
fn page(links: &[&str]) -> Answer {
    let links = links.iter().map(|link| format!("<a href=\"{link}\">more</a> ")).collect::<Vec<_>>().concat();
    Answer::html(format!("<title>A page</title><main><p>Some words.</p>{links}</main>"))
}

fn sitemap(site: &Site, paths: &[&str]) -> String {
    let url = |path: &&str| format!("<url><loc>{}</loc><lastmod>2026-05-03</lastmod></url>", site.url(path));
    format!("<urlset>{}</urlset>", paths.iter().map(url).collect::<Vec<_>>().concat())
}

/// What became of each path, in order.
fn outcomes(report: &CrawlReport) -> BTreeMap<String, &'static str> {
    let path = |found: &Found| found.url.as_url()[Position::BeforePath..].to_owned();
    report.found.iter().map(|found| (path(found), found.outcome.as_str())).collect()
}

fn found<'a>(report: &'a CrawlReport, path: &str) -> &'a Found {
    report
        .found
        .iter()
        .find(|found| found.url.as_url()[Position::BeforePath..] == *path)
        .unwrap_or_else(|| panic!("no {path}: {report:#?}"))
}

async fn a_site_is_read_from_its_sitemaps_and_its_links(bed: Bed) {
    let site = Site::start().await;
    let index = format!("<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>", site.url("/more.xml.gz"));
    site.on(
        "/robots.txt",
        Answer::text(&format!("Sitemap: {}\nUser-agent: *\nDisallow: /private", site.url("/index.xml"))),
    );
    site.on("/index.xml", Answer::page("application/xml", index));
    // Compressed as a file, not as an answer.
    let packed = gzip(sitemap(&site, &["/listed", "/private/listed"]).as_bytes());
    site.on("/more.xml.gz", Answer::page("application/gzip", packed));
    site.on("/", page(&["/a", "/listed", "/a#part", "mailto:me@a.example"]));
    site.on("/a", page(&["/b"]));
    site.on("/b", page(&["/"]));
    site.on("/listed", page(&[]));

    let report = bed.crawl(&plan(&[site.url("/")])).await;
    let expected = [
        ("/", "accepted"),
        ("/a", "accepted"),
        ("/b", "accepted"),
        ("/listed", "accepted"),
        ("/private/listed", "robots"),
    ];
    assert_eq!(outcomes(&report), expected.map(|(path, word)| (path.to_owned(), word)).into());
    assert_eq!(found(&report, "/listed").last_modified.as_deref(), Some("2026-05-03"));
    assert_eq!((found(&report, "/a").depth, found(&report, "/b").depth), (1, 2));
    assert!(found(&report, "/private/listed").reason.contains("Disallow: /private (line 3)"));
    assert_eq!(report.children().count(), 3, "the seed is none");
    assert_eq!(report.gaps, Vec::<String>::new());
    assert!(report.sitemaps.iter().all(|sitemap| sitemap.problem.is_empty()), "{:?}", report.sitemaps);
    assert_eq!(site.count_below("/private"), 0);
    assert_eq!(site.count("/sitemap.xml"), 0, "robots.txt said where");
    for path in ["/robots.txt", "/", "/a", "/b", "/listed"] {
        assert_eq!(site.count(path), 1, "{path}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

async fn every_address_has_one_outcome_and_a_reason(bed: Bed) {
    let site = Site::start().await;
    let links = [
        "/good",
        "/old",
        "/copy",
        "/paper.pdf",
        "/paper",
        "/missing",
        "/broken",
        "/hidden",
        "/forbidden",
        "/1",
        "/ignored/x",
        "https://b.example/",
        "/loop",
        "/away",
        "/good?utm_source=mail",
    ];
    site.on("/robots.txt", Answer::text("User-agent: *\nDisallow: /forbidden"));
    site.on(
        "/",
        Answer::html(
            links.map(|link| format!("<a href='{link}'>x</a>")).concat() + "<a rel=nofollow href=/login>x</a>",
        ),
    );
    site.on("/good", page(&[]));
    site.on("/old", Answer::redirect(301, "/good"));
    site.on("/copy", Answer::html("<link rel=canonical href=/good><p>words"));
    site.on("/paper", Answer::page("application/pdf", "%PDF-1.4"));
    site.on("/broken", Answer::status(500));
    site.on("/hidden", Answer::html("<meta name=robots content=noindex><a href=/behind>x</a>"));
    site.on("/behind", page(&[]));
    site.on("/loop", Answer::redirect(302, "/loop"));
    site.on("/away", Answer::redirect(302, "https://b.example/x"));
    for depth in 1..=6 {
        site.on(&format!("/{depth}"), page(&[&format!("/{}", depth + 1)]));
    }
    let paths = Paths { exclude: vec!["/ignored/**".parse().unwrap()], ..Paths::default() };
    let report = bed.crawl(&CrawlPlan { paths, max_depth: 3, ..plan(&[site.url("/")]) }).await;
    let expected = [
        ("/", "off_scope"),
        ("/1", "accepted"),
        ("/2", "accepted"),
        ("/3", "accepted"),
        ("/4", "too_deep"),
        ("/away", "off_scope"),
        ("/behind", "accepted"),
        ("/broken", "server_error"),
        ("/copy", "duplicate_of"),
        ("/forbidden", "robots"),
        ("/good", "accepted"),
        ("/hidden", "robots"),
        ("/ignored/x", "off_scope"),
        ("/login", "robots"),
        ("/loop", "bad_redirect"),
        ("/missing", "not_found"),
        ("/old", "duplicate_of"),
        ("/paper", "not_html"),
        ("/paper.pdf", "not_html"),
    ];
    // The last of two addresses with the path `/` is the one on the other host.
    assert_eq!(outcomes(&report), expected.map(|(path, word)| (path.to_owned(), word)).into());
    let mut urls: Vec<&str> = report.found.iter().map(|found| found.url.as_str()).collect();
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls.len(), report.found.len(), "each once");
    assert!(report.found.iter().all(|found| !found.reason.is_empty()));
    for path in ["/paper.pdf", "/forbidden", "/4", "/ignored/x", "/login"] {
        assert_eq!(site.count(path), 0, "{path} was asked for");
    }
}

async fn a_crawl_ends_in_time_with_what_it_has(bed: Bed) {
    let (site, gate) = (Site::start().await, Gate::closed());
    site.on("/sitemap.xml", Answer::page("text/xml", sitemap(&site, &["/1", "/slow", "/2"])));
    site.on("/", page(&[]));
    site.on("/1", page(&["/linked"]));
    site.on("/slow", page(&[]).behind(&gate));
    let began = Instant::now();
    let report = bed.crawl(&CrawlPlan { time: Duration::from_secs(2), ..plan(&[site.url("/")]) }).await;
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
    let read = |path| (found(&report, path).outcome.as_str(), found(&report, path).was_read);
    assert_eq!(
        ["/1", "/slow", "/2", "/linked"].map(read),
        [("accepted", true), ("accepted", false), ("accepted", false), ("accepted", false)]
    );
    assert!(report.gaps.len() == 1 && report.gaps[0].starts_with("the time was up"), "{:?}", report.gaps);
    gate.open();
}

async fn enough_addresses_are_enough(bed: Bed) {
    let site = Site::start().await;
    site.on("/sitemap.xml", Answer::page("text/xml", sitemap(&site, &["/1", "/2", "/3"])));
    site.on("/", page(&["/4"]));
    let quick = CrawlPlan { limit: 2, reads_all: false, ..plan(&[site.url("/")]) };
    let report = bed.crawl(&quick).await;
    assert_eq!(
        report.children().map(|found| found.url.to_string()).collect::<Vec<_>>(),
        [site.url("/1"), site.url("/2")]
    );
    assert_eq!(found(&report, "/3").outcome.as_str(), "limit");
    assert_eq!(site.count("/") + site.count("/1"), 0, "the sitemap told enough");
    assert_eq!(report.gaps.len(), 1, "{:?}", report.gaps);

    let report = bed.crawl(&CrawlPlan { limit: 4, ..quick }).await;
    assert_eq!(report.children().count(), 4, "links are read where the sitemap does not tell enough");
    assert_eq!((site.count("/"), site.count("/1")), (1, 0));
}

async fn pages_are_asked_for_one_by_one_with_a_pause(mut bed: Bed) {
    bed.delay = Duration::from_millis(150);
    let site = Site::start().await;
    site.on("/", page(&["/1", "/2"]));
    site.on("/1", page(&[]));
    site.on("/2", page(&[]));
    bed.crawl(&plan(&[site.url("/")])).await;
    let visits = site.visits();
    let paths: Vec<&str> = visits.iter().map(|visit| visit.path.as_str()).collect();
    assert_eq!(paths, ["/robots.txt", "/sitemap.xml", "/", "/1", "/2"]);
    let least = bed.delay.saturating_sub(Duration::from_millis(40));
    assert!(visits.windows(2).all(|pair| pair[1].at.duration_since(pair[0].at) >= least), "{visits:?}");
}

async fn what_goes_wrong_at_a_seed_is_told(bed: Bed) {
    let (broken, forbidden) = (Site::start().await, Site::start().await);
    broken.on("/robots.txt", Answer::status(503));
    forbidden.on("/robots.txt", Answer::text("User-agent: *\nDisallow: /"));
    let private = "http://10.255.255.1/".to_owned();
    let closed = format!("{}/", testkit::site::closed_port().await);
    let report = bed.crawl(&plan(&[broken.url("/"), forbidden.url("/"), private, closed])).await;
    let words: Vec<&str> = report.found.iter().map(|found| found.outcome.as_str()).collect();
    assert_eq!(words, ["server_error", "robots", "blocked_address", "connect"]);
    assert!(report.found[0].reason.contains("robots.txt cannot be read"), "{}", report.found[0].reason);
    assert_eq!(broken.count("/") + forbidden.count("/"), 0);
}

async fn sites_are_crawled_side_by_side(bed: Bed) {
    let sites = [Site::start().await, Site::start().await];
    for site in &sites {
        site.on("/", page(&["/1", "/2"]));
        site.on("/1", page(&[]));
        site.on("/2", page(&[]));
    }
    let seeds = [sites[0].url("/"), sites[1].url("/"), sites[0].url("/")];
    let report = bed.crawl(&CrawlPlan { limit: 3, ..plan(&seeds) }).await;
    assert_eq!(report.children().count(), 3);
    assert_eq!(report.found.len(), 6);
    assert_eq!(report.found[5].outcome.as_str(), "limit");
}
