//! How often something may be tried: a token bucket for each network, kept as the moment at which
//! it will be full again (the generic cell rate algorithm of ITU-T I.371).

use super::network::Network;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Networks that are remembered at a time.
const MOST: usize = 4_096;

/// So many tries at once, then one each `every`.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Tries at once; at least 1.
    pub burst: u32,
    /// One more try each time that this has passed.
    pub every: Duration,
}

/// What each network has left. Time is told by the caller.
pub struct Allowances {
    allowance: Allowance,
    full_at: Mutex<HashMap<Network, Instant>>,
}

impl Allowances {
    /// Nobody has tried yet.
    pub fn new(allowance: Allowance) -> Self {
        Self { allowance, full_at: Mutex::default() }
    }

    /// Takes one try, or says how long to wait for it.
    pub fn take(&self, network: Network, now: Instant) -> Result<(), Duration> {
        let Allowance { burst, every } = self.allowance;
        let mut known = self.lock();
        let full_at = known.get(&network).copied().filter(|at| *at > now).unwrap_or(now);
        let allowed_at = full_at.checked_sub(every * burst.saturating_sub(1)).unwrap_or(now);
        if allowed_at > now {
            return Err(allowed_at - now);
        }
        make_room(&mut known, now);
        known.insert(network, full_at + every);
        Ok(())
    }

    /// Gives one try back.
    pub fn give_back(&self, network: Network, now: Instant) {
        let mut known = self.lock();
        if let Some(full_at) = known.get_mut(&network) {
            *full_at = full_at.checked_sub(self.allowance.every).unwrap_or(now);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Network, Instant>> {
        // Every change is one call on the map.
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets those who have everything left, and if that is not enough the one who has most left.
fn make_room(known: &mut HashMap<Network, Instant>, now: Instant) {
    if known.len() < MOST {
        return;
    }
    known.retain(|_, full_at| *full_at > now);
    if known.len() >= MOST
        && let Some(least) = known.iter().min_by_key(|(_, full_at)| **full_at).map(|(network, _)| *network)
    {
        known.remove(&least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const EVERY: Duration = Duration::from_secs(6);

    fn allowances() -> Allowances {
        Allowances::new(Allowance { burst: 3, every: EVERY })
    }

    fn network(number: u32) -> Network {
        Network::of(Ipv4Addr::from_bits(number).into())
    }

    #[test]
    fn a_burst_is_allowed_then_one_try_each_time() {
        let (allowances, now) = (allowances(), Instant::now());
        for _ in 0..3 {
            assert_eq!(allowances.take(network(1), now), Ok(()));
        }
        assert_eq!(allowances.take(network(1), now), Err(EVERY));
        assert_eq!(allowances.take(network(2), now), Ok(()), "another pays for the first");
        let second = Duration::from_secs(1);
        assert_eq!(allowances.take(network(1), now + second), Err(Duration::from_secs(5)));
        assert_eq!(allowances.take(network(1), now + EVERY), Ok(()));
        assert_eq!(allowances.take(network(1), now + EVERY), Err(EVERY));
    }

    #[test]
    fn a_pause_fills_the_bucket_and_no_more_than_that() {
        let (allowances, now) = (allowances(), Instant::now());
        allowances.take(network(1), now).unwrap();
        let later = now + EVERY * 1_000;
        let allowed = (0..10).filter(|_| allowances.take(network(1), later).is_ok()).count();
        assert_eq!(allowed, 3);
    }

    #[test]
    fn a_try_that_is_given_back_does_not_count() {
        let (allowances, now) = (allowances(), Instant::now());
        for _ in 0..100 {
            allowances.take(network(1), now).unwrap();
            allowances.give_back(network(1), now);
        }
        assert_eq!((0..10).filter(|_| allowances.take(network(1), now).is_ok()).count(), 3);
    }

    #[test]
    fn any_number_of_addresses_takes_a_bounded_memory_and_frees_nobody_who_tried_too_often() {
        let (allowances, now) = (allowances(), Instant::now());
        while allowances.take(network(0), now).is_ok() {}
        for number in 1..20_000 {
            allowances.take(network(number), now).unwrap();
        }
        assert!(allowances.lock().len() <= MOST);
        assert!(allowances.take(network(0), now).is_err());
    }
}
