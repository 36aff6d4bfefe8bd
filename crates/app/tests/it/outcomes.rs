//! One call queues everything that a web of good, broken and wicked sites can offer; each page ends as promised.

use std::collections::HashMap;
use std::time::Duration;

use model::FailureCode as Code;
use serde_json::Value;
use testkit::site::pages::{self, Sample};
use testkit::site::{self, Answer, Gate, Site, evil};

use crate::ground::{Ground, on_both};
use crate::server::{code, status};

on_both!(every_page_ends_as_promised);

/// Transient failures get that many.
const ATTEMPTS: usize = 2;
const FLAGS: [&str; 8] = ["--attempts", "2", "--first-byte", "1s", "--fetch-time", "2s", "--max-bytes", "2000000"];

/// What is asked for, and what must come of it.
struct Case {
    url: String,
    ending: Ending,
}

enum Ending {
    Read { title: &'static str, language: Option<&'static str>, says: &'static str },
    Failed(Code),
}

/// Sites that each have a port, so each is a host.
struct Web {
    good: Site,
    bad: Site,
    strict: Site,
    broken_robots: Site,
    slow_robots: Site,
    busy: Site,
    /// Never opened.
    never: Gate,
}

impl Web {
    async fn start() -> Self {
        let web = Self {
            good: Site::start().await,
            bad: Site::start().await,
            strict: Site::start().await,
            broken_robots: Site::start().await,
            slow_robots: Site::start().await,
            busy: Site::start().await,
            never: Gate::closed(),
        };
        web.good
            .on("/robots.txt", Answer::text("User-agent: *\nDisallow: /private/\n").after(Duration::from_millis(200)));
        web.strict.on("/robots.txt", Answer::text("User-agent: Gleaner\nDisallow: /inside\n"));
        web.broken_robots.on("/robots.txt", Answer::status(500));
        web.slow_robots.on("/robots.txt", Answer::text("").behind(&web.never));
        web
    }

