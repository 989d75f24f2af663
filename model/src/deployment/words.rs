//! What is said of a deployment, and what Fly's own words mean.

use super::count::{GroupCount, active};
use crate::facts::AppFacts;
use crate::logs::{head, mask::mask};
use crate::not_loaded::NotLoaded;
use crate::release::Release;
use crate::state::{DeploymentState, InstanceState, Strategy};

/// Longest quotation of an error in the description, in bytes.
const LONGEST_ERROR: usize = 200;

pub(super) fn describe(
    status: &DeploymentState,
    release: &Release,
    facts: &AppFacts,
    total: &GroupCount,
) -> String {
    let text = match status {
        DeploymentState::Successful if total.unhealthy > 0 => {
            "Deployed; since then instances became unhealthy"
        }
        DeploymentState::Successful => "Deployment completed successfully",
        DeploymentState::Failed => return failed(release),
        DeploymentState::Interrupted => "The deployment was stopped by its client before it was done",
        DeploymentState::Abandoned => "Nothing has moved for half an hour: its client has probably gone",
        DeploymentState::Cancelled => "The deployment was cancelled",
        DeploymentState::Pending | DeploymentState::Running => phase(status, release, facts, total),
        DeploymentState::Other(_) if facts.app.not_loaded.has(NotLoaded::RELEASES) => {
            "The releases are not loaded: this is what the instances run"
        }
        DeploymentState::Other(_) if facts.releases.is_empty() => {
            "Fly tells of no release any more: this is what its instances run"
        }
        _ => "",
    };
    text.to_owned()
}

fn failed(release: &Release) -> String {
    let Some(error) = release.failure.as_ref().map(|failure| failure.error.trim()).filter(|e| !e.is_empty())
    else {
        return "The deployment failed".to_owned();
    };
    let error = mask(error.lines().next().unwrap_or_default()).into_owned();
    let cut = head(&error, LONGEST_ERROR);
    let more = if cut.len() < error.len() { "…" } else { "" };
    format!("The deployment failed: {cut}{more}")
}

fn phase(status: &DeploymentState, release: &Release, facts: &AppFacts, total: &GroupCount) -> &'static str {
    let in_release_command = facts.release_commands.iter().any(|one| {
        one.instance.created_at >= release.created_at
            && matches!(
                one.instance.state,
                InstanceState::Created
                    | InstanceState::Creating
                    | InstanceState::Starting
                    | InstanceState::Started
            )
    });
    if in_release_command {
        return "The release command is running; instances follow when it is done";
    }
    if *status == DeploymentState::Pending {
        return "The deployment has not begun";
    }
    let strategy = release.strategy.as_ref();
    let outnumbered = active(facts).count() > total.desired as usize;
    if strategy == Some(&Strategy::Canary) && total.placed == 1 && outnumbered {
        return "The canary, one instance beside the others, is being tried";
    }
    if strategy == Some(&Strategy::BlueGreen) && outnumbered {
        return "The new instances are made beside the old ones, which serve until all of them are healthy";
    }
    "The deployment is under way"
}

/// What Nomad's descriptions (`structs/deployment.go`) mean where they mislead.
pub(super) fn explain(description: &str) -> Option<String> {
    let text = if description.contains("no stable job version to auto revert to") {
        "Nothing was rolled back, because no earlier version was stable. Where flyctl added \"and deploying \
         as\" with the next version, nothing was deployed as that version: it added those words by mistake."
    } else if description.contains("not rolling back to stable job version") {
        "Nothing was rolled back: the last stable version is the same as this one."
    } else if description.contains("rolling back to job version") {
        "Fly went back to the last stable version, and recorded that as a release of its own."
    } else if description.contains("progress deadline") {
        "No further instance became healthy within the time that Fly allows."
    } else {
        return None;
    };
    Some(text.to_owned())
}
