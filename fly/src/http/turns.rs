//! The last guard against asking too often: one token bucket for each token, action and object, at
//! 80 % of the limits that Fly publishes.
//!
//! Source: Fly's documentation of the Machines API, "Rate limits": one request a second for each
//! action and machine or app, with bursts of 3; for Get Machine 5 a second, with bursts of 10. None
//! is published for GraphQL, logs, releases, regions, tokens and the lists of an organization: for
//! those only an answer of 429 counts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Buckets that are full again are swept out once there are so many.
const SWEEP_FROM: usize = 1_024;

/// What a published limit counts, as Fly's documentation of the API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    ListMachines,
    GetMachine,
    ListEvents,
    ListVersions,
    ListProcesses,
    GetLease,
    ListVolumes,
    ListCertificates,
    ListAddresses,
    ListSecrets,
}

impl Action {
    fn rate(self) -> Rate {
        match self {
            Self::GetMachine => Rate { every: Duration::from_millis(250), burst: 8 },
            _ => Rate { every: Duration::from_millis(1_250), burst: 2 },
        }
    }
}

/// A bucket's size in requests, and how long it takes to win back one.
#[derive(Clone, Copy)]
struct Rate {
    every: Duration,
    burst: u32,
}

/// What a request counts as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bucket {
    pub(crate) token: [u8; 32],
    pub(crate) action: Action,
    /// The id of the machine or the name of the app.
    pub(crate) id: String,
}

/// All buckets: of each the moment at which it is full again (the generic cell rate algorithm).
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<Bucket, Duration>>);

impl Turns {
    /// How long a request has to wait for its turn, which is taken with that. Where it would wait
    /// longer than `longest` it takes no turn, and the error is the wait.
    pub(crate) fn take(
        &self,
        bucket: Bucket,
        now: Duration,
        longest: Duration,
    ) -> Result<Duration, Duration> {
        let Rate { every, burst } = bucket.action.rate();
        // The map is whole after every single call on it.
        let mut full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= SWEEP_FROM {
            full_at.retain(|_, at| *at > now);
        }
        let full = full_at.get(&bucket).copied().unwrap_or_default().max(now);
        let wait = full.saturating_sub(every * (burst - 1)).saturating_sub(now);
        if wait > longest {
            return Err(wait);
        }
        full_at.insert(bucket, full + every);
        Ok(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Duration = Duration::ZERO;

    fn bucket(action: Action, id: &str) -> Bucket {
        Bucket { token: [1; 32], action, id: id.to_owned() }
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_pace_of_a_watch_never_waits() {
        let turns = Turns::default();
        for poll in 0..1_000 {
            let now = ms(1_250 * poll);
            assert_eq!(turns.take(bucket(Action::ListMachines, "web"), now, NONE), Ok(NONE), "poll {poll}");
        }
    }

    #[test]
    fn after_a_burst_a_request_waits_for_its_turn() {
        let turns = Turns::default();
        let ask = |now| turns.take(bucket(Action::ListMachines, "web"), now, ms(3_000));
        assert_eq!([ask(NONE), ask(NONE)], [Ok(NONE), Ok(NONE)]);
        assert_eq!([ask(NONE), ask(NONE)], [Ok(ms(1_250)), Ok(ms(2_500))]);
        assert_eq!(ask(NONE), Err(ms(3_750)));
    }

    #[test]
    fn a_refused_request_takes_no_turn() {
        let turns = Turns::default();
        let ask = |now| turns.take(bucket(Action::ListEvents, "73d8d46dbee589"), now, NONE);
        assert_eq!([ask(NONE), ask(NONE)], [Ok(NONE), Ok(NONE)]);
        for _ in 0..10 {
            assert_eq!(ask(ms(250)), Err(ms(1_000)));
        }
        assert_eq!(ask(ms(1_250)), Ok(NONE));
    }

    /// In every span of time at most what Fly allows: the burst, and the rate times the span.
    #[test]
    fn whoever_asks_all_the_time_stays_below_the_published_limits() {
        for (action, a_second, burst) in [(Action::ListMachines, 1_u128, 3), (Action::GetMachine, 5, 10)] {
            let turns = Turns::default();
            let sent: Vec<u64> = (0..60_000)
                .step_by(10)
                .filter(|now| turns.take(bucket(action, "web"), ms(*now), NONE).is_ok())
                .collect();
            for (at, from) in sent.iter().enumerate() {
                for (count, until) in sent[at..].iter().enumerate() {
                    let allowed = burst + u128::from(until - from) * a_second / 1_000;
                    assert!((count as u128) < allowed, "{count} from {from} to {until} ms");
                }
            }
        }
    }

    #[test]
    fn tokens_actions_and_objects_are_counted_apart() {
        let turns = Turns::default();
        let full = bucket(Action::ListMachines, "web");
        let ask = |bucket: &Bucket| turns.take(bucket.clone(), NONE, NONE).is_ok();
        assert_eq!([ask(&full), ask(&full), ask(&full)], [true, true, false]);
        assert!(ask(&Bucket { token: [2; 32], ..full.clone() }));
        assert!(ask(&Bucket { action: Action::ListVolumes, ..full.clone() }));
        assert!(ask(&Bucket { id: "api".into(), ..full }));
    }

    #[test]
    fn buckets_that_are_full_again_are_forgotten() {
        let turns = Turns::default();
        for number in 0..10_000_u64 {
            let one = bucket(Action::GetMachine, &number.to_string());
            turns.take(one, ms(10 * number), NONE).unwrap();
        }
        assert!(turns.0.lock().unwrap().len() <= SWEEP_FROM);
    }
}
