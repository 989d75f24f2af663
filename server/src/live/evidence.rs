//! What a watch asks beyond the facts of each poll, while its app is in trouble: the last lines of its
//! log, what listens in a machine whose check fails, and who holds a lease while nothing moves.
//!
//! Which questions are worth asking now is decided here without asking any; [`super::watch`] asks. Each
//! kind has a pace of its own, below Fly's published limits (one request a second for each action and
//! machine; for logs none is published).

use super::asked::{Asked, MACHINE, again, in_time};
use crate::upstream::Upstream;
use fly::{FlyError, FlyToken, LogPage, LogQuery};
use model::health::InstanceHealth;
use model::state::{CheckStatus, DeploymentState};
use model::{
    AppFacts, AppLogLine, AppName, Deployment, InstanceFacts, InstanceId, Lease, Process, ReleaseVersion,
    Timestamp,
};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// How many lines of an app's log are kept.
const LINES: usize = 600;
/// How often lines are asked for while a deployment runs.
const LOGS_WHILE_DEPLOYING: Duration = Duration::from_millis(2_500);
/// How often lines are asked for otherwise.
const LOGS: Duration = Duration::from_secs(10);
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
    lines: VecDeque<AppLogLine>,
    next: Option<String>,
    logs_asked: Option<Instant>,
    /// Fly refused, or asked to wait.
    logs_wait: Duration,
    processes: HashMap<InstanceId, Asked<Vec<Process>>>,
    leases: HashMap<InstanceId, Asked<Lease>>,
}

impl Evidence {
    /// What is worth asking at `now`. Nothing while nothing is wrong.
    pub(super) fn questions(&mut self, facts: &AppFacts, at: Timestamp, now: Instant) -> Vec<Question> {
        let deployment = Deployment::of(facts, at);
        let release = deployment.as_ref().map(|deployment| deployment.version);
        if self.release != release {
            *self = Self {
                release,
                next: self.next.take(),
                lines: std::mem::take(&mut self.lines),
                ..Self::default()
            };
        }
        let status = deployment.map(|deployment| deployment.status);
        let unhealthy = |one: &&InstanceFacts| {
            !one.instance.state.is_gone() && one.instance.health() == InstanceHealth::Unhealthy
        };
        if !status.as_ref().is_some_and(is_unfinished) && !facts.instances.iter().any(|one| unhealthy(&one)) {
            return Vec::new();
        }
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
        let pace = if deploying { LOGS_WHILE_DEPLOYING } else { LOGS };
        let due = self.logs_asked.is_none_or(|asked| now >= asked + pace.max(self.logs_wait));
        if nomad || !due {
            return Vec::new();
        }
        vec![Question::Logs(LogQuery { after: self.next.clone(), ..LogQuery::default() })]
    }

    /// Asks what is worth asking, all at once and not for long; true where something was learned.
    pub(super) async fn gather(
        &mut self,
        upstream: &dyn Upstream,
        token: &FlyToken,
        facts: &AppFacts,
        at: Timestamp,
    ) -> bool {
        let questions = self.questions(facts, at, Instant::now());
        let asking = questions.into_iter().map(|question| ask(upstream, token, &facts.app.name, question));
        let answers: Vec<Answer> = futures::future::join_all(asking).await;
        let learned = !answers.is_empty();
        for answer in answers {
            self.learn(answer, Instant::now());
        }
        learned
    }

    /// Takes in an answer. One that failed leaves what was known; one that Fly refuses to this token is
    /// not asked for again soon.
    pub(super) fn learn(&mut self, answer: Answer, now: Instant) {
        match answer {
            Answer::Logs(Ok(page)) => {
                (self.logs_asked, self.logs_wait) = (Some(now), Duration::ZERO);
                self.next = page.next;
                self.lines.extend(page.lines);
                let too_many = self.lines.len().saturating_sub(LINES);
                self.lines.drain(..too_many);
            }
            Answer::Logs(Err(error)) => (self.logs_asked, self.logs_wait) = (Some(now), again(&error, LOGS)),
            Answer::Processes(id, result) => {
                self.processes.entry(id).or_default().learn(result.map(Some), MACHINE, now);
            }
            Answer::Lease(id, result) => self.leases.entry(id).or_default().learn(result, MACHINE, now),
        }
    }

    /// Somebody wants to know now: everything may be asked at once.
    pub(super) fn hurry(&mut self) {
        self.logs_asked = None;
        self.processes.values_mut().for_each(Asked::hurry);
        self.leases.values_mut().for_each(Asked::hurry);
    }

