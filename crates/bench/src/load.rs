//! Load: many workers that repeat one call for a while, and two sides that take turns.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::future::BoxFuture;
use tokio::task::JoinSet;

use crate::statistics::median;

/// Something that is done again and again.
pub trait Work: Send {
    /// Does it once, and says how many rows, jobs or requests that was.
    fn once(&mut self) -> BoxFuture<'_, Result<u32>>;
}

/// Workers that work at the same time, each with a connection of its own.
pub struct Crew(Vec<Box<dyn Work>>);

impl Crew {
    /// A crew of these workers.
    pub fn new<W: Work + 'static>(workers: impl IntoIterator<Item = W>) -> Self {
        Self(workers.into_iter().map(|worker| Box::new(worker) as Box<dyn Work>).collect())
    }

    /// How much the crew gets done in a second, measured for about as long as `slice`.
    pub async fn rate(&mut self, slice: Duration) -> Result<f64> {
        let started = Instant::now();
        let mut running = JoinSet::new();
        for mut worker in self.0.drain(..) {
            running.spawn(async move {
                let mut done = 0.0;
                while started.elapsed() < slice {
                    done += f64::from(worker.once().await?);
                }
                anyhow::Ok((worker, done))
            });
        }
        let mut total = 0.0;
        while let Some(ended) = running.join_next().await {
            let (worker, done) = ended??;
            self.0.push(worker);
            total += done;
        }
        Ok(total / started.elapsed().as_secs_f64())
    }
}

/// What two sides got done: the medians of their rounds, and the median of the rounds' ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Ours.
    pub ours: f64,
    /// What it is held against.
    pub denominator: f64,
    /// Ours by the other, round by round.
    pub ratio: f64,
}

impl Compared {
    /// A value beside a fixed one.
    pub fn with(value: f64, fixed: f64) -> Self {
        Self { ours: value, denominator: fixed, ratio: value / fixed }
    }
}

/// Lets both sides work in turns, so that a disturbed moment hits both. The first round warms up and does not count; every
/// other round begins with the other side.
pub async fn in_turns(
    rounds: usize,
    mut ours: impl AsyncFnMut() -> Result<f64>,
    mut denominator: impl AsyncFnMut() -> Result<f64>,
) -> Result<Compared> {
    let mut found = Vec::with_capacity(rounds);
    for round in 0..=rounds {
        let pair = if round % 2 == 0 {
            let first = ours().await?;
            (first, denominator().await?)
        } else {
            let first = denominator().await?;
            (ours().await?, first)
        };
        if round > 0 {
            found.push(pair);
        }
    }
    Ok(compared(&found))
}

fn compared(rounds: &[(f64, f64)]) -> Compared {
    let of = |value: fn(&(f64, f64)) -> f64| median(&rounds.iter().map(value).collect::<Vec<_>>());
    Compared {
        ours: of(|(ours, _)| *ours),
        denominator: of(|(_, denominator)| *denominator),
        ratio: of(|(ours, denominator)| ours / denominator),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sides_take_turns_and_the_first_round_does_not_count() {
        let order = std::cell::RefCell::new(String::new());
        let mut round = 0.0;
        let ours = async || {
            order.borrow_mut().push('o');
            round += 1.0;
            Ok(if round < 2.0 { 1e9 } else { round })
        };
        let denominator = async || {
            order.borrow_mut().push('d');
            Ok(2.0)
        };
        let compared = in_turns(3, ours, denominator).await.unwrap();
        assert_eq!(compared, Compared { ours: 3.0, denominator: 2.0, ratio: 1.5 });
        assert_eq!(order.into_inner(), "oddooddo");
    }

    #[test]
    fn the_ratio_is_taken_round_by_round() {
        // The second round was disturbed; the quotient of the medians would be 10 / 10.
        let compared = compared(&[(10.0, 20.0), (1.0, 2.0), (30.0, 10.0)]);
        assert!((compared.ratio - 0.5).abs() < f64::EPSILON, "{compared:?}");
    }

    struct Counter;

    impl Work for Counter {
        fn once(&mut self) -> BoxFuture<'_, Result<u32>> {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Ok(1000)
            })
        }
    }

    #[tokio::test]
    async fn a_crew_can_be_used_again() {
        let mut crew = Crew::new([Counter, Counter]);
        for _ in 0..2 {
            assert!(crew.rate(Duration::from_millis(5)).await.unwrap() > 1000.0);
        }
    }
}
