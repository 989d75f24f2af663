//! `cargo xtask e2e`: Playwright against the dev build, with a real Chromium.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::server::{self, Profile};
use crate::workspace::Workspace;
use crate::{chromium, demo, npm, process, signals};

/// Gets what is missing, builds, and runs the tests that `arguments` choose.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    play(prepare(workspace)?.args(arguments))
}

/// Takes pictures of the demo: of every page in every state, or those of the documentation.
pub(crate) fn shots(workspace: &Workspace, docs: bool, arguments: &[String]) -> Result<ExitCode> {
    let config = if docs { "docs-shots.config.ts" } else { "shots.config.ts" };
    let code = play(prepare(workspace)?.args(["--config", config]).args(arguments))?;
    if !docs {
        println!("all pictures: target/shots/index.html");
    }
    Ok(code)
}

fn play(command: &mut Command) -> Result<ExitCode> {
    let status = process::spawn(command)?.wait()?;
    signals::hold_when_ending();
    Ok(demo::exit_code(status.code()))
}

/// `playwright test`, ready to run: packages, browser and binary are there.
pub(crate) fn prepare(workspace: &Workspace) -> Result<Command> {
    npm::ensure(workspace)?;
    let chromium = chromium::ensure(workspace)?;
    println!("browser: {}", chromium.display());
    let binary = server::build_everything(workspace, Profile::Dev)?;
    let proxy = server::build_proxy(workspace)?;
    let mut command = npm::program(workspace, "@playwright/test/cli.js");
    command
        .arg("test")
        .env("WINDSOCK_BIN", binary)
        .env("WINDSOCK_PROXY_BIN", proxy)
        .env(chromium::OVERRIDE, chromium);
    Ok(command)
}

/// Where the configuration of Playwright puts its JSON report.
pub(crate) fn report(workspace: &Workspace) -> PathBuf {
    workspace.end2end().join("test-results/results.json")
}

/// The type check of the tests themselves.
pub(crate) fn check_types(workspace: &Workspace) -> Result<()> {
    npm::ensure(workspace)?;
    process::run(npm::program(workspace, "typescript/bin/tsc").arg("--noEmit"))
}
