//! Recovery after a crash is not measured here; this row says where it is.

use crate::report::{Goal, Measure, Report};

/// Points at the tool that kills workers.
pub fn point(report: &mut Report) {
    let (name, against) = ("from a crash to the next run", "`cargo xtask torture` kills and counts");
    report.left_out(Measure { name, database: "both", against, unit: "s", goal: Goal::None }, "design");
}
