//! What stands for ids: small numbers, given one after the other.

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u32);
    };
}

number!(
    /// A tenant.
    WorkspaceNo
);
number!(
    /// A page of a workspace.
    DocumentNo
);
number!(
    /// A run of a document. Later ones have larger numbers.
    JobNo
);
number!(
    /// A host.
    LaneNo
);
number!(
    /// A working process.
    WorkerNo
);

impl WorkspaceNo {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl DocumentNo {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn after(count: usize) -> Self {
        Self(counted(count))
    }
}

impl JobNo {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn after(count: usize) -> Self {
        Self(counted(count))
    }
}

fn counted(count: usize) -> u32 {
    u32::try_from(count).expect("more than four thousand million of a kind fit in no memory")
}
