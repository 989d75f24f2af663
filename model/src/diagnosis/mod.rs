//! Why the last deployment failed, or what else is wrong, with the evidence.
//!
//! Each rule is a pure function from what is known to a finding, in a file of its own under
//! `rules/`. A rule without evidence says nothing. `docs/diagnosis.md` lists them.

mod case;
mod cause;
mod change;
mod finding;
pub mod go_back;
mod history;
pub mod listening;
mod markdown;
mod order;
mod ports;
mod quote;
pub mod rules;
pub mod score;

pub use case::{Case, Patient};
pub use cause::Cause;
pub use change::DiagnosisChange;
pub use finding::{Certainty, Evidence, Finding, Segment, Source, Stance};
pub use go_back::GoBack;
pub use history::Ended;
pub(crate) use history::exits;

use crate::deployment::Deployment;
use crate::facts::{AppFacts, LogLine};
use crate::id::{InstanceId, ReleaseVersion};
use crate::json::FromJson;
use crate::state::DeploymentState;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// How many of the failing instance's last log lines are shown.
const LOG_TAIL_LINES: usize = 12;

/// What the Diagnosis region is about: its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// "Why v14 failed".
    WhyFailed(ReleaseVersion),
    /// "What is wrong": no deployment failed.
    WhatIsWrong,
}

impl Subject {
    /// The heading.
    pub fn heading(self) -> String {
        match self {
            Self::WhyFailed(version) => format!("Why {version} failed"),
            Self::WhatIsWrong => "What is wrong".to_owned(),
        }
    }
}

/// The last log lines of the instance that fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct LogTail {
    /// Whose lines.
    pub instance: InstanceId,
    /// The lines, oldest first: with no escapes but colours ([`crate::logs::ansi::written`]), and with
    /// their secrets hidden.
    pub lines: Vec<LogLine>,
}

/// The Diagnosis region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Diagnosis {
    /// Its heading.
    pub subject: Subject,
    /// What was found, most direct evidence first. Empty where a deployment failed for a reason
    /// that no rule knows: the page then says so, and shows the log.
    pub findings: Vec<Finding>,
    /// The release that worked, and how to go back to it; none where the last deployment did not
    /// fail, or where none before it worked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go_back: Option<GoBack>,
    /// The last lines of the instance that fails.
    pub log_tail: Option<LogTail>,
    /// What was asked for as evidence and could not be had, each as a sentence for a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_loaded: Vec<String>,
}

impl Diagnosis {
    /// Runs every rule at `now`; none where nothing is wrong.
    pub fn of(facts: &AppFacts, deployment: Option<&Deployment>, now: Timestamp) -> Option<Self> {
        let case = Case::of(facts, deployment, now);
        let findings: Vec<Finding> = rules::ALL.iter().filter_map(|rule| rule(&case)).collect();
        let failed = deployment.filter(|d| d.status == DeploymentState::Failed).map(|d| d.version);
        if failed.is_none() && findings.is_empty() {
            return None;
        }
        let unfinished = deployment.is_some_and(|deployment| {
            matches!(
                deployment.status,
                DeploymentState::Failed | DeploymentState::Interrupted | DeploymentState::Abandoned
            )
        });
        Some(Self {
            subject: failed.map_or(Subject::WhatIsWrong, Subject::WhyFailed),
            findings: order::ordered(findings),
            go_back: if unfinished { go_back::go_back(&case) } else { None },
            log_tail: log_tail(&case),
            not_loaded: facts.evidence_not_loaded.clone(),
        })
    }

    /// Whether a deployment failed and no finding says why: what it left behind is no reason.
    pub fn is_unexplained(&self) -> bool {
        let says_why = |finding: &Finding| finding.cause != Cause::MixedVersions;
        matches!(self.subject, Subject::WhyFailed(_)) && !self.findings.iter().any(says_why)
    }
}

/// All lines of one instance that are read, as [`LogTail`] has them.
pub(crate) fn failing_lines(
    facts: &AppFacts,
    deployment: &Deployment,
    id: &InstanceId,
    now: Timestamp,
) -> Vec<LogLine> {
    let case = Case::of(facts, Some(deployment), now);
    let commands = case.release_commands();
    let mut all = case.patients().iter().chain(&commands);
    all.find(|one| one.facts.instance.id == *id).map_or_else(Vec::new, |one| one.last_lines(usize::MAX))
}

/// The lines of the instance whose log is worth showing: an unhealthy one of the newest release
/// before others, or else a release command's.
fn log_tail(case: &Case<'_>) -> Option<LogTail> {
    let tail = |one: &Patient<'_>| LogTail {
        instance: one.facts.instance.id.clone(),
        lines: one.last_lines(LOG_TAIL_LINES),
    };
    let mut by_trouble: Vec<&Patient<'_>> = case.patients().iter().collect();
    by_trouble.sort_by_key(|one| {
        let instance = &one.facts.instance;
        Reverse((one.is_unhealthy(), instance.version, instance.restarts, one.exits.len()))
    });
    let failing = by_trouble.into_iter().find(|one| !one.lines().is_empty());
    let command = case.release_commands().into_iter().rfind(|one| !one.lines().is_empty());
    match failing {
        Some(one) if one.is_unhealthy() => Some(tail(one)),
        other => command.as_ref().or(other).map(tail),
    }
}
