//! The server's time, reckoned from the browser's steady clock.

use model::Timestamp;

/// How far back a time may seem to go before it is believed: the network delays some messages
/// more than others, and an age must not jump to and fro.
const LATENCY_MS: i64 = 2_000;

/// The server's time. `steady` is milliseconds of a clock that never goes back.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    ahead: Option<i64>,
}

impl ServerClock {
    /// The server's time now; none before the server told its time once.
    pub fn now(&self, steady: i64) -> Option<Timestamp> {
        self.ahead.map(|ahead| Timestamp(steady.saturating_add(ahead)))
    }

    /// The server says that it is `time`: believed, also backwards.
    pub fn is(&mut self, time: Timestamp, steady: i64) {
        let ahead = time.millis().saturating_sub(steady);
        match self.ahead {
            Some(known) if ahead <= known && known.saturating_sub(ahead) <= LATENCY_MS => {}
            _ => self.ahead = Some(ahead),
        }
    }

    /// Something happened at `time`, so that it is that late at least.
    pub fn is_at_least(&mut self, time: Timestamp, steady: i64) {
        let ahead = time.millis().saturating_sub(steady);
        self.ahead = Some(self.ahead.map_or(ahead, |known| known.max(ahead)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_unknown_until_the_server_tells_it() {
        assert_eq!(ServerClock::default().now(5), None);
    }

    #[test]
    fn the_time_goes_on_with_the_steady_clock() {
        let mut clock = ServerClock::default();
        clock.is_at_least(Timestamp(1_000_000), 500);
        assert_eq!(clock.now(500), Some(Timestamp(1_000_000)));
        assert_eq!(clock.now(2_500), Some(Timestamp(1_002_000)));
    }

    #[test]
    fn a_late_message_does_not_turn_the_clock_back() {
        let mut clock = ServerClock::default();
        clock.is(Timestamp(1_000_000), 0);
        clock.is(Timestamp(1_009_500), 10_000);
        assert_eq!(clock.now(10_000), Some(Timestamp(1_010_000)));
    }

    #[test]
    fn a_server_that_is_much_earlier_is_believed() {
        let mut clock = ServerClock::default();
        clock.is(Timestamp(1_000_000), 0);
        clock.is(Timestamp(400_000), 1_000);
        assert_eq!(clock.now(1_000), Some(Timestamp(400_000)));
    }

    #[test]
    fn a_server_whose_time_runs_faster_is_caught_up_with_at_each_message() {
        let mut clock = ServerClock::default();
        clock.is(Timestamp(0), 0);
        clock.is(Timestamp(150_000), 15_000);
        assert_eq!(clock.now(15_000), Some(Timestamp(150_000)));
    }

    #[test]
    fn an_old_fact_does_not_turn_the_clock_back() {
        let mut clock = ServerClock::default();
        clock.is(Timestamp(1_000_000), 0);
        clock.is_at_least(Timestamp(10), 1_000);
        assert_eq!(clock.now(1_000), Some(Timestamp(1_001_000)));
    }
}
