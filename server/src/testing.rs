//! Data for the unit tests of this crate.

use model::samples;
use model::{AppHealth, AppView, Instance};

/// The view of an app with one instance that was restarted so many times.
pub(crate) fn app_view(restarts: u32) -> AppView {
    AppView {
        app: samples::app("a"),
        health: AppHealth::Healthy,
        deployment: None,
        diagnosis: None,
        timeline: model::Timeline::default(),
        instances: vec![Instance { restarts, ..samples::instance("e80d7fbd") }],
        process_groups: vec![],
        releases: vec![],
    }
}
