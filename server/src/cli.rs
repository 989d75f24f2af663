//! The command line.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;

/// A live web console for apps on Fly.io.
///
/// Configured by environment variables: see docs/operating.md.
#[derive(Debug, Parser)]
#[command(name = "windsock", version)]
pub struct Cli {
    /// What to do; serves when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the console (the default).
    Serve,
    /// Serve the console with a simulated Fly.io inside: no account, no network.
    Demo(DemoArgs),
    /// Check the configuration and whether Fly can be reached.
    Check,
}

/// How the demo plays.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// The story to play.
    #[arg(long, default_value = "failed-deploy-v14", value_parser = clap::builder::PossibleValuesParser::new(simulator::Story::names()))]
    pub story: String,
    /// How much faster than life.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// Where the console listens; any free port if this one is taken and none was asked for.
    #[arg(long)]
    pub addr: Option<SocketAddr>,
    /// Where the story's control listens.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub control_addr: SocketAddr,
    /// Begin with the story standing still.
    #[arg(long)]
    pub paused: bool,
    /// Print one line of JSON with the addresses and the token, for scripts.
    #[arg(long)]
    pub json: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "that is not a number".to_owned())?;
    if (0.1..=1_000.0).contains(&speed) { Ok(speed) } else { Err("allowed is 0.1 to 1000".to_owned()) }
}
