//! What a watch remembers from poll to poll: "not loaded" is not "none".

use super::channel::Known;
use super::evidence::Evidence;
use crate::clock::Clock;
use crate::upstream::Upstream;
use fly::{Fetched, FlyToken};
use model::live::TopicState;
use model::timeline::Chronicle;
use model::{AppFacts, AppView, NotLoaded, Release, Timestamp};
use std::time::Duration;

/// What releases lack that do not come from GraphQL, as `fly` names it.
pub(super) const DESCRIPTIONS: &str = "descriptions of releases";

/// What follows from one answer.
pub(super) struct Polled {
    /// The state to show.
    pub(super) state: Known,
    /// The parts that could not be loaded, as a person calls them.
    pub(super) missing: Vec<String>,
    /// From when the oldest of what is kept of those is, where they were not asked for with the last poll.
    pub(super) older_from: Option<Timestamp>,
    /// How long Fly asks to wait for those, if it does.
    pub(super) retry_after: Option<Duration>,
    /// Why they could not be loaded, for a person, where that is known.
    pub(super) why: Option<String>,
    /// Whether something is on its way, so that the next poll should come soon.
    pub(super) moving: bool,
}

/// The last facts.
#[derive(Default)]
pub(super) struct Memory {
    last: Option<AppFacts>,
    evidence: Evidence,
    chronicle: Chronicle,
}

impl Memory {
    /// What follows from the facts at `now`. A part that could not be loaded keeps what was known
    /// of it.
    pub(super) fn app_state(&mut self, fetched: Fetched<AppFacts>, now: Timestamp) -> Polled {
        let Fetched { mut value, missing, retry_after, why } = fetched;
        let mut last = self.last.take();
        if let Some(last) = &mut last {
            self.evidence.take_back(last);
        }
        for part in &missing {
            recall(part, last.as_ref(), &mut value);
        }
        self.evidence.add_to(&mut value);
        let view = AppView::following(&value, now, &mut self.chronicle);
        let deploying = view.deployment.as_ref().is_some_and(|deployment| deployment.status.in_progress());
        let moving = view.instances.iter().any(|instance| instance.state.is_transient());
        self.last = Some(value);
        Polled {
            state: TopicState::App(Box::new(view)).into(),
            missing,
            older_from: None,
            retry_after,
            why,
            moving: deploying || moving,
        }
    }

    /// The next evidence is asked for at once.
    pub(super) fn hurry(&mut self) {
        self.evidence.hurry();
    }

    /// Asks for what may tell why something is wrong, and concludes anew from the same facts; none
    /// where there was nothing to ask.
    pub(super) async fn with_evidence(
        &mut self,
        upstream: &dyn Upstream,
        token: &FlyToken,
        clock: &dyn Clock,
    ) -> Option<TopicState> {
        let facts = self.last.as_mut()?;
        if !self.evidence.gather(upstream, token, facts, clock.now()).await {
            return None;
        }
        let view = AppView::following(facts, clock.now(), &mut self.chronicle);
        Some(TopicState::App(Box::new(view)))
    }
}

/// Takes over one part of the last facts, by the name that `fly` gives it in `missing`; where it was
/// never loaded, that is noted.
fn recall(part: &str, last: Option<&AppFacts>, value: &mut AppFacts) {
    if is_unreadable(part, "instance") {
        return recall_unread_instances(last, value);
    }
    if is_unreadable(part, "release") {
        return recall_unread_releases(last, value);
    }
    let was_loaded = |last: &&AppFacts| !last.app.not_loaded.has(part);
    match last.filter(was_loaded) {
        Some(last) => keep(part, last, value),
        None if part == NotLoaded::INSTANCES => {
            value.app.not_loaded.add(NotLoaded::INSTANCES);
            value.app.not_loaded.add(NotLoaded::PROCESS_GROUPS);
        }
        None if part == NotLoaded::RELEASES || part == NotLoaded::PROCESS_GROUPS => {
            value.app.not_loaded.add(part);
        }
        None => {}
    }
}

fn keep(part: &str, last: &AppFacts, value: &mut AppFacts) {
    match part {
        NotLoaded::INSTANCES => {
            value.instances.clone_from(&last.instances);
            value.release_commands.clone_from(&last.release_commands);
            value.process_groups.clone_from(&last.process_groups);
            value.config.clone_from(&last.config);
        }
        NotLoaded::RELEASES => {
            value.releases.clone_from(&last.releases);
            value.app.image.clone_from(&last.app.image);
            value.app.version = last.app.version;
        }
        NotLoaded::PROCESS_GROUPS => value.process_groups.clone_from(&last.process_groups),
        DESCRIPTIONS => describe(&mut value.releases, &last.releases),
        "deployment status" => value.deployment.clone_from(&last.deployment),
        "configuration" => value.config.clone_from(&last.config),
        // Told by GraphQL only, as the host name is.
        "host issues" => {
            value.host_issues.clone_from(&last.host_issues);
            value.app.hostname = value.app.hostname.take().or_else(|| last.app.hostname.clone());
        }
        _ => {}
    }
}

