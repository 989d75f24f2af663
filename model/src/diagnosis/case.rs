//! What rules look at: what is known, and at which instant, with the lines of each instance ready to
//! be read and quoted.

use crate::config::{Check, Service};
use crate::deployment::Deployment;
use crate::diagnosis::history::{Ended, exits};
use crate::facts::{AppFacts, AppLogLine, InstanceFacts, LogLine};
use crate::health::{InstanceHealth, critical_checks, started_at};
use crate::instance::{CheckResult, InstanceEvent};
use crate::logs::mask::Masker;
use crate::logs::trouble::{Told, told};
use crate::logs::{LONGEST_READ, ansi};
use crate::release::Release;
use crate::state::DeploymentState;
use crate::time::Timestamp;
use std::cell::OnceCell;
use std::cmp::Reverse;

/// Most lines of one instance that are read: the last ones.
const MOST_LINES: usize = 400;
/// Clocks of Fly's API and of a host may differ by this much.
const CLOCKS_DIFFER_MS: i64 = 2_000;

/// What rules look at.
pub struct Case<'a> {
    /// Everything that was fetched.
    pub facts: &'a AppFacts,
    /// The last deployment.
    pub deployment: Option<&'a Deployment>,
    /// The instant.
    pub now: Timestamp,
    patients: Vec<Patient<'a>>,
}

/// An instance with what can be said of it since its release was made.
pub struct Patient<'a> {
    /// What is known of it.
    pub facts: &'a InstanceFacts,
    /// Its health at the instant of the case.
    pub health: InstanceHealth,
    /// Its exits since its release, oldest first.
    pub exits: Vec<Ended>,
    /// When its release was made: nothing before says anything about it.
    pub since: Timestamp,
    /// The lines, once somebody asked: of most instances nobody does.
    lines: OnceCell<Vec<LogLine>>,
    /// Which of the lines tell of trouble, once somebody asked.
    telling: OnceCell<Vec<usize>>,
    app: &'a AppFacts,
    now: Timestamp,
}

impl<'a> Case<'a> {
    /// Puts the case together.
    pub fn of(facts: &'a AppFacts, deployment: Option<&'a Deployment>, now: Timestamp) -> Self {
        let active = facts.instances.iter().filter(|one| !one.instance.state.is_gone());
        let mut patients: Vec<Patient<'a>> = active.map(|one| Patient::of(one, facts, now)).collect();
        // The newest release first, and of its instances those in trouble: they are quoted first.
        patients.sort_by_key(|one| {
            let instance = &one.facts.instance;
            (Reverse(instance.version), one.health != InstanceHealth::Unhealthy, Reverse(one.exits.len()))
        });
        Self { facts, deployment, now, patients }
    }

    /// The instances that are not gone.
    pub fn patients(&self) -> &[Patient<'a>] {
        &self.patients
    }

    /// The release that was deployed last, if it is known.
    pub fn release(&self) -> Option<&'a Release> {
        let version = self.deployment?.version;
        self.facts.releases.iter().find(|release| release.version == version)
    }

    /// Whether the last deployment failed.
    pub fn failed(&self) -> bool {
        self.deployment.is_some_and(|deployment| deployment.status == DeploymentState::Failed)
    }

    /// Whether the last deployment is under way.
    pub fn in_progress(&self) -> bool {
        self.deployment.is_some_and(|deployment| deployment.status.in_progress())
    }

    /// Why the last deployment did not succeed, in the words of the client that deployed it.
    pub fn failure(&self) -> Option<&'a str> {
        let failure = self.release()?.failure.as_ref()?;
        Some(failure.error.as_str()).filter(|error| !error.trim().is_empty())
    }

    /// The instances of release commands that belong to the last deployment.
    pub fn release_commands(&self) -> Vec<Patient<'a>> {
        let since = self.deployment.map_or(Timestamp(i64::MIN), |deployment| deployment.started_at);
        let version = self.deployment.map(|deployment| deployment.version);
        let mine = |one: &&InstanceFacts| match one.instance.version {
            Some(known) => Some(known) == version,
            None => one.instance.created_at.plus(CLOCKS_DIFFER_MS) >= since,
        };
        self.facts
            .release_commands
            .iter()
            .filter(mine)
            .map(|one| Patient::of(one, self.facts, self.now))
            .collect()
    }

    /// The lines of Fly's proxy since the last deployment began.
    pub fn proxy_lines(&self) -> impl DoubleEndedIterator<Item = &'a AppLogLine> {
        let since = self.deployment.map_or(Timestamp(i64::MIN), |deployment| deployment.started_at);
        self.facts
            .logs
            .iter()
            .filter(move |line| line.line.at >= since && (line.provider == "proxy" || line.code.is_some()))
    }
}

impl<'a> Patient<'a> {
    fn of(one: &'a InstanceFacts, facts: &'a AppFacts, now: Timestamp) -> Self {
        let release = facts.releases.iter().find(|release| Some(release.version) == one.instance.version);
        let since = release.map_or(Timestamp(i64::MIN), |release| release.created_at.plus(-CLOCKS_DIFFER_MS));
        Self {
            facts: one,
            health: InstanceHealth::of(one, &facts.config, now),
            exits: exits(one, since),
            since,
            lines: OnceCell::new(),
            telling: OnceCell::new(),
            app: facts,
            now,
        }
    }

