//! Children that a document has taken over: whatever they do, that document alone fails, soon, and with the right code.

use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use extract::Hint;
use model::FailureCode;
use nix::sys::signal::{Signal, raise};

use super::super::protocol::{Answer, CONFINED, HELLO, MAX_ANSWER, READY, Request};
use super::super::{Limits, confine, reading};
use super::{Children, GOOD, end, entry, reads_a_good_page, this_binary};

/// The children are this test binary, running only this test. The address of a document says what it does to its reader.
#[test]
#[ignore = "the body of the children that the other tests start"]
fn captured_child_entry() {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    output.write_all(HELLO).unwrap();
    output.write_all(&[CONFINED]).unwrap();
    output.flush().unwrap();
    let mut length = [0; 4];
    while input.read_exact(&mut length).is_ok() {
        let mut json = vec![0; u32::from_le_bytes(length) as usize];
        input.read_exact(&mut json).unwrap();
        let request: Request = serde_json::from_slice(&json).unwrap();
        let url = request.hint.url.clone().unwrap_or_default();
        let deed = Path::new(&url).file_name().unwrap_or_default().to_str().unwrap_or_default();
        output.write_all(&[READY]).unwrap();
        output.flush().unwrap();
        if deed == "answers-early" {
            reply(&mut output, &answer(GOOD.as_bytes(), &request));
        }
        let mut body = vec![0; usize::try_from(request.length).unwrap()];
        input.read_exact(&mut body).unwrap();
        misbehave(deed, &request, &mut output);
        reply(&mut output, &answer(&body, &request));
        if deed == "falls-asleep" {
            raise(Signal::SIGSTOP).unwrap();
        }
    }
}

fn answer(body: &[u8], request: &Request) -> Vec<u8> {
    let answer: Answer = reading::read(body, &request.hint, &extract::Budget::endless()).map_err(Into::into);
    serde_json::to_vec(&answer).unwrap()
}

fn reply(output: &mut impl Write, json: &[u8]) {
    output.write_all(&u32::try_from(json.len()).unwrap().to_le_bytes()).unwrap();
    output.write_all(json).unwrap();
    output.flush().unwrap();
}

fn misbehave(deed: &str, request: &Request, output: &mut impl Write) {
    match deed {
        "never-answers" => loop {
            std::thread::park();
        },
        "stops" => raise(Signal::SIGSTOP).unwrap(),
        "crashes" => raise(Signal::SIGILL).unwrap(),
        "ends" => std::process::exit(7),
        "spins" => {
            confine::for_document(u64::MAX, request.cpu_secs).unwrap();
            loop {
                std::hint::spin_loop();
            }
        }
        "answers-garbage" => reply(output, b"{\"Ok\": [1, 2"),
        "answers-too-much" => {
            output.write_all(&u32::try_from(MAX_ANSWER + 1).unwrap().to_le_bytes()).unwrap();
            output.flush().unwrap();
            std::thread::park();
        }
        "answers-half" => {
            output.write_all(&100_u32.to_le_bytes()).unwrap();
            output.write_all(b"{\"Ok\":").unwrap();
            output.flush().unwrap();
            std::process::exit(0);
        }
        "closes-its-output" => {
            nix::unistd::close(1).unwrap();
            std::thread::park();
        }
        "closes-its-input" => nix::unistd::close(0).unwrap(),
        "floods-its-errors" => loop {
            // Until nobody listens any more.
            if io::stderr().write_all(&[b'x'; 4096]).is_err() {
                std::process::exit(0);
            }
        },
        _ => {}
    }
}

const STALLED: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_mins(1);

/// What a document does to its reader, how that ends, and what the reason says.
const DEEDS: [(&str, FailureCode, &str); 11] = [
    ("never-answers", FailureCode::ResourceLimit, "took longer than 3 s"),
    ("stops", FailureCode::ResourceLimit, "took longer than 3 s"),
    ("floods-its-errors", FailureCode::ResourceLimit, "took longer than 3 s"),
    ("spins", FailureCode::ResourceLimit, "more than 1 s of processor time"),
    ("crashes", FailureCode::ParseFailed, "crash (SIGILL)"),
    ("ends", FailureCode::ParseFailed, "without an answer"),
    ("answers-half", FailureCode::ParseFailed, "without an answer"),
    ("answers-garbage", FailureCode::ParseFailed, "nonsense"),
    ("answers-too-much", FailureCode::ParseFailed, "nonsense: an answer of"),
    ("answers-early", FailureCode::ParseFailed, "nonsense: an answer before"),
    ("closes-its-output", FailureCode::ParseFailed, "lives on"),
];

