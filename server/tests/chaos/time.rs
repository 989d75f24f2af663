//! The time of a lap: it passes when the lap says so, so that a slow machine plays the same story.

use simulator::clock::RealTime;
use std::sync::Mutex;
use std::time::Duration;

#[derive(Default)]
pub struct LapTime(Mutex<Duration>);

impl LapTime {
    pub fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl RealTime for LapTime {
    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}
