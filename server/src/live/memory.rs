//! What a watch remembers from poll to poll: "not loaded" is not "none".

use fly::Fetched;
use model::live::TopicState;
use model::{AppFacts, AppView, Timestamp};

/// The last facts.
#[derive(Default)]
pub(super) struct Memory {
    last: Option<AppFacts>,
}

impl Memory {
    /// The state that follows from the facts at `now`, the parts that could not be loaded, and
    /// whether something is on its way, so that the next poll should come soon. A part that could
    /// not be loaded keeps what was known of it.
    pub(super) fn app_state(
        &mut self,
        fetched: Fetched<AppFacts>,
        now: Timestamp,
    ) -> (TopicState, Vec<String>, bool) {
        let Fetched { mut value, missing } = fetched;
        if let Some(last) = self.last.take() {
            for part in &missing {
                keep(part, &last, &mut value);
            }
        }
        let view = AppView::of(&value, now);
        let deploying = view.deployment.as_ref().is_some_and(|deployment| deployment.status.in_progress());
        let moving = view.instances.iter().any(|instance| instance.state.is_transient());
        self.last = Some(value);
        (TopicState::App(Box::new(view)), missing, deploying || moving)
    }
}

/// Takes over one part of the last facts, by the name that `fly` gives it in `missing`.
fn keep(part: &str, last: &AppFacts, value: &mut AppFacts) {
    match part {
        "instances" => {
            value.instances.clone_from(&last.instances);
            value.process_groups.clone_from(&last.process_groups);
            value.config.clone_from(&last.config);
        }
        "releases" => value.releases.clone_from(&last.releases),
        "deployment status" => value.deployment.clone_from(&last.deployment),
        "process groups" => value.process_groups.clone_from(&last.process_groups),
        "configuration" => value.config.clone_from(&last.config),
        _ => {}
    }
}