/// `2 instances that could not be read`.
fn is_unreadable(part: &str, what: &str) -> bool {
    let counted = part.strip_suffix(" that could not be read").and_then(|part| part.split_once(' '));
    counted.is_some_and(|(_, noun)| noun.strip_suffix('s').unwrap_or(noun) == what)
}

/// Instances that could not be read are shown as they were. Nobody knows which they are: one that
/// is gone meanwhile stays until all can be read again.
fn recall_unread_instances(last: Option<&AppFacts>, value: &mut AppFacts) {
    let last = last.filter(|last| !last.app.not_loaded.has(NotLoaded::INSTANCES));
    let known = last.map_or(&[][..], |last| &last.instances);
    let unread: Vec<_> = known
        .iter()
        .filter(|old| value.instances.iter().all(|one| one.instance.id != old.instance.id))
        .cloned()
        .collect();
    value.instances.extend(unread);
    if let Some(last) = last {
        value.process_groups.clone_from(&last.process_groups);
    }
    if value.instances.is_empty() {
        value.app.not_loaded.add(NotLoaded::INSTANCES);
        value.app.not_loaded.add(NotLoaded::PROCESS_GROUPS);
    }
}

fn recall_unread_releases(last: Option<&AppFacts>, value: &mut AppFacts) {
    for old in last.map_or(&[][..], |last| &last.releases) {
        if value.releases.iter().all(|release| release.version != old.version) {
            value.releases.push(old.clone());
        }
    }
    value.releases.sort_by_key(|release| std::cmp::Reverse(release.version));
    match value.releases.first() {
        Some(newest) => {
            value.app.version = Some(newest.version);
            value.app.image.clone_from(&newest.image);
        }
        None => value.app.not_loaded.add(NotLoaded::RELEASES),
    }
}

/// Gives releases that came without them the description, the reason and the failure that are known.
pub(super) fn describe(releases: &mut [Release], known: &[Release]) {
    for release in releases {
        if let Some(known) = known.iter().find(|known| known.version == release.version) {
            release.description.clone_from(&known.description);
            release.reason.clone_from(&known.reason);
            release.failure.clone_from(&known.failure);
            release.updated_at = release.updated_at.max(known.updated_at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{InstanceFacts, ReleaseFailure};

    fn release(version: u32, description: &str) -> Release {
        Release {
            description: description.into(),
            failure: (!description.is_empty())
                .then(|| ReleaseFailure { error: "out of capacity".into(), flyctl_version: None }),
            ..model::samples::release(version, "failed")
        }
    }

    fn told(missing: &[&str], with_instance: bool) -> Fetched<AppFacts> {
        let AppView { app, mut instances, .. } = crate::testing::app_view(0);
        instances.truncate(usize::from(with_instance));
        let instances = instances.into_iter().map(InstanceFacts::of).collect();
        let facts = AppFacts { instances, ..AppFacts::of(app) };
        Fetched::of(facts, missing.iter().map(|part| (*part).to_owned()).collect())
    }

    fn shown(memory: &mut Memory, fetched: Fetched<AppFacts>) -> AppView {
        match memory.app_state(fetched, Timestamp(0)).state {
            Known::State(TopicState::App(view)) => *view,
            _ => unreachable!("the state of an app"),
        }
    }

    #[test]
    fn a_part_that_was_never_loaded_is_not_loaded_until_it_comes_and_is_kept_then() {
        let mut memory = Memory::default();
        for missing in [&["instances"][..], &["instances"], &["1 instance that could not be read"]] {
            let view = shown(&mut memory, told(missing, false));
            assert!(view.app.not_loaded.has(NotLoaded::INSTANCES), "{missing:?}");
            assert_eq!(view.health, model::AppHealth::Unknown, "{missing:?}");
        }
        assert!(shown(&mut memory, told(&[], true)).app.not_loaded.is_empty());
        for missing in ["instances", "2 instances that could not be read"] {
            let view = shown(&mut memory, told(&[missing], false));
            assert_eq!((view.instances.len(), view.app.not_loaded.is_empty()), (1, true), "{missing}");
        }
        assert_eq!(shown(&mut memory, told(&[], false)).instances, [], "none is none");
    }

    #[test]
    fn releases_that_were_never_loaded_are_not_loaded() {
        for missing in ["releases", "13 releases that could not be read"] {
            let view = shown(&mut Memory::default(), told(&[missing], true));
            assert!(view.app.not_loaded.has(NotLoaded::RELEASES), "{missing}");
        }
    }

    #[test]
    fn a_release_that_comes_without_its_failure_keeps_the_one_that_was_known() {
        let mut now = [release(15, ""), release(14, "")];
        describe(&mut now, &[release(14, "Deploy image")]);
        assert_eq!(now, [release(15, ""), release(14, "Deploy image")]);
    }
}
