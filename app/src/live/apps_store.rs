//! What the apps list shows, one signal a row.

use super::freshness::Freshness;
use super::rows::Rows;
use super::topic_event::TopicEvent;
use model::live::{AppsChange, Change, Snapshot, TopicState};
use model::{AppName, AppSummary, AppsView};

/// The live state of the apps list.
#[derive(Clone, Copy)]
pub struct AppsStore {
    /// The apps, by name; pages order them as people ask.
    pub apps: Rows<AppName, AppSummary>,
    /// How current all this is.
    pub freshness: Freshness,
}

impl AppsStore {
    /// Starts with a snapshot, in the current reactive owner.
    pub fn new(snapshot: &Snapshot<AppsView>) -> Self {
        let store = Self {
            apps: Rows::new(|app| app.name.clone(), |a, b| a.name < b.name),
            freshness: Freshness::new(snapshot.checked_at, snapshot.source.clone()),
        };
        store.load(&snapshot.state);
        store
    }

    /// Makes the store show exactly this. What is equal already is not touched.
    pub fn load(&self, view: &AppsView) {
        self.apps.load(&view.apps);
    }

    /// Applies one change. Applying it twice changes nothing.
    pub fn apply(&self, change: AppsChange) {
        match change {
            AppsChange::Listed(app) => self.apps.upsert(*app),
            AppsChange::Unlisted(name) => self.apps.remove(&name),
        }
    }

    /// Applies what the stream says of the list.
    pub fn receive(&self, event: &TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                if let TopicState::Apps(view) = &snapshot.state {
                    self.load(view);
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
        self.freshness.receive(event);
    }
}
