//! `cargo xtask`: builds, runs, tests and measures Windsock; `cargo xtask help` lists the commands.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask is a command-line tool: what it prints is its result"
)]

mod assets;
mod bench;
mod browser;
mod cargo;
mod chaos;
mod chromium;
mod demo;
mod deployment;
mod dev;
mod e2e;
mod fuzz;
mod image_check;
mod image_root;
mod npm;
mod packages;
mod peers;
mod process;
mod server;
mod signals;
mod site;
mod style;
mod test;
mod wasm_toolchain;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, runs, tests and measures Windsock.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the browser half and the server into one binary, `windsock`.
    Build {
        /// Optimize the server (the browser half always is).
        #[arg(long)]
        release: bool,
    },
    /// Build and run the demo: a simulated Fly.io and Windsock in front of it. No account needed.
    Demo {
        /// Handed to `windsock demo`, such as `--story NAME` or `--speed N`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run the demo, and build and restart it whenever a source file changes.
    Dev {
        /// Handed to `windsock demo`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run the browser tests with a real Chromium.
    E2e {
        /// Handed to `playwright test`, such as `--project no-js` or a file name.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Take pictures of every page in every state, in both themes and sizes, into target/shots.
    Shots {
        /// Take the pictures of docs/images instead.
        #[arg(long)]
        docs: bool,
        /// Handed to `playwright test`, such as `--grep release`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run every check and every test.
    Test {
        /// Run only these steps (may be given more than once).
        #[arg(long, value_enum)]
        only: Vec<test::Step>,
        /// Instead run public clients of Fly, which nobody here wrote, against the simulator.
        #[arg(long, conflicts_with = "only")]
        peers: bool,
    },
    /// Let Fly, viewers and the server fail at random while a story plays, and check afterwards that
    /// every value a viewer was shown was true, in that order, and at the moment that was named.
    Chaos {
        /// For how long; the lap under way is played to its end.
        #[arg(long, default_value_t = 5)]
        minutes: u64,
        /// Where the randomness begins; each lap takes the next one.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Only the laps on a stopped clock, or only those in real time through the proxy.
        #[arg(long, value_enum)]
        laps: Option<chaos::Laps>,
    },
    /// Measure, and fail when a limit is passed.
    Bench {
        /// What to measure; everything when none is named.
        #[arg(value_enum)]
        benches: Vec<bench::Bench>,
        /// Write the results into docs/performance.md.
        #[arg(long)]
        save: bool,
        /// How many streams `live` opens.
        #[arg(long, default_value_t = 10_000)]
        streams: u32,
    },
    /// Try the decoders of Fly's answers with answers that were changed, cut and made up.
    Fuzz {
        /// How many answers.
        #[arg(long, default_value_t = 1_000_000)]
        cases: u32,
    },
    /// Make the file tree of the container image from a release build.
    ImageRoot {
        /// The folder to fill.
        directory: PathBuf,
        /// Afterwards run the binary from the tree as the image's user and probe it.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = signals::install().and_then(|()| run(cli.task));
    signals::hold_when_ending();
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::find()?;
    match task {
        Task::Build { release } => {
            let profile = server::Profile::from_release_flag(release);
            let binary = server::build_everything(&workspace, profile)?;
            println!("built {}", binary.display());
            Ok(ExitCode::SUCCESS)
        }
        Task::Demo { arguments } => demo::run(&workspace, &arguments),
        Task::Dev { arguments } => dev::run(&workspace, &arguments),
        Task::E2e { arguments } => e2e::run(&workspace, &arguments),
        Task::Shots { docs, arguments } => e2e::shots(&workspace, docs, &arguments),
        Task::Test { peers: true, .. } => peers::run(&workspace),
        Task::Test { only, .. } => Ok(test::run(&workspace, &only)),
        Task::Chaos { minutes, seed, laps } => {
            chaos::run(&workspace, minutes, seed, laps)?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Bench { benches, save, streams } => bench::run(&workspace, &benches, save, streams),
        Task::Fuzz { cases } => fuzz::run(&workspace, cases),
        Task::ImageRoot { directory, check } => {
            let image = image_root::build(&workspace, &directory)?;
            if check {
                image_check::run(&workspace, &image)?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
