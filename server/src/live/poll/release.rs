//! The topic of one release.

use super::{Asking, Failure, Kind, SETTLED, is_deployed_now};
use crate::live::memory::{DESCRIPTIONS, Polled, describe};
use async_trait::async_trait;
use fly::Fetched;
use model::live::TopicState;
use model::{AppName, ReleaseFacts, ReleaseVersion, ReleaseView};
use std::time::Duration;

/// While it is deployed: each poll expands two configurations, which do not change meanwhile.
const UNDER_WAY: Duration = Duration::from_secs(5);
/// While there is no such release, or something of it is missing.
const AWAITED: Duration = Duration::from_secs(15);

/// One release, with what was last known of it.
pub(super) struct OneRelease {
    app: AppName,
    version: ReleaseVersion,
    last: Option<ReleaseFacts>,
    least_wait: Duration,
}

impl OneRelease {
    pub(super) fn of(app: AppName, version: ReleaseVersion) -> Self {
        Self { app, version, last: None, least_wait: UNDER_WAY }
    }
}

#[async_trait]
impl Kind for OneRelease {
    async fn ask(&mut self, asking: Asking<'_>) -> Result<Option<Polled>, Failure> {
        let Asking { shared, token, .. } = asking;
        let answer = shared.upstream.release_facts(token, &self.app, self.version).await;
        shared.learn_access(token, &self.app, &answer, asking.asked);
        let Fetched { value: mut facts, missing, retry_after, why } = answer?;
        if let Some(last) = &self.last {
            recall(&mut facts, last);
        }
        let view = ReleaseView::of(&facts);
        let moving = facts.release.as_ref().is_some_and(|one| is_deployed_now(one, shared.clock.now()));
        self.least_wait = match (moving, view.is_over() && missing.is_empty()) {
            (true, _) => UNDER_WAY,
            (_, true) => SETTLED,
            _ => AWAITED,
        };
        self.last = Some(facts);
        let state = TopicState::Release(Box::new(view));
        Ok(Some(Polled { state: state.into(), missing, older_from: None, retry_after, why, moving }))
    }

    fn least_wait(&self) -> Option<Duration> {
        Some(self.least_wait)
    }

    fn hurry(&mut self) {}
}

/// Parts that could not be loaded keep what was known of them; only those that were never loaded are
/// still said to be missing.
fn recall(facts: &mut ReleaseFacts, last: &ReleaseFacts) {
    for part in &facts.missing {
        match part.as_str() {
            ReleaseFacts::CONFIGURATION => {
                facts.config.clone_from(&last.config);
                facts.config_before.clone_from(&last.config_before);
            }
            ReleaseFacts::BEFORE => {
                facts.before.clone_from(&last.before);
                facts.config_before.clone_from(&last.config_before);
            }
            ReleaseFacts::REASON => {
                if let (Some(release), Some(known)) = (&mut facts.release, &last.release) {
                    release.failure.clone_from(&known.failure);
                }
            }
            ReleaseFacts::NEWEST => facts.newest.clone_from(&last.newest),
            ReleaseFacts::INSTANCES => facts.running.clone_from(&last.running),
            ReleaseFacts::SECRETS => facts.secrets.clone_from(&last.secrets),
            DESCRIPTIONS => {
                for (release, known) in
                    [(&mut facts.release, &last.release), (&mut facts.before, &last.before)]
                {
                    describe(release.as_mut_slice(), known.as_slice());
                }
            }
            _ => {}
        }
    }
    if last.release.is_some() {
        facts.missing.retain(|part| last.lacks(part));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::releases::Running;
    use model::{Release, ReleaseFailure, Timestamp};
    use serde_json::json;

    fn release(version: u32) -> Release {
        Release {
            description: "Deploy image".into(),
            reason: "deploy".into(),
            updated_at: Timestamp(700),
            failure: Some(ReleaseFailure { error: "no capacity".into(), flyctl_version: None }),
            ..model::samples::release(version, "failed")
        }
    }

    fn whole() -> ReleaseFacts {
        ReleaseFacts {
            release: Some(release(14)),
            config: Some(json!({"a": 2})),
            before: Some(release(13)),
            config_before: Some(json!({"a": 1})),
            newest: Some(release(15)),
            running: Some(vec![Running { process_group: "web".into(), version: None }]),
            secrets: Some(vec![]),
            ..ReleaseFacts::of("a".parse().unwrap(), ReleaseVersion(14))
        }
    }

    /// As it comes while all that may fail fails.
    fn bare() -> ReleaseFacts {
        let bare = |version| Release {
            description: String::new(),
            reason: String::new(),
            updated_at: Timestamp(0),
            failure: None,
            ..release(version)
        };
        let missing = [
            DESCRIPTIONS,
            ReleaseFacts::CONFIGURATION,
            ReleaseFacts::REASON,
            ReleaseFacts::BEFORE,
            ReleaseFacts::NEWEST,
            ReleaseFacts::INSTANCES,
            ReleaseFacts::SECRETS,
        ];
        ReleaseFacts {
            release: Some(bare(14)),
            missing: missing.map(str::to_owned).to_vec(),
            ..ReleaseFacts::of("a".parse().unwrap(), ReleaseVersion(14))
        }
    }

    #[test]
    fn parts_that_do_not_come_keep_what_was_known_of_them() {
        let mut facts = bare();
        recall(&mut facts, &whole());
        assert_eq!(facts, whole());
    }

    #[test]
    fn parts_that_never_came_are_still_missing() {
        let mut facts = bare();
        recall(&mut facts, &bare());
        assert_eq!(facts, bare());
    }
}
