//! The calls of a store that are worth answering in groups.

use model::{Document, DocumentId, WorkerId, WorkspaceId};

use crate::access::Access;
use crate::calls::{Call, Flags, Queueing};
use crate::gather::Gather;
use crate::settlement::Settlement;

/// Rows in one transaction: more gain nothing.
const MOST_ROWS: usize = 1_000;
const MOST_SETTLEMENTS: usize = 200;
const MOST_KEYS: usize = 100;
/// Each may be some megabytes.
const MOST_DOCUMENTS: usize = 16;
/// Two groups keep two processors of a database busy; more would make the groups smaller.
const RUNS: usize = 2;

/// One desk for each kind of call. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Desks {
    /// Calls with other flags are another statement, and two such statements in one transaction could lock each other out.
    queueing: [Gather<Call, Queueing>; 9],
    pub(crate) access: Gather<[u8; 32], Option<Access>>,
    pub(crate) documents: Gather<(WorkspaceId, DocumentId), Option<Document>>,
    pub(crate) settling: Gather<(WorkerId, Settlement), bool>,
}

impl Desks {
    pub(crate) fn queueing(&self, flags: Flags) -> &Gather<Call, Queueing> {
        let number = |flag: Option<bool>| flag.map_or(0, |flag| 1 + usize::from(flag));
        &self.queueing[number(flags.english) * 3 + number(flags.baser)]
    }
}

impl Default for Desks {
    fn default() -> Self {
        Self {
            queueing: std::array::from_fn(|_| Gather::new(RUNS, MOST_ROWS)),
            access: Gather::new(RUNS, MOST_KEYS),
            documents: Gather::new(RUNS, MOST_DOCUMENTS),
            settling: Gather::new(RUNS, MOST_SETTLEMENTS),
        }
    }
}
