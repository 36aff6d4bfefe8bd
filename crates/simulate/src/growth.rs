//! What a job costs as the work grows.

use std::time::Duration;

use crate::measured::{Measured, grouped, real};
use crate::plan::{Crew, Load, Plan};

/// The heads of the columns.
pub const HEADS: [&str; 7] =
    ["pages", "workers", "slots", "real time per page", "claims per page", "index entries per page", "events"];

/// One size.
pub struct Grown {
    pub per_page: Duration,
    pub row: Vec<String>,
}

/// Four workspaces of different weights import so many pages in all, of a tenth as many hosts.
pub fn grow(pages: u32, workers: u32) -> Result<Grown, String> {
    let crew = Crew { workers, crashes: 100, stalls: 50, ..Plan::default().crew };
    let each = pages / 4;
    let loads =
        (0..4).map(|workspace| Load::import(workspace, each, (workspace * pages, (each / 10).max(1)))).collect();
    let plan = Plan { weights: vec![1, 1, 2, 4], loads, crew, ..Plan::default() };
    let slots = plan.crew.slots_in_all();
    let measured = Measured::of(plan)?;
    let (told, pages) = (&measured.told, measured.plan.pages());
    let per_page = measured.took.div_f64(real(pages));
    let row = vec![
        grouped(pages),
        grouped(u64::from(workers)),
        grouped(u64::from(slots)),
        format!("{:.2} µs", per_page.as_secs_f64() * 1e6),
        format!("{:.2}", real(told.claims) / real(pages)),
        format!("{:.1}", real(told.steps) / real(pages)),
        grouped(told.events),
    ];
    Ok(Grown { per_page, row })
}
