//! Health and the five tones in which states are shown.

use serde::{Deserialize, Serialize};

/// The meaning of a state's colour. Colour never stands alone: each tone has a shape, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As it should be.
    Good,
    /// Under way.
    Busy,
    /// Needs a look.
    Warning,
    /// Broken.
    Bad,
    /// Neither good nor bad: at rest, gone, or not known.
    Idle,
}

/// The health of one instance, as a deployment counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstanceHealth {
    /// Runs, and no check says otherwise. Without checks this is all one can know.
    Healthy,
    /// At rest on request or by autostop; would be started by the next request.
    Resting,
    /// Neither healthy nor unhealthy yet.
    Pending,
    /// A check is critical, it failed, or its host does not answer.
    Unhealthy,
}

/// The health of an app as a whole: its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppHealth {
    /// No instance that should run is healthy, and at least one is unhealthy.
    Unhealthy,
    /// Some instances are unhealthy.
    Degraded,
    /// A deployment failed, while the instances there are healthy.
    DeployFailed,
    /// A deployment is under way.
    Deploying,
    /// Instances exist that are neither healthy nor unhealthy yet.
    Pending,
    /// Not told by what was loaded.
    Unknown,
    /// All instances are healthy.
    Healthy,
    /// All instances are at rest.
    Resting,
    /// Suspended by a person or by Fly.
    Suspended,
    /// There is nothing to be healthy.
    NoInstances,
}

impl AppHealth {
    /// The word shown beside the app's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unhealthy => "Unhealthy",
            Self::Degraded => "Degraded",
            Self::DeployFailed => "Deployment failed",
            Self::Deploying => "Deploying",
            Self::Pending => "Pending",
            Self::Unknown => "Unknown",
            Self::Healthy => "Healthy",
            Self::Resting => "At rest",
            Self::Suspended => "Suspended",
            Self::NoInstances => "No instances",
        }
    }

    /// The colour the word is shown in.
    pub fn tone(self) -> Tone {
        match self {
            Self::Unhealthy => Tone::Bad,
            Self::Degraded | Self::DeployFailed => Tone::Warning,
            Self::Deploying | Self::Pending => Tone::Busy,
            Self::Healthy => Tone::Good,
            Self::Unknown | Self::Resting | Self::Suspended | Self::NoInstances => Tone::Idle,
        }
    }

    /// Orders apps worst first.
    pub fn urgency(self) -> u8 {
        match self {
            Self::Unhealthy => 0,
            Self::Degraded => 1,
            Self::DeployFailed => 2,
            Self::Deploying => 3,
            Self::Pending => 4,
            Self::Unknown => 5,
            Self::Healthy => 6,
            Self::Resting => 7,
            Self::Suspended => 8,
            Self::NoInstances => 9,
        }
    }

    /// Rolls the instances' health and the last deployment up into one word.
    pub fn of(
        instances: impl IntoIterator<Item = InstanceHealth>,
        deployment: Option<DeploymentOutcome>,
    ) -> Self {
        let mut counts = [0_u32; 4];
        for health in instances {
            counts[health as usize] += 1;
        }
        let [healthy, resting, pending, unhealthy] = counts;
        match deployment {
            _ if unhealthy > 0 && healthy == 0 => Self::Unhealthy,
            _ if unhealthy > 0 => Self::Degraded,
            Some(DeploymentOutcome::Failed) => Self::DeployFailed,
            Some(DeploymentOutcome::InProgress) => Self::Deploying,
            _ if pending > 0 => Self::Pending,
            _ if healthy > 0 => Self::Healthy,
            _ if resting > 0 => Self::Resting,
            _ => Self::NoInstances,
        }
    }
}

/// What the last deployment contributes to an app's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentOutcome {
    /// Under way.
    InProgress,
    /// Failed.
    Failed,
    /// Over, and not failed.
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;
    use InstanceHealth::{Healthy, Pending, Resting, Unhealthy};

    #[test]
    fn one_unhealthy_instance_among_healthy_ones_degrades_the_app() {
        assert_eq!(AppHealth::of([Healthy, Unhealthy], None), AppHealth::Degraded);
        assert_eq!(AppHealth::of([Unhealthy, Resting], None), AppHealth::Unhealthy);
    }

    #[test]
    fn a_failed_deployment_shows_even_when_every_instance_is_healthy() {
        assert_eq!(AppHealth::of([Healthy], Some(DeploymentOutcome::Failed)), AppHealth::DeployFailed);
    }

    #[test]
    fn an_app_at_rest_is_no_alarm() {
        assert_eq!(AppHealth::of([Resting, Resting], Some(DeploymentOutcome::Done)), AppHealth::Resting);
        assert_eq!(AppHealth::of([Healthy, Resting], None), AppHealth::Healthy);
        assert_eq!(AppHealth::of([], None), AppHealth::NoInstances);
        assert_eq!(AppHealth::of([Pending, Healthy], None), AppHealth::Pending);
    }
}
