//! Data for the unit tests of this crate.

use model::{
    App, AppHealth, AppName, AppView, CheckCounts, Instance, InstanceId, OrgSlug, Organization, RegionCode,
    ReleaseVersion, Timestamp,
};

/// The view of an app with one instance that was restarted so many times.
pub(crate) fn app_view(restarts: u32) -> AppView {
    AppView {
        app: App {
            name: AppName::new("a").unwrap(),
            organization: Organization { slug: OrgSlug::new("o").unwrap(), name: "O".into() },
            status: "deployed".into(),
            hostname: None,
            image: None,
            version: None,
            not_loaded: model::NotLoaded::default(),
        },
        health: AppHealth::Healthy,
        deployment: None,
        diagnosis: None,
        timeline: model::Timeline::default(),
        instances: vec![Instance {
            id: InstanceId::new("e80d7fbd").unwrap(),
            process_group: "app".into(),
            version: Some(ReleaseVersion(1)),
            region: RegionCode::new("sjc").unwrap(),
            desired: "run".into(),
            state: "started".into(),
            host: "ok".into(),
            checks: CheckCounts::default(),
            restarts,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            judged: None,
        }],
        process_groups: vec![],
        releases: vec![],
    }
}
