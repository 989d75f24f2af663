//! The live protocol: what the server tells a page, and how a page applies it.
//!
//! A page begins with a snapshot (in its HTML or as an event) and then receives changes, each with
//! a cursor. Applying a change twice changes nothing.

mod apply;
mod change;
mod cursor;
mod diff;
mod event;
mod topic;

pub use apply::Apply;
pub use change::{
    AppChange, AppsChange, Change, ChangeKey, InstanceChange, InstanceField, ReleaseChange, ReleasesChange,
};
pub use cursor::{Cursor, InvalidCursor};
pub use diff::{diff_app, diff_apps, diff_instance, diff_release, diff_releases};
pub use event::{
    ChangeSet, Hello, PROTOCOL, Ping, Snapshot, SnapshotEvent, SnapshotReason, SourceHealth, SourceState,
    TopicState, event_name,
};
pub use topic::{InvalidTopic, Topic};
