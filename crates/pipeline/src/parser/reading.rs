//! Reads a document so that a panic of its reader is a failure of that document alone.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use extract::{Budget, Extracted, Hint, extract_within};
use model::{Failure, FailureCode};

/// Reads a document.
pub fn read(body: &[u8], hint: &Hint, budget: &Budget) -> Result<Extracted, Failure> {
    catch_unwind(AssertUnwindSafe(|| extract_within(body, hint, budget))).unwrap_or_else(|panic| {
        let text = format!("the document makes its reader fail: {}", message(panic.as_ref()));
        Err(Failure::new(FailureCode::ParseFailed, text))
    })
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("without a message").chars().take(200).collect()
}
