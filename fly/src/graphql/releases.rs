//! Releases: in the form that Fly gives without expanding each one's configuration, and in the one
//! that says why a release failed.

use super::app::Config;
use super::lenient;
use super::page::PageInfo;
use super::scalar::{DateTime, DeploymentStrategy, Json, Platform};
use super::schema;

#[derive(cynic::QueryVariables, Debug)]
pub(crate) struct ReleasesVariables {
    pub(crate) name: String,
    pub(crate) after: Option<String>,
    pub(crate) before: Option<String>,
    pub(crate) first: Option<i32>,
    pub(crate) last: Option<i32>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "ReleasesVariables")]
pub(crate) struct ReleasesQuery {
    #[arguments(name: $name)]
    pub(crate) app: lenient::Option<ReleasesOfApp>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App", variables = "ReleasesVariables")]
pub(crate) struct ReleasesOfApp {
    #[arguments(after: $after, before: $before, first: $first, last: $last)]
    pub(crate) releases_unprocessed: lenient::Option<ReleasesPage>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ReleaseUnprocessedConnection")]
pub(crate) struct ReleasesPage {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<ReleaseNode>>>,
    pub(crate) page_info: lenient::Option<PageInfo>,
}

/// The releases of an app's page.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ReleaseUnprocessedConnection")]
pub(crate) struct Releases {
    pub(crate) nodes: lenient::Option<lenient::Vec<Option<ReleaseNode>>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ReleaseUnprocessed")]
pub(crate) struct ReleaseNode {
    pub(crate) version: lenient::Option<i32>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) description: lenient::Option<String>,
    pub(crate) reason: lenient::Option<String>,
    pub(crate) stable: lenient::Option<bool>,
    pub(crate) deployment_strategy: lenient::Option<DeploymentStrategy>,
    pub(crate) evaluation_id: lenient::Option<String>,
    pub(crate) image_ref: lenient::Option<String>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) updated_at: lenient::Option<DateTime>,
    pub(crate) user: lenient::Option<User>,
}

/// Which release, and what of it. The flags stand for what only the page of a release needs.
#[derive(cynic::QueryVariables, Clone, Debug)]
pub(crate) struct ReleaseVariables {
    pub(crate) name: String,
    pub(crate) version: i32,
    /// The number of the release to compare it with.
    pub(crate) before: i32,
    /// Whether that is asked for.
    pub(crate) compare: bool,
    /// Whether the configurations are asked for, which is what makes a release slow to tell.
    pub(crate) config: bool,
    /// Whether the newest release is asked for.
    pub(crate) newest: bool,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Queries", variables = "ReleaseVariables")]
pub(crate) struct ReleaseQuery {
    #[arguments(name: $name)]
    pub(crate) app: lenient::Option<ReleaseOfApp>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "App", variables = "ReleaseVariables")]
pub(crate) struct ReleaseOfApp {
    pub(crate) platform_version: lenient::Option<Platform>,
    #[arguments(version: $version)]
    pub(crate) release: lenient::Option<FullReleaseNode>,
    #[cynic(alias, rename = "release")]
    #[arguments(version: $before)]
    #[directives(include(if: $compare))]
    pub(crate) before: lenient::Option<FullReleaseNode>,
    #[arguments(first: 1)]
    #[directives(include(if: $newest))]
    pub(crate) releases_unprocessed: lenient::Option<Releases>,
}

/// A release with all that is known of it. It repeats [`ReleaseNode`], which is of another type of
/// the schema: a `ReleaseUnprocessed` has neither metadata nor a configuration.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Release", variables = "ReleaseVariables")]
pub(crate) struct FullReleaseNode {
    pub(crate) version: lenient::Option<i32>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) description: lenient::Option<String>,
    pub(crate) reason: lenient::Option<String>,
    pub(crate) stable: lenient::Option<bool>,
    pub(crate) deployment_strategy: lenient::Option<DeploymentStrategy>,
    pub(crate) evaluation_id: lenient::Option<String>,
    pub(crate) image_ref: lenient::Option<String>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) updated_at: lenient::Option<DateTime>,
    pub(crate) user: lenient::Option<User>,
    pub(crate) metadata: lenient::Option<Json>,
    #[directives(include(if: $config))]
    pub(crate) config: lenient::Option<Config>,
}

impl FullReleaseNode {
    /// The release as every other list gives it, what its deployer wrote down, and its configuration.
    pub(crate) fn split(self) -> (ReleaseNode, lenient::Option<Json>, lenient::Option<Config>) {
        let Self { version, status, description, reason, stable, deployment_strategy, .. } = self;
        let Self { evaluation_id, image_ref, created_at, updated_at, user, metadata, config, .. } = self;
        let node = ReleaseNode {
            version,
            status,
            description,
            reason,
            stable,
            deployment_strategy,
            evaluation_id,
            image_ref,
            created_at,
            updated_at,
            user,
        };
        (node, metadata, config)
    }
}

/// As much of a release as tells why it failed.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Release")]
pub(crate) struct FailureNode {
    pub(crate) version: lenient::Option<i32>,
    pub(crate) metadata: lenient::Option<Json>,
}

/// The release of a row of the apps list.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ReleaseUnprocessed")]
pub(crate) struct LastReleaseNode {
    pub(crate) version: lenient::Option<i32>,
    pub(crate) status: lenient::Option<String>,
    pub(crate) created_at: lenient::Option<DateTime>,
    pub(crate) user: lenient::Option<User>,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct User {
    pub(crate) name: lenient::Option<String>,
    pub(crate) email: lenient::Option<String>,
}
