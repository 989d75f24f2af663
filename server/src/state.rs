//! What every request handler can reach.

use crate::assets;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, DataDir, PublicUrl, TrustedProxy};
use crate::limits::{ClientLimits, Clients};
use crate::live::sequence::Sequence;
use crate::live::{Hub, HubOptions};
use crate::session::{ActiveSession, SessionId, Sessions, Vault, VaultError};
use crate::upstream::Upstream;
use app::assets::Assets;
use fly::{FlyClient, FlyToken, Limits, RetryPolicy};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// How many pages are rendered at the same time; more wait for their turn.
const RENDERS: usize = 64;
/// How long a session may outlive its time.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The addresses of Fly's APIs cannot be used.
    #[error("FLY_API_BASE_URL or FLY_FLAPS_BASE_URL: {0}")]
    Endpoints(#[from] fly::ConfigError),
    /// The data folder cannot be used.
    #[error("WINDSOCK_DATA_DIR: {0}")]
    Data(#[from] VaultError),
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness: {0}")]
    Randomness(#[from] getrandom::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address.
        addr: std::net::SocketAddr,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The demo's simulator cannot start.
    #[error("the simulator cannot start: {0}")]
    Simulator(String),
}

/// What the demo changes.
#[derive(Default)]
pub struct DemoSettings {
    /// The story's clock instead of the machine's.
    pub clock: Option<Arc<dyn Clock>>,
    /// The token that the sign-in page fills in.
    pub token: Option<String>,
    /// Whether the simulated Fly may be asked as often as one likes.
    pub no_rate_limits: bool,
    /// Numbers in 0..1 that spread the polls, in place of the operating system's randomness.
    pub jitter: Option<Jitter>,
}

/// Gives numbers in 0..1.
pub type Jitter = Box<dyn Fn() -> f64 + Send + Sync>;

/// What every request handler can reach.
pub struct State {
    /// Whether people come by https.
    pub https: bool,
    /// The origin people use.
    pub public_url: Option<PublicUrl>,
    /// Whose forwarding headers are believed.
    pub trusted_proxy: TrustedProxy,
    /// Fly.
    pub upstream: Arc<dyn Upstream>,
    /// All watches.
    pub hub: Hub,
    /// All sessions.
    pub sessions: Arc<Sessions>,
    /// The session of everybody, with `FLY_API_TOKEN`.
    pub shared: Option<ActiveSession>,
    /// Where the pages find the browser's files.
    pub assets: Assets,
    /// Names this build.
    pub build: String,
    /// The token that the demo's sign-in page fills in.
    pub demo_token: Option<String>,
    /// What each client has taken.
    pub clients: Clients,
    /// Limits how many pages are rendered at the same time.
    pub renders: Arc<Semaphore>,
    /// Ends all streams and the server.
    pub shutdown: CancellationToken,
}

/// Shared by all handlers.
pub type AppState = Arc<State>;

/// Builds everything from the configuration. Must be called inside of a tokio runtime.
pub fn build(config: &Config, demo: DemoSettings) -> Result<AppState, StartError> {
    let upstream = Arc::new(fly_client(config, &demo)?);
    build_with(config, demo, upstream)
}

/// The same, with another Fly.
pub fn build_with(
    config: &Config,
    demo: DemoSettings,
    upstream: Arc<dyn Upstream>,
) -> Result<AppState, StartError> {
    // Leptos spawns on tokio from here on; a second call changes nothing.
    let _ = any_spawner::Executor::init_tokio();
    let vault = match &config.data_dir {
        DataDir::Memory => None,
        DataDir::At(folder) => Some(Vault::open(folder, config.secret_key.as_ref())?),
    };
    let shutdown = CancellationToken::new();
    // Sessions live by real time, even while a story's clock runs faster.
    let sessions = Arc::new(Sessions::open(vault, Arc::new(SystemClock))?);
    tokio::spawn(sweep(sessions.clone(), shutdown.clone()));
    let hub = Hub::new(HubOptions {
        upstream: upstream.clone(),
        clock: demo.clock.unwrap_or_else(|| Arc::new(SystemClock)),
        epoch: Sequence::random_epoch()?,
        shutdown: shutdown.clone(),
        on_refused: Box::new({
            let sessions = sessions.clone();
            move |token| sessions.end_all_of(token)
        }),
        jitter: demo.jitter.unwrap_or_else(|| Box::new(random_fraction)),
    });
    Ok(Arc::new(State {
        https: config.is_https(),
        public_url: config.public_url.clone(),
        trusted_proxy: config.trusted_proxy.clone(),
        upstream,
        hub,
        sessions,
        shared: config.shared_token.clone().map(shared_session).transpose()?,
        assets: assets::assets(),
        build: assets::build_id(),
        demo_token: demo.token,
        clients: Clients::new(ClientLimits::default()),
        renders: Arc::new(Semaphore::new(RENDERS)),
        shutdown,
    }))
}

fn fly_client(config: &Config, demo: &DemoSettings) -> Result<FlyClient, fly::ConfigError> {
    let usual = Limits::default();
    let limits = Limits { turn: usual.turn.filter(|_| !demo.no_rate_limits), ..usual };
    FlyClient::with_limits(config.endpoints.clone(), limits, RetryPolicy::default())
}

/// Ends sessions whose time is over while nobody asks for them.
async fn sweep(sessions: Arc<Sessions>, shutdown: CancellationToken) {
    while tokio::time::timeout(SWEEP_EVERY, shutdown.cancelled()).await.is_err() {
        sessions.sweep();
    }
}

fn shared_session(token: FlyToken) -> Result<ActiveSession, getrandom::Error> {
    let key = SessionId::random()?.key();
    Ok(ActiveSession { key, token, viewer: "FLY_API_TOKEN".to_owned(), ended: CancellationToken::new() })
}

/// Spreads polls; not worth an error.
fn random_fraction() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}
