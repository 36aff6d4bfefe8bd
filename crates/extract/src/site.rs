//! What is known of a site beforehand: what its owner says is content, and what its pages repeat.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What is known of the site that a page belongs to. Empty by default, and then a page is read by itself.
///
/// ```
/// use extract::{Hint, Site, extract};
///
/// let page = "<main><h1>Fees</h1><p>A refund costs nothing.</p><div class='teaser'>Try our new card!</div></main>";
/// let site = Site { drop: vec![".teaser".to_owned()], ..Site::default() };
/// let hint = Hint { content_type: Some("text/html".to_owned()), site, ..Hint::default() };
/// let read = extract(page.as_bytes(), &hint).unwrap();
/// assert_eq!(extract::markdown(&read.blocks), "# Fees\n\nA refund costs nothing.\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Site {
    /// CSS selectors: where some of them match, only the elements that they match are the content. Where none does, the
    /// page is read as if there were none, with a warning.
    pub keep: Vec<String>,
    /// CSS selectors: the elements that they match are left out, even inside of what is kept.
    pub drop: Vec<String>,
    /// [Fingerprints](crate::Extracted::fingerprints) of blocks that recur on many pages of the site.
    pub recurring: BTreeSet<u64>,
}
