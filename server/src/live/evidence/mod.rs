//! What a watch asks beyond the facts of each poll, while its app is in trouble: the last lines of its
//! log, what listens in a machine whose check fails, and who holds a lease while nothing moves.
//!
//! Which questions are worth asking now is decided here without asking any; [`super::watch`] asks. Each
//! kind has a pace of its own, below Fly's published limits (one request a second for each action and
//! machine; for logs none is published).

mod lines;

use super::asked::{Asked, LOGS, LOGS_WHILE_MOVING, MACHINE, in_time};
use crate::upstream::Upstream;
use fly::{FlyError, FlyToken, LogPage, LogQuery};
use lines::Lines;
use model::health::InstanceHealth;
use model::state::{CheckStatus, DeploymentState};
use model::{
    AppFacts, AppName, Deployment, InstanceFacts, InstanceId, Lease, Process, ReleaseVersion, Timestamp,
};
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// What was learned is kept for so long after all is well: an app that crashes again and again is well
/// in between.
const REMEMBERED: Duration = Duration::from_secs(300);
/// How many machines are asked in one poll.
const MACHINES_AT_ONCE: usize = 3;

/// Something to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// The lines of the app's log from a place on.
    Logs(LogQuery),
    /// What runs in a machine.
    Processes(InstanceId),
    /// Who holds a lease on a machine.
    Lease(InstanceId),
}

/// What Fly answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// To [`Question::Logs`].
    Logs(Result<LogPage, FlyError>),
    /// To [`Question::Processes`].
    Processes(InstanceId, Result<Vec<Process>, FlyError>),
    /// To [`Question::Lease`].
    Lease(InstanceId, Result<Option<Lease>, FlyError>),
}

/// What was learned so far.
#[derive(Default)]
pub(super) struct Evidence {
    release: Option<ReleaseVersion>,
    lines: Lines,
    /// Since when nothing is wrong; none while something is.
    well_since: Option<Instant>,
    processes: HashMap<InstanceId, Asked<Vec<Process>>>,
    leases: HashMap<InstanceId, Asked<Lease>>,
}

impl Evidence {
    /// What is worth asking at `now`. Nothing while nothing is wrong.
    pub(super) fn questions(&mut self, facts: &AppFacts, at: Timestamp, now: Instant) -> Vec<Question> {
        let deployment = Deployment::of(facts, at);
        let release = deployment.as_ref().map(|deployment| deployment.version);
        if self.release != release {
            *self = Self { release, lines: std::mem::take(&mut self.lines), ..Self::default() };
        }
        let status = deployment.map(|deployment| deployment.status);
        let unhealthy = |one: &&InstanceFacts| {
            !one.instance.state.is_gone() && one.instance.health() == InstanceHealth::Unhealthy
        };
        if !status.as_ref().is_some_and(is_unfinished) && !facts.instances.iter().any(|one| unhealthy(&one)) {
            let since = *self.well_since.get_or_insert(now);
            if now.duration_since(since) >= REMEMBERED {
                *self = Self { release, well_since: Some(since), ..Self::default() };
            }
            return Vec::new();
        }
        self.well_since = None;
        let deploying = status.as_ref().is_some_and(DeploymentState::in_progress);
        let mut questions = self.logs(facts, deploying, now);
        let failing = facts.instances.iter().filter(|one| fails_its_checks(one));
        let unasked =
            failing.filter(|one| self.processes.get(&one.instance.id).is_none_or(|asked| asked.is_due(now)));
        questions
            .extend(unasked.take(MACHINES_AT_ONCE).map(|one| Question::Processes(one.instance.id.clone())));
        if status.as_ref().is_some_and(is_unfinished) {
            let old = facts.instances.iter().filter(|one| is_machine(one) && one.instance.version != release);
            let unasked =
                old.filter(|one| self.leases.get(&one.instance.id).is_none_or(|asked| asked.is_due(now)));
            questions
                .extend(unasked.take(MACHINES_AT_ONCE).map(|one| Question::Lease(one.instance.id.clone())));
        }
        questions
    }

