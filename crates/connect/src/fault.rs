//! How an error of the layers below becomes one of the product's failures.

use std::error::Error;
use std::io;

use model::{Failure, FailureCode, WebUrl};

/// A failure of ours on its way through layers that carry only `dyn Error`.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Carried(pub Failure);

impl Carried {
    /// As an I/O error, for readers.
    pub fn io(failure: Failure) -> io::Error {
        io::Error::other(Self(failure))
    }
}

/// Why a request to `host` did not get an answer, or why its body broke.
pub fn failure_of(error: &(dyn Error + 'static), host: &str) -> Failure {
    for cause in causes(error) {
        if let Some(Carried(failure)) = cause.downcast_ref() {
            return failure.clone();
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Failure::new(FailureCode::Tls, format!("no trusted encrypted connection to `{host}`: {tls}"));
        }
        if cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse_too_large) {
            return Failure::new(FailureCode::TooLarge, format!("`{host}` sends more headers than are read"));
        }
    }
    let root = root(error);
    if causes(error).any(is_timeout) {
        return Failure::new(FailureCode::Timeout, format!("`{host}` took too long: {root}"));
    }
    Failure::new(FailureCode::Connect, format!("no connection to `{host}`, or it broke: {root}"))
}

/// Why decompressed bytes could not be read: the connection, or the compression itself.
pub fn failure_of_read(error: &io::Error, host: &str) -> Failure {
    let ours_or_network = causes(error).any(|cause| cause.is::<Carried>() || cause.is::<reqwest::Error>());
    match error.kind() {
        _ if ours_or_network => failure_of(error, host),
        io::ErrorKind::UnexpectedEof => {
            Failure::new(FailureCode::Connect, format!("`{host}` broke off in the middle of compressed content"))
        }
        _ => Failure::new(FailureCode::ParseFailed, format!("`{host}` sent damaged compressed content: {error}")),
    }
}

/// What lies under everything, which says most.
pub fn root(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

/// An address as a sentence shows it: without its query, which may hold secrets, cut at 200 characters.
pub fn shown(url: &WebUrl) -> String {
    url.as_str().split('?').next().unwrap_or_default().chars().take(200).collect()
}

fn is_timeout(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::TimedOut)
}

/// The error and everything under it. An I/O error hides what it wraps from `source`, so it is opened by hand.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| match cause.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| -> &'a (dyn Error + 'static) { inner }),
        None => cause.source(),
    })
}
