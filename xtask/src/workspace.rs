//! Where things are in the work tree.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The work tree and its output folder.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The work tree that cargo runs us from, with `CARGO_TARGET_DIR` or `target/` for output.
    ///
    /// The folder is asked for when we run: two clones that share an output folder may share this
    /// program as well.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask has no parent folder")?.to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(directory) => root.join(directory),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_path_buf(), target: root.join("target") }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// What the server embeds: `manifest.json` and `pkg/` with the hashed files.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// The scripts that drive public clients of Fly.
    pub(crate) fn peers(&self) -> PathBuf {
        self.root.join("simulator/peers")
    }

    pub(crate) fn style(&self) -> PathBuf {
        self.root.join("style")
    }
}
