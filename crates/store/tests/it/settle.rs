//! Settling many runs at once: each by its own outcome, those that were lost by none, and nobody for the fault of another.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Failure, FailureCode, Job, JobStatus, WaitCode, WorkerId, WorkspaceId};
use store::{Change, Error, NewText, Outcome, Settlement, Store, Target};

use crate::stores::{TestStore, at, batch, hosts, kept, on_both, page, postpone, retry, seconds, text, unpaced};

on_both!(
    of_many_at_once_only_the_lost_are_refused,
    long_and_short_texts_read_back_alike,
    the_numbers_of_a_documents_texts_follow_each_other,
    calls_of_one_time_are_settled_each_for_itself,
    one_that_the_database_cannot_hold_is_refused_alone,
    of_two_ends_of_one_job_at_one_time_one_is_kept,
    a_call_that_is_dropped_midway_is_kept_whole_or_not_at_all,
    what_is_settled_twice_in_one_transaction_is_settled_once,
    nothing_to_settle_is_settled,
);

fn done(job: &Job, title: &str, change: Change) -> Settlement {
    Settlement { job: job.clone(), outcome: Outcome::Text(Arc::new(text(title, &[title])), change) }
}

fn failed(job: &Job) -> Settlement {
    Settlement { job: job.clone(), outcome: Outcome::Failed(Failure::new(FailureCode::NotFound, "no such page")) }
}

/// New documents whose first runs are claimed.
async fn running(store: &TestStore, workspace: WorkspaceId, prefix: &str, count: usize, worker: WorkerId) -> Vec<Job> {
    store.add(workspace, &hosts(prefix, count), at(1)).await;
    store.claim(&unpaced(worker, i64::try_from(count).unwrap()), at(2)).await
}

async fn queue_again(store: &TestStore, workspace: WorkspaceId, jobs: &[Job]) {
    let call = batch(jobs.iter().map(|job| page(&job.external_id)));
    kept(store, async |write| write.queue_web(workspace, &call, at(3)).await).await.unwrap();
}

async fn of_many_at_once_only_the_lost_are_refused(store: TestStore) {
    let (workspace, worker, other) = (store.workspace("acme").await, WorkerId::new(), WorkerId::new());
    let jobs = running(&store, workspace, "a", 40, worker).await;
    // Of each ten, the last is another worker's by now and the one before was cancelled.
    for job in jobs.iter().skip(9).step_by(10) {
        kept(&store, async |write| write.run_again(job, worker, retry(at(3), "x"), at(3)).await).await.unwrap();
    }
    assert_eq!(store.claim(&unpaced(other, 40), at(3)).await.len(), 4);
    for job in jobs.iter().skip(8).step_by(10) {
        let which = store::Which::Job(job.id);
        kept(&store, async |write| write.cancel(workspace, &which, "x", at(3)).await).await.unwrap();
    }
    let outcome = |place: usize, job: &Job| match place % 10 {
        0..4 | 8 | 9 => done(job, &format!("title {place}"), Change::First),
        4 | 5 => failed(job),
        6 => Settlement { job: job.clone(), outcome: Outcome::Again(retry(at(50), "attempt 1 of 5 failed")) },
        _ => {
            let again = postpone(at(60), WaitCode::Provider, "the provider said to wait");
            Settlement { job: job.clone(), outcome: Outcome::Again(again) }
        }
    };
    let settlements: Vec<_> = jobs.iter().enumerate().map(|(place, job)| (worker, outcome(place, job))).collect();
    let held = kept(&store, async |write| write.settle(&settlements, at(5)).await).await.unwrap();
    store.worker_alive(worker, at(5)).await;
    for (place, (job, held)) in jobs.iter().zip(held).enumerate() {
        assert_eq!(held, place % 10 < 8, "{place}");
        let shown = store.document_at(workspace, job.document, at(5)).await;
        let code = shown.waiting.as_ref().map(|waiting| waiting.code);
        let (status, next) = (shown.job_status.unwrap(), shown.next_attempt_at);
        match place % 10 {
            0..4 => {
                assert_eq!((status, shown.revision, shown.title), (JobStatus::Completed, 1, format!("title {place}")));
                assert_eq!(shown.paragraphs, [format!("title {place}")]);
            }
            4 | 5 => assert_eq!((status, shown.error.as_str()), (JobStatus::Failed, "not_found: no such page")),
            6 => assert_eq!((status, code, next), (JobStatus::Pending, Some(WaitCode::Retry), Some(at(50)))),
            7 => assert_eq!((status, code, next), (JobStatus::Pending, Some(WaitCode::Provider), Some(at(60)))),
            8 => assert_eq!((status, shown.error.as_str()), (JobStatus::Failed, "cancelled: x")),
            _ => assert_eq!((status, shown.revision), (JobStatus::InProgress, 0)),
        }
    }
    let attempts = store.texts("SELECT CAST(attempt AS TEXT) FROM jobs WHERE state = 'delayed' ORDER BY run_at").await;
    assert_eq!(attempts, ["1", "1", "1", "1", "0", "0", "0", "0"], "only what was tried counts");
    assert_eq!((store.count("revisions").await, store.count("job_history").await), (16, 28));
}

