//! A Fly that a test scripts, and a reader of streams.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "shared by tests, each of which uses a part"
)]

use async_trait::async_trait;
use fly::{Fetched, FlyError, FlyToken, LogPage, LogQuery, Viewer as FlyViewer};
use model::app::InstanceCounts;
use model::machine::MachineDetail;
use model::releases::Place;
use model::samples;
use model::{
    App, AppFacts, AppLogLine, AppName, AppSummary, Instance, InstanceFacts, InstanceId, Lease, OrgSlug,
    Process, Release, ReleaseFacts, ReleaseVersion, ReleasesView, Timestamp,
};
use server::clock::Clock;
use server::live::stream::Stream;
use server::live::{Hub, HubOptions};
use server::upstream::{OrgNews, Upstream};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What the scripted Fly answers.
#[derive(Clone)]
pub enum Script {
    Restarts(u32),
    Facts(Box<AppFacts>),
    WithoutInstances,
    /// Without instances, since Fly asks to wait so long for them.
    InstancesLimitedFor(Duration),
    Fails(FlyError),
    Panics,
}

/// What a scripted Fly tells of single machines, and how often it was asked for each.
pub struct OfMachines {
    pub machines: Mutex<HashMap<InstanceId, Result<MachineDetail, FlyError>>>,
    /// All lines of the log; the place to go on from counts them. An answer holds a hundred at most.
    pub log: Mutex<Result<Vec<AppLogLine>, FlyError>>,
    /// Whether answers leave out where to go on.
    pub tells_no_place: AtomicBool,
    pub processes: Mutex<Result<Vec<Process>, FlyError>>,
    counts: Mutex<HashMap<&'static str, usize>>,
}

impl Default for OfMachines {
    fn default() -> Self {
        Self {
            machines: Mutex::default(),
            log: Mutex::new(Ok(Vec::new())),
            tells_no_place: AtomicBool::new(false),
            processes: Mutex::new(Ok(Vec::new())),
            counts: Mutex::default(),
        }
    }
}

impl OfMachines {
    fn asked(&self, what: &'static str) {
        *self.counts.lock().unwrap().entry(what).or_default() += 1;
    }

    pub fn count(&self, what: &str) -> usize {
        self.counts.lock().unwrap().get(what).copied().unwrap_or_default()
    }
}

/// A scripted Fly that counts.
pub struct ScriptedFly {
    pub script: Mutex<Script>,
    pub denied: Mutex<Vec<(FlyToken, FlyError)>>,
    pub data_polls: AtomicUsize,
    pub proofs: AtomicUsize,
    /// The list of apps, and what the cheaper question about it brings.
    pub list: Mutex<Vec<AppSummary>>,
    pub org_news: Mutex<OrgNews>,
    pub cheap_questions: AtomicUsize,
    /// Apps that do not follow the script: how often their instance was restarted.
    pub apps: Mutex<HashMap<AppName, u32>>,
    /// The newest release of the app, and its status.
    pub newest: Mutex<(u32, &'static str)>,
    /// How often a release was asked for.
    pub release_polls: AtomicUsize,
    /// The tokens that apps were polled with.
    pub used: Mutex<Vec<FlyToken>>,
    /// What is told of single machines.
    pub of_machines: OfMachines,
    /// A poll of an app takes a permit; a test that closes the gate decides when it goes on.
    pub gate: tokio::sync::Semaphore,
}

impl ScriptedFly {
    pub fn new(script: Script) -> Arc<Self> {
        Arc::new(Self {
            script: Mutex::new(script),
            denied: Mutex::default(),
            data_polls: AtomicUsize::new(0),
            proofs: AtomicUsize::new(0),
            list: Mutex::default(),
            org_news: Mutex::new(OrgNews::Unknown),
            cheap_questions: AtomicUsize::new(0),
            apps: Mutex::default(),
            newest: Mutex::new((2, "complete")),
            release_polls: AtomicUsize::new(0),
            used: Mutex::default(),
            of_machines: OfMachines::default(),
            gate: tokio::sync::Semaphore::new(1_000_000),
        })
    }

    pub fn set(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }

    pub fn deny(&self, token: &FlyToken) {
        self.answer(token, FlyError::NotFound { request_id: None });
    }

    /// What this token gets from now on.
    pub fn answer(&self, token: &FlyToken, error: FlyError) {
        self.denied.lock().unwrap().push((token.clone(), error));
    }

    pub fn polls(&self) -> usize {
        self.data_polls.load(Ordering::SeqCst)
    }

