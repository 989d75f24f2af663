//! Randomness that a seed repeats (`SplitMix64`).

use crate::clockwork::Clockwork;
use std::sync::{Arc, Mutex};

/// Numbers in 0..1 that follow from the seed and the moment, so that one who draws more or less often
/// changes nothing for those who draw later.
pub fn of_moments(seed: u64, clockwork: Arc<Clockwork>) -> impl Fn() -> f64 + Send + Sync + 'static {
    let last = Mutex::new((0, 0));
    move || {
        let now = clockwork.now_ms();
        let mut last = last.lock().unwrap();
        *last = if last.0 == now { (now, last.1 + 1) } else { (now, 0) };
        Rng::new(seed ^ now << 16 ^ last.1).fraction()
    }
}

pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `most`, both included.
    pub fn up_to(&mut self, most: u64) -> u64 {
        self.next() % (most + 1)
    }

    /// In `0.0..1.0`.
    pub fn fraction(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / (f64::from(u32::MAX) + 1.0)
    }

    /// One of some.
    pub fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.up_to(of.len() as u64 - 1)).unwrap()].clone()
    }

    /// Once in so many times.
    pub fn chance(&mut self, one_in: u64) -> bool {
        self.up_to(one_in - 1) == 0
    }
}
