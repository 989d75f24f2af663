//! `cargo xtask bench`: what is measured, its limits, and the tables in `docs/`.

mod consoles;
mod diagnosis;
mod fleet;
mod idle;
mod in_browser;
mod live;
mod load;
mod paint;
mod samples;
mod saved;
mod weight;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::workspace::Workspace;

/// One thing that is measured. A new one is a module beside `weight` and a line here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// The bytes of the first load, compressed.
    Weight,
    /// Precision and recall of the diagnosis over its scenarios.
    Diagnosis,
    /// Many streams on one server: memory, delay and CPU, beside other servers in the same run.
    Live,
    /// In a browser: the first load of the app page, beside a file with the same HTML.
    Load,
    /// In a browser: what an open page costs while nothing changes, while much does, and over an hour.
    Idle,
    /// In a browser: from what Fly tells to the painted cell; the bytes of a change.
    Paint,
    /// In a browser: the list of 5,000 apps, its first rows and typing into its search.
    Fleet,
    /// The bytes of others' consoles, as their registry has them.
    Consoles,
}

/// What a bench found.
struct Finding {
    /// Markdown, printed and saved.
    table: String,
    /// Why it is not good enough, when it is not.
    over_limit: Option<String>,
}

/// Runs the named benches, or all; fails when one is over its limit.
pub(crate) fn run(workspace: &Workspace, benches: &[Bench], save: bool, streams: u32) -> Result<ExitCode> {
    let chosen = if benches.is_empty() { Bench::value_variants() } else { benches };
    let mut code = ExitCode::SUCCESS;
    for bench in chosen {
        let finding = bench.measure(workspace, streams)?;
        println!("{}", finding.table);
        if save {
            let path = workspace.root().join(bench.document());
            saved::update(&path, bench.mark(), &finding.table)?;
            println!("saved in {}", path.display());
        }
        if let Some(reason) = finding.over_limit {
            eprintln!("{reason}");
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// The weight of the site that is there, as a check.
pub(crate) fn check_weight(workspace: &Workspace) -> Result<()> {
    let finding = weight::measure(&workspace.site())?;
    println!("{}", finding.table);
    match finding.over_limit {
        Some(reason) => bail!(reason),
        None => Ok(()),
    }
}

impl Bench {
    /// The name in the marks around the saved table.
    const fn mark(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Diagnosis => "diagnosis",
            Self::Live => "live",
            Self::Load => "load",
            Self::Idle => "idle",
            Self::Paint => "paint",
            Self::Fleet => "fleet",
            Self::Consoles => "consoles",
        }
    }

    /// The document that keeps the table.
    const fn document(self) -> &'static str {
        match self {
            Self::Diagnosis => "docs/diagnosis.md",
            _ => "docs/performance.md",
        }
    }

    fn measure(self, workspace: &Workspace, streams: u32) -> Result<Finding> {
        match self {
            Self::Weight => weight::measure(&workspace.site()),
            Self::Diagnosis => diagnosis::measure(workspace),
            Self::Live => live::measure(workspace, streams),
            Self::Load => load::measure(workspace),
            Self::Idle => idle::measure(workspace),
            Self::Paint => paint::measure(workspace),
            Self::Fleet => fleet::measure(workspace),
            Self::Consoles => consoles::measure(workspace),
        }
    }
}
