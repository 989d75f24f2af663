//! A Chromium for the browser tests.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{npm, packages, process};

/// Names the browser to use instead of any that would be found.
pub(crate) const OVERRIDE: &str = "WINDSOCK_CHROMIUM";

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const OUTSIDE_PATH: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(600);

/// Finds a browser or gets one: as root from the distribution, otherwise Playwright's own.
pub(crate) fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(named) = env::var_os(OVERRIDE) {
        let named = PathBuf::from(named);
        if !named.is_file() {
            bail!("{OVERRIDE} is {}, which is not a file", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = present(workspace) {
        return Ok(found);
    }
    get(workspace)?;
    present(workspace).context("a browser was installed but cannot be found or does not start")
}

fn present(workspace: &Workspace) -> Option<PathBuf> {
    playwrights_own(workspace)
        .or_else(|| NAMES.into_iter().filter_map(process::on_path).find(|path| starts(path)))
        .or_else(|| OUTSIDE_PATH.into_iter().map(PathBuf::from).find(|path| path.is_file()))
}

fn get(workspace: &Workspace) -> Result<()> {
    println!("no Chromium found");
    if process::is_root() && process::on_path("apt-get").is_some() {
        match packages::install(&["chromium"]) {
            Ok(()) if present(workspace).is_some() => return Ok(()),
            Ok(()) => println!("the distribution's chromium does not start"),
            Err(error) => println!("{error:#}"),
        }
    }
    println!("getting Playwright's Chromium");
    process::run_within(
        DOWNLOAD_LIMIT,
        npm::program(workspace, "@playwright/test/cli.js").args(["install", "chromium"]),
    )
    .with_context(|| {
        format!(
            "no Chromium; get one with `sudo apt-get install chromium` or `npx playwright install \
             chromium` in end2end, or name one in {OVERRIDE}"
        )
    })
}

/// Where this version of Playwright keeps its download, when it is there.
fn playwrights_own(workspace: &Workspace) -> Option<PathBuf> {
    let script = "process.stdout.write(require('playwright-core').chromium.executablePath())";
    let printed = process::output(Command::new("node").args(["-e", script]).current_dir(workspace.end2end()));
    let path = PathBuf::from(printed.ok()?.trim());
    path.is_file().then_some(path)
}

/// Some distributions have a `chromium-browser` that only tells how to get one.
fn starts(path: &Path) -> bool {
    process::runs_quietly_within(ANSWERS_WITHIN, Command::new(path).arg("--version"))
}
