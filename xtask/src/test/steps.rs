//! The steps, in the order in which they run: the cheap ones first.

use std::fs;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::counts::Counts;
use super::dependency_rule;
use crate::cargo::cargo;
use crate::wasm_toolchain::{self, TARGET};
use crate::workspace::Workspace;
use crate::{bench, e2e, image_check, image_root, process, site};

/// One step of `cargo xtask test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    Format,
    DependencyRule,
    Browser,
    Weight,
    Lint,
    LintBrowser,
    Unit,
    Docs,
    Types,
    EndToEnd,
    Image,
}

impl Step {
    /// The name that `--only` takes.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Format => "every file is formatted",
            Self::DependencyRule => "no server crate reaches the browser",
            Self::Browser => "the browser half builds",
            Self::Weight => "the first load is within its limit",
            Self::Lint => "clippy on the host, warnings denied",
            Self::LintBrowser => "clippy on the browser half, warnings denied",
            Self::Unit => "unit and integration tests",
            Self::Docs => "the documentation builds, warnings denied",
            Self::Types => "the types of the browser tests",
            Self::EndToEnd => "browser tests",
            Self::Image => "the image runs as its user and stops in time",
        }
    }

    pub(super) fn run(self, workspace: &Workspace) -> Result<Counts> {
        match self {
            Self::Format => process::run(cargo(workspace).args(["fmt", "--all", "--check"]))?,
            Self::DependencyRule => dependency_rule::check(workspace)?,
            Self::Browser => site::build(workspace)?,
            Self::Weight => bench::check_weight(workspace)?,
            Self::Lint => lint(workspace)?,
            Self::LintBrowser => lint_browser(workspace)?,
            Self::Unit => return unit(workspace),
            Self::Docs => docs(workspace)?,
            Self::Types => e2e::check_types(workspace)?,
            Self::EndToEnd => return end_to_end(workspace),
            Self::Image => return image(workspace),
        }
        Ok(Counts::default())
    }
}

/// `frontend` turns on the browser's half of `app`, which must not meet the server's half.
const HOST: [&str; 3] = ["--workspace", "--exclude", "frontend"];

fn lint(workspace: &Workspace) -> Result<()> {
    process::run(cargo(workspace).arg("clippy").args(HOST).args([
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn lint_browser(workspace: &Workspace) -> Result<()> {
    let toolchain = wasm_toolchain::ensure(workspace)?;
    let mut command = toolchain.cargo(workspace);
    let packages = ["--package", "frontend", "--package", "app", "--lib"];
    if toolchain.has_lints() {
        command.arg("clippy").args(packages);
        command.args(["--target", TARGET, "--", "--deny", "warnings"]);
    } else {
        println!("no clippy fits the distribution's compiler: checking without lints");
        command.arg("check").args(packages).args(["--target", TARGET]);
    }
    process::run(&mut command)
}

fn unit(workspace: &Workspace) -> Result<Counts> {
    let (status, output) =
        process::run_showing_output(cargo(workspace).arg("test").args(HOST).arg("--no-fail-fast"))?;
    let counts = Counts::from_cargo(&output);
    if !status.success() && counts.failed == 0 {
        bail!("cargo test failed ({status}) without a failing test");
    }
    Ok(counts)
}

fn docs(workspace: &Workspace) -> Result<()> {
    process::run(
        cargo(workspace).arg("doc").args(HOST).arg("--no-deps").env("RUSTDOCFLAGS", "--deny warnings"),
    )?;
    let toolchain = wasm_toolchain::ensure(workspace)?;
    if !toolchain.has_lints() {
        println!("the documentation of frontend needs rustup's wasm target: left out");
        return Ok(());
    }
    process::run(
        toolchain
            .cargo(workspace)
            .args(["doc", "--package", "frontend", "--lib", "--no-deps"])
            .args(["--target", TARGET])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

fn end_to_end(workspace: &Workspace) -> Result<Counts> {
    let mut command = e2e::prepare(workspace)?;
    let report = e2e::report(workspace);
    fs::remove_file(&report).ok();
    let status = process::spawn(&mut command)?.wait()?;
    crate::signals::hold_when_ending();
    let text = fs::read_to_string(&report)
        .with_context(|| format!("Playwright ended ({status}) without a report"))?;
    let counts = Counts::from_playwright(&text)?;
    if !status.success() && counts.failed == 0 {
        bail!("Playwright failed ({status}) without a failing test");
    }
    Ok(counts)
}

fn image(workspace: &Workspace) -> Result<Counts> {
    let image = image_root::build(workspace, &workspace.target().join("image"))?;
    image_check::run(workspace, &image)?;
    Ok(Counts::one_passed())
}
