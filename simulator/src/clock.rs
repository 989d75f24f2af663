//! The clock of a story: it can stand still, run at any speed and jump.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::StoryTime;

/// Real time, injected so that tests of what depends on it never wait.
pub trait RealTime: Send + Sync {
    /// Time since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;
}

/// The machine's own monotonic time.
#[derive(Clone, Copy, Debug)]
pub struct SystemTime(Instant);

impl Default for SystemTime {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl RealTime for SystemTime {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Whether a story clock runs, and how fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// It stands still.
    Paused,
    /// It runs this many times as fast as real time.
    Playing(f64),
}

/// The clock of a story. Clones show the same time.
#[derive(Clone)]
pub struct StoryClock {
    real: Arc<dyn RealTime>,
    hands: Arc<Mutex<Hands>>,
}

/// At real time `since` it was `then` in the story, and from there it went on at `pace`.
#[derive(Clone, Copy)]
struct Hands {
    then: StoryTime,
    since: Duration,
    pace: Pace,
}

impl StoryClock {
    /// A clock that shows `start` now.
    pub fn new(real: Arc<dyn RealTime>, start: StoryTime, pace: Pace) -> Self {
        let hands = Hands { then: start, since: real.elapsed(), pace };
        Self { real, hands: Arc::new(Mutex::new(hands)) }
    }

    /// The moment of the story.
    pub fn now(&self) -> StoryTime {
        self.with(|hands, real| hands.at(real))
    }

    /// The moment of the story in milliseconds since 1970-01-01T00:00:00Z.
    pub fn now_ms(&self) -> i64 {
        self.now().as_ms()
    }

    /// Whether it runs, and how fast.
    pub fn pace(&self) -> Pace {
        self.with(|hands, _| hands.pace)
    }

    /// Lets it run, stand still or run at another speed from now on.
    pub fn set_pace(&self, pace: Pace) {
        self.with(|hands, real| {
            *hands = Hands { then: hands.at(real), since: real, pace };
        });
    }

    /// Sets it to another moment; it goes on as it did.
    pub fn jump(&self, to: StoryTime) {
        self.with(|hands, real| {
            *hands = Hands { then: to, since: real, pace: hands.pace };
        });
    }

    /// Sets it to a moment computed from the present one, with nothing in between.
    pub(crate) fn advance<T>(&self, next: impl FnOnce(StoryTime) -> (StoryTime, T)) -> T {
        self.with(|hands, real| {
            let (then, out) = next(hands.at(real));
            *hands = Hands { then, since: real, pace: hands.pace };
            out
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Hands, Duration) -> T) -> T {
        // A holder that panicked left whole hands behind: they are written in one assignment.
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut hands, self.real.elapsed())
    }
}

impl Hands {
    fn at(&self, real: Duration) -> StoryTime {
        let Pace::Playing(speed) = self.pace else {
            return self.then;
        };
        let passed = real.saturating_sub(self.since).mul_f64(speed.clamp(0.0, 1e6));
        let passed = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
        StoryTime::from_ms(self.then.as_ms().saturating_add(passed))
    }
}

impl std::fmt::Debug for StoryClock {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "StoryClock({}, {:?})", self.now(), self.pace())
    }
}

#[cfg(test)]
pub(crate) mod fake {
    use std::sync::Mutex;

    use super::{Duration, RealTime};

    /// Real time that stands still until a test moves it.
    #[derive(Default)]
    pub(crate) struct FakeTime(Mutex<Duration>);

    impl FakeTime {
        pub(crate) fn pass(&self, time: Duration) {
            *self.0.lock().unwrap() += time;
        }
    }

    impl RealTime for FakeTime {
        fn elapsed(&self) -> Duration {
            *self.0.lock().unwrap()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{fake::FakeTime, *};

    fn clock(pace: Pace) -> (Arc<FakeTime>, StoryClock) {
        let real = Arc::new(FakeTime::default());
        let clock = StoryClock::new(Arc::clone(&real) as Arc<dyn RealTime>, StoryTime::from_ms(1_000), pace);
        (real, clock)
    }

    #[test]
    fn a_paused_clock_stands_still() {
        let (real, clock) = clock(Pace::Paused);
        real.pass(Duration::from_secs(5));
        assert_eq!(clock.now_ms(), 1_000);
    }

    #[test]
    fn a_playing_clock_runs_at_its_speed() {
        let (real, clock) = clock(Pace::Playing(10.0));
        real.pass(Duration::from_millis(200));
        assert_eq!(clock.now_ms(), 3_000);
    }

    #[test]
    fn a_change_of_speed_counts_from_that_moment_on() {
        let (real, clock) = clock(Pace::Playing(1.0));
        real.pass(Duration::from_secs(1));
        clock.set_pace(Pace::Playing(3.0));
        real.pass(Duration::from_secs(1));
        assert_eq!(clock.now_ms(), 5_000);
    }

    #[test]
    fn after_a_jump_the_clock_goes_on_as_it_did() {
        let (real, clock) = clock(Pace::Playing(1.0));
        clock.jump(StoryTime::from_ms(60_000));
        real.pass(Duration::from_secs(2));
        assert_eq!(clock.now_ms(), 62_000);
        assert_eq!(clock.pace(), Pace::Playing(1.0));
    }

    #[test]
    fn clones_show_the_same_time() {
        let (_, clock) = clock(Pace::Paused);
        let clone = clock.clone();
        clock.jump(StoryTime::from_ms(7));
        assert_eq!(clone.now_ms(), 7);
    }
}
