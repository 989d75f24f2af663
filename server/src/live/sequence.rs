//! The numbering of changes: one sequence per process, for all topics.

use model::live::Cursor;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Hands out numbers. A number becomes visible only when its change is in place, so that a reader
/// who has seen number n has seen every change up to n.
pub struct Sequence {
    epoch: String,
    next: Mutex<u64>,
    published: AtomicU64,
}

impl Sequence {
    /// A sequence that begins at 1. The epoch names this process; letters and digits only.
    pub fn new(epoch: String) -> Self {
        Self { epoch, next: Mutex::new(1), published: AtomicU64::new(0) }
    }

    /// An epoch of 40 random bits.
    pub fn random_epoch() -> Result<String, getrandom::Error> {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes[3..])?;
        let mut number = u64::from_be_bytes(bytes);
        let mut text = String::new();
        for _ in 0..8 {
            let digit = u32::try_from(number % 36).unwrap_or_default();
            text.push(char::from_digit(digit, 36).unwrap_or('0'));
            number /= 36;
        }
        Ok(text)
    }

    /// Puts changes in place: `place` gets the first number and says how many it used.
    pub fn publish(&self, place: impl FnOnce(u64) -> u64) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next += place(*next);
        self.published.store(*next - 1, Ordering::Release);
    }

    /// The last number whose change is in place.
    pub fn published(&self) -> u64 {
        self.published.load(Ordering::Acquire)
    }

    /// The place in the stream after `seq`.
    pub fn cursor(&self, seq: u64) -> Cursor {
        Cursor { epoch: self.epoch.clone(), seq }
    }

    /// The number of a cursor of this process; a cursor of another process means nothing here.
    pub fn seq_of(&self, cursor: &Cursor) -> Option<u64> {
        (cursor.epoch == self.epoch && cursor.seq <= self.published()).then_some(cursor.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_handed_out_once_and_in_order() {
        let sequence = Sequence::new("e".into());
        let mut seen = vec![];
        sequence.publish(|first| {
            seen.push(first);
            2
        });
        sequence.publish(|first| {
            seen.push(first);
            1
        });
        assert_eq!((seen, sequence.published()), (vec![1, 3], 3));
    }

    #[test]
    fn a_cursor_of_another_process_or_of_the_future_means_nothing() {
        let sequence = Sequence::new("e".into());
        sequence.publish(|_| 1);
        assert_eq!(sequence.seq_of(&"e-1".parse().unwrap()), Some(1));
        assert_eq!(sequence.seq_of(&"e-2".parse().unwrap()), None);
        assert_eq!(sequence.seq_of(&"f-1".parse().unwrap()), None);
    }

    #[test]
    fn an_epoch_can_stand_in_a_cursor() {
        let epoch = Sequence::random_epoch().unwrap();
        assert_eq!(epoch.len(), 8);
        assert!(format!("{epoch}-1").parse::<Cursor>().is_ok());
    }
}
