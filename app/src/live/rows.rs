//! A keyed list with one signal a row, so that a change of one row renders one row.

use super::cell::{set_arc_if_different, set_if_different};
use crate::prelude::*;

/// The signals of the rows, by key. Less code than a map, of which there would be one for each type.
type Cells<K, T> = Vec<(K, ArcRwSignal<T>)>;

/// Rows in order. A row's signal is set only when the row differs; the order only when a row came,
/// went or moved. The signal of a row that is gone stays usable for a view that still holds it.
pub struct Rows<K: 'static, T: 'static> {
    order: RwSignal<Vec<K>>,
    cells: RwSignal<Cells<K, T>>,
    /// Tells that some row differs, to those who look at all of them.
    any: RwSignal<()>,
    key: fn(&T) -> K,
    precedes: fn(&T, &T) -> bool,
}

impl<K, T> Clone for Rows<K, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, T> Copy for Rows<K, T> {}

impl<K, T> Rows<K, T>
where
    K: Clone + Ord + Send + Sync + 'static,
    T: Clone + PartialEq + Send + Sync + 'static,
{
    /// No rows yet. `key` names a row, `precedes` orders two of them.
    pub fn new(key: fn(&T) -> K, precedes: fn(&T, &T) -> bool) -> Self {
        Self {
            order: RwSignal::new(Vec::new()),
            cells: RwSignal::new(Vec::new()),
            any: RwSignal::new(()),
            key,
            precedes,
        }
    }

    /// The keys in order: what `<For>` iterates over.
    pub fn order(&self) -> Signal<Vec<K>> {
        self.order.read_only()
    }

    /// The signal of one row.
    pub fn cell(&self, key: &K) -> Option<ArcRwSignal<T>> {
        self.cells.try_with_untracked(|cells| Some(cells[place(cells, key).ok()?].1.clone())).flatten()
    }

    /// Looks at all rows in order, and follows the order and every row.
    pub fn each(&self, mut look: impl FnMut(&T)) {
        self.any.track();
        self.order.with(|order| {
            order.iter().filter_map(|key| self.cell(key)).for_each(|cell| cell.with_untracked(&mut look));
        });
    }

    /// All rows in order, without following anything.
    pub fn get_all_untracked(&self) -> Vec<T> {
        let keys = self.order.try_get_untracked().unwrap_or_default();
        keys.iter().filter_map(|key| self.cell(key)).map(|cell| cell.get_untracked()).collect()
    }

    /// Makes the rows exactly these, in this order.
    pub fn load(&self, rows: &[T]) {
        for row in rows {
            self.put(row.clone());
        }
        self.arrange(rows.iter().map(self.key).collect());
    }

    /// Makes the order this one. A row that is not in it is gone.
    pub fn arrange(&self, order: Vec<K>) {
        set_if_different(self.order, order);
        self.forget_rows_out_of_order();
    }

    /// Adds a row, or makes the row of the same key equal to it; it moves if its place is another.
    pub fn upsert(&self, row: T) {
        let key = (self.key)(&row);
        self.put(row);
        self.place(&key);
    }

    /// Changes a row, if there is one of this key.
    pub fn update(&self, key: &K, change: impl FnOnce(&mut T)) {
        let Some(cell) = self.cell(key) else { return };
        let (row, moves) = cell.with_untracked(|before| {
            let mut row = before.clone();
            change(&mut row);
            let moves = (self.precedes)(before, &row) || (self.precedes)(&row, before);
            (row, moves)
        });
        self.set(&cell, row);
        if moves {
            self.place(key);
        }
    }

    /// Removes a row, if there is one of this key.
    pub fn remove(&self, key: &K) {
        if self.cell(key).is_none() {
            return;
        }
        // The order first: a view that renders in between never meets a key without a row.
        let _ = self.order.update(|order| order.retain(|one| one != key));
        let _ = self.cells.update_untracked(|cells| place(cells, key).map(|at| cells.remove(at)));
    }

    /// Keeps a row, or makes the row of the same key equal to it, without a place in the order: it is
    /// shown where the order has it.
    pub fn put(&self, row: T) {
        let key = &(self.key)(&row);
        if let Some(cell) = self.cell(key) {
            self.set(&cell, row);
        } else {
            let cell = ArcRwSignal::new(row);
            let _ = self.cells.update_untracked(|cells| {
                let (Ok(at) | Err(at)) = place(cells, key);
                cells.insert(at, (key.clone(), cell));
            });
        }
    }

    fn set(&self, cell: &ArcRwSignal<T>, row: T) {
        if set_arc_if_different(cell, row) {
            self.any.set(());
        }
    }

    /// Moves a key to where its row belongs. The order is written only if that changes it.
    fn place(&self, key: &K) {
        let Some(cell) = self.cell(key) else { return };
        let stays =
            self.order.try_with_untracked(|order| cell.with_untracked(|row| self.is_placed(order, key, row)));
        if stays == Some(false) {
            let _ = self.order.update(|order| {
                order.retain(|one| one != key);
                let at = cell.with_untracked(|row| order.partition_point(|one| self.is_before(one, row)));
                order.insert(at, key.clone());
            });
        }
    }

    /// Looks where the row belongs: in an order that is right but for this row, it is found there
    /// unless it has to move.
    fn is_placed(&self, order: &[K], key: &K, row: &T) -> bool {
        let at = order.partition_point(|one| self.is_before(one, row));
        let after = order.get(at + 1);
        order.get(at) == Some(key) && after.is_none_or(|one| !self.is_before(one, row))
    }

    fn is_before(&self, key: &K, row: &T) -> bool {
        self.cell(key).is_some_and(|cell| cell.with_untracked(|one| (self.precedes)(one, row)))
    }

    fn forget_rows_out_of_order(&self) {
        let _ = self.order.try_with_untracked(|order| {
            self.cells.update_untracked(|cells| {
                if cells.len() > order.len() {
                    let mut kept = vec![false; cells.len()];
                    for at in order.iter().filter_map(|key| place(cells, key).ok()) {
                        kept[at] = true;
                    }
                    let mut kept = kept.into_iter();
                    cells.retain(|_| kept.next() == Some(true));
                }
            })
        });
    }
}

