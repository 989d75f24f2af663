//! Getting a peer from its registry.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::{Peer, Registry};
use crate::process;
use crate::workspace::Workspace;

/// Whether a peer can be run here.
pub(super) enum Installed {
    /// The interpreter with the peer in its reach; a script is still to be named.
    Ready(Command),
    /// What is missing and how to get it.
    Missing(String),
}

/// Installs a peer into `target/peers/NAME`, unless that version is there.
pub(super) fn ensure(workspace: &Workspace, peer: &Peer) -> Result<Installed> {
    let folder = workspace.target().join("peers").join(peer.name);
    match peer.registry {
        Registry::Npm => npm(&folder, peer),
        Registry::PyPi { python } => pypi(&folder, peer, python),
    }
}

fn npm(folder: &Path, peer: &Peer) -> Result<Installed> {
    if process::on_path("npm").is_none() {
        return Ok(Installed::Missing("npm is missing; get Node 20 or newer".to_owned()));
    }
    once(folder, peer, || {
        // A package of its own, so that npm does not look for one in the folders above.
        fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
        let package = format!("{}@{}", peer.name, peer.version);
        let options = ["--no-audit", "--no-fund", "--save-exact", "--ignore-scripts"];
        process::run(Command::new("npm").arg("install").args(options).arg(package).current_dir(folder))
    })?;
    let mut node = Command::new("node");
    node.env("NODE_PATH", folder.join("node_modules"));
    Ok(Installed::Ready(node))
}

fn pypi(folder: &Path, peer: &Peer, at_least: (u8, u8)) -> Result<Installed> {
    let Some(python) = python(at_least) else {
        let (major, minor) = at_least;
        return Ok(Installed::Missing(format!("Python {major}.{minor} or newer is missing")));
    };
    let inside = folder.join("venv/bin/python");
    once(folder, peer, || {
        process::run(Command::new(python).args(["-m", "venv"]).arg(folder.join("venv")))?;
        let package = format!("{}=={}", peer.name, peer.version);
        let options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
        process::run(Command::new(&inside).args(["-m", "pip", "install"]).args(options).arg(package))
    })?;
    Ok(Installed::Ready(Command::new(inside)))
}

/// The first Python of `PATH` that is new enough.
fn python((major, minor): (u8, u8)) -> Option<PathBuf> {
    let newer = (minor..minor + 4).rev().map(|minor| format!("python{major}.{minor}"));
    let check = format!("import sys, venv; sys.exit(sys.version_info < ({major}, {minor}))");
    let works = |python: &PathBuf| {
        process::runs_quietly_within(Duration::from_secs(10), Command::new(python).args(["-c", &check]))
    };
    let versions_of_pyenv = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv/versions"));
    let of_pyenv = versions_of_pyenv.into_iter().flat_map(fs::read_dir).flatten().flatten();
    let of_pyenv = of_pyenv.map(|version| version.path().join("bin/python"));
    let named = std::iter::once("python3".to_owned()).chain(newer);
    named.filter_map(|name| process::on_path(&name)).chain(of_pyenv).find(works)
}

/// Installs into an empty folder when another version, or nothing whole, is there.
fn once(folder: &Path, peer: &Peer, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = folder.join(".installed");
    if fs::read_to_string(&stamp).is_ok_and(|version| version == peer.version) {
        return Ok(());
    }
    println!("installing {} {} into {}", peer.name, peer.version, folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    install().with_context(|| format!("cannot install {} {}", peer.name, peer.version))?;
    fs::write(stamp, peer.version)?;
    Ok(())
}
