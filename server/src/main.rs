//! The binary `windsock`.

use clap::Parser as _;
use server::cli::{Cli, Command};
use server::config::Config;
use server::state::{DemoSettings, StartError, build};
use server::{check, demo, router, serve, shutdown};
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let demo = matches!(cli.command, Some(Command::Demo(_)));
    let result = start_log(if demo { "warn" } else { "info" }).and_then(|()| run_to_end(cli));
    match result {
        Ok(code) => code,
        Err(message) => {
            // The log may go elsewhere; whoever typed the command must see why it ended.
            let _ = writeln!(std::io::stderr(), "windsock: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run_to_end(cli: Cli) -> Result<ExitCode, String> {
    let runtime = runtime()?;
    let result = runtime.block_on(run(cli));
    // A name that is still being looked up must not hold the process.
    runtime.shutdown_timeout(Duration::from_millis(500));
    result
}

/// At least two workers: with one, as on a machine with one CPU, a render that waits for its own
/// task can stand still.
fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(workers).enable_all().build().map_err(|error| error.to_string())
}

fn start_log(default: &str) -> Result<(), String> {
    let wanted = std::env::var("RUST_LOG").ok().filter(|text| !text.trim().is_empty());
    let text = wanted.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(text).map_err(|error| {
        format!("RUST_LOG is {text:?}: {error}; allowed is a level (info, debug) or TARGET=LEVEL with commas between")
    })?;
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(())
}

async fn run(cli: Cli) -> Result<ExitCode, String> {
    if let Some(Command::Demo(args)) = cli.command {
        return demo::run(args).await.map(|()| ExitCode::SUCCESS).map_err(|error| error.to_string());
    }
    let config = Config::from_lookup(&|name| std::env::var(name).ok()).map_err(|error| error.to_string())?;
    match cli.command {
        Some(Command::Check) => {
            let report = check::check(&config).await.map_err(|error| error.to_string())?;
            let _ = write!(std::io::stdout(), "{}", report.text);
            Ok(if report.well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        _ => serve_console(&config).await.map(|()| ExitCode::SUCCESS).map_err(|error| error.to_string()),
    }
}

async fn serve_console(config: &Config) -> Result<(), StartError> {
    let state = build(config, DemoSettings::default())?;
    let listener = TcpListener::bind(config.addr)
        .await
        .map_err(|source| StartError::Listen { addr: config.addr, source })?;
    shutdown::on_signal(state.shutdown.clone());
    if config.data_dir == server::config::DataDir::Memory {
        tracing::warn!("sessions are kept in memory only: everybody signs in again after a restart");
    }
    if state.assets.wasm.is_none() {
        tracing::warn!(
            "built without the browser's files: pages are not live; build with `cargo xtask build`"
        );
    }
    tracing::info!(addr = %config.addr, build = state.build, "listening");
    let stop = state.shutdown.clone();
    serve::serve(listener, router::router(state), stop, serve::Limits::default()).await;
    Ok(())
}
