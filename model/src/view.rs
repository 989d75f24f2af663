//! What one topic of the live stream holds: the whole of what a page shows.

use crate::app::{App, AppSummary, ProcessGroup};
use crate::deployment::Deployment;
use crate::diagnosis::Diagnosis;
use crate::facts::AppFacts;
use crate::health::{AppHealth, InstanceHealth};
use crate::instance::Instance;
use crate::json::FromJson;
use crate::not_loaded::NotLoaded;
use crate::release::Release;
use crate::state::AppStatus;
use crate::time::Timestamp;
use crate::timeline::{Chronicle, Timeline};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Everything the app page shows. Instances are ordered by process group, region and id, releases
/// newest first, so that equal facts make equal views.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct AppView {
    /// The header.
    pub app: App,
    /// The word beside the name.
    pub health: AppHealth,
    /// The last deployment.
    pub deployment: Option<Deployment>,
    /// What is wrong and why; none while nothing is.
    pub diagnosis: Option<Diagnosis>,
    /// The instances that are not gone, and those that are.
    pub instances: Vec<Instance>,
    /// The process groups, by name.
    pub process_groups: Vec<ProcessGroup>,
    /// The releases, newest first.
    pub releases: Vec<Release>,
    /// How the last deployment went.
    #[serde(default, skip_serializing_if = "Timeline::is_empty")]
    pub timeline: Timeline,
}

impl AppView {
    /// Concludes what the page shows from what is known at `now`.
    pub fn of(facts: &AppFacts, now: Timestamp) -> Self {
        Self::following(facts, now, &mut Chronicle::default())
    }

    /// The same, with what happened before: Fly does not tell all of it again.
    pub fn following(facts: &AppFacts, now: Timestamp, chronicle: &mut Chronicle) -> Self {
        let deployment = Deployment::of(facts, now);
        let diagnosis = Diagnosis::of(facts, deployment.as_ref(), now);
        chronicle.follow(facts, deployment.as_ref(), diagnosis.as_ref(), now);
        let mut instances: Vec<Instance> =
            facts.instances.iter().map(|one| InstanceHealth::judged(one, &facts.config, now)).collect();
        instances
            .sort_by(|a, b| (&a.process_group, &a.region, &a.id).cmp(&(&b.process_group, &b.region, &b.id)));
        let mut releases = facts.releases.clone();
        releases.sort_by_key(|release| std::cmp::Reverse(release.version));
        Self {
            app: facts.app.clone(),
            health: health(facts, deployment.as_ref(), now),
            deployment,
            diagnosis,
            instances,
            process_groups: facts.process_groups.clone(),
            releases,
            timeline: chronicle.shown(),
        }
    }
}

fn health(facts: &AppFacts, deployment: Option<&Deployment>, now: Timestamp) -> AppHealth {
    if facts.app.status == AppStatus::Suspended {
        return AppHealth::Suspended;
    }
    let active = facts.instances.iter().filter(|one| !one.instance.state.is_gone());
    let health = active.map(|one| InstanceHealth::of(one, &facts.config, now));
    match AppHealth::of(health, deployment.map(Deployment::outcome)) {
        AppHealth::NoInstances if facts.app.not_loaded.has(NotLoaded::INSTANCES) => AppHealth::Unknown,
        known => known,
    }
}

/// All apps one access can see, ordered by name. It stays on the server: a page shows a
/// [`crate::list::AppsWindow`] of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppsView {
    /// The apps, shared with earlier states of the list.
    pub apps: Vec<Arc<AppSummary>>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::app::Organization;
    use crate::facts::InstanceFacts;
    use crate::id::{AppName, OrgSlug};
    use crate::instance::tests::instance;

    pub(crate) fn release(version: u32, status: &str) -> Release {
        Release {
            description: "Deploy image".into(),
            reason: "deploy".into(),
            strategy: Some("rolling".into()),
            user: Some("Ryan".into()),
            ..crate::samples::release(version, status)
        }
    }

    pub(crate) fn facts(releases: Vec<Release>, instances: Vec<Instance>) -> AppFacts {
        let app = App {
            name: AppName::new("crimson-wildflower-1711").unwrap(),
            organization: Organization {
                slug: OrgSlug::new("harbor-works").unwrap(),
                name: "Harbor Works".into(),
            },
            status: "running".into(),
            hostname: None,
            image: None,
            version: None,
            not_loaded: crate::NotLoaded::default(),
        };
        AppFacts {
            releases,
            instances: instances.into_iter().map(InstanceFacts::of).collect(),
            ..AppFacts::of(app)
        }
    }

    #[test]
    fn equal_facts_in_another_order_make_equal_views() {
        let one = instance("73d8d46dbee581");
        let two = instance("73d8d46dbee582");
        let a = facts(vec![release(2, "complete"), release(1, "failed")], vec![one.clone(), two.clone()]);
        let b = facts(vec![release(1, "failed"), release(2, "complete")], vec![two, one]);
        assert_eq!(AppView::of(&a, Timestamp(0)), AppView::of(&b, Timestamp(0)));
    }

    #[test]
    fn instances_that_were_never_loaded_make_the_health_unknown_and_do_not_hide_a_failure() {
        let mut known = facts(vec![release(2, "complete")], vec![]);
        assert_eq!(AppView::of(&known, Timestamp(0)).health, AppHealth::NoInstances);
        known.app.not_loaded.add(NotLoaded::INSTANCES);
        assert_eq!(AppView::of(&known, Timestamp(0)).health, AppHealth::Unknown);
        known.releases = vec![release(2, "failed")];
        assert_eq!(AppView::of(&known, Timestamp(0)).health, AppHealth::DeployFailed);
    }

    #[test]
    fn releases_that_were_never_loaded_are_not_called_forgotten_by_fly() {
        let mut known = facts(vec![], vec![instance("73d8d46dbee581")]);
        known.app.not_loaded.add(NotLoaded::RELEASES);
        let description = AppView::of(&known, Timestamp(0)).deployment.unwrap().description;
        assert_eq!(description, "The releases are not loaded: this is what the instances run");
    }

    #[test]
    fn a_deployment_is_not_called_abandoned_for_instances_that_were_never_loaded() {
        let mut known = facts(vec![release(2, "running")], vec![]);
        known.app.not_loaded.add(NotLoaded::INSTANCES);
        let later = Timestamp(2 * 60 * 60 * 1_000);
        assert_eq!(AppView::of(&known, later).health, AppHealth::Deploying);
    }

    #[test]
    fn nothing_wrong_means_no_diagnosis() {
        let known = facts(vec![release(2, "complete")], vec![instance("73d8d46dbee581")]);
        let view = AppView::of(&known, Timestamp(0));
        assert_eq!(view.diagnosis, None);
        assert_eq!(view.health, AppHealth::Healthy);
    }
}
