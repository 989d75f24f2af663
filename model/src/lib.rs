//! What things *are*: apps, instances, releases, deployments, diagnoses and the live protocol.
//!
//! Nothing here performs I/O, reads a clock or knows a user interface. Time enters as a value, so
//! every rule in this crate is tested by plain tests.

pub mod address;
pub mod app;
pub mod certificate;
pub mod config;
pub mod deployment;
pub mod diagnosis;
pub mod facts;
pub mod health;
pub mod id;
pub mod instance;
pub mod instance_view;
pub mod json;
pub mod list;
pub mod live;
pub mod logs;
pub mod machine;
pub mod not_loaded;
mod open_enum;
pub mod percent;
pub mod process;
pub mod region;
pub mod release;
pub mod releases;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
pub mod scope;
pub mod secret;
pub mod state;
pub mod time;
pub mod timeline;
pub mod view;
pub mod volume;

pub use app::{App, AppSummary, LastRelease, Organization, ProcessGroup};
pub use deployment::{Deployment, DeploymentSource};
pub use diagnosis::Diagnosis;
pub use facts::{AppFacts, AppLogLine, HostIssue, InstanceFacts, Lease, LogLine};
pub use health::{AppHealth, InstanceHealth, Tone};
pub use id::{AppName, InstanceId, OrgSlug, RegionCode, ReleaseVersion};
pub use instance::{CheckCounts, CheckResult, Exit, Instance, InstanceEvent};
pub use instance_view::{InstanceHead, InstanceView};
pub use list::{AppsQuery, AppsWindow};
pub use not_loaded::NotLoaded;
pub use process::{ListenSocket, Process};
pub use release::{Release, ReleaseFailure};
pub use releases::{ReleaseFacts, ReleaseReport, ReleaseView, ReleasesView};
pub use time::Timestamp;
pub use timeline::Timeline;
pub use view::{AppView, AppsView};