async fn long_and_short_texts_read_back_alike(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let jobs = running(&store, workspace, "a", 6, worker).await;
    let paragraph = |bytes: usize| "😀 \"é\\ ".chars().cycle().take(bytes / 3).collect::<String>();
    let texts: Vec<NewText> = [0, 10, 60_000, 70_000, 3_000_000, 100]
        .iter()
        .map(|bytes| text(&format!("{bytes} bytes"), &[&paragraph(*bytes), "and another"]))
        .collect();
    let settlements: Vec<_> = jobs
        .iter()
        .zip(&texts)
        .map(|(job, text)| {
            let outcome = Outcome::Text(Arc::new(text.clone()), Change::First);
            (worker, Settlement { job: job.clone(), outcome })
        })
        .collect();
    let held = kept(&store, async |write| write.settle(&settlements, at(5)).await).await.unwrap();
    assert_eq!(held, [true; 6]);
    for (job, text) in jobs.iter().zip(&texts) {
        let shown = store.document_at(workspace, job.document, at(6)).await;
        assert!(shown.paragraphs == text.paragraphs && shown.title == text.title, "{}", text.title);
        let mut read = store.read().await.unwrap();
        assert!(read.current_blocks(workspace, job.document).await.unwrap().as_ref() == Some(&text.blocks));
        let current = read.current_text(workspace, job.document).await.unwrap().unwrap();
        assert_eq!(current.content_hash, text.content_hash());
    }
    let columns = "number || blob || url || mime_type || language || warnings || etag || created_at";
    let rest = store.texts(&format!("SELECT DISTINCT {columns} FROM revisions")).await;
    assert_eq!(rest.len(), 1, "both ways of writing keep the same: {rest:?}");
}

async fn the_numbers_of_a_documents_texts_follow_each_other(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let mut jobs = running(&store, workspace, "a", 8, worker).await;
    let changes = [Change::First, Change::Material, Change::None, Change::Immaterial, Change::Material];
    for (round, change) in changes.into_iter().enumerate() {
        let settlements: Vec<_> =
            jobs.iter().map(|job| (worker, done(job, &format!("{round} {}", job.external_id), change))).collect();
        let held = kept(&store, async |write| write.settle(&settlements, at(5)).await).await.unwrap();
        assert!(held.iter().all(|held| *held));
        let expected = [(1, false), (2, true), (2, true), (3, true), (4, true)][round];
        for job in &jobs {
            let shown = store.document_at(workspace, job.document, at(6)).await;
            assert_eq!((shown.revision, shown.changed), expected, "round {round}");
        }
        queue_again(&store, workspace, &jobs).await;
        jobs = store.claim(&unpaced(worker, 8), at(7)).await;
        assert_eq!(jobs.len(), 8);
    }
    let shown = store.document_at(workspace, jobs[0].document, at(8)).await;
    assert_eq!(shown.paragraphs, [format!("4 {}", jobs[0].external_id)]);
    assert_eq!(shown.old_paragraphs, [format!("3 {}", jobs[0].external_id)]);
    let numbers =
        "SELECT document_id || ' ' || CAST(COUNT(*) AS TEXT) || ' ' || CAST(MAX(number) AS TEXT) FROM revisions";
    let numbers = store.texts(&format!("{numbers} GROUP BY document_id")).await;
    assert!(numbers.len() == 8 && numbers.iter().all(|line| line.ends_with(" 4 4")), "{numbers:?}");
}

