//! The published limits of the Machines API: 1 request a second per action and app or machine
//! with a burst of 3; for Get Machine 5 a second with a burst of 10.
//! Source: Fly's documentation of the Machines API, "Rate limits".

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::clock::RealTime;

/// How often something may be asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    per_second: f64,
    burst: f64,
}

/// Every action but Get Machine.
pub(crate) const ACTION: Rate = Rate { per_second: 1.0, burst: 3.0 };
/// Get Machine.
pub(crate) const GET_MACHINE: Rate = Rate { per_second: 5.0, burst: 10.0 };

/// Token buckets, one for each action and target, measured in real time.
pub(crate) struct Limits {
    real: Arc<dyn RealTime>,
    buckets: Mutex<HashMap<(String, String), Bucket>>,
}

struct Bucket {
    left: f64,
    since: Duration,
}

impl Limits {
    pub(crate) fn new(real: Arc<dyn RealTime>) -> Self {
        Self { real, buckets: Mutex::default() }
    }

    /// Lets a request through, or says after how much time the next one would be.
    pub(crate) fn pass(&self, action: &str, target: &str, rate: Rate) -> Result<(), Duration> {
        let now = self.real.elapsed();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets
            .entry((action.to_owned(), target.to_owned()))
            .or_insert(Bucket { left: rate.burst, since: now });
        let refilled = now.saturating_sub(bucket.since).as_secs_f64() * rate.per_second;
        bucket.left = (bucket.left + refilled).min(rate.burst);
        bucket.since = now;
        if bucket.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.left) / rate.per_second));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::fake::FakeTime;

    #[test]
    fn a_burst_passes_and_the_next_one_waits_a_second() {
        let real = Arc::new(FakeTime::default());
        let limits = Limits::new(Arc::clone(&real) as Arc<dyn RealTime>);
        for _ in 0..3 {
            assert_eq!(limits.pass("list", "app", ACTION), Ok(()));
        }
        assert_eq!(limits.pass("list", "app", ACTION), Err(Duration::from_secs(1)));
        real.pass(Duration::from_secs(1));
        assert_eq!(limits.pass("list", "app", ACTION), Ok(()));
    }

    #[test]
    fn actions_and_targets_are_counted_apart() {
        let limits = Limits::new(Arc::new(FakeTime::default()));
        for _ in 0..3 {
            assert_eq!(limits.pass("list", "one", ACTION), Ok(()));
        }
        assert_eq!(limits.pass("list", "two", ACTION), Ok(()));
        assert_eq!(limits.pass("events", "one", ACTION), Ok(()));
        assert!(limits.pass("list", "one", ACTION).is_err());
    }
}
