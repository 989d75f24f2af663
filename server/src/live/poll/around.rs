//! The app around one machine, which is asked for more rarely than the machine itself.

use super::Failure;
use super::instance::Told;
use crate::live::gaps::Gaps;
use fly::{Fetched, FlyError};
use model::{AppFacts, AppName, InstanceFacts, InstanceId, NotLoaded, Timestamp};
use std::time::Duration;
use tokio::time::Instant;

/// How often the app around a machine is asked for.
const PACE: Duration = Duration::from_secs(15);

/// The app as it was last told, and what is missing of it.
#[derive(Default)]
pub(super) struct Around {
    facts: Option<AppFacts>,
    /// The parts of the last answer that are missing.
    missing: Vec<String>,
    /// Whether the last question had no answer at all.
    untold: bool,
    gaps: Gaps,
    /// From when the oldest of what is kept of the missing parts is.
    pub(super) shown_from: Option<Timestamp>,
    pub(super) retry_after: Option<Duration>,
    pub(super) why: Option<String>,
    /// None where it is to be asked for at once.
    due: Option<Instant>,
}

impl Around {
    /// Whether the app is to be asked for now.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.facts.is_none() || self.due.is_none_or(|due| now >= due)
    }

    /// Somebody wants to know now.
    pub(super) fn hurry(&mut self) {
        self.due = None;
    }

    /// Whether the last question had no answer at all.
    pub(super) fn is_untold(&self) -> bool {
        self.untold
    }

    /// What is known of the app; none before its first answer.
    pub(super) fn facts(&self) -> Option<&AppFacts> {
        self.facts.as_ref()
    }

    /// The parts that could not be loaded, as a person calls them.
    pub(super) fn missing(&self, app: &AppName) -> Vec<String> {
        if self.untold { vec![named(app)] } else { self.missing.clone() }
    }

    /// Whether the instance is among those of its app; none where that is not told.
    pub(super) fn lists(&self, id: &InstanceId) -> Option<bool> {
        let listed = self.facts.as_ref()?.instances.iter().any(|one| one.instance.id == *id);
        let untold = self.untold || self.missing.iter().any(|part| part.contains("instance"));
        if untold && !listed { None } else { Some(listed) }
    }

    /// Takes in what the app told, asked at this moment; returns the instance where it was told of it. That
    /// there was no answer is a failure of the whole where nothing is known yet, and where the token is
    /// denied; otherwise a part that is missing.
    pub(super) fn learn(
        &mut self,
        answer: Result<Fetched<AppFacts>, FlyError>,
        app: &AppName,
        id: &InstanceId,
        (now, asked_at): (Instant, Timestamp),
    ) -> Result<Option<Told<InstanceFacts>>, Failure> {
        match answer {
            Ok(fetched) => Ok(self.take_in(fetched, id, now, asked_at)),
            Err(error) if self.facts.is_some() && !error.is_access_denied() => {
                self.untold = true;
                let all: Vec<String> = self.missing.iter().cloned().chain([named(app)]).collect();
                self.shown_from = self.gaps.note_unanswered(&all);
                self.retry_after = error.retry_after();
                self.due = Some(now + error.retry_after().unwrap_or_default().max(PACE));
                self.why = Some(error.person());
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn take_in(
        &mut self,
        fetched: Fetched<AppFacts>,
        id: &InstanceId,
        now: Instant,
        asked_at: Timestamp,
    ) -> Option<Told<InstanceFacts>> {
        let Fetched { mut value, missing, retry_after, why } = fetched;
        let told = value.instances.iter().find(|one| one.instance.id == *id).cloned();
        if let (true, Some(before)) =
            (missing.iter().any(|part| part == NotLoaded::INSTANCES), &mut self.facts)
        {
            value.instances = std::mem::take(&mut before.instances);
        }
        self.shown_from = self.gaps.note(&missing, asked_at);
        (self.facts, self.missing, self.untold) = (Some(value), missing, false);
        (self.retry_after, self.why, self.due) = (retry_after, why, Some(now + PACE));
        told.map(|what| Told { what, at: asked_at })
    }
}

fn named(app: &AppName) -> String {
    format!("app {app}")
}
