//! Numbers that look random and are a function of a seed: what happened can be made to happen again.

/// The number for the `nth` event of a seed, in 0..1.
pub(super) fn unit(seed: u64, nth: u64) -> f64 {
    let high = u32::try_from(mixed(seed, nth) >> 32).unwrap_or(u32::MAX);
    f64::from(high) / (f64::from(u32::MAX) + 1.0)
}

/// `SplitMix64`, whose outputs are equally spread.
fn mixed(seed: u64, nth: u64) -> u64 {
    let mut state = seed.wrapping_add(nth.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_tells_the_same_numbers_again_and_another_seed_others() {
        let of = |seed| (0..20).map(|nth| unit(seed, nth)).collect::<Vec<_>>();
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
    }

    #[test]
    fn the_numbers_are_spread_over_the_whole_range() {
        let mean = (0..10_000).map(|nth| unit(3, nth)).sum::<f64>() / 10_000.0;
        assert!((0.48..0.52).contains(&mean), "{mean}");
        assert!((0..10_000).all(|nth| (0.0..1.0).contains(&unit(3, nth))));
    }
}
