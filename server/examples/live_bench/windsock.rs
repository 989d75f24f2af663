//! Windsock itself: the whole router on its own accept loop, with a Fly in which one number changes
//! with every question. `/upstream` beside it tells how often Fly was asked.

use crate::message;
use async_trait::async_trait;
use axum::Router;
use axum::routing::get;
use fly::{Fetched, FlyError, FlyToken, LogPage, LogQuery, Viewer};
use model::app::AppSummary;
use model::machine::MachineDetail;
use model::releases::Place;
use model::samples;
use model::{
    AppFacts, AppName, Instance, InstanceFacts, InstanceId, Lease, Process, ReleaseFacts, ReleaseVersion,
    ReleasesView,
};
use server::config::Config;
use server::router::router;
use server::serve::{Limits, serve as accept};
use server::state::{DemoSettings, build_with};
use server::upstream::Upstream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;

struct ChangingFly {
    asked: Arc<AtomicU64>,
}

#[async_trait]
impl Upstream for ChangingFly {
    async fn viewer(&self, _: &FlyToken) -> Result<Viewer, FlyError> {
        Err(FlyError::Timeout)
    }

    async fn can_see(&self, _: &FlyToken, _: &AppName) -> Result<(), FlyError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn apps(&self, _: &FlyToken) -> Result<Fetched<Vec<AppSummary>>, FlyError> {
        Ok(Fetched::of(vec![], vec![]))
    }

    async fn app_facts(&self, _: &FlyToken, app: &AppName) -> Result<Fetched<AppFacts>, FlyError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(Fetched::of(facts(app, message::now()), vec![]))
    }

    async fn releases(
        &self,
        _: &FlyToken,
        _: &AppName,
        _: Option<&Place>,
    ) -> Result<Fetched<ReleasesView>, FlyError> {
        Err(FlyError::NotFound { request_id: None })
    }

    async fn release_facts(
        &self,
        _: &FlyToken,
        _: &AppName,
        _: ReleaseVersion,
    ) -> Result<Fetched<ReleaseFacts>, FlyError> {
        Err(FlyError::NotFound { request_id: None })
    }

    async fn machine(&self, _: &FlyToken, _: &AppName, _: &InstanceId) -> Result<MachineDetail, FlyError> {
        Err(FlyError::NotFound { request_id: None })
    }

    async fn logs(&self, _: &FlyToken, _: &AppName, _: &LogQuery) -> Result<LogPage, FlyError> {
        Ok(LogPage::default())
    }

    async fn processes(&self, _: &FlyToken, _: &AppName, _: &InstanceId) -> Result<Vec<Process>, FlyError> {
        Ok(Vec::new())
    }

    async fn lease(&self, _: &FlyToken, _: &AppName, _: &InstanceId) -> Result<Option<Lease>, FlyError> {
        Ok(None)
    }
}

fn facts(name: &AppName, restarts: u32) -> AppFacts {
    let instance = Instance { restarts, ..samples::instance("e80d7fbd") };
    let app = samples::app(name.as_str());
    AppFacts { instances: vec![InstanceFacts::of(instance)], ..AppFacts::of(app) }
}

pub async fn serve(listener: TcpListener) {
    let config = Config::from_lookup(&|name| match name {
        "FLY_API_TOKEN" => Some("fo1_bench".to_owned()),
        "WINDSOCK_DATA_DIR" => Some(String::new()),
        _ => None,
    });
    let config = config.expect("a configuration");
    let asked = Arc::new(AtomicU64::new(0));
    let upstream = Arc::new(ChangingFly { asked: asked.clone() });
    let state = build_with(&config, DemoSettings::default(), upstream).expect("a state");
    let count = move || {
        let asked = asked.load(Ordering::Relaxed).to_string();
        async move { asked }
    };
    let shutdown = state.shutdown.clone();
    let router = Router::new().route("/upstream", get(count)).fallback_service(router(state));
    accept(listener, router, shutdown, Limits { connections: 20_000, ..Limits::default() }).await;
}
