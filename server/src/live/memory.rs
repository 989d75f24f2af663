//! What a watch remembers from poll to poll: "not loaded" is not "none".

use super::evidence::Evidence;
use crate::clock::Clock;
use crate::upstream::Upstream;
use fly::{Fetched, FlyToken};
use model::live::TopicState;
use model::{AppFacts, AppView, Release, Timestamp};
use std::time::Duration;

/// What follows from one answer.
pub(super) struct Polled {
    /// The state to show.
    pub(super) state: TopicState,
    /// The parts that could not be loaded, as a person calls them.
    pub(super) missing: Vec<String>,
    /// How long Fly asks to wait for those, if it does.
    pub(super) retry_after: Option<Duration>,
    /// Whether something is on its way, so that the next poll should come soon.
    pub(super) moving: bool,
}

/// The last facts.
#[derive(Default)]
pub(super) struct Memory {
    last: Option<AppFacts>,
    evidence: Evidence,
}

impl Memory {
    /// What follows from the facts at `now`. A part that could not be loaded keeps what was known
    /// of it.
    pub(super) fn app_state(&mut self, fetched: Fetched<AppFacts>, now: Timestamp) -> Polled {
        let Fetched { mut value, missing, retry_after } = fetched;
        if let Some(last) = self.last.take() {
            for part in &missing {
                keep(part, &last, &mut value);
            }
        }
        self.evidence.add_to(&mut value);
        let view = AppView::of(&value, now);
        let deploying = view.deployment.as_ref().is_some_and(|deployment| deployment.status.in_progress());
        let moving = view.instances.iter().any(|instance| instance.state.is_transient());
        self.last = Some(value);
        Polled { state: TopicState::App(Box::new(view)), missing, retry_after, moving: deploying || moving }
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
        self.evidence.add_to(facts);
        Some(TopicState::App(Box::new(AppView::of(facts, clock.now()))))
    }
}

/// Takes over one part of the last facts, by the name that `fly` gives it in `missing`.
fn keep(part: &str, last: &AppFacts, value: &mut AppFacts) {
    match part {
        "instances" => {
            value.instances.clone_from(&last.instances);
            value.release_commands.clone_from(&last.release_commands);
            value.process_groups.clone_from(&last.process_groups);
            value.config.clone_from(&last.config);
        }
        "releases" => value.releases.clone_from(&last.releases),
        "descriptions of releases" => describe(&mut value.releases, &last.releases),
        "deployment status" => value.deployment.clone_from(&last.deployment),
        "process groups" => value.process_groups.clone_from(&last.process_groups),
        "configuration" => value.config.clone_from(&last.config),
        _ => {}
    }
}

/// Gives releases that came without them the description, the reason and the failure that are known.
fn describe(releases: &mut [Release], known: &[Release]) {
    for release in releases {
        if let Some(known) = known.iter().find(|known| known.version == release.version) {
            release.description.clone_from(&known.description);
            release.reason.clone_from(&known.reason);
            release.failure.clone_from(&known.failure);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ReleaseFailure, ReleaseVersion};

    fn release(version: u32, description: &str) -> Release {
        Release {
            version: ReleaseVersion(version),
            status: "failed".into(),
            description: description.into(),
            reason: String::new(),
            stable: false,
            strategy: None,
            user: None,
            image: None,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            failure: (!description.is_empty())
                .then(|| ReleaseFailure { error: "out of capacity".into(), flyctl_version: None }),
        }
    }

    #[test]
    fn a_release_that_comes_without_its_failure_keeps_the_one_that_was_known() {
        let mut now = [release(15, ""), release(14, "")];
        describe(&mut now, &[release(14, "Deploy image")]);
        assert_eq!(now, [release(15, ""), release(14, "Deploy image")]);
    }
}
