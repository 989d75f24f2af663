//! Rows by key in the browser: a row is drawn once and moved at most.

use super::dom::{Origin, State};
use super::{IntoNode, RowOf, Rows};
use crate::reactive::RenderEffect;
use leptos::prelude::*;
use leptos::tachys::renderer::types;
use std::cell::RefCell;
use std::rc::Rc;

struct Row {
    key: String,
    state: State,
    owner: Owner,
}

/// The owners of rows. One whose row is gone serves the next row: a parent remembers each child that it
/// ever had, so that owners that come and go would pile up.
pub(super) struct Owners {
    parent: Owner,
    spare: Vec<Owner>,
}

impl Owners {
    pub(super) fn of(parent: Owner) -> Self {
        Self { parent, spare: Vec::new() }
    }

    pub(super) fn take(&mut self) -> Owner {
        self.spare.pop().unwrap_or_else(|| self.parent.child())
    }

    /// The row is gone: what it owned is let go.
    pub(super) fn give_back(&mut self, owner: Owner) {
        owner.cleanup();
        self.spare.push(owner);
    }
}

pub(crate) struct RowsState {
    rows: Rc<RefCell<Vec<Row>>>,
    end: types::Placeholder,
    _effect: RenderEffect,
}

impl RowsState {
    pub(super) fn new(Rows { keys, row_of }: Rows, origin: &Origin) -> Self {
        // Not that of the effect, which forgets what it owns when the keys change.
        let mut owners = Owners::of(Owner::current().unwrap_or_default());
        let rows = Rc::new(RefCell::new(Vec::new()));
        // The rows stand before the mark; while they are found in the page it is not known yet.
        let end: Rc<RefCell<Option<types::Placeholder>>> = Rc::default();
        let (shown, mark, first) = (Rc::clone(&rows), Rc::clone(&end), origin.clone());
        let effect = RenderEffect::new(move || {
            let keys = keys();
            let mut rows = shown.borrow_mut();
            match &*mark.borrow() {
                Some(end) => update(&mut rows, keys, &row_of, &mut owners, end),
                None => rows.extend(keys.into_iter().map(|key| row(key, &row_of, owners.take(), &first))),
            }
        });
        let mark = origin.mark();
        end.replace(Some(mark.clone()));
        Self { rows, end: mark, _effect: effect }
    }
}

fn row(key: String, row_of: &RowOf, owner: Owner, origin: &Origin) -> Row {
    let state = owner.with(|| origin.state(row_of(key.clone()).into_node()));
    Row { key, state, owner }
}

/// Removes the rows that are gone, and puts the others where they belong, from the last to the
/// first. Of those that are there already as many as can be stay in their place.
fn update(
    rows: &mut Vec<Row>,
    keys: Vec<String>,
    row_of: &RowOf,
    owners: &mut Owners,
    end: &types::Placeholder,
) {
    if rows.iter().map(|row| &row.key).eq(&keys) {
        return;
    }
    // In the order of the keys; a sort would be the only one in the browser, and weighs more than this.
    let mut known: Vec<(String, usize)> = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let at = known.partition_point(|(one, _)| *one < row.key);
        known.insert(at, (row.key.clone(), place));
    }
    let place_of =
        |key: &String| known.binary_search_by(|(one, _)| one.cmp(key)).ok().map(|found| known[found].1);
    let places: Vec<Option<usize>> = keys.iter().map(place_of).collect();
    let stay = longest_rise(&places);
    let mut old: Vec<Option<Row>> = rows.drain(..).map(Some).collect();
    let mut new: Vec<Row> = Vec::with_capacity(keys.len());
    for (key, (place, stays)) in keys.into_iter().zip(places.iter().zip(stay)).rev() {
        // A key that is there twice is a new row the second time.
        let (mut row, stays) = match place.and_then(|place| old[place].take()) {
            Some(row) => (row, stays),
            None => (row(key, row_of, owners.take(), &Origin::New), false),
        };
        if !stays {
            match new.last() {
                Some(next) => next.state.insert_before_this(&mut row.state),
                None => end.insert_before_this(&mut row.state),
            };
        }
        new.push(row);
    }
    for Row { mut state, owner, .. } in old.into_iter().flatten() {
        state.unmount();
        drop(state);
        owners.give_back(owner);
    }
    new.reverse();
    *rows = new;
}

/// Which of the places belong to a longest sequence that rises.
pub(super) fn longest_rise(places: &[Option<usize>]) -> Vec<bool> {
    // For each length the index at which the sequence of that length ends lowest, and for each index
    // the one before it in its sequence.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; places.len()];
    for (index, place) in places.iter().enumerate() {
        if place.is_none() {
            continue;
        }
        let length = ends.partition_point(|end| places[*end] < *place);
        before[index] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut stays = vec![false; places.len()];
    let mut next = ends.last().copied();
    while let Some(index) = next {
        stays[index] = true;
        next = before[index];
    }
    stays
}

impl Mountable for RowsState {
    fn unmount(&mut self) {
        self.rows.borrow_mut().iter_mut().for_each(|row| row.state.unmount());
        self.end.unmount();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        self.rows.borrow_mut().iter_mut().for_each(|row| row.state.mount(parent, marker));
        self.end.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.rows.borrow().first() {
            Some(row) => row.state.insert_before_this(child),
            None => self.end.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<types::Element> {
        Vec::new()
    }
}
