//! The topic of one instance.

use super::{Asking, Failure, Kind};
use crate::live::memory::Polled;
use async_trait::async_trait;
use fly::Fetched;
use model::live::TopicState;
use model::{AppName, InstanceId, InstanceView, NotLoaded, Timestamp};

/// One instance, with what was last known of it.
pub(super) struct OneInstance {
    app: AppName,
    id: InstanceId,
    last: Option<InstanceView>,
}

impl OneInstance {
    pub(super) fn of(app: AppName, id: InstanceId) -> Self {
        Self { app, id, last: None }
    }

    /// What is shown by now, where it is not among the instances that Fly tells of.
    fn not_among_them(&self, missing: &[String], now: Timestamp) -> Option<InstanceView> {
        let mut view = self.last.clone()?;
        let all_told = !missing.iter().any(|part| part.contains("instance"));
        if all_told && view.head.gone_since.is_none() {
            view.head.gone_since = Some(now);
        }
        Some(view)
    }
}

#[async_trait]
impl Kind for OneInstance {
    async fn ask(&mut self, asking: Asking<'_>) -> Result<Option<Polled>, Failure> {
        let Asking { shared, token, .. } = asking;
        let answer = shared.upstream.app_facts(token, &self.app).await;
        shared.learn_access(token, &self.app, &answer);
        let Fetched { value: facts, missing, retry_after, why } = answer?;
        let view =
            InstanceView::of(&facts, &self.id).or_else(|| self.not_among_them(&missing, shared.clock.now()));
        let Some(view) = view else {
            let untold = missing.iter().any(|part| part.contains(NotLoaded::INSTANCES));
            return Err(if untold { Failure::NotTold { why, retry_after } } else { Failure::Absent });
        };
        let moving = view.head.instance.state.is_transient();
        self.last = Some(view.clone());
        let state = TopicState::Instance(Box::new(view)).into();
        Ok(Some(Polled { state, missing, retry_after, why, moving }))
    }

    fn hurry(&mut self) {}
}
