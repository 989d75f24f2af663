//! The whole console in this process, with a simulated Fly.io behind it over HTTP.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "shared by tests, each of which uses a part"
)]

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use server::config::Config;
use server::router::router;
use server::state::{AppState, DemoSettings, build};
use simulator::{Options, Simulator, Story};
use std::sync::Arc;
use tower::ServiceExt;

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The console and its Fly.
pub struct Console {
    pub router: Router,
    pub simulator: Simulator,
    pub state: AppState,
    config: Config,
}

impl Console {
    /// Starts both; the story stands still at its beginning.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts both with some environment variables.
    pub async fn with(variables: &[(&str, &str)]) -> Self {
        Self::telling("failed-deploy-v14", variables).await
    }

    /// Starts both with another story.
    pub async fn telling(story: &str, variables: &[(&str, &str)]) -> Self {
        Self::playing(Story::embedded(story).unwrap(), variables).await
    }

    /// Starts both with a story that is not built in.
    pub async fn playing(story: Story, variables: &[(&str, &str)]) -> Self {
        Self::of(Options { story, ..Options::default() }, variables).await
    }

    /// Starts both with other options of the simulator; the story stands still at its beginning.
    pub async fn of(options: Options, variables: &[(&str, &str)]) -> Self {
        let options = Options { paused: true, rate_limits: false, ..options };
        let simulator = Simulator::start(options).await.unwrap();
        let (api, machines) = (simulator.api_url(), simulator.machines_url());
        let config = Config::from_lookup(&|name| match name {
            "FLY_API_BASE_URL" => Some(api.clone()),
            "FLY_FLAPS_BASE_URL" => Some(machines.clone()),
            _ => variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        })
        .unwrap();
        let state = begin(&config, &simulator);
        Self { router: router(state.clone()), simulator, state, config }
    }

    /// Ends the server and begins another, as after a crash: nothing is kept but the configuration.
    pub fn restart(&mut self) {
        self.state.shutdown.cancel();
        self.state = begin(&self.config, &self.simulator);
        self.router = router(self.state.clone());
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// A request whose answer has no end: only its head is read.
    pub async fn head_of(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Body) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, body)
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(get(path, cookie)).await
    }

    /// Posts a form as a page of ours does.
    pub async fn post(&self, path: &str, form: &str, cookie: &str) -> Answer {
        let request = Request::post(path)
            .header(HOST, "127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookie)
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// Signs in and returns the cookie.
    pub async fn signed_in(&self, token: &str) -> String {
        let answer = self.post("/sign-in", &format!("token={token}"), "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        cookie_of(&answer)
    }

    /// Lets the story go on to this moment and the console see it.
    pub async fn at(&self, moment: &str) {
        self.simulator.jump(simulator::StoryTime::parse(moment).unwrap());
        self.state.hub.poll_now().await;
    }
}

fn begin(config: &Config, simulator: &Simulator) -> AppState {
    build(
        config,
        DemoSettings {
            clock: Some(Arc::new(simulator.clock())),
            token: None,
            no_rate_limits: true,
            jitter: None,
        },
    )
    .unwrap()
}

/// A GET as a browser sends it to a loopback address.
pub fn get(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path).header(HOST, "127.0.0.1:8080").header(COOKIE, cookie).body(Body::empty()).unwrap()
}

/// The name and value of the cookie that an answer sets.
pub fn cookie_of(answer: &Answer) -> String {
    let set = answer.headers.get(SET_COOKIE).expect("no cookie was set").to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}
