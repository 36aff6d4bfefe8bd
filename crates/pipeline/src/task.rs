//! What a worker does with a job: the slow half of a run, which writes nothing of the document.

use std::future::Future;

use model::{Failure, Job};
use store::{Change, Landing, NewText};

use crate::running::Place;

/// A kind of work. Cheap to clone.
pub trait Task: Clone + Send + Sync + 'static {
    /// Runs a job to a text or a failure, and may show on the way what it does.
    fn run(&self, job: &Job, progress: &Place) -> impl Future<Output = Result<Found, Failure>> + Send;
}

/// What a run found, ready to be saved.
#[derive(Debug)]
pub enum Found {
    /// A text, and how it differs from the one before.
    Text(Box<NewText>, Change),
    /// The same, and what Review is to make of it.
    Landed(Box<NewText>, Change, Box<Landing>),
    /// The source still has the version that is known.
    Unchanged,
}
