//! The topic of one instance: what it is told from, and at which pace each part is asked for.
//!
//! A machine is asked for at the pace of the watch (Fly allows five requests a second), its app with all
//! the others around it every 15 s, its log, its processes and its lease each at their own pace. An
//! allocation of the Nomad era is told by its app alone.

use super::added::Added;
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

/// How often the app around a machine is asked for.
const APP: Duration = Duration::from_secs(15);

/// One instance, with what was last known of it.
pub(super) struct OneInstance {
    app: AppName,
    id: InstanceId,
    around: Option<Around>,
    machine: Option<MachineDetail>,
    /// The instance as its app told it last.
    listed: Option<InstanceFacts>,
    gone_since: Option<Timestamp>,
    added: Added,
}

/// The app as it was last told.
struct Around {
    facts: AppFacts,
    missing: Vec<String>,
    retry_after: Option<Duration>,
    why: Option<String>,
    /// None where it is to be asked for at once.
    due: Option<Instant>,
}

/// None where it was not asked.
type MachineAnswer = Option<Result<MachineDetail, FlyError>>;
/// None where it was not asked.
type AppAnswer = Option<Result<Fetched<AppFacts>, FlyError>>;

impl OneInstance {
    pub(super) fn of(app: AppName, id: InstanceId) -> Self {
        let added = Added::of(app.clone(), id.clone());
        Self { app, id, around: None, machine: None, listed: None, gone_since: None, added }
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
        if self.around.as_ref().is_none_or(|around| around.due.is_none_or(|due| now >= due)) {
            let (machine, app) = futures::join!(machine, app());
            return (Some(machine), app);
        }
        let machine = machine.await;
        let denied = machine.as_ref().is_err_and(FlyError::is_access_denied);
        (Some(machine), if denied { app().await } else { None })
    }

    /// Takes in what the app told. That it did not is a failure of the whole where nothing is known yet,
    /// and where the token is denied; otherwise a part that is missing.
    fn learn_around(
        &mut self,
        answer: Result<Fetched<AppFacts>, FlyError>,
        now: Instant,
    ) -> Result<(), Failure> {
        match (answer, &mut self.around) {
            (Ok(Fetched { mut value, missing, retry_after, why }), before) => {
                let untold = missing.iter().any(|part| part == NotLoaded::INSTANCES);
                if let (true, Some(before)) = (untold, before) {
                    value.instances = std::mem::take(&mut before.facts.instances);
                }
                let listed = value.instances.iter().find(|one| one.instance.id == self.id);
                if listed.is_some() || !untold {
                    self.listed = listed.cloned().or(self.listed.take());
                }
                self.around = Some(Around { facts: value, missing, retry_after, why, due: Some(now + APP) });
            }
            (Err(error), Some(around)) if !error.is_access_denied() => {
                around.missing = vec![format!("app {}", self.app)];
                around.retry_after = error.retry_after();
                around.why = Some(error.person());
                around.due = Some(now + error.retry_after().unwrap_or_default().max(APP));
            }
            (Err(error), _) => return Err(error.into()),
        }
        Ok(())
    }

    /// Whether the instance is among those of its app; none where that is not told.
    fn is_listed(&self) -> Option<bool> {
        let around = self.around.as_ref()?;
        let listed = around.facts.instances.iter().any(|one| one.instance.id == self.id);
        let untold = around.missing.iter().any(|part| part.contains("instance") || part.starts_with("app "));
        if untold && !listed { None } else { Some(listed) }
    }

    /// What is missing and why, after this answer about the machine; an error where that leaves nothing
    /// to show.
    fn judge(&mut self, machine: MachineAnswer, now: Timestamp) -> Result<Missing, Failure> {
        let mut missing = self.around.as_ref().map(Missing::of).unwrap_or_default();
        let there = match machine {
            Some(Ok(machine)) => {
                self.machine = Some(machine);
                Some(true)
            }
            Some(Err(FlyError::NotFound { .. })) | None => self.is_listed(),
            Some(Err(error)) => {
                missing.parts.push("machine".to_owned());
                missing.retry_after = missing.retry_after.max(error.retry_after());
                missing.why.get_or_insert(error.person());
                if self.machine.is_none() && self.listed.is_none() {
                    return Err(error.into());
                }
                None
            }
        };
        let known = self.machine.is_some() || self.listed.is_some();
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

    /// The instance as it was told last: a machine is told more often than its app.
    fn one(&self) -> Option<&InstanceFacts> {
        self.machine.as_ref().map(|machine| &machine.facts).or(self.listed.as_ref())
    }

    fn view(&self) -> Option<InstanceView> {
        let mut not_loaded = self.added.not_loaded();
        if self.id.is_machine() && self.machine.is_none() {
            not_loaded.add(NotLoaded::CONFIGURATION);
        }
        Some(InstanceView::of(InstanceKnown {
            app: &self.around.as_ref()?.facts,
            one: self.one()?,
            machine: self.machine.as_ref(),
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
        let deployment = self.around.as_ref().and_then(|around| Deployment::of(&around.facts, now));
        let deploying = deployment.is_some_and(|deployment| deployment.status.in_progress());
        deploying || self.one().is_some_and(|one| one.instance.state.is_transient())
    }
}

/// The parts that could not be loaded.
#[derive(Default)]
struct Missing {
    parts: Vec<String>,
    retry_after: Option<Duration>,
    why: Option<String>,
}

impl Missing {
    fn of(around: &Around) -> Self {
        Self { parts: around.missing.clone(), retry_after: around.retry_after, why: around.why.clone() }
    }
}

#[async_trait]
impl Kind for OneInstance {
    async fn ask(&mut self, asking: Asking<'_>) -> Result<Option<Polled>, Failure> {
        let Asking { shared, token, .. } = asking;
        let asked_at = Instant::now();
        let (machine, app) = self.fetch(asking, asked_at).await;
        if let Some(answer) = app {
            shared.learn_access(token, &self.app, &answer, asking.asked);
            self.learn_around(answer, asked_at)?;
        }
        let now = shared.clock.now();
        let Missing { mut parts, retry_after, why } = self.judge(machine, now)?;
        parts.extend(self.added.failing());
        if let (false, Some(one)) = (self.id.is_machine(), &self.listed) {
            self.added.learn_lines(&one.logs);
        }
        let moving = self.is_moving(now);
        let state = self.state().ok_or(Failure::NotTold { why: why.clone(), retry_after })?.into();
        Ok(Some(Polled { state, missing: parts, retry_after, why, moving }))
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
        if let Some(around) = &mut self.around {
            around.due = None;
        }
        self.added.hurry();
    }
}
