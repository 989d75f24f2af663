//! When and how often a failed read is tried again.

use std::time::Duration;

/// Retries of reads that failed for want of a connection or with 502, 503 or 504.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times to try again; more than 2 count as 2.
    pub attempts: u32,
    /// The longest pause before the first retry; it doubles with each. Zero does not pause.
    pub base: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 2, base: Duration::from_millis(200) }
    }
}

/// No read is tried more than three times in all.
const MOST: u32 = 2;

impl RetryPolicy {
    /// Whether one more try is allowed after so many retries.
    pub(super) fn allows(self, retries: u32) -> bool {
        retries < self.attempts.min(MOST)
    }

    /// A part of the pause, between a half and the whole, so that many clients do not come back as one:
    /// `random` is in 0..1.
    pub(super) fn pause(self, tried: u32, random: f64) -> Duration {
        let whole = self.base.saturating_mul(1 << tried.min(8));
        whole.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_tried_more_than_three_times() {
        let eager = RetryPolicy { attempts: 99, base: Duration::ZERO };
        assert!(eager.allows(1) && !eager.allows(2));
        let modest = RetryPolicy { attempts: 1, base: Duration::ZERO };
        assert!(modest.allows(0) && !modest.allows(1));
    }

    #[test]
    fn a_pause_doubles_and_is_never_longer_than_the_whole() {
        let policy = RetryPolicy { attempts: 2, base: Duration::from_millis(100) };
        for (random, first, second) in [(0.0, 50, 100), (0.5, 75, 150), (1.0, 100, 200), (9.0, 100, 200)] {
            assert_eq!(policy.pause(0, random).as_millis(), first);
            assert_eq!(policy.pause(1, random).as_millis(), second);
        }
        assert_eq!(RetryPolicy { attempts: 2, base: Duration::ZERO }.pause(1, 0.5), Duration::ZERO);
    }
}
