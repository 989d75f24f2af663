//! When and how often a failed read is tried again.

use std::time::Duration;

/// Retries of reads that failed for want of a connection or with 502, 503 or 504.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times to try again.
    pub attempts: u32,
    /// The longest pause before the first retry; it doubles with each. Zero does not pause.
    pub base: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 2, base: Duration::from_millis(200) }
    }
}

impl RetryPolicy {
    /// A random part of the pause, between a half and the whole, so that many clients do not come
    /// back as one.
    pub(super) fn pause(self, tried: u32) -> Duration {
        let whole = self.base.saturating_mul(1 << tried.min(8));
        whole.mul_f64(0.5 + 0.5 * fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_and_is_never_longer_than_the_whole() {
        let policy = RetryPolicy { attempts: 2, base: Duration::from_millis(100) };
        for _ in 0..100 {
            assert!((50..=100).contains(&policy.pause(0).as_millis()));
            assert!((100..=200).contains(&policy.pause(1).as_millis()));
        }
        assert_eq!(RetryPolicy { attempts: 2, base: Duration::ZERO }.pause(1), Duration::ZERO);
    }
}