/// Where the cell of a key is, or where it would be.
fn place<K: Ord, T>(cells: &Cells<K, T>, key: &K) -> Result<usize, usize> {
    cells.binary_search_by(|(one, _)| one.cmp(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::reactive::effect::ImmediateEffect;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A row: its key, its rank, and a text.
    type Row = (u32, u32, &'static str);

    fn rows(rows: &[Row]) -> Rows<u32, Row> {
        let all = Rows::new(|row: &Row| row.0, |a, b| (a.1, a.0) < (b.1, b.0));
        all.load(rows);
        all
    }

    fn in_owner(test: impl FnOnce()) {
        Owner::new().with(test);
    }

    /// How often what `read` subscribes to has changed so far.
    fn count(read: impl Fn() + Send + Sync + 'static) -> (ImmediateEffect, impl Fn() -> u32) {
        let runs = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&runs);
        let effect = ImmediateEffect::new_isomorphic(move || {
            read();
            runs.fetch_add(1, Ordering::Relaxed);
        });
        (effect, move || seen.load(Ordering::Relaxed) - 1)
    }

    fn count_order(rows: Rows<u32, Row>) -> (ImmediateEffect, impl Fn() -> u32) {
        count(move || drop(rows.order().get()))
    }

    fn count_cell(rows: Rows<u32, Row>, key: u32) -> (ImmediateEffect, impl Fn() -> u32) {
        let cell = rows.cell(&key).unwrap();
        count(move || cell.track())
    }

    #[test]
    fn a_change_of_one_row_sets_the_signal_of_that_row_only() {
        in_owner(|| {
            let rows = rows(&[(1, 0, "a"), (2, 0, "b")]);
            let (_a, order) = count_order(rows);
            let (_b, first) = count_cell(rows, 1);
            let (_c, second) = count_cell(rows, 2);
            rows.update(&2, |row| row.2 = "c");
            rows.upsert((2, 0, "d"));
            assert_eq!((order(), first(), second()), (0, 0, 2));
        });
    }

    #[test]
    fn an_equal_row_sets_nothing() {
        in_owner(|| {
            let rows = rows(&[(1, 0, "a"), (2, 0, "b")]);
            let (_a, order) = count_order(rows);
            let (_b, first) = count_cell(rows, 1);
            rows.upsert((1, 0, "a"));
            rows.update(&1, |row| row.2 = "a");
            rows.load(&[(1, 0, "a"), (2, 0, "b")]);
            rows.remove(&9);
            assert_eq!((order(), first()), (0, 0));
        });
    }

    #[test]
    fn the_order_changes_when_a_row_comes_goes_or_moves() {
        in_owner(|| {
            let rows = rows(&[(1, 1, ""), (2, 2, "")]);
            let (_a, order) = count_order(rows);
            rows.upsert((3, 0, ""));
            assert_eq!((rows.order().get_untracked(), order()), (vec![3, 1, 2], 1));
            rows.update(&3, |row| row.1 = 9);
            assert_eq!((rows.order().get_untracked(), order()), (vec![1, 2, 3], 2));
            rows.update(&2, |row| row.1 = 3);
            assert_eq!((rows.order().get_untracked(), order()), (vec![1, 2, 3], 2), "it stays in its place");
            rows.remove(&2);
            assert_eq!((rows.order().get_untracked(), order()), (vec![1, 3], 3));
        });
    }

    #[test]
    fn a_view_that_renders_while_a_row_comes_or_goes_finds_each_row_of_the_order() {
        in_owner(|| {
            let rows = rows(&[(1, 0, "")]);
            let _effect = ImmediateEffect::new_isomorphic(move || {
                for key in rows.order().get() {
                    assert!(rows.cell(&key).is_some(), "row {key} is missing");
                }
            });
            rows.upsert((2, 0, ""));
            rows.remove(&1);
            rows.load(&[(4, 0, ""), (5, 0, "")]);
        });
    }

    #[test]
    fn the_signal_of_a_row_that_is_gone_stays_usable() {
        in_owner(|| {
            let rows = rows(&[(1, 0, "a")]);
            let cell = rows.cell(&1).unwrap();
            rows.remove(&1);
            assert!(rows.cell(&1).is_none());
            assert_eq!(cell.get_untracked(), (1, 0, "a"));
            cell.set((1, 0, "b"));
        });
    }

    #[test]
    fn a_row_that_comes_back_has_a_signal_again() {
        in_owner(|| {
            let rows = rows(&[(1, 0, "a")]);
            rows.remove(&1);
            rows.upsert((1, 0, "b"));
            assert_eq!(rows.get_all_untracked(), [(1, 0, "b")]);
        });
    }

    #[test]
    fn rows_that_are_not_in_a_snapshot_are_gone() {
        in_owner(|| {
            let rows = rows(&[(1, 0, "a"), (2, 0, "b")]);
            rows.load(&[(2, 0, "c")]);
            assert!(rows.cell(&1).is_none());
            assert_eq!(rows.get_all_untracked(), [(2, 0, "c")]);
        });
    }

    #[test]
    fn rows_whose_page_is_gone_take_in_nothing_and_do_not_panic() {
        let owner = Owner::new();
        let rows = owner.with(|| rows(&[(1, 0, "a")]));
        owner.cleanup();
        drop(owner);
        rows.upsert((2, 0, "b"));
        rows.update(&1, |row| row.2 = "c");
        rows.remove(&1);
        rows.load(&[(3, 0, "d")]);
        assert_eq!(rows.get_all_untracked(), []);
    }

    #[test]
    fn looking_at_all_rows_follows_each() {
        in_owner(|| {
            let rows = rows(&[(1, 0, "a"), (2, 0, "b")]);
            let (_a, reads) = count(move || rows.each(|_| ()));
            rows.update(&2, |row| row.2 = "c");
            rows.upsert((3, 0, "d"));
            assert_eq!(reads(), 2);
        });
    }
}
