//! How long to wait until Fly is asked again.

use std::time::Duration;

/// While a deployment runs or something has just changed. Fly allows one request a second for each
/// action and app on the Machines API; this stays at 80 % of that.
const BUSY: Duration = Duration::from_millis(1_250);
/// While nothing happens.
const QUIET: Duration = Duration::from_secs(15);
/// While everybody who follows has the page hidden, Fly is not asked more often than this.
pub const UNSEEN: Duration = QUIET;
/// How long after a change the pace stays busy.
const AFTERGLOW: Duration = Duration::from_secs(30);
/// The longest wait after failures.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// What a poll brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something changed, or is expected to.
    Busy,
    /// Nothing changed.
    Same,
    /// Fly did not answer.
    Failed,
    /// Fly asked to wait this long.
    RateLimited(Duration),
    /// Fly answered, and is not to be asked again before this.
    Calm(Duration),
}

impl Outcome {
    /// The same, with a wait of at least this after an answer.
    #[must_use]
    pub fn no_sooner(self, least: Duration) -> Self {
        match self {
            Self::Busy | Self::Same => Self::Calm(least),
            Self::Calm(wait) => Self::Calm(wait.max(least)),
            Self::RateLimited(wait) => Self::RateLimited(wait.max(least)),
            Self::Failed => Self::Failed,
        }
    }
}

/// The pace of one watch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    quiet_for: Duration,
    failures: u32,
}

impl Pace {
    /// The wait after a poll. `jitter` in 0..1 spreads watches by up to a tenth, upwards only.
    pub fn next(&mut self, outcome: Outcome, jitter: f64) -> Duration {
        let wait = match outcome {
            Outcome::Failed => {
                let wait = BUSY.saturating_mul(2_u32.saturating_pow(self.failures)).min(LONGEST_BACKOFF);
                self.failures = self.failures.saturating_add(1);
                wait
            }
            Outcome::RateLimited(wait) => wait.clamp(BUSY, Duration::from_secs(600)),
            Outcome::Busy => {
                *self = Self::default();
                BUSY
            }
            Outcome::Same => self.easing(),
            Outcome::Calm(wait) => {
                *self = Self::default();
                wait
            }
        };
        wait.mul_f64(1.0 + jitter.clamp(0.0, 1.0) / 10.0)
    }

    fn easing(&mut self) -> Duration {
        self.failures = 0;
        let wait = if self.quiet_for < AFTERGLOW { BUSY } else { (self.quiet_for / 10).clamp(BUSY, QUIET) };
        self.quiet_for = self.quiet_for.saturating_add(wait);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_eases_from_a_change_to_quiet_and_wakes_at_the_next_change() {
        let mut pace = Pace::default();
        assert_eq!(pace.next(Outcome::Busy, 0.0), BUSY);
        let waits: Vec<Duration> = (0..200).map(|_| pace.next(Outcome::Same, 0.0)).collect();
        assert!(waits.iter().take(20).all(|wait| *wait == BUSY));
        assert!(waits.is_sorted());
        assert_eq!(waits.last(), Some(&QUIET));
        assert_eq!(pace.next(Outcome::Busy, 0.0), BUSY);
        assert_eq!(pace.next(Outcome::Same, 0.0), BUSY);
    }

    #[test]
    fn failures_back_off_and_the_first_answer_ends_that() {
        let mut pace = Pace::default();
        let waits: Vec<u128> = (0..6).map(|_| pace.next(Outcome::Failed, 0.0).as_millis()).collect();
        assert_eq!(waits, [1_250, 2_500, 5_000, 10_000, 20_000, 30_000]);
        assert_eq!(pace.next(Outcome::Same, 0.0), BUSY);
        assert_eq!(pace.next(Outcome::Failed, 0.0), BUSY);
    }

    #[test]
    fn what_needs_no_hurry_waits_as_long_as_it_says_and_longer_only_where_fly_asks_for_it() {
        let minute = Duration::from_secs(60);
        for (outcome, wait) in [
            (Outcome::Busy, 60),
            (Outcome::Same, 60),
            (Outcome::RateLimited(Duration::from_secs(7)), 60),
            (Outcome::RateLimited(Duration::from_secs(90)), 90),
        ] {
            let next = Pace::default().next(outcome.no_sooner(minute), 0.0);
            assert_eq!(next, Duration::from_secs(wait), "{outcome:?}");
        }
        assert_eq!(Pace::default().next(Outcome::Failed.no_sooner(minute), 0.0), BUSY);
    }

    #[test]
    fn it_never_asks_before_fly_allows() {
        let mut pace = Pace::default();
        assert_eq!(pace.next(Outcome::RateLimited(Duration::from_secs(7)), 0.0), Duration::from_secs(7));
        assert_eq!(pace.next(Outcome::RateLimited(Duration::ZERO), 0.0), BUSY);
        for jitter in [0.0, 0.5, 1.0, 9.0, -1.0] {
            assert!(Pace::default().next(Outcome::Busy, jitter) >= BUSY);
        }
    }
}
