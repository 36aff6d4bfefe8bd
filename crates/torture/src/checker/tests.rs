//! Made-up histories: a good one, and one for each fault that the checker must not miss.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use testkit::site::Visit;

use super::{Demands, judge};
use crate::evidence::{Blow, Call, Completion, Evidence, Refusal, Reply, Seen};

const SITE: &str = "http://127.0.0.1:1";

fn seen(number: usize) -> Seen {
    Seen {
        id: format!("id-{number}"),
        url: format!("{SITE}/{number}"),
        external_id: format!("{SITE}/{number}"),
        status: "COMPLETED".to_owned(),
        updated_at: "2026-05-22T06:05:34.221Z".to_owned(),
        revision: 1,
        text: format!("page {number}"),
        error: String::new(),
    }
}

fn visit(path: impl Into<String>, at: Instant) -> Visit {
    Visit { path: path.into(), at, from: Ipv4Addr::LOCALHOST.into(), status: 200 }
}

fn ms(start: Instant, millis: u64) -> Instant {
    start + Duration::from_millis(millis)
}

/// Three pages, each read once, one second apart, and each seen to be done half a second after its visit.
fn good(start: Instant) -> Evidence {
    let documents: Vec<Seen> = (0..3).map(seen).collect();
    let urls: Vec<String> = documents.iter().map(|seen| seen.url.clone()).collect();
    let ids = documents.iter().map(|seen| seen.id.clone()).collect();
    let visits = (0..3).map(|number| visit(format!("/{number}"), ms(start, 1_000 * number))).collect();
    let completions = (0..3_usize).map(|number| {
        let completion = Completion { at: ms(start, 1_000 * number as u64 + 500), seen: seen(number) };
        (format!("id-{number}"), completion)
    });
    let calls = vec![Call { urls, reply: Reply::Acknowledged(ids) }];
    Evidence { calls, documents, completions: completions.collect(), visits, blows: Vec::new() }
}

fn complaints(evidence: &Evidence) -> String {
    let spacing = Some((Duration::from_secs(1), Duration::from_millis(50)));
    judge(evidence, Demands { spacing, ..Demands::default() }).complaints.join("; ")
}

fn refused(status: u16, says_when: bool, body: &str) -> Reply {
    Reply::Refused(Refusal { status, says_when, body: body.to_owned() })
}

#[test]
fn a_good_history_passes() {
    assert_eq!(complaints(&good(Instant::now())), "");
}

#[test]
fn each_bad_history_is_refused() {
    type Spoil = fn(&mut Evidence, Instant);
    let call = |urls: &[&str], reply| Call { urls: urls.iter().map(|path| format!("{SITE}{path}")).collect(), reply };
    let cases: [(&str, Spoil); 16] = [
        ("is lost", |history, _| drop(history.documents.remove(1))),
        ("which is", |history, _| history.documents[1].url = format!("{SITE}/other")),
        ("with 2 ids", |history, _| {
            history.calls[0].reply = Reply::Acknowledged(vec!["id-0".into(), "id-1".into()]);
        }),
        ("shows a document twice", |history, _| history.documents.push(seen(0))),
        ("stored 2 times", |history, _| history.documents.push(Seen { id: "id-9".into(), ..seen(0) })),
        ("left a part behind", |history, _| {
            history.calls[0].reply = Reply::Unknown;
            history.documents.pop();
        }),
        ("done all the same", |history, _| history.calls[0].reply = refused(400, true, "busy")),
        ("refused and left a part behind", |history, _| {
            history.calls[0].reply = refused(503, true, "busy");
            history.documents.pop();
        }),
        ("never asked for", |history, _| history.documents.push(seen(9))),
        ("1 documents are PENDING", |history, _| history.documents[0].status = "PENDING".into()),
        ("1 documents are IN_PROGRESS", |history, _| history.documents[0].status = "IN_PROGRESS".into()),
        ("1 documents are FAILED", |history, _| history.documents[0].status = "FAILED".into()),
        ("written again", |history, _| history.documents[0].updated_at = "2026-05-22T06:05:35.000Z".into()),
        ("written again", |history, _| history.documents[0].text = "what a latecomer wrote".into()),
        ("visited again after its success", |history, start| {
            history.visits.push(visit("/0", ms(start, 3_000)));
        }),
        ("1 requests came too soon", |history, start| history.visits[1].at = ms(start, 900)),
    ];
    let start = Instant::now();
    for (expected, spoil) in cases {
        let mut history = good(start);
        spoil(&mut history, start);
        let found = complaints(&history);
        assert!(found.contains(expected), "{expected}: {found:?}");
    }
    for (expected, reply) in [
        ("500 instead of 503", refused(500, true, "internal error")),
        ("without Retry-After", refused(503, false, "busy")),
        ("tells of its inside", refused(503, true, "sqlx: pool timed out")),
    ] {
        let mut history = good(start);
        history.calls.push(call(&["/refused"], reply));
        let found = complaints(&history);
        assert!(found.contains(expected), "{expected}: {found:?}");
    }
    let mut history = good(start);
    history.calls.push(call(&["/refused"], refused(503, true, "busy")));
    history.calls.push(call(&["/lost", "/on/the/way"], Reply::Unknown));
    assert_eq!(complaints(&history), "", "an honest refusal and a call that left nothing are no faults");
}

#[test]
fn a_repeat_needs_its_blow() {
    let start = Instant::now();
    let mut history = good(start);
    history.visits = vec![visit("/0", start), visit("/0", ms(start, 2_000))];
    history.completions.clear();
    let blow = |at, in_flight| Blow { at: ms(start, at), lasts: Duration::ZERO, in_flight };
    let cases: [(&[Blow], bool); 4] =
        [(&[], false), (&[blow(1_000, 1)], true), (&[blow(2_001, 1)], false), (&[blow(1_000, 0)], false)];
    for (blows, is_explained) in cases {
        history.blows = blows.to_vec();
        let verdict = judge(&history, Demands::default());
        assert_eq!(verdict.complaints.is_empty(), is_explained, "{blows:?}: {:?}", verdict.complaints);
        assert_eq!(verdict.reruns, 1);
    }
    // Two repeats, and a blow that ended one run.
    history.visits.extend([start, ms(start, 2_000)].map(|at| visit("/1", at)));
    history.blows = vec![blow(1_000, 1)];
    assert_eq!(judge(&history, Demands::default()).complaints.len(), 1);
}
