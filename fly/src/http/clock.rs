//! Time, which the client takes from outside: a test hands in one that it moves itself.

use std::fmt;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// The time that the client measures, tells and waits by.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Time since some fixed moment; it never goes back.
    fn elapsed(&self) -> Duration;

    /// The time of day.
    fn utc(&self) -> SystemTime;

    /// Waits.
    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The machine's own clocks.
#[derive(Debug)]
pub(super) struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn utc(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(wait))
    }
}
