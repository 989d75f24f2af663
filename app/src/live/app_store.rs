//! What the app page shows, one signal for each thing that changes by itself.

use super::cell::set_if_different;
use super::freshness::Freshness;
use super::rows::Rows;
use super::topic_event::TopicEvent;
use leptos::prelude::*;
use model::live::{AppChange, Apply, Change, Snapshot, TopicState};
use model::{
    App, AppHealth, AppView, Deployment, Diagnosis, Instance, InstanceId, ProcessGroup, Release, Timeline,
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

    /// Makes the store show exactly this. What is equal already is not touched.
    pub fn load(&self, view: &AppView) {
        set_if_different(self.app, view.app.clone());
        set_if_different(self.health, view.health);
        set_if_different(self.deployment, view.deployment.clone());
        set_if_different(self.diagnosis, view.diagnosis.clone());
        set_if_different(self.process_groups, view.process_groups.clone());
        self.instances.load(&view.instances);
        set_if_different(self.releases, view.releases.clone());
        set_if_different(self.timeline, view.timeline.clone());
    }

    /// Applies one change. Applying it twice changes nothing.
    pub fn apply(&self, change: AppChange) {
        match change {
            AppChange::App(app) => set_if_different(self.app, *app),
            AppChange::Health(health) => set_if_different(self.health, health),
            AppChange::Deployment(deployment) => set_if_different(self.deployment, deployment.map(|d| *d)),
            AppChange::Diagnosis(diagnosis) => set_if_different(self.diagnosis, diagnosis.map(|d| *d)),
            AppChange::ProcessGroups(groups) => set_if_different(self.process_groups, groups),
            AppChange::Instance(instance) => self.instances.upsert(*instance),
            AppChange::Cell(id, field) => self.instances.update(&id, |instance| instance.apply(field)),
            AppChange::InstanceGone(id) => self.instances.remove(&id),
            AppChange::Release(release) => self.change_releases(|releases| release.put_into(releases)),
            AppChange::ReleaseGone(version) => {
                self.change_releases(|releases| releases.retain(|one| one.version != version));
            }
            AppChange::Timeline(timeline) => set_if_different(self.timeline, *timeline),
            AppChange::TimelineEntry(entry) => self.change_timeline(|timeline| timeline.put(*entry)),
            AppChange::TimelineEntryGone(key) => self.change_timeline(|timeline| timeline.take(&key)),
            AppChange::TimelineLeftOut(count) => self.change_timeline(|timeline| timeline.left_out = count),
        }
    }

    fn change_releases(&self, change: impl FnOnce(&mut Vec<Release>)) {
        let Some(mut releases) = self.releases.try_get_untracked() else { return };
        change(&mut releases);
        set_if_different(self.releases, releases);
    }

    fn change_timeline(&self, change: impl FnOnce(&mut Timeline)) {
        let Some(mut timeline) = self.timeline.try_get_untracked() else { return };
        change(&mut timeline);
        set_if_different(self.timeline, timeline);
    }

    /// Applies what the stream says of this app.
    pub fn receive(&self, event: &TopicEvent) {
        match event {
            TopicEvent::Snapshot(snapshot) => {
                if let TopicState::App(view) = &snapshot.state {
                    self.load(view);
                }
            }
            TopicEvent::Changes(set) => {
                for change in &set.changes {
                    if let Change::App(change) = change {
                        self.apply(change.clone());
                    }
                }
            }
            TopicEvent::Source(_) | TopicEvent::Checked(_) => {}
        }
        self.freshness.receive(event);
    }
}
