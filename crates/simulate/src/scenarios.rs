//! The situations that the queue was made for, each with the number of pages as its one measure.

use std::time::Duration;

use crate::plan::{Crew, Hosts, Load, Plan};
use model::Priority;

/// A named situation.
pub struct Scenario {
    pub name: &'static str,
    pub about: &'static str,
    pub plan: fn(u32) -> Plan,
}

/// Every scenario.
pub const ALL: [Scenario; 11] = [
    Scenario { name: "import", about: "one workspace imports; four others queue a page now and then", plan: import },
    Scenario { name: "many-hosts", about: "four imports of as many hosts as pages", plan: many_hosts },
    Scenario { name: "few-hosts", about: "four imports of twenty hosts in all", plan: few_hosts },
    Scenario { name: "one-host", about: "two imports of the same host; another workspace elsewhere", plan: one_host },
    Scenario { name: "weights", about: "five imports, of weights 1, 2, 3, 4 and 10", plan: weights },
    Scenario {
        name: "calendar",
        about: "a large refresh by the calendar beside imports of the same workspaces",
        plan: calendar,
    },
    Scenario {
        name: "crashes",
        about: "two in a hundred runs take their process with them, one stands still",
        plan: crashes,
    },
    Scenario { name: "strain", about: "hosts that ask for rest, fail, and ask for a Crawl-delay", plan: strain },
    Scenario { name: "history", about: "a workspace that was served much, against one that is new", plan: history },
    Scenario {
        name: "slow-line",
        about: "a newcomer while an old import stands in the line of one host",
        plan: slow_line,
    },
    Scenario {
        name: "lined-up",
        about: "an import whose pages all stand in lines, then one whose pages do not",
        plan: lined_up,
    },
];

fn singles(workspaces: std::ops::Range<u32>, calls: u32, every: Duration) -> impl Iterator<Item = Load> {
    workspaces.map(move |workspace| Load::singles(workspace, calls, every, (1_000_000 + workspace * 1_000, 1_000)))
}

/// About as long as the pages take the crew of a plan.
fn span(pages: u32) -> Duration {
    Duration::from_millis(u64::from(pages) * 1_000 / 128)
}

fn import(pages: u32) -> Plan {
    let mut loads = vec![Load::import(0, pages, (0, pages.div_ceil(20)))];
    loads.extend(singles(1..5, 50, span(pages) / 60));
    Plan { weights: vec![1; 5], loads, ..Plan::default() }
}

fn many_hosts(pages: u32) -> Plan {
    let loads = (0..4).map(|workspace| Load::import(workspace, pages / 4, (workspace * pages, pages / 4))).collect();
    Plan { weights: vec![1; 4], loads, ..Plan::default() }
}

fn few_hosts(pages: u32) -> Plan {
    let pages = pages / 10;
    let mut loads: Vec<Load> = (0..4).map(|workspace| Load::import(workspace, pages / 4, (workspace * 5, 5))).collect();
    loads.extend(singles(4..5, 50, Duration::from_secs(u64::from(pages) / 1_500 + 1)));
    Plan { weights: vec![1; 5], loads, ..Plan::default() }
}

fn one_host(pages: u32) -> Plan {
    let pages = pages / 100;
    let mut loads: Vec<Load> = (0..2).map(|workspace| Load::import(workspace, pages / 2, (0, 1))).collect();
    loads.extend(singles(2..3, 20, Duration::from_secs(u64::from(pages) / 30 + 1)));
    Plan { weights: vec![1; 3], loads, ..Plan::default() }
}

fn weights(pages: u32) -> Plan {
    let loads = (0..5).map(|workspace| Load::import(workspace, pages / 5, (workspace * pages, pages / 20))).collect();
    Plan { weights: vec![1, 2, 3, 4, 10], loads, ..Plan::default() }
}

fn calendar(pages: u32) -> Plan {
    let refresh = Load { priority: Priority::Scheduled, ..Load::import(0, pages / 2, (0, pages / 20)) };
    let mut loads = vec![refresh];
    loads.extend((1..3).map(|workspace| Load::import(workspace, pages / 4, (workspace * pages, pages / 20))));
    loads.extend(singles(3..4, 50, span(pages) / 60));
    Plan { weights: vec![1; 4], loads, ..Plan::default() }
}

fn crashes(pages: u32) -> Plan {
    let crew = Crew { crashes: 20_000, stalls: 10_000, ..Plan::default().crew };
    Plan { crew, max_attempts: 30, ..import(pages) }
}

fn strain(pages: u32) -> Plan {
    let hosts =
        Hosts { failures: 50_000, missing: 20_000, rate_limits: 20_000, crawl_delay_each: 10, ..Plan::default().hosts };
    Plan { hosts, ..import(pages / 2) }
}

/// The old workspace has had all it asked for when both ask again.
pub fn history(pages: u32) -> Plan {
    let (half, later) = (pages / 2, span(pages) * 2);
    let loads = vec![
        Load { priority: Priority::Interactive, ..Load::import(0, half, (0, half)) },
        Load::import(1, half, (pages, half)).at(later),
        Load::singles(0, 50, span(half) / 60, (3 * pages, 1_000)).at(later + Duration::from_secs(1)),
    ];
    Plan { weights: vec![1; 2], loads, ..Plan::default() }
}

/// The first pages of the line have the smallest keys of all.
fn slow_line(pages: u32) -> Plan {
    let third = pages / 3;
    let loads = vec![
        Load::import(0, third / 10, (0, 1)),
        Load::import(1, third, (pages, third)),
        Load::import(2, third, (3 * pages, third)).at(span(third) / 2),
        Load::singles(3, 20, span(third) / 30, (5 * pages, 1_000)).at(span(third) / 2 + Duration::from_secs(1)),
    ];
    Plan { weights: vec![1; 4], loads, ..Plan::default() }
}

/// The lines of the first take most of the workers, but not all, so that no page of it is ready when the second comes.
fn lined_up(pages: u32) -> Plan {
    let half = pages / 2;
    let loads = vec![
        Load { is_watched: false, ..Load::import(0, half, (0, 130)) },
        Load::import(1, half, (pages, half)).at(span(half) / 4),
        Load::singles(2, 50, span(half) / 60, (5 * pages, 1_000)).at(span(half) / 2),
    ];
    Plan { weights: vec![1; 3], loads, ..Plan::default() }
}