/// Settles everything from a task of its own each, and says what each was told.
async fn settle_all(store: &Store, settlements: Vec<(WorkerId, Settlement)>) -> Vec<Result<(), Error>> {
    let tasks: Vec<_> = settlements
        .into_iter()
        .map(|(worker, settlement)| {
            let store = store.clone();
            tokio::spawn(async move { store.settle(worker, settlement).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(tokio::time::timeout(seconds(60), task).await.unwrap().unwrap());
    }
    answers
}

async fn calls_of_one_time_are_settled_each_for_itself(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let jobs = running(&store, workspace, "a", 120, worker).await;
    let settlement = |place: usize, job: &Job| {
        let by = if place.is_multiple_of(5) { WorkerId::new() } else { worker };
        (by, done(job, &format!("of {}", job.external_id), Change::First))
    };
    let settlements: Vec<_> = jobs.iter().enumerate().map(|(place, job)| settlement(place, job)).collect();
    for (place, answer) in settle_all(&store, settlements).await.into_iter().enumerate() {
        let is_lost = matches!(answer, Err(Error::Lost));
        assert!(if place.is_multiple_of(5) { is_lost } else { answer.is_ok() }, "{place}");
    }
    let titles = store.texts("SELECT external_id || ' ' || title FROM documents WHERE outcome = 'completed'").await;
    assert_eq!(titles.len(), 96);
    for line in titles {
        let (url, title) = line.split_once(' ').unwrap();
        assert_eq!(title, format!("of {url}"), "a text came to the wrong document");
    }
    assert_eq!(store.count("jobs WHERE state = 'running'").await, 24);
}

/// PostgreSQL holds no U+0000 in a text; SQLite does.
async fn one_that_the_database_cannot_hold_is_refused_alone(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let jobs = running(&store, workspace, "a", 30, worker).await;
    let odd = |place: usize| place % 10 == 3;
    let settlement = |place: usize, job| (worker, done(job, if odd(place) { "a\0b" } else { "good" }, Change::First));
    let settlements = jobs.iter().enumerate().map(|(place, job)| settlement(place, job)).collect();
    for (place, answer) in settle_all(&store, settlements).await.into_iter().enumerate() {
        let can_hold = matches!(store.target, Target::Sqlite(_));
        assert_eq!(answer.is_ok(), can_hold || !odd(place), "{place}: {answer:?}");
        assert!(!matches!(answer, Err(Error::Lost)), "the job is still this worker's");
    }
    assert_eq!(store.count("documents WHERE title = 'good' AND revision = 1").await, 27);
}

async fn of_two_ends_of_one_job_at_one_time_one_is_kept(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let jobs = running(&store, workspace, "a", 20, worker).await;
    let twice = |job| [(worker, done(job, "one", Change::First)), (worker, failed(job))];
    let answers = settle_all(&store, jobs.iter().flat_map(twice).collect()).await;
    for pair in answers.chunks(2) {
        assert_eq!(pair.iter().filter(|answer| answer.is_ok()).count(), 1, "{pair:?}");
        assert!(pair.iter().any(|answer| matches!(answer, Err(Error::Lost))), "{pair:?}");
    }
    let ends: HashMap<bool, usize> = answers.iter().step_by(2).fold(HashMap::new(), |mut ends, answer| {
        *ends.entry(answer.is_ok()).or_default() += 1;
        ends
    });
    assert_eq!(store.count("revisions").await, ends.get(&true).copied().unwrap_or(0));
    assert_eq!((store.count("job_history").await, store.count("jobs").await), (20, 0));
}

async fn a_call_that_is_dropped_midway_is_kept_whole_or_not_at_all(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let jobs = running(&store, workspace, "a", 12, worker).await;
    for (polls, pair) in jobs.chunks(2).enumerate() {
        let (dropped, beside) =
            (done(&pair[0], "dropped", Change::First), store.settle(worker, done(&pair[1], "beside", Change::First)));
        let (_, beside) = tokio::join!(crate::stores::cut_short(polls, store.settle(worker, dropped)), beside);
        beside.unwrap();
    }
    // One question, because a dropped one may still be on its way.
    let tables = ["job_history", "revisions", "jobs"].map(|table| format!("(SELECT COUNT(*) FROM {table})"));
    let counts = store.texts(&format!("SELECT {}", tables.join(" || ' ' || "))).await;
    let counts: Vec<usize> = counts[0].split(' ').map(|count| count.parse().unwrap()).collect();
    let ended = counts[0];
    assert!((6..=12).contains(&ended));
    assert_eq!(counts, [ended, ended, 12 - ended]);
}

async fn what_is_settled_twice_in_one_transaction_is_settled_once(store: TestStore) {
    let (workspace, worker) = (store.workspace("acme").await, WorkerId::new());
    let jobs = running(&store, workspace, "a", 2, worker).await;
    let twice = [done(&jobs[0], "first", Change::First), done(&jobs[1], "beside", Change::First), failed(&jobs[0])];
    let twice = twice.map(|settlement| (worker, settlement));
    let held = kept(&store, async |write| write.settle(&twice, at(5)).await).await.unwrap();
    assert_eq!(held, [true, true, false]);
    assert_eq!(store.document_at(workspace, jobs[0].document, at(6)).await.title, "first");
    assert_eq!((store.count("revisions").await, store.count("job_history").await), (2, 2));
}

async fn nothing_to_settle_is_settled(store: TestStore) {
    let before = store.dump().await;
    assert_eq!(kept(&store, async |write| write.settle(&[], at(1)).await).await.unwrap(), Vec::<bool>::new());
    assert_eq!(store.dump().await, before);
}
