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

/// So many pages must share a block before it can be the site's own: twins and translations of one text are few.
const MIN_PAGES: u64 = 5;
/// A site has a handful of page templates; what one of them adds stands on at least this share of its pages, in percent.
const MIN_SHARE: u64 = 20;

/// Whether a block recurs on a site: it stands on `with` of the `all` pages that were read. Pages that were read twice
/// count once.
///
/// ```
/// use extract::recurs;
///
/// assert!(recurs(40, 100));
/// assert!(!recurs(3, 3), "three pages are no site yet");
/// assert!(!recurs(10, 100), "the introduction of one chapter");
/// ```
pub fn recurs(with: u64, all: u64) -> bool {
    with >= MIN_PAGES && u128::from(with) * 100 >= u128::from(all) * u128::from(MIN_SHARE)
}
