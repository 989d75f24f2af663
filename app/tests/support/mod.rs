//! Pages as the server renders them, with a backend that answers what the test says.

#![allow(dead_code, reason = "shared by tests, each of which uses a part")]
#![expect(unreachable_pub, reason = "a module of the test beside it")]

use app::AppError;
use app::assets::Assets;
use app::backend::Backend;
use app::session::Session;
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use leptos::nonce::Nonce;
use leptos::prelude::*;
use model::app::{InstanceCounts, LastRelease};
use model::config::{AppConfig, Service};
use model::live::{Snapshot, SourceHealth, Topic, TopicState};
use model::samples;
use model::state::{CheckStatus, InstanceState};
use model::{
    App, AppFacts, AppName, AppSummary, AppView, AppsView, CheckCounts, Instance, InstanceFacts, LogLine,
    OrgSlug, Organization, ProcessGroup, RegionCode, Release, ReleaseVersion, Timestamp,
};
use std::sync::{Arc, OnceLock};

/// 2021-09-22T20:24:41Z, the minute of the log line that gave v14 away.
pub const NOW: Timestamp = Timestamp(1_632_342_281_000);

/// Answers what it was made with.
#[derive(Clone)]
pub struct Fake {
    pub apps: Result<Snapshot<TopicState>, AppError>,
    pub app: Result<Snapshot<TopicState>, AppError>,
    /// Of which it shows what is asked for, in place of `apps`.
    pub list: Option<AppsView>,
}

impl Fake {
    pub fn with_app(view: AppView) -> Self {
        Self {
            app: Ok(snapshot(Topic::App(view.app.name.clone()), TopicState::App(Box::new(view)))),
            apps: Err(AppError::Internal),
            list: None,
        }
    }

    pub fn with_apps(apps: Vec<AppSummary>) -> Self {
        Self {
            apps: Err(AppError::Internal),
            list: Some(AppsView { apps: apps.into_iter().map(Arc::new).collect() }),
            app: Err(AppError::Internal),
        }
    }

    pub fn failing(error: AppError) -> Self {
        Self { apps: Err(error.clone()), app: Err(error), list: None }
    }
}

#[async_trait::async_trait]
impl Backend for Fake {
    async fn read(&self, topic: Topic) -> Result<Snapshot<TopicState>, AppError> {
        match (&topic, &self.list) {
            (Topic::Apps(query), Some(list)) => {
                let window = TopicState::Apps(Box::new(list.window(query)));
                Ok(snapshot(topic, window))
            }
            (Topic::Apps(_), None) => self.apps.clone(),
            _ => self.app.clone(),
        }
    }
}

pub fn snapshot<T>(topic: Topic, state: T) -> Snapshot<T> {
    let cursor = "e1-7".parse().unwrap();
    Snapshot { topic, cursor, now: NOW, checked_at: NOW, source: SourceHealth::Fine, state }
}

/// Starts the executor. Listing routes sets a flag of the whole process, so nothing may render
/// meanwhile: every test waits here for the first one.
fn start_once() {
    static STARTED: OnceLock<usize> = OnceLock::new();
    STARTED.get_or_init(|| leptos_axum::generate_route_list(app::App).len());
}

/// Status and HTML of a page.
pub async fn page(path: &str, fake: Fake) -> (u16, String) {
    page_of(
        path,
        fake,
        Session { viewer: Some("ryan@example.com".into()), can_sign_out: true, ..Session::default() },
    )
    .await
}

pub async fn page_of(path: &str, fake: Fake, session: Session) -> (u16, String) {
    start_once();
    let backend: Arc<dyn Backend> = Arc::new(fake);
    let first = app::first_of(&path.parse().unwrap(), Some(backend)).await;
    let context = move || {
        if let Some(first) = &first {
            provide_context(first.clone());
        }
        provide_context(session.clone());
        provide_context(Nonce::from_value("test-nonce"));
    };
    let assets = Assets {
        js: Some("/pkg/a.js".into()),
        wasm: Some("/pkg/a.wasm".into()),
        css: Some("/pkg/a.css".into()),
        keys_js: Some("/pkg/keys.js".into()),
        palette_js: Some("/pkg/palette.js".into()),
        favicon: None,
    };
    let render = leptos_axum::render_app_async_with_context(context, move || {
        app::shell(assets.clone(), Some("test-nonce".into()))
    });
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let response = render(request).await;
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

pub fn name() -> AppName {
    AppName::new("crimson-wildflower-1711").unwrap()
}

pub fn release(version: u32, status: &str) -> Release {
    Release {
        description: "Deploy image".into(),
        reason: "deploy".into(),
        strategy: Some("rolling".into()),
        user: Some("Ryan".into()),
        created_at: NOW.plus(-200_000),
        updated_at: NOW,
        ..samples::release(version, status)
    }
}

pub fn instance(id: &str, version: u32) -> Instance {
    Instance {
        version: Some(ReleaseVersion(version)),
        state: InstanceState::Running,
        checks: CheckCounts::of([&CheckStatus::Passing]),
        created_at: NOW.plus(-120_000),
        updated_at: NOW,
        ..samples::instance(id)
    }
}

pub fn facts(releases: Vec<Release>, instances: Vec<Instance>) -> AppFacts {
    let version = releases.iter().map(|release| release.version).max();
    let app = App {
        status: "running".into(),
        hostname: Some("crimson-wildflower-1711.fly.dev".into()),
        image: Some("deployment-1632342098".into()),
        version,
        ..samples::app(name().as_str())
    };
    AppFacts {
        config: AppConfig {
            services: vec![Service { internal_port: 4000, key: "services[0]".into(), groups: vec![] }],
            env_port: Some("8080".into()),
            ..AppConfig::default()
        },
        process_groups: vec![ProcessGroup {
            name: "app".into(),
            size: Some("shared-cpu-1x".into()),
            memory_mb: Some(256),
            regions: vec![RegionCode::new("sjc").unwrap()],
            instances: 2,
        }],
        releases,
        instances: instances.into_iter().map(InstanceFacts::of).collect(),
        ..AppFacts::of(app)
    }
}

/// The failed deployment v14: one instance listens on another port than Fly checks.
pub fn failed_v14() -> AppFacts {
    let mut bad = instance("e80d7fbd", 14);
    bad.checks = CheckCounts::of([&CheckStatus::Critical]);
    bad.restarts = 2;
    let mut facts =
        facts(vec![release(14, "failed"), release(13, "complete")], vec![bad, instance("91857336", 13)]);
    facts.instances[0].logs = vec![
        log("Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)"),
        log("  <script>alert('x')</script>"),
    ];
    facts
}

pub fn log(message: &str) -> LogLine {
    LogLine { at: NOW, level: "info".into(), message: message.into() }
}

pub fn view(facts: &AppFacts) -> AppView {
    AppView::of(facts, NOW)
}

pub fn organization(slug: &str) -> Organization {
    Organization { slug: OrgSlug::new(slug).unwrap(), name: "Harbor Works".into() }
}

pub fn summary(name: &str, status: &str, up: u32) -> AppSummary {
    AppSummary {
        last_release: Some(LastRelease {
            version: ReleaseVersion(3),
            status: status.into(),
            created_at: NOW.plus(-3_600_000),
            user: Some("Ryan".into()),
        }),
        instances: Some(InstanceCounts { total: 3, up, unhealthy: 0, pending: 0 }),
        regions: vec![RegionCode::new("ams").unwrap()],
        ..samples::summary(name)
    }
}
