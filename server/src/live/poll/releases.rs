//! The topics of an app's releases, a page each.

use super::{Asking, Failure, Kind, SETTLED, is_deployed_now};
use crate::live::memory::{DESCRIPTIONS, Polled, describe};
use async_trait::async_trait;
use fly::Fetched;
use model::live::TopicState;
use model::releases::Place;
use model::{AppName, ReleasesView};
use std::time::Duration;

/// One page, with what was last known of it.
pub(super) struct Releases {
    app: AppName,
    place: Option<Place>,
    last: Option<ReleasesView>,
}

impl Releases {
    pub(super) fn of(app: AppName, place: Option<Place>) -> Self {
        Self { app, place, last: None }
    }

    /// What the page shows where GraphQL is down and the releases came without some of what was known.
    fn recall(&self, view: &mut ReleasesView, missing: &[String]) {
        let Some(last) = self.last.as_ref().filter(|_| missing.iter().any(|part| part == DESCRIPTIONS))
        else {
            return;
        };
        describe(&mut view.releases, &last.releases);
        view.older.clone_from(&last.older);
    }
}

#[async_trait]
impl Kind for Releases {
    async fn ask(&mut self, asking: Asking<'_>) -> Result<Option<Polled>, Failure> {
        let Asking { shared, token, .. } = asking;
        let answer = shared.upstream.releases(token, &self.app, self.place.as_ref()).await;
        shared.learn_access(token, &self.app, &answer, asking.asked);
        let Fetched { value: mut view, missing, retry_after, why } = answer?;
        self.recall(&mut view, &missing);
        let newest = view.releases.first().filter(|_| self.place.is_none());
        let moving = newest.is_some_and(|release| is_deployed_now(release, shared.clock.now()));
        self.last = Some(view.clone());
        let state = TopicState::Releases(Box::new(view));
        Ok(Some(Polled { state: state.into(), missing, older_from: None, retry_after, why, moving }))
    }

    /// Older releases do not change any more.
    fn least_wait(&self) -> Option<Duration> {
        self.place.as_ref().map(|_| SETTLED)
    }

    fn hurry(&mut self) {}
}
