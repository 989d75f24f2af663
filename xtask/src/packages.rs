//! Packages of a Debian-like distribution: installed as root, named otherwise.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs packages when this may be done without asking; otherwise the error is the command.
pub(crate) fn install(names: &[&str]) -> Result<()> {
    if process::on_path("apt-get").is_none() {
        bail!("this system has no apt-get to install {}", names.join(" "));
    }
    if !process::is_root() {
        bail!("run: sudo apt-get install {}", names.join(" "));
    }
    println!("installing {} with apt-get", names.join(" "));
    if process::run(&mut install_command(names)).is_ok() {
        return Ok(());
    }
    // A fresh container has no package lists, and old lists name files that are gone.
    process::run(Command::new("apt-get").arg("update"))?;
    process::run(&mut install_command(names)).with_context(|| format!("cannot install {}", names.join(" ")))
}

fn install_command(names: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .args(["install", "--yes", "--no-install-recommends"])
        .args(names)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}