    pub fn questions(&self) -> usize {
        self.proofs.load(Ordering::SeqCst)
    }

    fn admit(&self, token: &FlyToken) -> Result<(), FlyError> {
        let denied = self.denied.lock().unwrap();
        if let Some((_, error)) = denied.iter().find(|(one, _)| one.fingerprint() == token.fingerprint()) {
            return Err(error.clone());
        }
        match &*self.script.lock().unwrap() {
            Script::Fails(error) => Err(error.clone()),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Upstream for ScriptedFly {
    async fn viewer(&self, _: &FlyToken) -> Result<FlyViewer, FlyError> {
        Err(FlyError::Timeout)
    }

    async fn can_see(&self, token: &FlyToken, _: &AppName) -> Result<(), FlyError> {
        self.proofs.fetch_add(1, Ordering::SeqCst);
        self.admit(token)
    }

    async fn apps(&self, token: &FlyToken) -> Result<Fetched<Vec<AppSummary>>, FlyError> {
        self.data_polls.fetch_add(1, Ordering::SeqCst);
        self.admit(token)?;
        Ok(Fetched::of(self.list.lock().unwrap().clone(), vec![]))
    }

    async fn org_news(
        &self,
        token: &FlyToken,
        organizations: &[OrgSlug],
        _: Timestamp,
    ) -> Result<OrgNews, FlyError> {
        self.cheap_questions.fetch_add(organizations.len(), Ordering::SeqCst);
        self.admit(token)?;
        Ok(*self.org_news.lock().unwrap())
    }

    async fn app_facts(&self, token: &FlyToken, app: &AppName) -> Result<Fetched<AppFacts>, FlyError> {
        self.data_polls.fetch_add(1, Ordering::SeqCst);
        self.used.lock().unwrap().push(token.clone());
        self.gate.acquire().await.unwrap().forget();
        self.admit(token)?;
        if let Some(restarts) = self.apps.lock().unwrap().get(app) {
            return Ok(Fetched::of(facts(app.clone(), Some(*restarts)), vec![]));
        }
        if matches!(*self.script.lock().unwrap(), Script::Panics) {
            panic!("a poll panics on purpose");
        }
        let (restarts, missing) = match &*self.script.lock().unwrap() {
            Script::Facts(facts) => return Ok(Fetched::of(AppFacts::clone(facts), vec![])),
            Script::Restarts(restarts) => (Some(*restarts), vec![]),
            _ => (None, vec!["instances".to_owned()]),
        };
        let retry_after = match *self.script.lock().unwrap() {
            Script::InstancesLimitedFor(wait) => Some(wait),
            _ => None,
        };
        Ok(Fetched { value: facts(app.clone(), restarts), missing, retry_after, why: None })
    }

    async fn releases(
        &self,
        token: &FlyToken,
        app: &AppName,
        place: Option<&Place>,
    ) -> Result<Fetched<ReleasesView>, FlyError> {
        self.admit(token)?;
        let (newest, status) = *self.newest.lock().unwrap();
        let view = ReleasesView {
            app: app.clone(),
            releases: vec![release(newest, status)],
            older: place.is_none().then(|| "MjU".parse().unwrap()),
        };
        Ok(Fetched::of(view, vec![]))
    }

    async fn release_facts(
        &self,
        token: &FlyToken,
        app: &AppName,
        version: ReleaseVersion,
    ) -> Result<Fetched<ReleaseFacts>, FlyError> {
        self.release_polls.fetch_add(1, Ordering::SeqCst);
        self.admit(token)?;
        let (newest, status) = *self.newest.lock().unwrap();
        let told = match version.0.cmp(&newest) {
            std::cmp::Ordering::Less => Some(release(version.0, "complete")),
            std::cmp::Ordering::Equal => Some(release(newest, status)),
            std::cmp::Ordering::Greater => None,
        };
        let facts = ReleaseFacts {
            release: told,
            newest: Some(release(newest, status)),
            ..ReleaseFacts::of(app.clone(), version)
        };
        Ok(Fetched::of(facts, vec![]))
    }

    async fn machine(&self, _: &FlyToken, _: &AppName, id: &InstanceId) -> Result<MachineDetail, FlyError> {
        self.of_machines.asked("machine");
        let machines = self.of_machines.machines.lock().unwrap();
        machines.get(id).cloned().unwrap_or(Err(FlyError::NotFound { request_id: None }))
    }

    async fn logs(&self, _: &FlyToken, _: &AppName, query: &LogQuery) -> Result<LogPage, FlyError> {
        self.of_machines.asked("logs");
        self.of_machines.log.lock().unwrap().clone().map(|lines| {
            let newest = lines.len().saturating_sub(100);
            let from: usize = query.after.as_ref().map_or(newest, |after| after.token().parse().unwrap());
            let until = lines.len().min(from + 100);
            let next = Some(until.to_string().as_str().into());
            let next = next.filter(|_| !self.of_machines.tells_no_place.load(Ordering::SeqCst));
            LogPage { lines: lines[from..until].to_vec(), next, unreadable: 0 }
        })
    }

    async fn processes(&self, _: &FlyToken, _: &AppName, _: &InstanceId) -> Result<Vec<Process>, FlyError> {
        self.of_machines.asked("processes");
        self.of_machines.processes.lock().unwrap().clone()
    }

    async fn lease(&self, _: &FlyToken, _: &AppName, _: &InstanceId) -> Result<Option<Lease>, FlyError> {
        self.of_machines.asked("lease");
        Ok(None)
    }
}

/// An app with one instance that was restarted so many times.
pub fn facts(name: AppName, restarts: Option<u32>) -> AppFacts {
    let instances =
        restarts.map(|restarts| InstanceFacts::of(Instance { restarts, ..samples::instance("e80d7fbd") }));
    let app = App { name, ..samples::app("a") };
    AppFacts { instances: instances.into_iter().collect(), ..AppFacts::of(app) }
}

/// A release that was made with the beginning of time.
pub fn release(version: u32, status: &str) -> Release {
    Release { reason: "deploy".into(), ..samples::release(version, status) }
}

/// A row of the list, of an app on Machines.
pub fn summary(name: &str, up: u32) -> AppSummary {
    AppSummary {
        instances: Some(InstanceCounts { total: up, up, unhealthy: 0, pending: 0 }),
        ..samples::summary(name)
    }
}

/// The time of tokio's clock, which tests pause.
pub struct TestClock(pub tokio::time::Instant);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(i64::try_from(self.0.elapsed().as_millis()).unwrap())
    }
}

pub struct World {
    pub fly: Arc<ScriptedFly>,
    pub hub: Hub,
    pub shutdown: CancellationToken,
    pub refused: Arc<AtomicUsize>,
}

/// A hub over a scripted Fly.
pub fn world(script: Script) -> World {
    let fly = ScriptedFly::new(script);
    let shutdown = CancellationToken::new();
    let refused = Arc::new(AtomicUsize::new(0));
    let hub = Hub::new(HubOptions {
        upstream: fly.clone(),
        clock: Arc::new(TestClock(tokio::time::Instant::now())),
        epoch: "test".into(),
        shutdown: shutdown.clone(),
        on_refused: Box::new({
            let refused = refused.clone();
            move |_| {
                refused.fetch_add(1, Ordering::SeqCst);
            }
        }),
        jitter: Box::new(|| 0.0),
    });
    World { fly, hub, shutdown, refused }
}

pub fn token(text: &str) -> FlyToken {
    FlyToken::parse(text).unwrap()
}

/// One event as it stood on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    pub event: String,
    pub id: Option<String>,
    pub data: String,
}

/// Reads the wire form of a stream, event by event.
pub struct Frames {
    stream: Stream,
}

impl Frames {
    pub fn of(stream: Stream) -> Self {
        Self { stream }
    }

    /// The next event; none at the end. Fails the test after a minute of (paused) time.
    pub async fn next(&mut self) -> Option<Frame> {
        let next = tokio::time::timeout(Duration::from_secs(60), self.stream.next());
        let bytes = next.await.expect("no event came")?.frame();
        Some(parse(std::str::from_utf8(&bytes).unwrap()))
    }

    /// The next event that is not a sign of life.
    pub async fn news(&mut self) -> Option<Frame> {
        loop {
            match self.next().await {
                Some(frame) if frame.event == "ping" => {}
                other => return other,
            }
        }
    }
}

pub fn parse(text: &str) -> Frame {
    let mut frame = Frame::default();
    for line in text.lines() {
        match line.split_once(':').map(|(name, value)| (name, value.trim_start())) {
            Some(("event", value)) => value.clone_into(&mut frame.event),
            Some(("id", value)) => frame.id = Some(value.to_owned()),
            Some(("data", value)) => frame.data.push_str(value),
            _ => {}
        }
    }
    frame
}
