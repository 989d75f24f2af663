//! Fly's faults, as they come and go.

use crate::rng::Rng;
use simulator::{Affected, Outage, Simulator};
use std::time::Duration;

#[derive(Default)]
pub struct Faults {
    until: Duration,
    failing: bool,
}

impl Faults {
    /// Begins or ends a fault where it is time to.
    pub fn change(&mut self, simulator: &Simulator, now: Duration, rng: &mut Rng) {
        if now < self.until {
            return;
        }
        self.failing = !self.failing;
        if self.failing {
            let outage =
                [Outage::Down, Outage::Hang, Outage::Unavailable][usize::try_from(rng.up_to(2)).unwrap()];
            let affected = [Affected::Graphql, Affected::Machines, Affected::All]
                [usize::try_from(rng.up_to(2)).unwrap()];
            simulator.outage(affected, outage);
        } else {
            simulator.outage(Affected::All, Outage::Off);
        }
        self.until = now + Duration::from_millis(100 + rng.up_to(500));
    }

    /// Nothing fails any more.
    pub fn end(&mut self, simulator: &Simulator) {
        simulator.outage(Affected::All, Outage::Off);
        *self = Self::default();
    }
}
