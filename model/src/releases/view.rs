//! What the page of one release shows.

use super::facts::ReleaseFacts;
use super::report::ReleaseReport;
use crate::id::{AppName, ReleaseVersion};
use crate::json::FromJson;
use serde::{Deserialize, Serialize};

/// The page of one release, whether there is one of that number or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct ReleaseView {
    /// Whose release.
    pub app: AppName,
    /// Its number.
    pub version: ReleaseVersion,
    /// The newest release of the app; none where it has none, or where that is not known.
    pub newest: Option<ReleaseVersion>,
    /// The release; none where Fly tells of none of that number.
    pub report: Option<Box<ReleaseReport>>,
}

impl ReleaseView {
    /// Concludes what the page shows. It does not depend on the time: a release that is over never
    /// changes again.
    pub fn of(facts: &ReleaseFacts) -> Self {
        Self {
            app: facts.app.clone(),
            version: facts.version,
            newest: facts.newest.as_ref().map(|release| release.version),
            report: facts.release.as_ref().map(|release| Box::new(ReleaseReport::of(facts, release))),
        }
    }

    /// The number of the next release, where there is one.
    pub fn next(&self) -> Option<ReleaseVersion> {
        self.newest.filter(|newest| self.version < *newest).map(|_| ReleaseVersion(self.version.0 + 1))
    }

    /// Whether its state is final: it is known, and its deployment is over.
    pub fn is_over(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.release.status.is_final())
    }

    /// Why there is no such release, as a sentence for a person.
    pub fn why_none(&self) -> String {
        let Self { app, version, newest, .. } = self;
        match newest {
            Some(newest) if version > newest => {
                format!("{app} has no {version} yet: its newest release is {newest}.")
            }
            Some(newest) => {
                format!("Fly does not tell of {version} of {app} any more. Its newest release is {newest}.")
            }
            None => format!("Fly tells of no {version} of {app}."),
        }
    }
}