    /// An app of the Nomad era tells its lines with its instances.
    fn logs(&self, facts: &AppFacts, deploying: bool, now: Instant) -> Vec<Question> {
        let nomad = facts.deployment.is_some() || !facts.instances.iter().all(is_machine);
        let pace = if deploying { LOGS_WHILE_MOVING } else { LOGS };
        if nomad || !self.lines.is_due(pace, now) {
            return Vec::new();
        }
        vec![Question::Logs(self.lines.question())]
    }

    /// Asks what is worth asking, all at once and not for long, and adds it to the facts; true where
    /// something was learned.
    pub(super) async fn gather(
        &mut self,
        upstream: &dyn Upstream,
        token: &FlyToken,
        facts: &mut AppFacts,
        at: Timestamp,
    ) -> bool {
        let questions = self.questions(facts, at, Instant::now());
        let asking = questions.into_iter().map(|question| ask(upstream, token, &facts.app.name, question));
        let answers: Vec<Answer> = futures::future::join_all(asking).await;
        if answers.is_empty() {
            return false;
        }
        self.take_back(facts);
        for answer in answers {
            self.learn(answer, Instant::now());
        }
        self.add_to(facts);
        true
    }

    /// Takes in an answer. One that failed leaves what was known; one that Fly refuses to this token is
    /// not asked for again soon.
    pub(super) fn learn(&mut self, answer: Answer, now: Instant) {
        match answer {
            Answer::Logs(result) => self.lines.learn(result, now),
            Answer::Processes(id, result) => {
                self.processes.entry(id).or_default().learn(result.map(Some), MACHINE, now);
            }
            Answer::Lease(id, result) => self.leases.entry(id).or_default().learn(result, MACHINE, now),
        }
    }

    /// Somebody wants to know now: everything may be asked at once.
    pub(super) fn hurry(&mut self) {
        self.lines.hurry();
        self.processes.values_mut().for_each(Asked::hurry);
        self.leases.values_mut().for_each(Asked::hurry);
    }

    /// Adds what is known to the facts. Lines are lent and not copied: there are hundreds of them, and
    /// several polls a second when much happens. They must be taken back before the next answer.
    pub(super) fn add_to(&mut self, facts: &mut AppFacts) {
        self.lines.lend(facts);
        facts.evidence_not_loaded = self.not_loaded();
        for one in &mut facts.instances {
            let id = &one.instance.id;
            if let Some(asked) = self.processes.get(id) {
                one.processes = asked.told().cloned();
            }
            if let Some(asked) = self.leases.get(id) {
                one.lease = asked.told().cloned();
            }
        }
    }
}

impl Evidence {
    /// Takes back the lines that were lent.
    pub(super) fn take_back(&mut self, facts: &mut AppFacts) {
        self.lines.take_back(facts);
    }

    /// What was asked for and could not be had, for a person.
    fn not_loaded(&self) -> Vec<String> {
        let logs = self.lines.not_loaded().map(|why| format!("Logs not loaded: {why}"));
        let processes = self.processes.values().find_map(Asked::forbidden);
        let processes = processes.map(|why| format!("Processes of machines not loaded: {why}"));
        logs.into_iter().chain(processes).collect()
    }
}

async fn ask(upstream: &dyn Upstream, token: &FlyToken, app: &AppName, question: Question) -> Answer {
    match question {
        Question::Logs(query) => Answer::Logs(in_time(upstream.logs(token, app, &query)).await),
        Question::Processes(id) => {
            let result = in_time(upstream.processes(token, app, &id)).await;
            Answer::Processes(id, result)
        }
        Question::Lease(id) => {
            let result = in_time(upstream.lease(token, app, &id)).await;
            Answer::Lease(id, result)
        }
    }
}

/// Whether the deployment runs, or ended otherwise than well.
fn is_unfinished(status: &DeploymentState) -> bool {
    use DeploymentState as D;
    status.in_progress() || matches!(status, D::Failed | D::Interrupted | D::Abandoned)
}

/// Only a started machine tells what runs in it.
fn fails_its_checks(one: &InstanceFacts) -> bool {
    let failing = |status: &CheckStatus| matches!(status, CheckStatus::Critical | CheckStatus::Warning);
    is_machine(one) && one.instance.state.is_up() && one.checks.iter().any(|check| failing(&check.status))
}

fn is_machine(one: &InstanceFacts) -> bool {
    one.instance.id.is_machine()
}

#[cfg(test)]
mod tests;
