//! How long a refused request is put off, and when that is enough. Pure.

use std::time::Duration;

use model::{Failure, FailureCode};

/// The first pause where the provider names none; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause where the provider names none.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How often one request is sent at most.
const MOST_TRIES: u32 = 8;

/// What is left of the patience with one request.
#[derive(Debug)]
pub struct Patience {
    left: Duration,
    tries: u32,
}

/// What to do after a failure.
#[derive(Debug, PartialEq, Eq)]
pub enum Pause {
    /// Send it again after this.
    For(Duration),
    /// Give up.
    Over,
}

impl Patience {
    /// So much time for pauses.
    pub fn new(left: Duration) -> Self {
        Self { left, tries: 0 }
    }

    /// What to do now that the request failed.
    pub fn after(&mut self, failure: &Failure) -> Pause {
        self.tries += 1;
        let passes = failure.code.is_transient() && failure.code != FailureCode::Internal;
        let pause = failure.retry_after.unwrap_or_else(|| LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.pow(self.tries - 1)));
        if !passes || self.tries >= MOST_TRIES || pause > self.left {
            return Pause::Over;
        }
        self.left -= pause;
        Pause::For(pause)
    }
}

#[cfg(test)]
mod tests {
    use FailureCode as Code;

    use super::*;

    fn refused(code: Code, seconds: Option<u64>) -> Failure {
        Failure::new(code, "no").after(seconds.map(Duration::from_secs))
    }

    #[test]
    fn pauses_grow_and_end_with_the_patience() {
        let mut patience = Patience::new(Duration::from_secs(1));
        let pauses: Vec<_> = (0..4).map(|_| patience.after(&refused(Code::ServerError, None))).collect();
        let wait = |millis| Pause::For(Duration::from_millis(millis));
        assert_eq!(pauses, [wait(250), wait(500), Pause::Over, Pause::Over]);
    }

    #[test]
    fn what_the_provider_asks_for_is_kept_or_left_to_others() {
        let cases = [
            (Code::RateLimited, Some(2), Pause::For(Duration::from_secs(2))),
            (Code::RateLimited, Some(0), Pause::For(Duration::ZERO)),
            (Code::RateLimited, Some(60), Pause::Over),
            (Code::NotFound, None, Pause::Over),
            (Code::ProviderDisconnected, None, Pause::Over),
            (Code::Internal, None, Pause::Over),
        ];
        for (code, seconds, expected) in cases {
            assert_eq!(
                Patience::new(Duration::from_secs(10)).after(&refused(code, seconds)),
                expected,
                "{code} {seconds:?}"
            );
        }
    }

    #[test]
    fn no_request_is_sent_for_ever() {
        let mut patience = Patience::new(Duration::MAX);
        let tries = (1..=99).find(|_| patience.after(&refused(Code::RateLimited, Some(0))) == Pause::Over);
        assert_eq!(tries, Some(8));
    }
}
