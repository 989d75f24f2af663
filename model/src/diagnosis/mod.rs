//! Why the last deployment failed, or what else is wrong, with the evidence.
//!
//! Each rule is a pure function from what is known to a finding, in a file of its own under
//! `rules/`. A rule without evidence says nothing.

mod finding;
pub mod listening;
pub mod rules;

pub use finding::{Certainty, Evidence, Finding, Segment, Source, Stance};

use crate::deployment::Deployment;
use crate::facts::{AppFacts, InstanceFacts, LogLine};
use crate::health::InstanceHealth;
use crate::id::{InstanceId, ReleaseVersion};
use crate::state::DeploymentState;
use serde::{Deserialize, Serialize};

/// How many of the failing instance's last log lines are shown.
const LOG_TAIL_LINES: usize = 12;

/// What the Diagnosis region is about: its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogTail {
    /// Whose lines.
    pub instance: InstanceId,
    /// The lines, oldest first.
    pub lines: Vec<LogLine>,
}

/// The Diagnosis region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Its heading.
    pub subject: Subject,
    /// What was found, most direct evidence first. Empty where a deployment failed for a reason
    /// that no rule knows: the page then says so, and shows the log.
    pub findings: Vec<Finding>,
    /// The last lines of the instance that fails.
    pub log_tail: Option<LogTail>,
}

impl Diagnosis {
    /// Runs every rule; none where nothing is wrong.
    pub fn of(facts: &AppFacts, deployment: Option<&Deployment>) -> Option<Self> {
        let failed = deployment.filter(|d| d.status == DeploymentState::Failed).map(|d| d.version);
        let mut findings: Vec<Finding> = rules::ALL.iter().filter_map(|rule| rule(facts)).collect();
        if failed.is_none() && findings.is_empty() {
            return None;
        }
        findings.sort_by_key(|finding| finding.certainty);
        Some(Self {
            subject: failed.map_or(Subject::WhatIsWrong, Subject::WhyFailed),
            log_tail: failing(facts).map(tail),
            findings,
        })
    }
}

/// The instance whose log is worth showing: an unhealthy one of the newest version before others.
fn failing(facts: &AppFacts) -> Option<&InstanceFacts> {
    facts.instances.iter().filter(|one| !one.logs.is_empty() && !one.instance.state.is_gone()).max_by_key(
        |one| {
            let unhealthy = one.instance.health() == InstanceHealth::Unhealthy;
            (unhealthy, one.instance.version, one.instance.restarts)
        },
    )
}

fn tail(one: &InstanceFacts) -> LogTail {
    let from = one.logs.len().saturating_sub(LOG_TAIL_LINES);
    LogTail { instance: one.instance.id.clone(), lines: one.logs[from..].to_vec() }
}
