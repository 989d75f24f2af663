//! How long to wait before the next attempt.

/// The upper bound of the first wait.
const FIRST_MS: u64 = 1_000;
/// The upper bound of every wait that we choose ourselves.
const LONGEST_MS: u64 = 30_000;
/// No wait is shorter: luck must not make a loop without pause.
const SHORTEST_MS: u64 = 250;
/// A wait that the server asks for is not believed beyond this: a page must not stay behind for
/// hours because of one wrong header.
const LONGEST_ASKED_MS: u64 = 10 * 60 * 1_000;
/// Over how long those who were all asked to wait equally long are spread.
const SPREAD_MS: u64 = 1_000;

/// Full jitter: anything up to a bound that doubles with each failed attempt, so that tabs which
/// lost the same server do not all come back in the same second. `random` is in `0.0..1.0`.
pub(super) fn full_jitter(attempt: u32, random: f64) -> u64 {
    let bound = FIRST_MS.checked_shl(attempt.min(16)).map_or(LONGEST_MS, |bound| bound.min(LONGEST_MS));
    share(bound, random).max(SHORTEST_MS)
}

/// As long as the server says (`Retry-After`, or the stream's `retry`), and a little more.
pub(super) fn asked(millis: u64, random: f64) -> u64 {
    millis.min(LONGEST_ASKED_MS) + share(SPREAD_MS, random)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of at most 30,000, and whole milliseconds are exact enough"
)]
fn share(bound: u64, random: f64) -> u64 {
    (bound as f64 * random.clamp(0.0, 1.0)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_from_one_to_thirty_seconds() {
        let bounds: Vec<u64> = (0..8).map(|attempt| full_jitter(attempt, 1.0)).collect();
        assert_eq!(bounds, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(full_jitter(u32::MAX, 1.0), 30_000);
    }

    #[test]
    fn the_wait_is_anything_up_to_the_bound() {
        assert_eq!(full_jitter(3, 0.5), 4_000);
        assert_eq!(full_jitter(3, 0.25), 2_000);
    }

    #[test]
    fn luck_does_not_make_a_loop_without_pause() {
        assert_eq!(full_jitter(0, 0.0), SHORTEST_MS);
        assert_eq!(full_jitter(9, f64::NAN), SHORTEST_MS);
    }

    #[test]
    fn what_the_server_asks_for_is_never_cut_short() {
        assert_eq!(asked(7_000, 0.0), 7_000);
        assert_eq!(asked(7_000, 0.5), 7_500);
    }

    #[test]
    fn a_wait_of_hours_is_not_believed() {
        assert_eq!(asked(u64::MAX, 0.0), LONGEST_ASKED_MS);
    }
}
