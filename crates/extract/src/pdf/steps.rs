//! Counts what the pages of a document take, so that no page takes more than its document may.

use crate::budget::Budget;

/// What the pages of a document may take, in instructions that draw nothing; a letter takes several times as long. A million
/// take about a twentieth of a second.
const MAX_STEPS: usize = 60_000_000;

/// Bytes of instructions that are unpacked or looked through in the time of a step.
const BYTES: usize = 12;

/// So many steps pass between two looks at the clock.
const ROUND: usize = 8_192;

/// Of the time for a document, so much is for drawing its pages; the rest is for making a text of them.
const DRAWING: f64 = 0.8;

/// The steps that are left to a document.
pub struct Steps<'b> {
    left: usize,
    /// Of this round.
    taken: usize,
    budget: &'b Budget<'b>,
}

impl<'b> Steps<'b> {
    /// All of them, within the time of this budget.
    pub fn new(budget: &'b Budget<'b>) -> Self {
        Self { left: MAX_STEPS, taken: 0, budget }
    }

    /// Takes some steps; false when there are none left or the time is over, and from then on.
    pub fn take(&mut self, steps: usize) -> bool {
        self.left = self.left.saturating_sub(steps);
        self.taken = self.taken.saturating_add(steps);
        if self.taken >= ROUND {
            self.look();
        }
        self.left > 0
    }

    /// Looks at the clock.
    pub fn look(&mut self) {
        self.taken = 0;
        if self.budget.has_gone(DRAWING) {
            self.left = 0;
        }
    }

    /// Takes the steps for looking through so many bytes.
    pub fn take_bytes(&mut self, bytes: usize) -> bool {
        self.take(1 + bytes / BYTES)
    }

    /// Whether none are left.
    pub fn are_over(&self) -> bool {
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{MAX_STEPS, ROUND, Steps};
    use crate::budget::Budget;

    #[test]
    fn steps_end_with_their_number_and_with_the_time() {
        let budget = Budget::endless();
        let mut steps = Steps::new(&budget);
        assert!(steps.take(MAX_STEPS - 1) && !steps.take(1) && steps.are_over());

        let gone = Cell::new(0.0);
        let ask = || gone.get();
        let budget = Budget::counted(&ask);
        let mut steps = Steps::new(&budget);
        assert!(steps.take(ROUND));
        gone.set(0.9);
        assert!(steps.take(1), "the clock is not asked at each step");
        assert!(!steps.take(ROUND) && !steps.take(1) && budget.is_exceeded());
    }
}
