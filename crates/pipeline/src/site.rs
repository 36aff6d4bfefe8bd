//! What is known of a site when one of its pages is read: what its owner says of it, and what its pages repeat.

use std::collections::{BTreeSet, HashMap};

use extract::recurs;
use model::{DocumentId, Job, WebUrl};
use store::{SitePage, Store};

/// The first pages that are read of a host are its sample. What stands on a fifth of a site's pages stands on eight of
/// these; and they are few enough to be looked at before every page.
const SAMPLE: usize = 40;

/// A site, to one of its pages.
pub(crate) struct Memory {
    host: String,
    sample: Vec<SitePage>,
    /// What the reader of the page is told.
    pub(crate) site: extract::Site,
}

impl Memory {
    /// What is known of the host that a page came from.
    pub(crate) async fn of(store: &Store, job: &Job, url: &WebUrl) -> Result<Self, store::Error> {
        let host = url.lane();
        let mut read = store.glance().await?;
        let said = read.site(job.workspace, &host).await?;
        let sample = read.site_pages(job.workspace, &host).await?;
        let (keep, drop) = said.map(|site| (site.keep, site.drop)).unwrap_or_default();
        let site = extract::Site { keep, drop, recurring: recurring(&sample) };
        Ok(Self { host, sample, site })
    }

    /// Remembers what stood on the page, where it belongs to the sample.
    pub(crate) async fn learn(self, store: &Store, job: &Job, fingerprints: &[u64]) -> Result<(), store::Error> {
        if !self.is_news(job.document, fingerprints) {
            return Ok(());
        }
        let page = SitePage { document: job.document, fingerprints: fingerprints.to_vec() };
        let mut write = store.write().await?;
        write.remember_page(job.workspace, &self.host, &page).await?;
        write.commit().await
    }

    fn is_news(&self, document: DocumentId, fingerprints: &[u64]) -> bool {
        match self.sample.iter().find(|page| page.document == document) {
            Some(page) => page.fingerprints != fingerprints,
            None => self.sample.len() < SAMPLE && !fingerprints.is_empty(),
        }
    }
}

/// The fingerprints that stand on so many pages of a sample that they are the site's own.
fn recurring(sample: &[SitePage]) -> BTreeSet<u64> {
    let mut counts: HashMap<u64, u64> = HashMap::new();
    for page in sample {
        for fingerprint in page.fingerprints.iter().collect::<BTreeSet<_>>() {
            *counts.entry(*fingerprint).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(_, with)| recurs(*with, sample.len() as u64))
        .map(|(fingerprint, _)| fingerprint)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(pages: &[&[u64]]) -> Vec<SitePage> {
        let page =
            |fingerprints: &&[u64]| SitePage { document: DocumentId::new(), fingerprints: fingerprints.to_vec() };
        pages.iter().map(page).collect()
    }

    #[test]
    fn what_stands_on_many_pages_recurs_however_often_it_stands_on_one() {
        let five = sample(&[&[1, 2], &[1, 2], &[1, 3, 3, 3, 3, 3], &[1, 2], &[1, 2]]);
        assert_eq!(recurring(&five), BTreeSet::from([1]));
        assert_eq!(recurring(&[]), BTreeSet::new());
    }

    #[test]
    fn a_sample_grows_to_its_size_and_follows_its_pages() {
        let one: &[u64] = &[1];
        let sample = sample(&[one; SAMPLE]);
        let known = sample[0].document;
        let memory = |sample: &[SitePage]| Memory {
            host: "docs.example.com".to_owned(),
            sample: sample.to_vec(),
            site: extract::Site::default(),
        };
        let cases = [
            (&sample[1..], DocumentId::new(), vec![1], true),
            (&sample[1..], DocumentId::new(), vec![], false),
            (&sample[..], DocumentId::new(), vec![1], false),
            (&sample[..], known, vec![1], false),
            (&sample[..], known, vec![], true),
        ];
        for (sample, document, fingerprints, expected) in cases {
            assert_eq!(memory(sample).is_news(document, &fingerprints), expected, "{} {fingerprints:?}", sample.len());
        }
    }
}
