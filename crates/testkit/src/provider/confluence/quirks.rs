//! What installations of Confluence are known to do badly, beyond the faults that every provider has.

use std::collections::BTreeSet;

/// The faults of a site. None is set at the start.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fault of its own, and any of them go together")]
pub struct Quirks {
    /// A list of pages with bodies and a larger limit than this times out: 504.
    pub times_out_above: Option<usize>,
    /// Lists are cut at this many whatever limit was asked for. Data Center caps at 200 and lower with bodies.
    pub cap: Option<usize>,
    /// The next link of Data Center counts by the limit that was asked for instead of what was given, so that following it
    /// leaves some out.
    pub misnumbers_next: bool,
    /// Data Center gives the last page again, with a next link, to who asks past the end.
    pub repeats_past_end: bool,
    /// Data Center answers 400 to every page but the first of a list of attachments.
    pub breaks_attachment_paging: bool,
    /// A single sign-on stands in front: every answer is a page of HTML with status 200.
    pub login_page: bool,
    /// Pages whose ancestors the server cannot read: a list that holds one and expands the ancestors' restrictions is 404
    /// as a whole.
    pub unreadable_ancestors: BTreeSet<u64>,
}
