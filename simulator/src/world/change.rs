//! The changes that facts can make to a world.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Allocation, App, Check, CheckStatus, Deployment, Lease, Machine, Process, Release, Volume};

/// One change. In a story file the key `change` names it in kebab case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// Facts of the app itself change.
    AppChanged {
        /// Name of the app.
        app: String,
        /// What changes.
        set: AppPatch,
    },
    /// An app is created.
    AppCreated {
        /// Its name.
        app: String,
        /// The app.
        created: Box<App>,
    },
    /// An app is deleted, with everything that belongs to it.
    AppDeleted {
        /// Name of the app.
        app: String,
    },
    /// A volume is created.
    VolumeCreated {
        /// Name of the app.
        app: String,
        /// The volume.
        volume: Volume,
    },
    /// A volume changes.
    VolumeChanged {
        /// Name of the app.
        app: String,
        /// Its identifier.
        volume: String,
        /// What changes.
        set: VolumePatch,
    },
    /// A release is made.
    ReleaseCreated {
        /// Name of the app.
        app: String,
        /// The release.
        release: Release,
    },
    /// A release changes.
    ReleaseChanged {
        /// Name of the app.
        app: String,
        /// Which one.
        version: i32,
        /// What changes.
        set: ReleasePatch,
    },
    /// Nomad starts a deployment, in the place of the last one.
    DeploymentCreated {
        /// Name of the app.
        app: String,
        /// The deployment.
        deployment: Deployment,
    },
    /// The deployment changes.
    DeploymentChanged {
        /// Name of the app.
        app: String,
        /// What changes.
        set: DeploymentPatch,
    },
    /// Nomad forgets the deployment, as it did some hours after it ended.
    DeploymentForgotten {
        /// Name of the app.
        app: String,
    },
    /// An allocation is placed.
    AllocationCreated {
        /// Name of the app.
        app: String,
        /// The allocation.
        allocation: Allocation,
    },
    /// An allocation changes.
    AllocationChanged {
        /// Name of the app.
        app: String,
        /// Whole or short identifier.
        allocation: String,
        /// What changes.
        set: AllocationPatch,
    },
    /// Something happens to an allocation.
    AllocationEvent {
        /// Name of the app.
        app: String,
        /// Whole or short identifier.
        allocation: String,
        /// `Received`, `Started`, ...
        #[serde(rename = "type")]
        kind: String,
        /// What Nomad says.
        message: String,
    },
    /// A check of an allocation or a machine changes.
    Check {
        /// Name of the app.
        app: String,
        /// Machine, or whole or short allocation identifier.
        instance: String,
        /// Name of the check.
        check: String,
        /// Its result, where it changes.
        #[serde(default)]
        status: Option<CheckStatus>,
        /// What it says, where it changes.
        #[serde(default)]
        output: Option<String>,
    },
    /// A log line is written.
    Log {
        /// Name of the app.
        app: String,
        /// Machine, or whole or short allocation identifier; nothing for the proxy.
        #[serde(default)]
        instance: Option<String>,
        /// Region code; the instance's where a story does not say.
        #[serde(default)]
        region: Option<String>,
        /// `info`, `error`, ...
        level: String,
        /// Who wrote it.
        #[serde(default = "by_the_app")]
        provider: String,
        /// Fly's code of an error, such as `PC01`.
        #[serde(default)]
        code: Option<String>,
        /// The text.
        message: String,
    },
    /// A machine is created.
    MachineCreated {
        /// Name of the app.
        app: String,
        /// The machine.
        machine: Box<Machine>,
    },
    /// A machine changes.
    MachineChanged {
        /// Name of the app.
        app: String,
        /// Its identifier.
        machine: String,
        /// What changes.
        set: MachinePatch,
    },
    /// Something happens to a machine.
    MachineEvent {
        /// Name of the app.
        app: String,
        /// Its identifier.
        machine: String,
        /// `start`, `exit`, ...
        #[serde(rename = "type")]
        kind: String,
        /// The state it leads to.
        status: String,
        /// `user`, `flyd` or `proxy`.
        source: String,
        /// What comes with it.
        #[serde(default)]
        request: Value,
    },
    /// Somebody takes a lease on a machine.
    LeaseTaken {
        /// Name of the app.
        app: String,
        /// Its identifier.
        machine: String,
        /// The lease.
        lease: Lease,
    },
    /// The lease on a machine ends.
    LeaseReleased {
        /// Name of the app.
        app: String,
        /// Its identifier.
        machine: String,
    },
    /// Fly tells of trouble with a host.
    HostIssue {
        /// Name of the app.
        app: String,
        /// Identifier of the issue.
        id: String,
        /// What Fly says.
        message: String,
    },
}

fn by_the_app() -> String {
    "app".to_owned()
}

/// Declares the changeable part of a thing: each field may be set or left as it is.
macro_rules! patch {
    ($(#[$doc:meta])* $name:ident of $target:ty { $($field:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                #[doc = concat!("New value of `", stringify!($field), "`.")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$kind>,
            )*
        }

        impl $name {
            pub(super) fn write_to(&self, target: &mut $target) {
                $(if let Some(value) = &self.$field {
                    target.$field = value.clone().into();
                })*
            }
        }
    };
}

patch! {
    /// What can change of an app.
    AppPatch of super::App { status: String, state: String, deployed: bool }
}
patch! {
    /// What can change of a release.
    ReleasePatch of Release {
        status: String, stable: bool, description: String, reason: String, metadata: Value,
    }
}
patch! {
    /// What can change of a deployment.
    DeploymentPatch of Deployment {
        status: String, description: String, desired: i32, placed: i32, healthy: i32,
        unhealthy: i32, promoted: bool,
    }
}
patch! {
    /// What can change of an allocation.
    AllocationPatch of Allocation {
        status: String, desired: String, healthy: bool, canary: bool, restarts: i32,
    }
}
patch! {
    /// What can change of a machine.
    MachinePatch of Machine {
        state: String, instance_id: String, release: i32, image: String, host_status: String,
        processes: Vec<Process>, name: String, cordoned: bool, config: Value, checks: Vec<Check>,
    }
}

patch! {
    /// What can change of a volume.
    VolumePatch of Volume {
        state: String, size_gb: i64, bytes_used: i64, host_status: String, machine: String,
    }
}

impl Change {
    /// Name of the app it belongs to.
    pub fn app(&self) -> &str {
        match self {
            Self::AppChanged { app, .. }
            | Self::AppCreated { app, .. }
            | Self::AppDeleted { app }
            | Self::VolumeCreated { app, .. }
            | Self::VolumeChanged { app, .. }
            | Self::ReleaseCreated { app, .. }
            | Self::ReleaseChanged { app, .. }
            | Self::DeploymentCreated { app, .. }
            | Self::DeploymentChanged { app, .. }
            | Self::DeploymentForgotten { app }
            | Self::AllocationCreated { app, .. }
            | Self::AllocationChanged { app, .. }
            | Self::AllocationEvent { app, .. }
            | Self::Check { app, .. }
            | Self::Log { app, .. }
            | Self::MachineCreated { app, .. }
            | Self::MachineChanged { app, .. }
            | Self::MachineEvent { app, .. }
            | Self::LeaseTaken { app, .. }
            | Self::LeaseReleased { app, .. }
            | Self::HostIssue { app, .. } => app,
        }
    }
}
