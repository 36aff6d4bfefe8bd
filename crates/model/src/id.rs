//! Typed, time-ordered ids: UUID version 7, so that an index grows at its end.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, later than every id this process made before.
            #[expect(clippy::new_without_default, reason = "a default id would be a different one each time")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The smallest id that could have been made at that time.
            pub fn first_of(time: $crate::Timestamp) -> Self {
                let millis = u64::try_from(time.as_micros() / 1_000).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    };
}

id!(
    /// A tenant: nothing crosses its border but host politeness.
    WorkspaceId
);
id!(
    /// One source record.
    DocumentId
);
id!(
    /// One run of a document.
    JobId
);
id!(
    /// One API key.
    KeyId
);
id!(
    /// One provider that a workspace is connected to.
    ConnectionId
);
id!(
    /// One look at everything that a connection has.
    SyncId
);
id!(
    /// One article.
    ArticleId
);
id!(
    /// One draft.
    DraftId
);
id!(
    /// One folder of articles.
    FolderId
);
id!(
    /// One agent.
    AgentId
);
id!(
    /// One entry of the audit record.
    AuditId
);
id!(
    /// One request to make an article of a text.
    KnowledgeJobId
);
id!(
    /// One schedule.
    ScheduleId
);
id!(
    /// One working process, new at each start.
    WorkerId
);

impl ScheduleId {
    /// A number that looks random, the same for the same instant.
    pub(crate) fn noise(self, at: crate::Timestamp) -> u64 {
        let bytes = at.as_micros().to_le_bytes();
        let (high, low) = Uuid::new_v5(&self.0, &bytes).as_u64_pair();
        high ^ low
    }
}

impl FolderId {
    /// The folder of that path that appears by itself in a workspace: the same whoever makes it first (UUID version 5).
    pub fn named(workspace: WorkspaceId, path: &str) -> Self {
        Self(Uuid::new_v5(&workspace.0, path.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn ids_grow_with_time_as_texts_too() {
        let second = |second: i64| JobId::first_of(Timestamp::from_micros(second * 1_000_000)).to_string();
        let made = JobId::new().to_string();
        assert!(second(1_700_000_000) < made && made < second(9_000_000_000), "{made}");
        assert!(second(0) < second(1) && JobId::new() < JobId::new());
    }
}
