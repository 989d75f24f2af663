//! `cargo xtask demo`: from sources to a running console with a simulated Fly.io inside.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::server::{self, Profile};
use crate::workspace::Workspace;
use crate::{process, signals};

/// Builds what changed and runs the demo until it ends.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let binary = server::build_everything(workspace, Profile::Dev)?;
    let status = process::spawn(Command::new(binary).arg("demo").args(arguments))?.wait()?;
    signals::hold_when_ending();
    Ok(exit_code(status.code()))
}

/// The same number that the program ended with.
pub(crate) fn exit_code(code: Option<i32>) -> ExitCode {
    let code = code.and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