fn children(size: usize, wall: Duration) -> Children {
    let limits = Limits { cpu: Duration::from_secs(1), wall, ..Limits::default() };
    let arguments = entry("captured::captured_child_entry");
    Children::new(this_binary(), arguments, size, limits)
}

/// A document that does something to its reader; larger than a pipe, so that an early answer is one.
fn document(deed: &str) -> (Hint, String) {
    let url = Some(format!("https://example.com/{deed}"));
    let hint = Hint { content_type: Some("text/html".to_owned()), url, ..Hint::default() };
    (hint, format!("{GOOD}{}", " ".repeat(1024 * 1024)))
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_child_does_only_its_document_fails() {
    for (deed, code, reason) in DEEDS {
        // Time on the clock ends only those that wait for it, however busy the machine is.
        let is_stall = reason.starts_with("took longer");
        let captured = children(1, if is_stall { STALLED } else { PATIENCE });
        let (hint, body) = document(deed);
        let failure = captured.extract(&hint, body.as_bytes(), body.len() as u64).await.unwrap_err();
        assert_eq!(failure.code, code, "{deed}: {failure}");
        assert!(failure.text.contains(reason), "{deed}: {failure}");
        assert!(captured.idle_ids().is_empty(), "{deed}: nobody reads with such a child again");
        if !is_stall {
            reads_a_good_page(&captured).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_takes_no_more_is_replaced_and_noticed_by_nobody() {
    for deed in ["closes-its-input", "falls-asleep"] {
        let children = children(1, PATIENCE);
        let (hint, body) = document(deed);
        children.extract(&hint, body.as_bytes(), body.len() as u64).await.unwrap();
        let before = children.idle_ids();
        reads_a_good_page(&children).await;
        assert_ne!(children.idle_ids(), before, "{deed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_with_villains_in_it_shares_two_children() {
    let children = children(2, Duration::from_secs(10));
    let crowd: Vec<_> = (0..200)
        .map(|number| {
            let children = children.clone();
            tokio::spawn(async move {
                // One in twenty does something, each time another thing.
                let deed = (number % 20 == 7).then(|| DEEDS[number / 20]);
                let (hint, body) = document(deed.map_or("good", |(deed, ..)| deed));
                (deed, children.extract(&hint, body.as_bytes(), body.len() as u64).await)
            })
        })
        .collect();
    for one in crowd {
        match one.await.unwrap() {
            (Some((deed, code, _)), outcome) => {
                assert_eq!(outcome.map(|page| page.title).unwrap_err().code, code, "{deed}");
            }
            (None, outcome) => assert_eq!(outcome.unwrap().title, "Refunds"),
        }
    }
    assert!((1..=2).contains(&children.idle_ids().len()));
}

/// What holds a child that a document has taken over, as the kernel tells it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_kernel_holds_every_child() {
    let children = super::parsers(1, Limits::default());
    reads_a_good_page(&children).await;
    let id = children.idle_ids()[0];
    let told = |file: &str| std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap();
    let status = told("status");
    assert!(status.contains("Seccomp:\t2"), "a filter of system calls is on: {status}");
    let limits = told("limits");
    let soft = |name: &str| {
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    };
    let memory = Limits::default().memory_bytes.to_string();
    let expected =
        [("Max core file size", "0"), ("Max file size", "0"), ("Max open files", "16"), ("Max address space", &memory)];
    for (name, most) in expected {
        assert_eq!(soft(name), most, "{name}");
    }
    assert!(soft("Max cpu time").parse::<u64>().unwrap() <= Limits::default().cpu.as_secs() + 1);
    end(id);
}
