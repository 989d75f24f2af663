//! Releases.

use super::text::{self, LONGEST_LINE};
use super::{json, time};
use crate::graphql::lenient;
use crate::graphql::releases::{FailureNode, FullReleaseNode, LastReleaseNode, ReleaseNode, User};
use crate::graphql::scalar::{DeploymentStrategy, Json};
use model::state::{ReleaseStatus, Strategy};
use model::{LastRelease, Release, ReleaseFailure, ReleaseVersion};
use serde_json::Value;

/// The releases newest first, and how many could not be read.
pub(crate) fn releases(nodes: Vec<Option<ReleaseNode>>) -> (Vec<Release>, usize) {
    let nodes: Vec<ReleaseNode> = nodes.into_iter().flatten().collect();
    let all = nodes.len();
    let mut releases: Vec<Release> = nodes.into_iter().filter_map(release).collect();
    releases.sort_by_key(|release| std::cmp::Reverse(release.version));
    let unreadable = all - releases.len();
    (releases, unreadable)
}

/// A release with what its deployer wrote down about its end, and its configuration where that was
/// asked for and can be read.
pub(crate) fn full(node: FullReleaseNode) -> Option<(Release, Option<Value>)> {
    let (node, metadata, config) = node.split();
    let failure = metadata.as_known().and_then(failure);
    let definition = config.known().and_then(|config| json::read(&config.definition.known()?.0));
    let release = Release { failure, ..release(node)? };
    Some((release, definition.filter(Value::is_object)))
}

fn release(node: ReleaseNode) -> Option<Release> {
    let created_at = time::of(node.created_at.as_known())?;
    Some(Release {
        version: version(node.version.known())?,
        status: text::word(&node.status.known()?).into(),
        description: said(node.description),
        reason: said(node.reason),
        stable: node.stable.known().unwrap_or(false),
        strategy: node.deployment_strategy.known().map(|strategy| strategy_of(&strategy)),
        user: user(node.user),
        image: node.image_ref.known().map(|image| text::line(&image, LONGEST_LINE)),
        created_at,
        updated_at: time::of(node.updated_at.as_known()).unwrap_or(created_at),
        failure: None,
    })
}

/// The evaluation that the newest release caused (Nomad), which leads to its deployment.
pub(crate) fn newest_evaluation(nodes: &[Option<ReleaseNode>]) -> Option<String> {
    let newest = nodes.iter().flatten().max_by_key(|node| node.version.as_known().copied())?;
    newest.evaluation_id.as_known().filter(|id| !id.is_empty()).cloned()
}

/// Whether a release ended in a way that its deployer gives a reason for.
pub(crate) fn wants_a_reason(release: &Release) -> bool {
    matches!(release.status, ReleaseStatus::Failed | ReleaseStatus::Interrupted)
}

/// Why a release failed, as flyctl leaves it in `metadata.post_deployment_info` (flyctl,
/// `internal/command/deploy`; no captured answer is known, so all shapes that JSON in GraphQL has had
/// at Fly are taken: an object, and a text that holds one).
pub(crate) fn failure(metadata: &Json) -> Option<ReleaseFailure> {
    let metadata = json::read(&metadata.0)?;
    let info = json::unfolded(metadata.get("post_deployment_info")?.clone());
    let error = text::said_in_lines(info.get("error")?.as_str()?.trim_start(), LONGEST_LINE);
    let flyctl = info.get("flyctl_version").and_then(serde_json::Value::as_str);
    let flyctl_version = flyctl.map(|version| text::line(version, 100)).filter(|version| !version.is_empty());
    (!error.is_empty()).then_some(ReleaseFailure { error, flyctl_version })
}

/// The reason that Fly gives for its newest release, with the number of that release.
pub(crate) fn newest_failure(node: FailureNode) -> Option<(ReleaseVersion, Option<ReleaseFailure>)> {
    Some((version(node.version.known())?, node.metadata.as_known().and_then(failure)))
}

/// The release of a row of the apps list.
pub(crate) fn last_release(node: LastReleaseNode) -> Option<LastRelease> {
    Some(LastRelease {
        version: version(node.version.known())?,
        status: text::word(&node.status.known()?).into(),
        created_at: time::of(node.created_at.as_known())?,
        user: user(node.user),
    })
}

/// A release's number, if it is one.
pub(crate) fn version(number: Option<i32>) -> Option<ReleaseVersion> {
    number.and_then(|number| u32::try_from(number).ok()).map(ReleaseVersion)
}

fn said(field: lenient::Option<String>) -> String {
    field.known().map(|field| text::said(&field, LONGEST_LINE)).unwrap_or_default()
}

/// A person's name, or without one the mail address.
pub(crate) fn user(node: lenient::Option<User>) -> Option<String> {
    let node = node.known()?;
    let names = [node.name, node.email].into_iter().filter_map(lenient::Option::known);
    names.map(|one| text::line(&one, 200)).find(|one| !one.is_empty())
}

fn strategy_of(strategy: &DeploymentStrategy) -> Strategy {
    match strategy {
        DeploymentStrategy::Bluegreen => Strategy::BlueGreen,
        DeploymentStrategy::Canary => Strategy::Canary,
        DeploymentStrategy::Immediate => Strategy::Immediate,
        DeploymentStrategy::Rolling => Strategy::Rolling,
        DeploymentStrategy::RollingOne => Strategy::RollingOne,
        DeploymentStrategy::Simple => Strategy::Simple,
        DeploymentStrategy::Other(word) => Strategy::from(text::word(word).to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reason(metadata: &Value) -> Option<ReleaseFailure> {
        failure(&Json(serde_json::value::to_raw_value(metadata).unwrap()))
    }

    #[test]
    fn a_reason_is_read_from_an_object_and_from_a_text_that_holds_one() {
        let info = json!({"flyctl_version": "0.3.197", "error": "timeout reached waiting for health checks"});
        let wanted = ReleaseFailure {
            error: "timeout reached waiting for health checks".into(),
            flyctl_version: Some("0.3.197".into()),
        };
        let metadata = json!({"post_deployment_info": info});
        assert_eq!(reason(&metadata).as_ref(), Some(&wanted));
        assert_eq!(reason(&json!({"post_deployment_info": info.to_string()})).as_ref(), Some(&wanted));
        assert_eq!(reason(&json!(metadata.to_string())).as_ref(), Some(&wanted));
    }

    #[test]
    fn metadata_without_an_error_gives_no_reason() {
        for other in [
            json!(null),
            json!({}),
            json!([]),
            json!("not json"),
            json!({"post_deployment_info": null}),
            json!({"post_deployment_info": "not json"}),
            json!({"post_deployment_info": {"flyctl_version": "0.3.197"}}),
            json!({"post_deployment_info": {"error": ""}}),
            json!({"post_deployment_info": {"error": {"code": 1}}}),
        ] {
            assert_eq!(reason(&other), None, "{other}");
        }
    }

    #[test]
    fn a_reason_keeps_its_lines_and_loses_its_colors() {
        let told = json!({"post_deployment_info": {"error": "\u{1b}[31mfailed\u{1b}[0m\nmachine 1\n", "flyctl_version": 3}});
        let wanted = ReleaseFailure { error: "failed\nmachine 1".into(), flyctl_version: None };
        assert_eq!(reason(&told), Some(wanted));
    }
}
