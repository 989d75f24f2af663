//! Releases.

use super::text::{self, LONGEST_LINE};
use super::time;
use crate::graphql::releases::{LastReleaseNode, ReleaseNode, Releases, User};
use crate::graphql::scalar::DeploymentStrategy;
use model::state::Strategy;
use model::{LastRelease, Release, ReleaseVersion};

/// The releases newest first, and how many could not be read.
pub(crate) fn releases(node: Option<Releases>) -> (Vec<Release>, usize) {
    let nodes: Vec<ReleaseNode> = node.and_then(|node| node.nodes).into_iter().flatten().flatten().collect();
    let all = nodes.len();
    let mut releases: Vec<Release> = nodes.into_iter().filter_map(release).collect();
    releases.sort_by_key(|release| std::cmp::Reverse(release.version));
    let unreadable = all - releases.len();
    (releases, unreadable)
}

fn release(node: ReleaseNode) -> Option<Release> {
    let created_at = time::of(node.created_at.as_ref())?;
    Some(Release {
        version: version(node.version)?,
        status: node.status?.into(),
        description: line(node.description),
        reason: line(node.reason),
        stable: node.stable.unwrap_or(false),
        strategy: node.deployment_strategy.map(|strategy| strategy_of(&strategy)),
        user: user(node.user),
        image: node.image_ref.map(|image| text::line(&image, LONGEST_LINE)),
        created_at,
        updated_at: time::of(node.updated_at.as_ref()).unwrap_or(created_at),
        failure: None,
    })
}

/// The release of a row of the apps list.
pub(crate) fn last_release(node: LastReleaseNode) -> Option<LastRelease> {
    Some(LastRelease {
        version: version(node.version)?,
        status: node.status?.into(),
        created_at: time::of(node.created_at.as_ref())?,
        user: user(node.user),
    })
}

/// A release's number, if it is one.
pub(crate) fn version(number: Option<i32>) -> Option<ReleaseVersion> {
    number.and_then(|number| u32::try_from(number).ok()).map(ReleaseVersion)
}

fn line(field: Option<String>) -> String {
    field.map(|field| text::line(&field, LONGEST_LINE)).unwrap_or_default()
}

fn user(node: Option<User>) -> Option<String> {
    let node = node?;
    [node.name, node.email].into_iter().flatten().map(|one| text::line(&one, 200)).find(|one| !one.is_empty())
}

fn strategy_of(strategy: &DeploymentStrategy) -> Strategy {
    match strategy {
        DeploymentStrategy::Bluegreen => Strategy::BlueGreen,
        DeploymentStrategy::Canary => Strategy::Canary,
        DeploymentStrategy::Immediate => Strategy::Immediate,
        DeploymentStrategy::Rolling => Strategy::Rolling,
        DeploymentStrategy::RollingOne => Strategy::RollingOne,
        DeploymentStrategy::Simple => Strategy::Simple,
        DeploymentStrategy::Other(word) => Strategy::from(word.to_lowercase()),
    }
}
