//! What time it is, as a value that tests and the demo's story can replace.

use model::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time that ages and deadlines shown to people refer to.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Clock for simulator::StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now_ms())
    }
}
