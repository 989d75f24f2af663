//! What the app page shows, one signal for each thing that changes by itself.

use super::cell::{alter, set_if_different};
use super::freshness::Freshness;
use super::rows::Rows;
use super::topic_event::TopicEvent;
use crate::prelude::*;
use model::live::{AppChange, Apply, Change, Snapshot, TopicState};
use model::timeline::Entry;
use model::{
    App, AppHealth, AppView, Deployment, Diagnosis, Instance, InstanceId, NotLoaded, ProcessGroup, Release,
    Timeline,
};

/// The live state of one app.
#[derive(Clone, Copy)]
pub struct AppStore {
    /// The header.
    pub app: RwSignal<App>,
    /// The word beside the name.
    pub health: RwSignal<AppHealth>,
    /// The last deployment.
    pub deployment: RwSignal<Option<Deployment>>,
    /// What is wrong and why; none while nothing is.
    pub diagnosis: RwSignal<Option<Diagnosis>>,
    /// The process groups, by name.
    pub process_groups: RwSignal<Vec<ProcessGroup>>,
    /// The instances, by process group, region and id.
    pub instances: Rows<InstanceId, Instance>,
    /// The releases, newest first.
    pub releases: RwSignal<Vec<Release>>,
    /// How the last deployment went.
    pub timeline: RwSignal<Timeline>,
    /// How current all this is.
    pub freshness: Freshness,
}

impl AppStore {
    /// Starts with a snapshot, in the current reactive owner.
    pub fn new(snapshot: &Snapshot<AppView>) -> Self {
        let view = &snapshot.state;
        let store = Self {
            app: RwSignal::new(view.app.clone()),
            health: RwSignal::new(view.health),
            deployment: RwSignal::new(view.deployment.clone()),
            diagnosis: RwSignal::new(view.diagnosis.clone()),
            process_groups: RwSignal::new(view.process_groups.clone()),
            instances: Rows::new(|one| one.id.clone(), Instance::precedes),
            releases: RwSignal::new(view.releases.clone()),
            timeline: RwSignal::new(view.timeline.clone()),
            freshness: Freshness::new(snapshot.checked_at, snapshot.source.clone()),
        };
        store.instances.load(&view.instances);
        store
    }

    /// Makes the store show exactly this, but for parts that the server has never loaded: what the
    /// page has of those, from a server before, stays. What is equal already is not touched.
    pub fn load(&self, view: &AppView) {
        let lacks = |part, is_empty: bool| is_empty && view.app.not_loaded.has(part);
        set_if_different(self.app, view.app.clone());
        set_if_different(self.health, view.health);
        set_if_different(self.deployment, view.deployment.clone());
        set_if_different(self.diagnosis, view.diagnosis.clone());
        if !lacks(NotLoaded::PROCESS_GROUPS, view.process_groups.is_empty()) {
            set_if_different(self.process_groups, view.process_groups.clone());
        }
        if !lacks(NotLoaded::INSTANCES, view.instances.is_empty()) {
            self.instances.load(&view.instances);
        }
        if !lacks(NotLoaded::RELEASES, view.releases.is_empty()) {
            set_if_different(self.releases, view.releases.clone());
        }
        set_if_different(self.timeline, view.timeline.clone());
    }

