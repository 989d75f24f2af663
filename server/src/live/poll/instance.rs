//! The topic of one instance: what it is told from, and at which pace each part is asked for.
//!
//! A machine is asked for at the pace of the watch (Fly allows five requests a second), its app with all
//! the others around it every 15 s, its log, its processes and its lease each at their own pace. An
//! allocation of the Nomad era is told by its app alone.

use super::added::Added;
use super::around::Around;
use super::{Asking, Failure, Kind};
use crate::live::memory::Polled;
use async_trait::async_trait;
use fly::{Fetched, FlyError};
use model::instance_view::InstanceKnown;
use model::live::TopicState;
use model::machine::MachineDetail;
use model::{AppFacts, AppName, Deployment, InstanceFacts, InstanceId, InstanceView, NotLoaded, Timestamp};
use std::time::Duration;
use tokio::time::Instant;

/// One instance, with what was last known of it.
pub(super) struct OneInstance {
    app: AppName,
    id: InstanceId,
    around: Around,
    machine: Option<Told<MachineDetail>>,
    /// Whether the last question about the machine had no answer.
    machine_fails: bool,
    /// The instance as its app told it last.
    listed: Option<Told<InstanceFacts>>,
    gone_since: Option<Timestamp>,
    added: Added,
}

/// What was told, and when it was asked for.
pub(super) struct Told<T> {
    pub(super) what: T,
    pub(super) at: Timestamp,
}

/// None where it was not asked.
type MachineAnswer = Option<Result<MachineDetail, FlyError>>;
/// None where it was not asked.
type AppAnswer = Option<Result<Fetched<AppFacts>, FlyError>>;

impl OneInstance {
    pub(super) fn of(app: AppName, id: InstanceId) -> Self {
        let added = Added::of(app.clone(), id.clone());
        Self {
            app,
            id,
            around: Around::default(),
            machine: None,
            machine_fails: false,
            listed: None,
            gone_since: None,
            added,
        }
    }

    /// The machine, where it is one, and its app where that is due. A machine that Fly does not know is
    /// no reason to ask for its app less: only the app says whether the token may see it.
    async fn fetch(&self, asking: Asking<'_>, now: Instant) -> (MachineAnswer, AppAnswer) {
        let Asking { shared, token, .. } = asking;
        let app = async || Some(shared.upstream.app_facts(token, &self.app).await);
        if !self.id.is_machine() {
            return (None, app().await);
        }
        let machine = shared.upstream.machine(token, &self.app, &self.id);
        if self.around.is_due(now) {
            let (machine, app) = futures::join!(machine, app());
            return (Some(machine), app);
        }
        let machine = machine.await;
        let denied = machine.as_ref().is_err_and(FlyError::is_access_denied);
        (Some(machine), if denied { app().await } else { None })
    }

    /// What is missing and why, after this answer about the machine, asked at this moment; an error where
    /// that leaves nothing to show.
    fn judge(
        &mut self,
        machine: MachineAnswer,
        asked_at: Timestamp,
        now: Timestamp,
    ) -> Result<Missing, Failure> {
        let mut missing = Missing::of(&self.around, &self.app);
        let there = match machine {
            Some(Ok(machine)) => {
                self.machine = Some(Told { what: machine, at: asked_at });
                Some(true)
            }
            Some(Err(error)) if is_unknown(&error) => {
                let listed = self.around.lists(&self.id);
                if listed != Some(false) {
                    self.misses_machine(&mut missing, asked_at);
                }
                listed
            }
            None => self.around.lists(&self.id),
            Some(Err(error)) => {
                self.misses_machine(&mut missing, asked_at);
                missing.retry_after = missing.retry_after.max(error.retry_after());
                missing.why.get_or_insert(error.person());
                if self.one().is_none() || self.around.is_untold() {
                    return Err(error.into());
                }
                None
            }
        };
        let known = self.one().is_some();
        match there {
            Some(true) => self.gone_since = None,
            Some(false) if known => self.gone_since = self.gone_since.or(Some(now)),
            Some(false) => return Err(Failure::Absent),
            None if known => {}
            None => {
                return Err(Failure::NotTold { why: missing.why, retry_after: missing.retry_after });
            }
        }
        Ok(missing)
    }

    /// The machine was not told: what is shown of it is as old as its last answer, or as what its app said.
    fn misses_machine(&self, missing: &mut Missing, asked_at: Timestamp) {
        missing.parts.push("machine".to_owned());
        let from = self.machine.as_ref().map(|told| told.at).or(self.listed.as_ref().map(|told| told.at));
        let from = from.filter(|from| *from < asked_at);
        missing.shown_from = missing.shown_from.into_iter().chain(from).min();
    }

