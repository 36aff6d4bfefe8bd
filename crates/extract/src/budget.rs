//! How much of its time a reading may use. This crate reads no clock: the caller says how much is gone.

use std::cell::Cell;
use std::fmt;

/// So many steps pass between two questions; a step is a tag, a run of text or a line.
const STEPS: u32 = 512;

/// Part of the time is for taking a document in, so that what was taken in can be written out in the rest.
const TAKING_IN: f64 = 0.5;

/// The time that reading may take, as the share of it that is gone.
pub struct Budget<'a> {
    gone: Option<&'a dyn Fn() -> f64>,
    steps: Cell<u32>,
    /// The share that was gone when it was last asked for.
    known: Cell<f64>,
    is_exceeded: Cell<bool>,
}

impl<'a> Budget<'a> {
    /// A budget that `gone` counts: 0 at the start, 1 at the end. It is asked again and again, so it should be quick.
    pub fn counted(gone: &'a dyn Fn() -> f64) -> Self {
        Self { gone: Some(gone), ..Self::endless() }
    }

    /// No limit.
    pub const fn endless() -> Self {
        Self { gone: None, steps: Cell::new(0), known: Cell::new(0.0), is_exceeded: Cell::new(false) }
    }

    /// Whether a document has to be left as far as it was taken in.
    pub(crate) fn ends_taking_in(&self) -> bool {
        self.ends_at(TAKING_IN)
    }

    /// Whether the reading has to end.
    pub(crate) fn ends(&self) -> bool {
        self.ends_at(1.0)
    }

    /// Whether this share of the time is gone, for readers whose steps are so long that each asks.
    pub(crate) fn has_gone(&self, share: f64) -> bool {
        let is_gone = self.gone.is_some_and(|gone| gone() >= share);
        self.is_exceeded.set(self.is_exceeded.get() || is_gone);
        is_gone
    }

    /// Whether something was left out for want of time.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.is_exceeded.get()
    }

    fn ends_at(&self, share: f64) -> bool {
        let Some(gone) = self.gone else { return false };
        let steps = self.steps.get() + 1;
        self.steps.set(steps % STEPS);
        if steps == STEPS {
            self.known.set(gone());
        }
        let ends = self.known.get() >= share;
        self.is_exceeded.set(self.is_exceeded.get() || ends);
        ends
    }
}

impl fmt::Debug for Budget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("gone", &self.known.get()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_asked_now_and_then() {
        let asked = Cell::new(0_u32);
        let gone = || {
            asked.set(asked.get() + 1);
            f64::from(asked.get()) / 4.0
        };
        let budget = Budget::counted(&gone);
        let taken_in = (0..10_000).take_while(|_| !budget.ends_taking_in()).count();
        assert_eq!((taken_in, asked.get()), (1_023, 2));
        assert!(budget.is_exceeded());
        let written = (0..10_000).take_while(|_| !budget.ends()).count();
        assert_eq!((written, asked.get()), (1_023, 4));
    }

    #[test]
    fn an_endless_budget_never_ends() {
        let budget = Budget::endless();
        assert!((0..10_000).all(|_| !budget.ends()) && !budget.is_exceeded());
    }
}
