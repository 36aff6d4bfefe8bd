//! Whether turns were shared fairly, and how long newcomers waited.

use std::time::Duration;

/// Jain's index: 1 when all got the same, 1/n when one got all.
pub fn jain(shares: &[f64]) -> f64 {
    let (sum, squares): (f64, f64) = shares.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    #[expect(clippy::cast_precision_loss, reason = "there are few workspaces")]
    let count = shares.len() as f64;
    if squares == 0.0 { 1.0 } else { sum * sum / (count * squares) }
}

/// Waits of pages that somebody waits for.
#[derive(Debug, Default, Clone)]
pub struct Waits(Vec<(Duration, u64)>);

impl Waits {
    /// Somebody waited for so long, while so many runs of others were begun.
    pub fn note(&mut self, wait: Duration, runs: u64) {
        self.0.push((wait, runs));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The wait that so many of a hundred did not exceed.
    pub fn time(&self, percent: usize) -> Duration {
        quantile(self.0.iter().map(|(wait, _)| *wait).collect(), percent)
    }

    /// The same in runs that were begun before.
    pub fn runs(&self, percent: usize) -> u64 {
        quantile(self.0.iter().map(|(_, runs)| *runs).collect(), percent)
    }
}

fn quantile<T: Ord + Copy + Default>(mut values: Vec<T>, percent: usize) -> T {
    values.sort_unstable();
    let place = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_tells_equal_shares_from_one_that_takes_all() {
        for (shares, expected) in [(&[3.0, 3.0, 3.0][..], 1.0), (&[1.0, 0.0, 0.0, 0.0], 0.25), (&[], 1.0)] {
            assert!((jain(shares) - expected).abs() < 1e-9, "{shares:?}");
        }
    }

    #[test]
    fn quantiles_are_waits_that_happened() {
        let mut waits = Waits::default();
        for runs in 1..=200 {
            waits.note(Duration::from_secs(runs), runs);
        }
        assert_eq!((waits.runs(50), waits.runs(99), waits.runs(100)), (100, 198, 200));
        assert_eq!(waits.time(50), Duration::from_secs(100));
    }
}
