//! A running simulator.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::Router;

use crate::{
    StoryTime,
    clock::{Pace, RealTime, StoryClock, SystemTime},
    engine::{Engine, NoSuchStep},
    faults::{FaultId, FaultRule, NoRule, Preset, StandingFault},
    outage::{self, Affected, Outage},
    requests::RequestCounts,
    serve::{Gatekeeper, Listening, listen},
    story::{Story, StoryError},
    timeline::{HistoryEntry, StepReport},
};

/// How a simulator is to run.
pub struct Options {
    /// What it tells.
    pub story: Story,
    /// Whether the clock stands still at the beginning.
    pub paused: bool,
    /// How many times as fast as real time the story plays.
    pub speed: f64,
    /// Where GraphQL and the REST API beside it listen; port 0 takes any free one.
    pub api_addr: SocketAddr,
    /// Where the Machines API listens.
    pub machines_addr: SocketAddr,
    /// Where the control listens.
    pub control_addr: SocketAddr,
    /// Whether the Machines API answers 429 beyond Fly's published limits.
    pub rate_limits: bool,
    /// Routes to add to the control.
    pub control_extra: Option<Router>,
    /// Real time, which moves the story's clock and measures the limits.
    pub real_time: Arc<dyn RealTime>,
}

impl Default for Options {
    /// `failed-deploy-v14`, playing in real time, on free loopback ports, limits on.
    fn default() -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        #[expect(clippy::expect_used, reason = "a test reads every built-in story")]
        let story = Story::embedded("failed-deploy-v14").expect("the built-in story is sound");
        Self {
            story,
            paused: false,
            speed: 1.0,
            api_addr: any,
            machines_addr: any,
            control_addr: any,
            rate_limits: true,
            control_extra: None,
            real_time: Arc::new(SystemTime::default()),
        }
    }
}

/// Why a simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("the {what} cannot listen on {addr}: {source}")]
    Address {
        /// Which of the three.
        what: &'static str,
        /// The address.
        addr: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The control would be reachable from elsewhere.
    #[error("the control listens on loopback only, not on {0}")]
    ControlNotLocal(SocketAddr),
    /// The speed is no speed.
    #[error("the speed is {0}; it must be more than 0")]
    Speed(f64),
    /// The story cannot be played.
    #[error(transparent)]
    Story(#[from] StoryError),
}

/// A simulated Fly.io that listens on three addresses until it is dropped.
pub struct Simulator {
    engine: Arc<Engine>,
    api: Listening,
    machines: Listening,
    control: Listening,
}

impl Simulator {
    /// Starts to listen and to play.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        if !options.control_addr.ip().is_loopback() {
            return Err(StartError::ControlNotLocal(options.control_addr));
        }
        if options.speed.is_nan() || options.speed <= 0.0 {
            return Err(StartError::Speed(options.speed));
        }
        let pace = if options.paused { Pace::Paused } else { Pace::Playing(options.speed) };
        let engine = Engine::new(options.story, pace, options.real_time, options.rate_limits);
        let engine = Arc::new(engine);
        let api = crate::api_router(&engine);
        let machines = crate::machines::router(&engine);
        let mut control = crate::control::router(&engine, options.speed);
        if let Some(extra) = options.control_extra {
            control = control.merge(extra);
        }
        let faulty = |machines| Gatekeeper::Faulty { engine: Arc::clone(&engine), machines };
        Ok(Self {
            api: bind("API", options.api_addr, api, faulty(false)).await?,
            machines: bind("Machines API", options.machines_addr, machines, faulty(true)).await?,
            control: bind("control", options.control_addr, control, Gatekeeper::Open).await?,
            engine,
        })
    }

    /// Base address of GraphQL and the REST API beside it (as `FLY_API_BASE_URL`).
    pub fn api_url(&self) -> String {
        format!("http://{}", self.api.addr)
    }

    /// Base address of the Machines API, without `/v1` (as `FLY_FLAPS_BASE_URL`).
    pub fn machines_url(&self) -> String {
        format!("http://{}", self.machines.addr)
    }

    /// Base address of the control.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control.addr)
    }

    /// The clock of the story.
    pub fn clock(&self) -> StoryClock {
        self.engine.clock.clone()
    }

    /// Goes on to the next moment at which something happens; nothing where there is none.
    pub fn step(&self) -> Option<StepReport> {
        self.engine.step()
    }

    /// Goes to a moment, forth or back. Going back forgets what clients asked for after it.
    pub fn jump(&self, to: StoryTime) {
        self.engine.jump(to);
    }

    /// Goes to a step: 0 is the beginning of the story.
    pub fn jump_to_step(&self, index: usize) -> Result<StepReport, NoSuchStep> {
        self.engine.jump_to_step(index)
    }

    /// Lets the clock stand still.
    pub fn pause(&self) {
        self.engine.clock.set_pace(Pace::Paused);
    }

    /// Lets the clock run.
    pub fn play(&self, speed: f64) {
        self.engine.clock.set_pace(Pace::Playing(speed));
    }

    /// The requests that arrived.
    pub fn requests(&self) -> RequestCounts {
        self.engine.requests.counts()
    }

    /// Forgets the requests that arrived.
    pub fn reset_requests(&self) {
        self.engine.requests.reset();
    }

    /// The values that an object (or every object) had up to now.
    pub fn history(&self, object: Option<&str>) -> Vec<HistoryEntry> {
        self.engine.timeline().history(object, self.engine.clock.now())
    }

    /// Begins or ends an outage.
    pub fn outage(&self, affected: Affected, outage: Outage) {
        outage::set(&self.engine.faults, affected, outage);
    }

    /// Adds a fault; those that are there already stay.
    pub fn add_fault(&self, rule: FaultRule) -> Result<FaultId, NoRule> {
        rule.check()?;
        Ok(self.engine.faults.add(rule))
    }

    /// Adds the faults of a preset, which begin at once.
    pub fn add_preset(&self, preset: Preset) -> Vec<FaultId> {
        preset.rules(0).into_iter().map(|rule| self.engine.faults.add(rule)).collect()
    }

    /// The faults that were added and how often each happened; outages are not among them.
    pub fn faults(&self) -> Vec<StandingFault> {
        self.engine.faults.list()
    }

    /// Takes a fault away. False where there is none of this id.
    pub fn remove_fault(&self, id: FaultId) -> bool {
        self.engine.faults.remove(id)
    }

    /// Takes all faults away; outages stay.
    pub fn clear_faults(&self) {
        self.engine.faults.clear();
    }

    /// Lets a token hold no longer (or again, with false). False where no token has this name.
    pub fn revoke(&self, token_name: &str, revoked: bool) -> bool {
        self.engine.tokens.set_revoked(token_name, revoked)
    }
}

async fn bind(
    what: &'static str,
    addr: SocketAddr,
    router: Router,
    keeper: Gatekeeper,
) -> Result<Listening, StartError> {
    listen(addr, router, keeper).await.map_err(|source| StartError::Address { what, addr, source })
}