    /// The instance as it was told last: a machine is told more often than its app, where it is told.
    fn one(&self) -> Option<&InstanceFacts> {
        match (&self.machine, &self.listed) {
            (Some(machine), Some(listed)) if listed.at > machine.at => Some(&listed.what),
            (Some(machine), _) => Some(&machine.what.facts),
            (None, listed) => listed.as_ref().map(|listed| &listed.what),
        }
    }

    fn view(&self) -> Option<InstanceView> {
        let mut not_loaded = self.added.not_loaded();
        if self.id.is_machine() && self.machine.is_none() {
            not_loaded.add(NotLoaded::CONFIGURATION);
        }
        Some(InstanceView::of(InstanceKnown {
            app: self.around.facts()?,
            one: self.one()?,
            machine: self.machine.as_ref().map(|machine| &machine.what),
            log: self.added.log(),
            processes: self.added.processes(),
            lease: self.added.lease(),
            gone_since: self.gone_since,
            not_loaded: &not_loaded,
        }))
    }

    fn state(&self) -> Option<TopicState> {
        self.view().map(|view| TopicState::Instance(Box::new(view)))
    }

    /// Whether something is on its way, so that the next poll should come soon.
    fn is_moving(&self, now: Timestamp) -> bool {
        let deployment = self.around.facts().and_then(|facts| Deployment::of(facts, now));
        let deploying = deployment.is_some_and(|deployment| deployment.status.in_progress());
        deploying || self.one().is_some_and(|one| one.instance.state.is_transient())
    }
}

/// Fly answers, and knows no such machine.
fn is_unknown(error: &FlyError) -> bool {
    matches!(error, FlyError::NotFound { .. })
}

/// The parts that could not be loaded.
#[derive(Default)]
struct Missing {
    parts: Vec<String>,
    shown_from: Option<Timestamp>,
    retry_after: Option<Duration>,
    why: Option<String>,
}

impl Missing {
    fn of(around: &Around, app: &AppName) -> Self {
        let Around { shown_from, retry_after, why, .. } = around;
        let (shown_from, retry_after, why) = (*shown_from, *retry_after, why.clone());
        Self { parts: around.missing(app), shown_from, retry_after, why }
    }
}

#[async_trait]
impl Kind for OneInstance {
    async fn ask(&mut self, asking: Asking<'_>) -> Result<Option<Polled>, Failure> {
        let Asking { shared, token, .. } = asking;
        let (began, asked_at) = (Instant::now(), shared.clock.now());
        let (machine, app) = self.fetch(asking, began).await;
        let fails = machine.as_ref().is_some_and(|told| told.as_ref().is_err_and(|error| !is_unknown(error)));
        let failed = std::mem::replace(&mut self.machine_fails, fails);
        if fails && !failed && app.is_none() {
            // The next question tells whether it is the machine alone.
            self.around.hurry();
        }
        if let Some(answer) = app {
            shared.learn_access(token, &self.app, &answer, asking.asked);
            let listed = self.around.learn(answer, &self.app, &self.id, (began, asked_at))?;
            self.listed = listed.or(self.listed.take());
        }
        let now = shared.clock.now();
        let missing = self.judge(machine, asked_at, now)?;
        let Missing { mut parts, shown_from: older_from, retry_after, why } = missing;
        parts.extend(self.added.failing());
        if let (false, Some(one)) = (self.id.is_machine(), &self.listed) {
            self.added.learn_lines(&one.what.logs);
        }
        let moving = self.is_moving(now);
        let state = self.state().ok_or(Failure::NotTold { why: why.clone(), retry_after })?.into();
        Ok(Some(Polled { state, missing: parts, older_from, retry_after, why, moving }))
    }

    /// The log, what runs in it, and who holds a lease on it.
    async fn ask_more(&mut self, asking: Asking<'_>) -> Option<TopicState> {
        if !self.id.is_machine() || self.gone_since.is_some() {
            return None;
        }
        let (state, moving) = (self.one()?.instance.state.clone(), self.is_moving(asking.shared.clock.now()));
        if !self.added.gather(asking, &state, moving).await {
            return None;
        }
        self.state()
    }

    fn hurry(&mut self) {
        self.around.hurry();
        self.added.hurry();
    }
}
