//! What a provider has: the items that can be imported, and the groups they lie in.

/// Who a provider takes us for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account as people know it, such as the name of the workspace or of the help centre.
    pub name: String,
    /// What somebody should know about it, such as that only open articles can be read.
    pub notes: Vec<String>,
}

/// One look at everything a connection may read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Categories, sections and spaces, each before those inside it.
    pub groups: Vec<Group>,
    /// The items, each once.
    pub resources: Vec<Resource>,
    /// Why there may be more than this, a sentence each. Only a listing without gaps shows what is no longer there.
    pub gaps: Vec<String>,
}

/// What holds items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name at the provider; for a Confluence space its key.
    pub id: String,
    /// Its title. Sections inside sections are told as `Parent > Child`.
    pub title: String,
    /// Its page; empty when it has none.
    pub url: String,
    /// The group around it.
    pub parent: Option<String>,
}

/// An item that can be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name at the provider.
    pub external_id: String,
    /// Its title; never empty.
    pub title: String,
    /// Its page.
    pub url: String,
    /// What its content is.
    pub mime_type: String,
    /// The address of its icon, where that lasts.
    pub icon: Option<String>,
    /// The provider's word for what it is: `page`, `database`, `article`, `file`.
    pub object: String,
    /// What changes whenever its content does; `None` where only reading tells.
    pub version: Option<String>,
    /// The innermost group that holds it.
    pub group: Option<String>,
    /// The item that it lies below, by its name.
    pub parent: Option<String>,
}
