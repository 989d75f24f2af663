//! The topic of one app.

use super::{Asking, Failure, Kind};
use crate::live::memory::{Memory, Polled};
use async_trait::async_trait;
use model::AppName;
use model::live::TopicState;

/// One app, with what is remembered of it.
pub(super) struct App {
    name: AppName,
    memory: Memory,
}

impl App {
    pub(super) fn of(name: AppName) -> Self {
        Self { name, memory: Memory::default() }
    }
}

#[async_trait]
impl Kind for App {
    async fn ask(&mut self, asking: Asking<'_>) -> Result<Option<Polled>, Failure> {
        let Asking { shared, token, .. } = asking;
        let answer = shared.upstream.app_facts(token, &self.name).await;
        shared.learn_access(token, &self.name, &answer, asking.asked);
        Ok(Some(self.memory.app_state(answer?, shared.clock.now())))
    }

    /// What may tell why something is wrong.
    async fn ask_more(&mut self, asking: Asking<'_>) -> Option<TopicState> {
        let Asking { shared, token, .. } = asking;
        self.memory.with_evidence(&*shared.upstream, token, &*shared.clock).await
    }

    fn hurry(&mut self) {
        self.memory.hurry();
    }
}
