//! The server's time, reckoned from the browser's steady clock.

use model::Timestamp;

/// How far back a time may seem to go and be ignored: the network delays some messages more than
/// others, and an age must not jump to and fro.
const LATENCY_MS: i64 = 2_000;
/// A message that is later than that was held back on its way, unless all are for so long.
const HELD_BACK_MS: i64 = 120_000;

/// The server's time. `steady` is milliseconds of a clock that never goes back.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    ahead: Option<i64>,
    /// What the server told last.
    told: Timestamp,
    /// Since when all that it tells seems to be of the past, and the least late of that.
    late: Option<(i64, i64)>,
}

impl ServerClock {
    /// The server's time now; none before the server told its time once.
    pub fn now(&self, steady: i64) -> Option<Timestamp> {
        self.ahead.map(|ahead| Timestamp(steady.saturating_add(ahead)))
    }

    /// The server says that it is `time`. A time before the last one that it told is believed; one that is
    /// merely behind what is known was most likely held back on its way.
    pub fn is(&mut self, time: Timestamp, steady: i64) {
        let ahead = time.millis().saturating_sub(steady);
        let went_on = time > std::mem::replace(&mut self.told, time);
        let known = self.ahead.unwrap_or(ahead);
        if ahead.saturating_add(LATENCY_MS) >= known {
            (self.ahead, self.late) = (Some(known.max(ahead)), None);
            return;
        }
        let (since, least) = self.late.map_or((steady, ahead), |(since, least)| (since, least.max(ahead)));
        self.late = Some((since, least));
        if !went_on || steady.saturating_sub(since) >= HELD_BACK_MS {
            (self.ahead, self.late) = (Some(if went_on { least } else { ahead }), None);
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
    fn a_message_that_was_held_back_on_its_way_does_not_make_what_is_shown_seem_younger() {
        let mut clock = ServerClock::default();
        clock.is(Timestamp(1_000_000), 0);
        clock.is(Timestamp(1_015_000), 30_000);
        assert_eq!(clock.now(30_000), Some(Timestamp(1_030_000)));
        clock.is(Timestamp(1_030_000), 30_000);
        clock.is(Timestamp(1_045_000), 200_000);
        assert_eq!(clock.now(200_000), Some(Timestamp(1_200_000)), "that was not late for long");
    }

    #[test]
    fn a_server_whose_time_is_behind_for_two_minutes_is_believed() {
        let mut clock = ServerClock::default();
        clock.is(Timestamp(1_000_000), 0);
        for ping in 1..=9 {
            clock.is(Timestamp(1_000_000 + ping * 15_000 - 5_000), ping * 15_000);
        }
        assert_eq!(clock.now(135_000), Some(Timestamp(1_130_000)));
    }

    #[test]
    fn a_server_whose_time_stands_still_is_believed() {
        let mut clock = ServerClock::default();
        clock.is(Timestamp(1_000_000), 0);
        clock.is(Timestamp(1_000_000), 15_000);
        assert_eq!(clock.now(15_000), Some(Timestamp(1_000_000)));
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
