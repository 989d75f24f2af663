//! What a page shows, as single values with names. The simulator's history has the same names.

use app::live::{AppStore, AppsStore, InstanceStore, ReleaseStore, ReleasesStore, TopicEvent};
use leptos::prelude::Owner;
use model::live::{Snapshot, SourceHealth, Topic, TopicState};
use model::state::AppStatus;
use model::{AppName, AppSummary, Instance, NotLoaded, Release};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Values by name: `APP status`, `APP instance ID state`, `APP release 14`, ...
pub type Cells = BTreeMap<String, Value>;

/// What a page shows of its topic at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub cells: Cells,
    /// Whatever is listed under a name that begins so, and is not among the cells, is not there, the page
    /// says.
    pub complete: Vec<String>,
    /// As of when, in the story's milliseconds, the page says the oldest of this is, and the newest.
    pub as_of: (i64, i64),
    /// What the page says of Fly.
    pub source: SourceHealth,
}

/// A page's own store, once it has a state.
#[derive(Clone, Copy)]
enum Store {
    Apps(AppsStore),
    App(AppStore),
    Instance(InstanceStore),
    Releases(ReleasesStore),
    Release(ReleaseStore),
}

/// A page that shows one topic.
pub struct Page {
    pub topic: Topic,
    owner: Owner,
    store: Option<Store>,
}

impl Page {
    /// A page without data.
    pub fn of(topic: Topic) -> Self {
        Self { topic, owner: Owner::new(), store: None }
    }

    /// Takes in what the stream says of the topic.
    pub fn receive(&mut self, event: &TopicEvent) {
        let store = self.store;
        let made = self.owner.with(|| match (store, event) {
            (None, TopicEvent::Snapshot(snapshot)) => Some(Store::of(snapshot)),
            // Before the first state there is nothing whose age could be told.
            (None, TopicEvent::Source(_) | TopicEvent::Checked(_)) => None,
            (None, TopicEvent::Changes(_)) => panic!("a change before a state"),
            (Some(store), event) => {
                store.receive(event);
                None
            }
        });
        self.store = self.store.or(made);
    }

    /// What it shows; none while it has no data.
    pub fn shown(&self) -> Option<Shown> {
        let store = self.store?;
        Some(self.owner.with(|| store.shown(&self.topic)))
    }
}

impl Store {
    fn of(snapshot: &Snapshot<TopicState>) -> Self {
        let new = Snapshot::clone(snapshot);
        match &snapshot.state {
            TopicState::Apps(_) => Self::Apps(AppsStore::new(&new.into_apps().unwrap())),
            TopicState::App(_) => Self::App(AppStore::new(&new.into_app().unwrap())),
            TopicState::Instance(_) => Self::Instance(InstanceStore::new(&new.into_instance().unwrap())),
            TopicState::Releases(_) => Self::Releases(ReleasesStore::new(&new.into_releases().unwrap())),
            TopicState::Release(_) => Self::Release(ReleaseStore::new(&new.into_release().unwrap())),
        }
    }

    fn receive(self, event: &TopicEvent) {
        match self {
            Self::Apps(store) => store.receive(event),
            Self::App(store) => store.receive(event),
            Self::Instance(store) => store.receive(event),
            Self::Releases(store) => store.receive(event),
            Self::Release(store) => store.receive(event),
        }
    }

    fn shown(self, topic: &Topic) -> Shown {
        let (mut cells, mut complete) = (Cells::new(), Vec::new());
        let freshness = match self {
            Self::Apps(store) => {
                for app in store.apps.get_all_untracked() {
                    row(&app, &mut cells);
                }
                store.freshness
            }
            Self::App(store) => {
                store.app.with_untracked(|app| {
                    status(app.name.as_str(), &app.status, &mut cells);
                    let instances = store.instances.get_all_untracked();
                    if !(app.not_loaded.has(NotLoaded::INSTANCES) && instances.is_empty()) {
                        complete.push(format!("{} instance ", app.name));
                    }
                    for one in instances {
                        cells.insert(listed(app.name.as_str(), one.id.as_str()), json!(true));
                        instance(&app.name, &one, &mut cells);
                    }
                    for one in store.releases.get_untracked() {
                        release(&app.name, &one, &mut cells);
                    }
                });
                store.freshness
            }
            Self::Instance(store) => {
                store.view.with_untracked(|view| {
                    // What is gone is shown as it was known last, and said to be gone.
                    if view.head.gone_since.is_none() {
                        instance(&view.head.app.name, &view.head.instance, &mut cells);
                    }
                });
                store.freshness
            }
            Self::Releases(store) => {
                store.view.with_untracked(|view| {
                    for one in &view.releases {
                        release(&view.app, one, &mut cells);
                    }
                });
                store.freshness
            }
            Self::Release(store) => {
                store.view.with_untracked(|view| {
                    if let (Some(report), Some(app)) = (&view.report, topic.app()) {
                        release(app, &report.release, &mut cells);
                    }
                });
                store.freshness
            }
        };
        let newest = freshness.checked_at.get_untracked().0;
        let source = freshness.source.get_untracked();
        let oldest = source.shown_from().map_or(newest, |at| at.0);
        Shown { cells, complete, as_of: (oldest, newest), source }
    }
}

fn row(app: &AppSummary, cells: &mut Cells) {
    let name = &app.name;
    status(name.as_str(), &app.status, cells);
    if let Some(release) = &app.last_release {
        cells.insert(format!("{name} newest"), json!([release.version, word(&release.status)]));
    }
    if let Some(instances) = app.instances {
        cells.insert(format!("{name} total"), json!(instances.total));
    }
}

/// The name of the cell that says that an instance is among those of its app.
pub fn listed(app: &str, id: &str) -> String {
    format!("{app} instance {id} listed")
}

/// Without GraphQL nobody tells it.
fn status(app: &str, status: &AppStatus, cells: &mut Cells) {
    if *status != AppStatus::from("") {
        cells.insert(format!("{app} status"), word(status));
    }
}

fn instance(app: &AppName, one: &Instance, cells: &mut Cells) {
    let Instance { id, checks, .. } = one;
    let mut add = |cell: &str, value: Value| cells.insert(format!("{app} instance {id} {cell}"), value);
    add("state", word(&one.state));
    add("restarts", json!(one.restarts));
    add("checks", json!([checks.total, checks.passing, checks.warning, checks.critical]));
    if let Some(version) = one.version {
        add("version", json!(version));
    }
}

fn release(app: &AppName, one: &Release, cells: &mut Cells) {
    cells.insert(format!("{app} release {}", one.version.0), word(&one.status));
}

/// A state as Fly writes it.
fn word(state: &impl Serialize) -> Value {
    serde_json::to_value(state).unwrap()
}
