//! One of each thing, for tests: whoever needs another value writes it over one of these, so that a new
//! field is told here and not in each test file.

use crate::diagnosis::{LogTail, Subject};
use crate::health::AppHealth;
use crate::id::InvalidId;
use crate::list::{AppsQuery, Sort};
use crate::{
    App, AppName, AppSummary, CheckCounts, Deployment, DeploymentSource, Diagnosis, Instance, InstanceId,
    NotLoaded, OrgSlug, Organization, RegionCode, Release, ReleaseVersion, Timestamp,
};

/// The organization "Harbor Works".
#[must_use]
pub fn organization() -> Organization {
    Organization { slug: named(OrgSlug::new("harbor-works")), name: "Harbor Works".into() }
}

/// A deployed app of which nothing else is known.
#[must_use]
pub fn app(name: &str) -> App {
    App {
        name: named(AppName::new(name)),
        organization: organization(),
        status: "deployed".into(),
        hostname: None,
        image: None,
        version: None,
        not_loaded: NotLoaded::default(),
    }
}

/// A row of the list of apps: deployed, without instances, releases or regions.
#[must_use]
pub fn summary(name: &str) -> AppSummary {
    AppSummary {
        name: named(AppName::new(name)),
        organization: organization(),
        status: "deployed".into(),
        last_release: None,
        deployment: None,
        instances: None,
        regions: Vec::new(),
        not_loaded: NotLoaded::default(),
    }
}

/// What is asked of the list, from what a property test draws: search, organization, health, order and page.
#[must_use]
pub fn query(
    (search, organization, health, sort, page): (String, Option<String>, Option<AppHealth>, Sort, u32),
) -> AppsQuery {
    let organization = organization.and_then(|slug| OrgSlug::new(slug).ok());
    AppsQuery { search, organization, health, sort, page }
}

/// A started instance without checks in San Jose, made at the beginning of time.
#[must_use]
pub fn instance(id: &str) -> Instance {
    Instance {
        id: named(InstanceId::new(id)),
        process_group: "app".into(),
        version: Some(ReleaseVersion(14)),
        region: named(RegionCode::new("sjc")),
        desired: "run".into(),
        state: "started".into(),
        host: "ok".into(),
        checks: CheckCounts::default(),
        restarts: 0,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        judged: None,
    }
}

/// A release by nobody, made at the beginning of time.
#[must_use]
pub fn release(version: u32, status: &str) -> Release {
    Release {
        version: ReleaseVersion(version),
        status: status.into(),
        description: String::new(),
        reason: String::new(),
        stable: false,
        strategy: None,
        user: None,
        image: None,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        failure: None,
    }
}

/// A deployment of release 14 that is under way: two instances wanted, none placed yet.
#[must_use]
pub fn deployment() -> Deployment {
    Deployment {
        version: ReleaseVersion(14),
        status: "running".into(),
        description: String::new(),
        note: None,
        strategy: None,
        desired: 2,
        placed: 0,
        healthy: 0,
        unhealthy: 0,
        outgoing: 0,
        groups: Vec::new(),
        user: None,
        started_at: Timestamp(0),
        ended_at: None,
        mixed_versions: false,
        source: DeploymentSource::Computed,
    }
}

/// A diagnosis without findings, with the log of an instance that wrote nothing yet.
#[must_use]
pub fn diagnosis() -> Diagnosis {
    Diagnosis {
        subject: Subject::WhatIsWrong,
        findings: Vec::new(),
        go_back: None,
        log_tail: Some(LogTail { instance: instance("e80d7fbd").id, lines: Vec::new() }),
        not_loaded: Vec::new(),
    }
}

#[expect(clippy::expect_used, reason = "a test that names something wrongly is wrong itself")]
fn named<T>(name: Result<T, InvalidId>) -> T {
    name.expect("a name that Fly would allow")
}
