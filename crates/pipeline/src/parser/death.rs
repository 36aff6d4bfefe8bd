//! Says why a child died or was ended, in the words of a failed run.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use model::{Failure, FailureCode};
use nix::sys::signal::Signal;

use super::limits::Limits;

/// The failure that a child's end stands for; `last_words` is what it wrote to standard error.
pub fn explain(status: ExitStatus, last_words: &str, limits: &Limits) -> Failure {
    let signal = status.signal().and_then(|number| Signal::try_from(number).ok());
    match signal {
        Some(Signal::SIGXCPU) => {
            resource_limit(format!("reading the document took more than {} s of processor time", limits.cpu.as_secs()))
        }
        Some(Signal::SIGKILL) => {
            resource_limit("the system ended the parser, most likely for lack of memory".to_owned())
        }
        Some(Signal::SIGABRT) if last_words.contains("memory allocation of") => resource_limit(format!(
            "reading the document took more than {} MiB of memory",
            limits.memory_bytes / 1024 / 1024
        )),
        Some(Signal::SIGABRT | Signal::SIGSEGV) if last_words.contains("overflowed its stack") => {
            parse_failed("the document nests its elements too deeply to be read".to_owned())
        }
        Some(signal) => parse_failed(format!("the document makes its reader crash ({signal})")),
        None => parse_failed(format!("the parser ended without an answer ({status}): {}", first_line(last_words))),
    }
}

/// The failure of a document whose reader answers what no reader answers: the document may have taken it over.
pub fn nonsense(what: &str) -> Failure {
    parse_failed(format!("the document makes its reader answer nonsense: {}", first_line(what)))
}

fn resource_limit(text: String) -> Failure {
    Failure::new(FailureCode::ResourceLimit, text)
}

fn parse_failed(text: String) -> Failure {
    Failure::new(FailureCode::ParseFailed, text)
}

fn first_line(words: &str) -> String {
    let line = words.lines().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
    line.trim().chars().take(200).collect()
}
