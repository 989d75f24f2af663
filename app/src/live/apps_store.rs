//! What the apps list shows, one signal a row.

use super::cell::set_if_different;
use super::freshness::Freshness;
use super::rows::Rows;
use super::topic_event::TopicEvent;
use crate::prelude::*;
use model::list::AppsTotals;
use model::live::{AppsChange, Change, Snapshot, TopicState};
use model::{AppName, AppSummary, AppsWindow};

/// The live state of what is shown of the apps list.
#[derive(Clone, Copy)]
pub struct AppsStore {
    /// The rows, in the order in which they are shown.
    pub apps: Rows<AppName, AppSummary>,
    /// The counts.
    pub totals: RwSignal<AppsTotals>,
    /// The names in the order that the server tells. While somebody uses the list the rows stay where
    /// they are, so this may be ahead of them: see [`AppsStore::settle`].
    pub latest: RwSignal<Vec<AppName>>,
    /// Whether somebody uses the list: points at it, or has the focus in it.
    pub in_use: RwSignal<bool>,
    /// How current all this is.
    pub freshness: Freshness,
}

impl AppsStore {
    /// Starts with a snapshot, in the current reactive owner.
    pub fn new(snapshot: &Snapshot<AppsWindow>) -> Self {
        let store = Self {
            // The server tells the order: rows are never placed by what they hold.
            apps: Rows::new(|app| app.name.clone(), |_, _| false),
            totals: RwSignal::new(AppsTotals::default()),
            latest: RwSignal::new(Vec::new()),
            in_use: RwSignal::new(false),
            freshness: Freshness::new(snapshot.checked_at, snapshot.source.clone()),
        };
        store.load(&snapshot.state);
        store.settle();
        store
    }

    /// Takes in a whole window. What is equal already is not touched.
    pub fn load(&self, window: &AppsWindow) {
        for app in &window.apps {
            self.apps.put(app.clone());
        }
        set_if_different(self.totals, window.totals.clone());
        set_if_different(self.latest, window.apps.iter().map(|app| app.name.clone()).collect());
    }

    /// Applies one change. Applying it twice changes nothing.
    pub fn apply(&self, change: AppsChange) {
        match change {
            AppsChange::Listed(app) => self.apps.put(*app),
            AppsChange::Order(names) => set_if_different(self.latest, names),
            AppsChange::Totals(totals) => set_if_different(self.totals, *totals),
        }
    }

    /// Shows the rows in the order that the server tells.
    pub fn settle(&self) {
        if let Some(names) = self.latest.try_get_untracked() {
            self.apps.arrange(names);
        }
    }

    /// Applies what the stream says of the list.
    pub fn receive(&self, event: &TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                if let TopicState::Apps(window) = &snapshot.state {
                    self.load(window);
                }
            }
            TopicEvent::Changes(set) => {
                for change in &set.changes {
                    if let Change::Apps(change) = change {
                        self.apply(change.clone());
                    }
                }
            }
            TopicEvent::Source(_) | TopicEvent::Checked(_) => {}
        }
        if self.in_use.try_get_untracked() == Some(false) {
            self.settle();
        }
        self.freshness.receive(event);
    }
}