    /// Its lines since its release, oldest first, as rules read and quote them: without colours and
    /// secrets.
    pub fn lines(&self) -> &[LogLine] {
        self.lines.get_or_init(|| {
            let shown = shown(&raw_lines(self.facts, self.app, self.since));
            shown.into_iter().map(|line| LogLine { message: ansi::plain(&line.message), ..line }).collect()
        })
    }

    /// The last of these lines with their colours, for people to read.
    pub fn last_lines(&self, most: usize) -> Vec<LogLine> {
        let mut shown = shown(&raw_lines(self.facts, self.app, self.since));
        shown.split_off(shown.len().saturating_sub(most))
    }

    /// The lines that tell of trouble, with what they tell, oldest first.
    pub fn telling(&self) -> impl DoubleEndedIterator<Item = (&LogLine, Told<'_>)> {
        let telling = self.telling.get_or_init(|| {
            (0..self.lines().len()).filter(|at| told(&self.lines()[*at].message).is_some()).collect()
        });
        telling.iter().filter_map(|at| {
            let line = &self.lines()[*at];
            Some((line, told(&line.message)?))
        })
    }

    /// Unhealthy now.
    pub fn is_unhealthy(&self) -> bool {
        self.health == InstanceHealth::Unhealthy
    }

    /// Its checks that fail and count, and failed since its release.
    pub fn critical(&self) -> impl Iterator<Item = &'a CheckResult> {
        let since = self.since;
        let up = self.facts.instance.state.is_up();
        critical_checks(self.facts, &self.app.config, self.now)
            .filter(move |check| up && check.updated_at.is_none_or(|at| at >= since))
    }

    /// Its events since its release.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &'a InstanceEvent> {
        let since = self.since;
        self.facts.events.iter().filter(move |event| event.at >= since)
    }

    /// Restarts that a failing check caused: Nomad's event `Restart Signaled`, `healthcheck: check
    /// "…" unhealthy`.
    pub fn check_restarts(&self) -> impl DoubleEndedIterator<Item = &'a InstanceEvent> {
        self.events().filter(|event| event.kind == "Restart Signaled" && event.message.contains("unhealthy"))
    }

    /// Whether a check of it fails, or made Fly restart it.
    pub fn has_check_trouble(&self) -> bool {
        let failing = self.facts.instance.checks.critical > 0 && self.is_unhealthy();
        failing || self.check_restarts().next().is_some()
    }

    /// When it was started last.
    pub fn started_at(&self) -> Timestamp {
        started_at(self.facts)
    }

    /// The ports on which Fly expects it, each with where that is configured. The port of a failing
    /// check comes first.
    pub fn expected_ports(&self) -> Vec<(u16, String)> {
        let service = |service: &Service| (service.internal_port, format!("{}.internal_port", service.key));
        let group = &self.facts.instance.process_group;
        let config = &self.app.config;
        // A check of a service that leads to other groups says nothing about this one.
        let elsewhere = |check: &&Check| {
            config.services.iter().any(|service| !service.leads_to(group) && check.is_of(service))
        };
        let configured =
            self.facts.configured_checks.iter().chain(config.checks.iter().filter(|one| !elsewhere(one)));
        let services = config.services.iter().filter(|service| service.leads_to(group));
        let mut ports: Vec<(u16, String)> = services.map(service).collect();
        ports.extend(configured.filter_map(|check| Some((check.port?, format!("{}.port", check.key)))));
        ports.extend(self.facts.checks.iter().filter_map(|check| {
            let port = check.name.rsplit('-').next()?.parse().ok()?;
            check.name.starts_with("servicecheck-").then(|| (port, format!("check {}", check.name)))
        }));
        let mut known = Vec::new();
        ports.retain(|(port, _)| {
            !known.contains(port) && {
                known.push(*port);
                true
            }
        });
        let failing: Vec<&CheckResult> = self.critical().collect();
        ports.sort_by_key(|(port, _)| {
            !failing.iter().any(|check| {
                check.name.ends_with(&format!("-{port}")) || check.output.contains(&format!(":{port}"))
            })
        });
        ports
    }
}

/// The lines that belong to an instance, from its own log and from the app's.
fn raw_lines<'a>(one: &'a InstanceFacts, facts: &'a AppFacts, since: Timestamp) -> Vec<&'a LogLine> {
    let of_app = facts
        .logs
        .iter()
        .filter(|line| line.instance.as_ref() == Some(&one.instance.id) && line.provider != "proxy")
        .map(|line| &line.line);
    let mut raw: Vec<&LogLine> = one.logs.iter().chain(of_app).filter(|line| line.at >= since).collect();
    raw.sort_by_key(|line| line.at);
    raw.dedup_by(|a, b| a.at == b.at && a.message == b.message);
    let from = raw.len().saturating_sub(MOST_LINES);
    raw.split_off(from)
}

/// Lines as they may be shown: with no escapes but colours, and with their secrets hidden.
fn shown(lines: &[&LogLine]) -> Vec<LogLine> {
    let mut masker = Masker::default();
    lines
        .iter()
        .map(|line| {
            // Masked before it is cut: half a secret has no shape.
            let mut spans = masker.spans(&line.message);
            ansi::cut(&mut spans, LONGEST_READ);
            LogLine { at: line.at, level: line.level.clone(), message: ansi::written(&spans) }
        })
        .collect()
}
