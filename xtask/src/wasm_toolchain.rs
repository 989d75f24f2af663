//! A compiler and a standard library for `wasm32-unknown-unknown`.
//!
//! rustup's where it can be had; else the distribution's compiler, for the browser half only.

mod distribution;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use self::distribution::Distribution;
use crate::process;
use crate::workspace::Workspace;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Forces one way: `rustup` or `distribution`.
const OVERRIDE: &str = "WINDSOCK_WASM_TOOLCHAIN";
/// A connection that a firewall swallows must not hold the build up for ever.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(300);

static SAID: Once = Once::new();

/// What compiles the browser half.
pub(crate) enum WasmToolchain {
    /// The same toolchain as the server's.
    Own,
    Distribution(Distribution),
}

#[derive(Debug, PartialEq, Eq)]
enum Way {
    Rustup,
    Distribution,
    Whichever,
}

/// Finds or gets a toolchain and says in one line which.
pub(crate) fn ensure(workspace: &Workspace) -> Result<WasmToolchain> {
    let wanted = env::var(OVERRIDE).ok();
    let toolchain = match way(wanted.as_deref())? {
        Way::Rustup => {
            get_with_rustup()?;
            WasmToolchain::Own
        }
        Way::Distribution => WasmToolchain::Distribution(Distribution::ensure(workspace.target())?),
        Way::Whichever => whichever(workspace.target())?,
    };
    SAID.call_once(|| println!("wasm target: {}", toolchain.description()));
    Ok(toolchain)
}

fn way(wanted: Option<&str>) -> Result<Way> {
    match wanted {
        None | Some("") => Ok(Way::Whichever),
        Some("rustup") => Ok(Way::Rustup),
        Some("distribution") => Ok(Way::Distribution),
        Some(other) => bail!("{OVERRIDE} is `{other}`; it may be `rustup` or `distribution`"),
    }
}

fn whichever(target: &Path) -> Result<WasmToolchain> {
    let Err(rustup) = get_with_rustup() else {
        return Ok(WasmToolchain::Own);
    };
    println!("rustup cannot get the wasm target ({rustup:#}); trying the distribution's compiler");
    let distribution = Distribution::ensure(target).with_context(|| {
        format!(
            "no compiler for the browser half; either run `rustup target add {TARGET}` where \
             rustup can download, or get the distribution's"
        )
    })?;
    Ok(WasmToolchain::Distribution(distribution))
}

fn get_with_rustup() -> Result<()> {
    if own_standard_library().is_some() {
        return Ok(());
    }
    println!("getting {TARGET} with rustup");
    process::run_within(DOWNLOAD_LIMIT, Command::new("rustup").args(["target", "add", TARGET]))?;
    own_standard_library()
        .map(|_| ())
        .context("rustup added the target, but the rustc in PATH does not have it")
}

fn own_standard_library() -> Option<PathBuf> {
    let printed =
        process::output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET])).ok()?;
    let folder = PathBuf::from(printed.trim());
    folder.is_dir().then_some(folder)
}

impl WasmToolchain {
    /// Cargo for the browser half, with an output folder of its own.
    pub(crate) fn cargo(&self, workspace: &Workspace) -> Command {
        let mut command = match self {
            Self::Own => {
                let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
                let mut command = Command::new(program);
                // Flags meant for the host could make a half that does not fit the other.
                command.env_remove("RUSTFLAGS");
                command
            }
            Self::Distribution(distribution) => distribution.cargo(),
        };
        command.current_dir(workspace.root()).env("CARGO_TARGET_DIR", self.output_folder(workspace));
        command
    }

    /// Two compilers in one folder would rebuild everything for each other.
    pub(crate) fn output_folder(&self, workspace: &Workspace) -> PathBuf {
        workspace.target().join(match self {
            Self::Own => "browser",
            Self::Distribution(_) => "browser-distribution",
        })
    }

    /// Whether clippy and rustdoc can be used for the target: the distribution's compiler has no
    /// clippy that fits it.
    pub(crate) fn has_lints(&self) -> bool {
        matches!(self, Self::Own)
    }

    fn description(&self) -> String {
        match self {
            Self::Own => "the toolchain's own (rustup)".to_owned(),
            Self::Distribution(distribution) => distribution.description(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_wish_both_ways_are_tried() {
        assert_eq!(way(None).unwrap(), Way::Whichever);
        assert_eq!(way(Some("")).unwrap(), Way::Whichever);
    }

    #[test]
    fn an_unknown_way_is_refused_with_the_known_ones() {
        let text = way(Some("nix")).unwrap_err().to_string();
        assert!(text.contains("`nix`") && text.contains("`rustup` or `distribution`"), "{text}");
    }
}
