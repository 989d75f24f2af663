//! Counts what is open, by whom.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Counts<K> = Arc<Mutex<HashMap<K, usize>>>;

/// How many places each has taken. Who has none is not remembered.
pub struct Places<K>(Counts<K>);

/// One place; free again when dropped.
pub struct Place<K: Eq + Hash> {
    key: K,
    counts: Counts<K>,
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash + Clone> Places<K> {
    /// Takes a place; none where `most` are taken already.
    pub fn take(&self, key: K, most: usize) -> Option<Place<K>> {
        let mut counts = lock(&self.0);
        let count = counts.get(&key).copied().unwrap_or(0);
        if count >= most {
            return None;
        }
        counts.insert(key.clone(), count + 1);
        Some(Place { key, counts: self.0.clone() })
    }

    /// How many are taken, by all together.
    pub fn taken(&self) -> usize {
        lock(&self.0).values().sum()
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        match counts.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(counts.remove(&self.key)),
        }
    }
}

fn lock<K>(counts: &Counts<K>) -> MutexGuard<'_, HashMap<K, usize>> {
    // Every change is one call on the map.
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_holder_has_gone() {
        let places = Places::default();
        let first = places.take("a", 2).unwrap();
        let second = places.take("a", 2).unwrap();
        assert!(places.take("a", 2).is_none());
        assert!(places.take("b", 2).is_some(), "another pays for the first");
        drop(first);
        assert!(places.take("a", 2).is_some());
        drop(second);
    }

    #[test]
    fn who_has_no_place_is_not_remembered() {
        let places = Places::default();
        for name in 0..10_000 {
            drop(places.take(name, 1));
        }
        assert_eq!((places.taken(), lock(&places.0).len()), (0, 0));
    }
}
