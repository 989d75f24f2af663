//! Releases, in the form that Fly gives without expanding each one's configuration.

use super::scalar::{DateTime, DeploymentStrategy};
use super::schema;

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ReleaseUnprocessedConnection")]
pub(crate) struct Releases {
    pub(crate) nodes: Option<Vec<Option<ReleaseNode>>>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ReleaseUnprocessed")]
pub(crate) struct ReleaseNode {
    pub(crate) version: Option<i32>,
    pub(crate) status: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) stable: Option<bool>,
    pub(crate) deployment_strategy: Option<DeploymentStrategy>,
    pub(crate) image_ref: Option<String>,
    pub(crate) created_at: Option<DateTime>,
    pub(crate) updated_at: Option<DateTime>,
    pub(crate) user: Option<User>,
}

/// The release of a row of the apps list.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ReleaseUnprocessed")]
pub(crate) struct LastReleaseNode {
    pub(crate) version: Option<i32>,
    pub(crate) status: Option<String>,
    pub(crate) created_at: Option<DateTime>,
    pub(crate) user: Option<User>,
}

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct User {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
}