    /// Applies one change. Applying it twice changes nothing.
    pub fn apply(&self, change: &AppChange) {
        match change {
            AppChange::App(app) => set_if_different(self.app, App::clone(app)),
            AppChange::Health(health) => set_if_different(self.health, *health),
            AppChange::Deployment(deployment) => {
                set_if_different(self.deployment, deployment.as_deref().cloned());
            }
            AppChange::Deployed(part) => alter(self.deployment, |one| one.apply(part.clone())),
            AppChange::Diagnosis(diagnosis) => {
                set_if_different(self.diagnosis, diagnosis.as_deref().cloned());
            }
            AppChange::Diagnosed(part) => alter(self.diagnosis, |one| one.apply(part.clone())),
            AppChange::ProcessGroups(groups) => set_if_different(self.process_groups, groups.clone()),
            AppChange::Instance(instance) => self.instances.upsert(Instance::clone(instance)),
            AppChange::Cell(id, field) => self.instances.update(id, |instance| instance.apply(field.clone())),
            AppChange::InstanceGone(id) => self.instances.remove(id),
            AppChange::Release(release) => {
                alter(self.releases, |releases| Release::clone(release).put_into(releases));
            }
            AppChange::ReleaseGone(version) => {
                alter(self.releases, |releases| releases.retain(|one| one.version != *version));
            }
            AppChange::Timeline(timeline) => set_if_different(self.timeline, Timeline::clone(timeline)),
            AppChange::TimelineEntry(entry) => {
                alter(self.timeline, |timeline| timeline.put(Entry::clone(entry)));
            }
            AppChange::TimelineEntryGone(key) => alter(self.timeline, |timeline| timeline.take(key)),
            AppChange::TimelineLeftOut(count) => alter(self.timeline, |timeline| timeline.left_out = *count),
        }
    }

    /// Applies what the stream says of this app.
    pub fn receive(&self, event: &TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                if let TopicState::App(view) = &snapshot.state {
                    self.load(view);
                    if self.keeps_parts() {
                        self.freshness.keep();
                    }
                }
            }
            TopicEvent::Changes(set) => self.receive_changes(&set.changes),
            TopicEvent::Source(_) | TopicEvent::Checked(_) => {}
        }
        if !self.keeps_parts() {
            self.freshness.let_go();
        }
        self.freshness.receive(event);
    }

    fn receive_changes(&self, changes: &[Change]) {
        let changes = changes.iter().filter_map(|change| match change {
            Change::App(change) => Some(change),
            _ => None,
        });
        let changes: Vec<&AppChange> = changes.collect();
        let lacked = [NotLoaded::INSTANCES, NotLoaded::RELEASES, NotLoaded::PROCESS_GROUPS]
            .map(|part| self.lacks(part).then_some(part));
        for change in &changes {
            self.apply(change);
        }
        for part in lacked.into_iter().flatten().filter(|part| !self.lacks(part)) {
            self.drop_untold(part, &changes);
        }
    }

    /// A part that the server has loaded for the first time came as a whole: what the page kept of it
    /// and did not come is not there any more.
    fn drop_untold(&self, part: &str, told: &[&AppChange]) {
        match part {
            NotLoaded::INSTANCES => {
                let came = |id: &InstanceId| {
                    told.iter().any(|one| matches!(one, AppChange::Instance(instance) if instance.id == *id))
                };
                let known = self.instances.order().try_get_untracked().unwrap_or_default();
                known.iter().filter(|id| !came(id)).for_each(|id| self.instances.remove(id));
            }
            NotLoaded::RELEASES => alter(self.releases, |releases| {
                releases.retain(|known| {
                    told.iter()
                        .any(|one| matches!(one, AppChange::Release(new) if new.version == known.version))
                });
            }),
            _ if told.iter().any(|one| matches!(one, AppChange::ProcessGroups(_))) => {}
            _ => set_if_different(self.process_groups, Vec::new()),
        }
    }

    fn lacks(&self, part: &str) -> bool {
        self.app.try_with_untracked(|app| app.not_loaded.has(part)) == Some(true)
    }

    /// Whether the page shows parts that the server has never loaded.
    fn keeps_parts(&self) -> bool {
        let has_instances = self.instances.order().try_with_untracked(|order| !order.is_empty());
        self.lacks(NotLoaded::INSTANCES) && has_instances == Some(true)
            || self.lacks(NotLoaded::RELEASES)
                && self.releases.try_with_untracked(|releases| !releases.is_empty()) == Some(true)
            || self.lacks(NotLoaded::PROCESS_GROUPS)
                && self.process_groups.try_with_untracked(|groups| !groups.is_empty()) == Some(true)
    }
}