    /// Adds what is known to the facts.
    pub(super) fn add_to(&self, facts: &mut AppFacts) {
        facts.logs = self.lines.iter().cloned().collect();
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
mod tests {
    use super::*;
    use model::state::{HostStatus, InstanceState};
    use model::{
        App, CheckCounts, CheckResult, Instance, LogLine, OrgSlug, Organization, RegionCode, Release,
    };

    const AT: Timestamp = Timestamp(1_000_000);

    fn machine(id: &str, version: u32, check: &str) -> InstanceFacts {
        let status = CheckStatus::from(check);
        let instance = Instance {
            id: InstanceId::new(id).unwrap(),
            process_group: "app".into(),
            version: Some(ReleaseVersion(version)),
            region: RegionCode::new("ams").unwrap(),
            desired: "run".into(),
            state: InstanceState::Started,
            host: HostStatus::Ok,
            checks: CheckCounts::of([&status]),
            restarts: 0,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        };
        let check = CheckResult { name: "alive".into(), status, output: String::new(), updated_at: None };
        InstanceFacts { checks: vec![check], ..InstanceFacts::of(instance) }
    }

    fn facts(release: &str, instances: Vec<InstanceFacts>) -> AppFacts {
        let slug = OrgSlug::new("harbor-works").unwrap();
        let app = App {
            name: AppName::new("web").unwrap(),
            organization: Organization { slug, name: "Harbor Works".into() },
            status: "deployed".into(),
            hostname: None,
            image: None,
            version: None,
            not_loaded: model::NotLoaded::default(),
        };
        let release = Release {
            version: ReleaseVersion(2),
            status: release.into(),
            description: String::new(),
            reason: String::new(),
            stable: false,
            strategy: None,
            user: None,
            image: None,
            created_at: Timestamp(0),
            updated_at: AT,
            failure: None,
        };
        AppFacts { releases: vec![release], instances, ..AppFacts::of(app) }
    }

    fn kinds(questions: &[Question]) -> Vec<String> {
        questions
            .iter()
            .map(|question| match question {
                Question::Logs(query) => format!("logs {}", query.after.as_deref().unwrap_or("newest")),
                Question::Processes(id) => format!("ps {id}"),
                Question::Lease(id) => format!("lease {id}"),
            })
            .collect()
    }

    const ONE: &str = "73d8d46dbee589";
    const TWO: &str = "73d8d46dbee590";

    #[tokio::test(start_paused = true)]
    async fn a_healthy_app_is_asked_for_nothing_more() {
        let calm = facts("complete", vec![machine(ONE, 2, "passing")]);
        assert_eq!(Evidence::default().questions(&calm, AT, Instant::now()), []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_deployment_is_asked_for_lines_sockets_and_leases_each_at_its_pace() {
        let mut evidence = Evidence::default();
        let running = facts("running", vec![machine(ONE, 2, "critical"), machine(TWO, 1, "passing")]);
        let begin = Instant::now();
        let asked = evidence.questions(&running, AT, begin);
        assert_eq!(kinds(&asked), ["logs newest", &format!("ps {ONE}"), &format!("lease {TWO}")]);
        let page = LogPage { next: Some("7".into()), ..LogPage::default() };
        evidence.learn(Answer::Logs(Ok(page)), begin);
        evidence.learn(Answer::Processes(asked_id(ONE), Ok(vec![])), begin);
        evidence.learn(Answer::Lease(asked_id(TWO), Ok(None)), begin);
        let after = |seconds: f64| begin + Duration::from_secs_f64(seconds);
        assert_eq!(evidence.questions(&running, AT, after(2.4)), []);
        assert_eq!(kinds(&evidence.questions(&running, AT, after(2.5))), ["logs 7"]);
        assert_eq!(evidence.questions(&running, AT, after(15.0)).len(), 3);
        evidence.hurry();
        assert_eq!(evidence.questions(&running, AT, after(0.1)).len(), 3);
    }

    fn asked_id(id: &str) -> InstanceId {
        InstanceId::new(id).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn what_fly_refuses_is_not_asked_again_soon_and_what_was_known_stays() {
        let mut evidence = Evidence::default();
        let failed = facts("failed", vec![machine(ONE, 2, "critical")]);
        let begin = Instant::now();
        evidence.questions(&failed, AT, begin);
        let process = Process {
            pid: 1,
            command: "node".into(),
            directory: "/".into(),
            cpu_percent: 0,
            rss_bytes: 0,
            listen_sockets: vec![],
        };
        evidence.learn(Answer::Processes(asked_id(ONE), Ok(vec![process.clone()])), begin);
        let refused = || FlyError::Forbidden { detail: "no".into(), request_id: None };
        evidence.learn(Answer::Processes(asked_id(ONE), Err(refused())), begin);
        evidence.learn(Answer::Logs(Err(refused())), begin);
        assert_eq!(evidence.questions(&failed, AT, begin + Duration::from_secs(200)), []);
        let mut told = failed.clone();
        evidence.add_to(&mut told);
        assert_eq!(told.instances[0].processes, Some(vec![process]));
    }

    #[tokio::test(start_paused = true)]
    async fn an_app_of_the_nomad_era_is_not_asked_for_lines_that_it_tells_anyway() {
        let nomad = facts("failed", vec![machine("e80d7fbd", 2, "critical")]);
        assert_eq!(Evidence::default().questions(&nomad, AT, Instant::now()), []);
    }

    #[tokio::test(start_paused = true)]
    async fn lines_are_kept_up_to_a_number() {
        let mut evidence = Evidence::default();
        let line = |at| AppLogLine {
            line: LogLine { at: Timestamp(at), level: "info".into(), message: "x".into() },
            instance: None,
            region: None,
            provider: "app".into(),
            code: None,
        };
        for page in 0..20 {
            let lines = (0..100).map(|at| line(page * 100 + at)).collect();
            evidence.learn(Answer::Logs(Ok(LogPage { lines, ..LogPage::default() })), Instant::now());
        }
        let mut told = facts("failed", vec![]);
        evidence.add_to(&mut told);
        assert_eq!(told.logs.len(), LINES);
        assert_eq!(told.logs.last().unwrap().line.at, Timestamp(1_999));
    }
}
