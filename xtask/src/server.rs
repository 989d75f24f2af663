//! The server: the binary `windsock` with the site inside.

use std::path::PathBuf;

use anyhow::Result;

use crate::cargo::cargo;
use crate::workspace::Workspace;
use crate::{process, site};

/// Whether the server is optimized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub(crate) const fn from_release_flag(release: bool) -> Self {
        if release { Self::Release } else { Self::Dev }
    }
}

/// Builds the browser half, then the server around it.
pub(crate) fn build_everything(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    site::build(workspace)?;
    build(workspace, profile)
}

/// Builds the server around the site that is there and returns the binary.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let mut command = cargo(workspace);
    command.args(["build", "--package", "server", "--bin", "windsock"]);
    if profile == Profile::Release {
        command.arg("--release");
    }
    process::run(&mut command)?;
    Ok(binary(workspace, profile))
}

/// Builds the proxy of the browser tests and returns the binary.
pub(crate) fn build_proxy(workspace: &Workspace) -> Result<PathBuf> {
    process::run(cargo(workspace).args(["build", "--package", "proxy", "--bin", "windsock-proxy"]))?;
    Ok(workspace.target().join("debug").join("windsock-proxy"))
}

fn binary(workspace: &Workspace, profile: Profile) -> PathBuf {
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    workspace.target().join(folder).join("windsock")
}
