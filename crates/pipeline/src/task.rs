//! What a worker does with a job: the slow half of a run, which writes nothing of the document.

use std::future::Future;

use model::{Failure, Job};
use store::{Change, NewText};

use crate::running::Place;

/// A kind of work. Cheap to clone.
pub trait Task: Clone + Send + Sync + 'static {
    /// Runs a job to a text or a failure, and may show on the way what it does.
    fn run(&self, job: &Job, progress: &Place) -> impl Future<Output = Result<Found, Failure>> + Send;
}

/// What a run found, ready to be saved.
#[derive(Debug)]
pub struct Found {
    /// The text.
    pub text: NewText,
    /// How it differs from the one before.
    pub change: Change,
}
