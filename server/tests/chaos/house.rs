//! The simulated Fly and the server before it, which can die and come back with what it keeps on disk.

use crate::clockwork::Clockwork;
use crate::rng::of_moments;
use crate::watched::WatchedFly;
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST};
use axum::http::{Request, Response};
use fly::{FlyClient, Limits, RetryPolicy};
use server::config::Config;
use server::router::router;
use server::state::{AppState, DemoSettings, Jitter, State, build_with};
use simulator::{Options, Simulator, Story};
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt as _;

pub struct House {
    pub simulator: Simulator,
    pub state: AppState,
    pub fly: Arc<WatchedFly>,
    pub routers: watch::Sender<Router>,
    /// The servers that died.
    pub dead: Vec<Weak<State>>,
    config: Config,
    clockwork: Arc<Clockwork>,
    seed: u64,
    _folder: TempDir,
}

impl House {
    /// The story plays from now on, in the time of the lap.
    pub async fn of(story: &str, seed: u64, clockwork: Arc<Clockwork>) -> Self {
        let story = Story::embedded(story).unwrap();
        let real_time = clockwork.clone();
        let options = Options { story, rate_limits: false, real_time, ..Options::default() };
        let simulator = Simulator::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap().to_owned();
        let (api, machines) = (simulator.api_url(), simulator.machines_url());
        let config = Config::from_lookup(&|name| match name {
            "FLY_API_BASE_URL" => Some(api.clone()),
            "FLY_FLAPS_BASE_URL" => Some(machines.clone()),
            "WINDSOCK_DATA_DIR" => Some(path.clone()),
            _ => None,
        })
        .unwrap();
        let limits = Limits { turn: None, ..Limits::default() };
        let client = FlyClient::with_limits(config.endpoints.clone(), limits, RetryPolicy::default())
            .unwrap()
            .with_random(of_moments(seed, clockwork.clone()));
        let fly = Arc::new(WatchedFly::new(client, simulator.clock(), clockwork.clone()));
        let state = begin(&config, &simulator, &fly, seed, &clockwork);
        let routers = watch::Sender::new(router(state.clone()));
        Self { simulator, state, fly, routers, dead: Vec::new(), config, clockwork, seed, _folder: folder }
    }

    /// Ends the server and begins another, which finds what the first one kept on disk.
    pub fn restart(&mut self) {
        self.state.shutdown.cancel();
        self.dead.push(Arc::downgrade(&self.state));
        self.state = begin(&self.config, &self.simulator, &self.fly, self.seed, &self.clockwork);
        drop(self.routers.send_replace(router(self.state.clone())));
    }

    /// Ends the last server.
    pub fn end(self) -> Vec<Weak<State>> {
        self.state.shutdown.cancel();
        // Whoever listens for it may do so for longer.
        drop(self.routers.send_replace(Router::new()));
        let last = Arc::downgrade(&self.state);
        self.dead.iter().cloned().chain([last]).collect()
    }

    /// Listens on a port of this machine for whichever server there is; the router of a request is the
    /// one of that moment.
    pub async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let routers = self.routers.subscribe();
        let front = Router::new().fallback(move |request: Request<Body>| {
            let router = routers.borrow().clone();
            async move { router.oneshot(request).await.unwrap() }
        });
        tokio::spawn(server::serve::serve(
            listener,
            front,
            tokio_util::sync::CancellationToken::new(),
            server::serve::Limits::default(),
        ));
        addr
    }

    /// Signs in and returns the cookie.
    pub async fn sign_in(&self, token: &str) -> String {
        let answer = self.post("/sign-in", &format!("token={token}"), "").await;
        assert_eq!(answer.status(), 303, "signing in");
        let set = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        set.split(';').next().unwrap().to_owned()
    }

    /// Posts a form as a page of ours does.
    pub async fn post(&self, path: &str, form: &str, cookie: &str) -> Response<Body> {
        let request = Request::post(path)
            .header(HOST, "127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookie)
            .body(Body::from(form.to_owned()))
            .unwrap();
        let router = self.routers.borrow().clone();
        router.oneshot(request).await.unwrap()
    }

    /// Makes the server ask Fly for all that is watched, now, and lets time pass until it has. Says
    /// when it asked.
    pub async fn poll(&self) -> i64 {
        let (hub, asked) = (self.state.hub.clone(), self.simulator.clock().now_ms());
        let polling = tokio::spawn(async move { hub.poll_now().await });
        while !polling.is_finished() {
            self.clockwork.pass(std::time::Duration::from_millis(25)).await;
        }
        asked
    }
}

fn begin(
    config: &Config,
    simulator: &Simulator,
    fly: &Arc<WatchedFly>,
    seed: u64,
    clockwork: &Arc<Clockwork>,
) -> AppState {
    let clock = Some(Arc::new(simulator.clock()) as Arc<dyn server::clock::Clock>);
    let jitter: Option<Jitter> = Some(Box::new(of_moments(seed, clockwork.clone())));
    let demo = DemoSettings { clock, token: None, no_rate_limits: true, jitter };
    build_with(config, demo, fly.clone()).unwrap()
}
