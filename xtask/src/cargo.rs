//! Calls of cargo for the host's half of the work.

use std::env;
use std::process::Command;

use crate::workspace::Workspace;

/// The folder that the server's build script embeds.
const SITE_VARIABLE: &str = "WINDSOCK_SITE_DIR";

/// Cargo for the host. Every call names the same site folder and the same output folder: otherwise
/// cargo would take turns rebuilding the server for the one and for the other.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .current_dir(workspace.root())
        .env("CARGO_TARGET_DIR", workspace.target())
        .env(SITE_VARIABLE, workspace.site());
    command
}