    /// Sites whose robots.txt may be asked for once only, and the others, where it fails as often as there are attempts.
    fn robots_visits(&self) -> [(&Site, usize); 6] {
        let (once, each) = (1, ATTEMPTS);
        [
            (&self.good, once),
            (&self.bad, once),
            (&self.strict, once),
            (&self.busy, once),
            (&self.broken_robots, each),
            (&self.slow_robots, each),
        ]
    }
}

async fn every_page_ends_as_promised(ground: Ground) {
    let web = Web::start().await;
    let cases = [
        good_pages(&web.good),
        redirects(&web),
        robots(&web),
        refusals(&web.bad),
        contents(&web.bad),
        faults(&web).await,
    ];
    let cases: Vec<Case> = cases.into_iter().flatten().collect();
    let server = ground.serve(&FLAGS).await;
    let urls: Vec<&str> = cases.iter().map(|case| case.url.as_str()).collect();
    let ids = server.queue(&urls).await;
    let documents = server.all_ended().await;
    assert_eq!(documents.len(), cases.len());

    let documents: HashMap<&str, &Value> =
        documents.iter().map(|document| (document["id"].as_str().unwrap(), document)).collect();
    for (case, id) in cases.iter().zip(&ids) {
        assert_ended_as(case, documents[id.as_str()]);
    }
    assert_visits(&web);
}

fn assert_ended_as(case: &Case, document: &Value) {
    assert_eq!(document["originalUrl"], case.url.as_str());
    let paragraphs = document["paragraphs"].as_array().unwrap();
    match case.ending {
        Ending::Read { title, language, says } => {
            assert_eq!(status(document), "COMPLETED", "{document:#}");
            assert_eq!(document["title"], title, "{document:#}");
            assert_eq!(document["language"].as_str(), language, "{document:#}");
            assert!(paragraphs.iter().any(|paragraph| paragraph.as_str().unwrap().contains(says)), "{document:#}");
            assert_eq!(document["revision"], 1);
        }
        Ending::Failed(expected) => {
            assert_eq!((status(document), code(document)), ("FAILED", expected.as_str()), "{document:#}");
            assert!(paragraphs.is_empty() && document["revision"] == 0, "{document:#}");
            let given_up = document["error"].as_str().unwrap().contains("given up after 2 attempts");
            assert_eq!(given_up, expected.is_transient(), "{document:#}");
        }
    }
}

fn read(url: String, title: &'static str, language: Option<&'static str>, says: &'static str) -> Case {
    Case { url, ending: Ending::Read { title, language, says } }
}

fn article(url: String, sample: &Sample) -> Case {
    read(url, sample.title, Some(sample.language), sample.paragraphs[1])
}

fn failed(url: String, code: Code) -> Case {
    Case { url, ending: Ending::Failed(code) }
}

fn good_pages(site: &Site) -> Vec<Case> {
    use pages::{ENGLISH, FRENCH, GERMAN, JAPANESE, RUSSIAN};
    let articles = [
        ("/en", ENGLISH, ENGLISH.utf8()),
        ("/de", GERMAN, GERMAN.utf8()),
        ("/fr", FRENCH, FRENCH.utf8()),
        ("/ru", RUSSIAN, RUSSIAN.utf8()),
        ("/ja", JAPANESE, JAPANESE.utf8()),
        ("/ru/windows-1251", RUSSIAN, RUSSIAN.in_charset("windows-1251")),
        ("/ja/shift-jis", JAPANESE, JAPANESE.in_charset("shift_jis")),
        ("/de/latin-1", GERMAN, GERMAN.in_charset("iso-8859-1")),
        ("/ru/meta", RUSSIAN, RUSSIAN.in_meta_charset("koi8-r")),
        ("/fr/mark", FRENCH, FRENCH.with_mark()),
        ("/en/gzip", ENGLISH, ENGLISH.utf8().gzip()),
        ("/de/br", GERMAN, GERMAN.utf8().brotli()),
        ("/fr/zstd", FRENCH, FRENCH.utf8().zstd()),
    ];
    let mut cases: Vec<Case> =
        articles.into_iter().map(|(path, sample, answer)| article(site.on(path, answer), &sample)).collect();
    let docs = site.on("/docs", pages::documentation());
    cases.push(read(docs, pages::DOCUMENTATION_TITLE, Some("en"), "export-orders --day 2026-01-31 --format csv"));
    cases.push(read(site.on("/notes.md", pages::markdown()), pages::MARKDOWN_TITLE, Some("en"), "twice as fast"));
    cases.push(read(site.on("/plain.txt", pages::plain()), "plain.txt", Some("en"), "public holidays"));
    cases
}

fn redirects(web: &Web) -> Vec<Case> {
    let site = &web.good;
    let chain = |name: &str, hops: usize| {
        for hop in 0..hops {
            let status = [301, 302, 303, 307, 308][hop % 5];
            site.on(&format!("/{name}/{hop}"), Answer::redirect(status, &format!("/{name}/{}", hop + 1)));
        }
        site.on(&format!("/{name}/{hops}"), pages::ENGLISH.utf8());
        site.url(&format!("/{name}/0"))
    };
    let to = |path: &str, target: &str| site.on(path, Answer::redirect(302, target));
    web.strict.on("/welcome", pages::GERMAN.utf8());
    web.strict.on("/inside", pages::GERMAN.utf8());
    vec![
        article(chain("three", 3), &pages::ENGLISH),
        article(chain("ten", 10), &pages::ENGLISH),
        failed(chain("twelve", 12), Code::BadRedirect),
        failed(to("/circle", "/circle/on"), Code::BadRedirect),
        failed(to("/circle/on", "/circle"), Code::BadRedirect),
        failed(to("/nowhere", "mailto:someone@example.com"), Code::BadRedirect),
        failed(to("/to/private", "http://10.0.0.1/"), Code::BlockedAddress),
        failed(to("/to/metadata", "http://169.254.169.254/latest/meta-data/"), Code::BlockedAddress),
        article(to("/to/welcome", &web.strict.url("/welcome")), &pages::GERMAN),
        failed(to("/to/inside", &web.strict.url("/inside")), Code::RobotsDisallowed),
    ]
}

fn robots(web: &Web) -> Vec<Case> {
    vec![
        failed(web.good.on("/private/page", pages::ENGLISH.utf8()), Code::RobotsDisallowed),
        failed(web.broken_robots.on("/page", pages::ENGLISH.utf8()), Code::ServerError),
        failed(web.slow_robots.on("/page", pages::ENGLISH.utf8()), Code::Timeout),
        failed("http://10.11.12.13/".to_owned(), Code::BlockedAddress),
    ]
}

fn refusals(site: &Site) -> Vec<Case> {
    let statuses = [
        (401, Code::AuthRequired),
        (403, Code::Forbidden),
        (404, Code::NotFound),
        (410, Code::Gone),
        (500, Code::ServerError),
        (503, Code::ServerError),
    ];
    statuses
        .into_iter()
        .map(|(status, code)| failed(site.on(&format!("/status/{status}"), Answer::status(status)), code))
        .collect()
}

fn contents(site: &Site) -> Vec<Case> {
    vec![
        failed(site.on("/huge", Answer::page("text/html", vec![b'a'; 2_000_001])), Code::TooLarge),
        failed(site.on("/bomb", evil::bomb(4_000_000)), Code::TooLarge),
        failed(site.on("/empty", Answer::html("")), Code::EmptyContent),
        failed(site.on("/scripts", pages::scripts_only()), Code::EmptyContent),
        failed(site.on("/picture.html", Answer::page("text/html", evil::picture())), Code::UnsupportedType),
        failed(site.on("/picture.png", Answer::page("image/png", evil::picture())), Code::UnsupportedType),
        failed(site.on("/paper.pdf", Answer::page("application/pdf", evil::pdf())), Code::EmptyContent),
    ]
}

async fn faults(web: &Web) -> Vec<Case> {
    let (bad, busy) = (&web.bad, &web.busy);
    let page = || pages::ENGLISH.utf8();
    let then_well = |path: &str, first: Answer| busy.on_in_turn(path, vec![first, page()]);
    vec![
        failed(bad.on("/silent", page().behind(&web.never)), Code::Timeout),
        failed(bad.on("/drip", page().dripping(Duration::from_millis(50))), Code::Timeout),
        failed(bad.on("/broken", page().broken_off()), Code::Connect),
        failed(format!("{}/", site::closed_port().await), Code::Connect),
        article(then_well("/429", Answer::status(429).header("retry-after", "1")), &pages::ENGLISH),
        article(then_well("/503", Answer::status(503)), &pages::ENGLISH),
        article(then_well("/broken-once", page().broken_off()), &pages::ENGLISH),
    ]
}

/// A permanent failure is asked for once, a transient one as often as there are attempts, and what is forbidden never.
fn assert_visits(web: &Web) {
    for (site, visits) in web.robots_visits() {
        assert_eq!(site.count("/robots.txt"), visits, "{}", site.origin());
    }
    let never = [
        (&web.good, "/private/page"),
        (&web.broken_robots, "/page"),
        (&web.slow_robots, "/page"),
        (&web.strict, "/inside"),
    ];
    for (site, path) in never {
        assert_eq!(site.count(path), 0, "{path}");
    }
    let once = [
        "/status/401",
        "/status/403",
        "/status/404",
        "/status/410",
        "/huge",
        "/bomb",
        "/empty",
        "/scripts",
        "/picture.html",
    ];
    for path in once {
        assert_eq!(web.bad.count(path), 1, "{path}");
    }
    for path in ["/status/500", "/status/503", "/silent", "/drip", "/broken"] {
        assert_eq!(web.bad.count(path), ATTEMPTS, "{path}");
    }
    for path in ["/429", "/503", "/broken-once"] {
        assert_eq!(web.busy.count(path), 2, "{path}");
    }
    assert_eq!(web.good.count("/twelve/10"), 1, "ten redirects are followed");
    assert_eq!(web.good.count("/twelve/11"), 0, "an eleventh is not");
    let waits: Vec<_> = web.busy.visits().into_iter().filter(|visit| visit.path == "/429").collect();
    assert!(waits[1].at - waits[0].at >= Duration::from_secs(1), "Retry-After was not obeyed");
}
