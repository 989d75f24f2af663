//! The npm packages of `end2end/`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::assets::digest;
use crate::process;
use crate::workspace::Workspace;

/// Installs what the lock file names, unless that is what is there.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    let folder = workspace.end2end();
    let lock = folder.join("package-lock.json");
    let wanted = digest(&fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?);
    let stamp = folder.join("node_modules/.made-from");
    if fs::read_to_string(&stamp).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    println!("installing the npm packages of end2end");
    process::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// A program of the installed packages, without asking any registry.
pub(crate) fn program(workspace: &Workspace, script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(workspace.end2end().join("node_modules").join(script)).current_dir(workspace.end2end());
    command
}
