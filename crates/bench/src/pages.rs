//! Web addresses that nobody has queued before, as long and as varied as real ones.

use std::sync::atomic::{AtomicU64, Ordering};

const SECTIONS: [&str; 6] =
    ["help", "docs/getting-started", "support/articles", "blog", "knowledge-base/billing", "faq"];
const WORDS: [&str; 8] = ["reset", "your", "password", "invoice", "export", "account", "settings", "team"];
/// How many sites there are.
const HOSTS: u64 = 10_000;

/// So many new addresses; each comes from another host than the ones before it, until all hosts have had one.
pub fn urls(count: usize) -> Vec<String> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let first = NEXT.fetch_add(count as u64, Ordering::Relaxed);
    (first..).take(count).map(|number| url(number, HOSTS)).collect()
}

fn url(number: u64, hosts: u64) -> String {
    let pick = |list: &[&'static str], salt: u64| {
        let mixed = (number + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        list[usize::try_from(mixed).unwrap_or(0) % list.len()]
    };
    let host = number % hosts;
    let (one, two, three) = (pick(&WORDS, 1), pick(&WORDS, 2), pick(&WORDS, 3));
    format!("https://www.customer-{host}.example/{}/{one}-{two}-{three}-{number}", pick(&SECTIONS, 0))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::urls;

    #[test]
    fn no_two_pages_are_one() {
        let urls: Vec<String> = urls(1_000).into_iter().chain(urls(1_000)).collect();
        let canonical: HashSet<String> =
            urls.iter().map(|url| model::WebUrl::parse(url).unwrap().to_string()).collect();
        let hosts: HashSet<String> = urls.iter().map(|url| model::WebUrl::parse(url).unwrap().lane()).collect();
        assert_eq!((canonical.len(), hosts.len()), (2_000, 2_000));
        assert!(urls.iter().all(|url| (55..110).contains(&url.len())), "{:?}", urls.first());
    }
}
