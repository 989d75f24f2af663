//! The command line.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand};
use simulator::Preset;
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
    #[arg(long, default_value = "failed-deploy-v14", value_parser = PossibleValuesParser::new(simulator::Story::names()))]
    pub story: String,
    /// What goes wrong with Fly; can be given several times.
    #[arg(long = "fault", value_name = "FAULT", value_parser = presets())]
    pub faults: Vec<String>,
    /// Seconds until it begins to go wrong: time to sign in.
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub fault_after: u64,
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

/// The presets of the simulator, each with what it does.
fn presets() -> PossibleValuesParser {
    PossibleValuesParser::new(Preset::ALL.iter().map(|one| PossibleValue::new(one.name).help(one.about)))
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "that is not a number".to_owned())?;
    if (0.1..=1_000.0).contains(&speed) { Ok(speed) } else { Err("allowed is 0.1 to 1000".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn demo(args: &[&str]) -> Result<DemoArgs, String> {
        let args = ["windsock", "demo"].iter().chain(args);
        match Cli::try_parse_from(args).map_err(|error| error.to_string())?.command {
            Some(Command::Demo(args)) => Ok(args),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn faults_can_be_given_several_times() {
        let args =
            demo(&["--fault", "slow-fly", "--fault", "region-missing", "--fault-after", "30"]).unwrap();
        assert_eq!(args.faults, ["slow-fly", "region-missing"]);
        assert_eq!(args.fault_after, 30);
        assert!(demo(&[]).unwrap().faults.is_empty());
    }

    #[test]
    fn an_unknown_fault_is_refused_with_the_list() {
        let refused = demo(&["--fault", "fly-explodes"]).unwrap_err();
        assert!(refused.contains("fly-explodes"), "{refused}");
        for preset in Preset::ALL {
            assert!(refused.contains(preset.name), "{refused}");
        }
    }

    #[test]
    fn the_help_tells_every_fault_with_its_sentence() {
        let mut cli = Cli::command();
        let help = cli.find_subcommand_mut("demo").unwrap().render_long_help().to_string();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for preset in Preset::ALL {
            let about = words(preset.about);
            assert!(words(&help).contains(&format!("{}: {about}", preset.name)), "{}: {help}", preset.name);
        }
    }
}
