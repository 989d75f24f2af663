//! `windsock demo`: the console with a simulated Fly.io inside.

use crate::cli::DemoArgs;
use crate::config::{Config, ConfigError};
use crate::live::Hub;
use crate::router::router;
use crate::serve::{Limits, serve};
use crate::shutdown;
use crate::state::{DemoSettings, StartError, build};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use fly::Endpoints;
use serde::Serialize;
use simulator::{Options, Preset, Simulator, Story, tokens};
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use tokio::net::TcpListener;

const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// What the demo tells who started it.
#[derive(Serialize)]
struct Announcement {
    url: String,
    control: String,
    token: &'static str,
    story: String,
    /// Names of the faults that were asked for.
    faults: Vec<String>,
}

/// Runs until it is stopped.
pub async fn run(args: DemoArgs) -> Result<(), StartError> {
    let hub: Arc<OnceLock<Hub>> = Arc::default();
    let simulator = start_simulator(&args, hub.clone()).await?;
    let listener = listen(args.addr).await?;
    let addr = listener.local_addr().map_err(|source| StartError::Listen { addr: USUAL, source })?;
    let config = config(addr, &simulator).map_err(|error| StartError::Simulator(error.to_string()))?;
    let settings = DemoSettings {
        clock: Some(Arc::new(simulator.clock())),
        token: Some(tokens::DEMO.to_owned()),
        // As the simulator itself, see below.
        no_rate_limits: args.paused,
        jitter: None,
    };
    let state = build(&config, settings)?;
    let _ = hub.set(state.hub.clone());
    shutdown::on_signal(state.shutdown.clone());
    let announcement = Announcement {
        url: format!("http://{addr}"),
        control: simulator.control_url(),
        token: tokens::DEMO,
        story: args.story,
        faults: args.faults,
    };
    announce(&announcement, args.json);
    let stop = state.shutdown.clone();
    serve(listener, router(state), stop, Limits::default()).await;
    Ok(())
}

async fn start_simulator(args: &DemoArgs, hub: Arc<OnceLock<Hub>>) -> Result<Simulator, StartError> {
    let story = Story::embedded(&args.story).map_err(|error| StartError::Simulator(error.to_string()))?;
    let poll = move || async move {
        if let Some(hub) = hub.get() {
            hub.poll_now().await;
        }
        StatusCode::NO_CONTENT
    };
    let options = Options {
        story,
        paused: args.paused,
        speed: args.speed,
        control_addr: args.control_addr,
        // A story that stands still is stepped by a test, which may ask as often as it likes.
        rate_limits: !args.paused,
        control_extra: Some(Router::new().route("/_windsock/poll", post(poll))),
        ..Options::default()
    };
    let started = Simulator::start(options).await;
    let simulator = started.map_err(|error| StartError::Simulator(error.to_string()))?;
    add_faults(&simulator, args)?;
    Ok(simulator)
}

fn add_faults(simulator: &Simulator, args: &DemoArgs) -> Result<(), StartError> {
    let presets = args.faults.iter().filter_map(|name| Preset::named(name));
    for rule in presets.flat_map(|preset| preset.rules(args.fault_after.saturating_mul(1_000))) {
        simulator.add_fault(rule).map_err(|error| StartError::Simulator(error.to_string()))?;
    }
    Ok(())
}

/// The demo's own configuration: nothing of the environment, nothing on disk.
fn config(addr: SocketAddr, simulator: &Simulator) -> Result<Config, ConfigError> {
    let mut config = Config::from_lookup(&|_| None)?;
    config.addr = addr;
    config.endpoints = Endpoints { api: simulator.api_url(), machines: simulator.machines_url() };
    Ok(config)
}

async fn listen(wanted: Option<SocketAddr>) -> Result<TcpListener, StartError> {
    let addr = wanted.unwrap_or(USUAL);
    match (TcpListener::bind(addr).await, wanted) {
        (Err(taken), None) if taken.kind() == std::io::ErrorKind::AddrInUse => {
            let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            TcpListener::bind(free).await.map_err(|source| StartError::Listen { addr: free, source })
        }
        (bound, _) => bound.map_err(|source| StartError::Listen { addr, source }),
    }
}

fn announce(what: &Announcement, json: bool) {
    let text = if json {
        serde_json::to_string(what).unwrap_or_default()
    } else {
        let Announcement { url, control, token, story, faults } = what;
        let faults = if faults.is_empty() {
            String::new()
        } else {
            format!("  fault  {}   (all faults: {control}/_story/faults)\n", faults.join(", "))
        };
        format!(
            "\n  Windsock demo, story {story}: a simulated Fly.io, no account needed\n\n  \
             open   {url}\n  token  {token}   (the sign-in page has it filled in)\n  \
             story  {control}/_story/list\n{faults}\n  Ctrl-C stops it.\n"
        )
    };
    // A closed standard output is no reason to stop serving.
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
