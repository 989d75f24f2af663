//! Running other programs: their failure is an error that shows the command.

use std::env;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::signals;

const POLL: Duration = Duration::from_millis(50);

/// Runs to the end with our own input and output; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = spawn(command)?.wait()?;
    succeeded(command, status)
}

/// As [`run`], but the program is ended and an error returned when `limit` has passed.
pub(crate) fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    let mut child = spawn(command)?;
    if let Some(status) = wait_within(limit, &mut child)? {
        return succeeded(command, status);
    }
    child.kill().ok();
    child.wait()?;
    bail!("`{}` was ended after {} s", shown(command), limit.as_secs())
}

/// Whether a program starts and succeeds within `limit`; what it writes is dropped.
pub(crate) fn runs_quietly_within(limit: Duration, command: &mut Command) -> bool {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else {
        return false;
    };
    let ended = wait_within(limit, &mut child).ok().flatten();
    if ended.is_none() {
        child.kill().ok();
        child.wait().ok();
    }
    ended.is_some_and(|status| status.success())
}

/// Waits for the end of a child, at most for `limit`.
pub(crate) fn wait_within(limit: Duration, child: &mut Child) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// Runs to the end and returns what it wrote to its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| cannot_start(command, &error))?;
    if !output.status.success() {
        hold_when_interrupted(output.status);
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({}): {}", shown(command), output.status, complaint.trim());
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` wrote something that is not UTF-8", shown(command)))
}

/// Runs to the end, showing its standard output and returning it as well.
pub(crate) fn run_showing_output(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut child = spawn(command.stdout(Stdio::piped()))?;
    let pipe = child.stdout.take().context("the output is piped")?;
    let mut text = String::new();
    let mut screen = std::io::stdout();
    for line in BufReader::new(pipe).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        writeln!(screen, "{line}")?;
        text.push_str(&line);
        text.push('\n');
    }
    let status = child.wait()?;
    hold_when_interrupted(status);
    Ok((status, text))
}

/// Starts a program; a missing one is named with what gets it.
pub(crate) fn spawn(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| cannot_start(command, &error))
}

/// An error for anything but success.
pub(crate) fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    hold_when_interrupted(status);
    bail!("`{}` failed ({status})", shown(command))
}

/// Finds a program in `PATH`.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// A child that died of a signal probably died of the Ctrl-C that is ending us too: the signal
/// thread then reports, not the step that was cut off.
fn hold_when_interrupted(status: ExitStatus) {
    use std::os::unix::process::ExitStatusExt;
    if status.signal().is_some() || matches!(status.code(), Some(130 | 143)) {
        thread::sleep(Duration::from_millis(200));
    }
    signals::hold_when_ending();
}

fn cannot_start(command: &Command, error: &std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy();
    if error.kind() != ErrorKind::NotFound {
        return anyhow!("cannot start `{}`: {error}", shown(command));
    }
    match how_to_get(&program) {
        Some(how) => anyhow!("`{program}` is missing; get it with: {how}"),
        None => anyhow!("`{program}` is missing"),
    }
}

fn how_to_get(program: &str) -> Option<&'static str> {
    match program {
        "node" | "npm" => {
            Some("apt-get install nodejs npm, brew install node, or https://nodejs.org (Node 20 or newer)")
        }
        "rustup" => Some("https://rustup.rs"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_is_named_with_what_gets_it() {
        let error = cannot_start(&Command::new("npm"), &std::io::Error::from(ErrorKind::NotFound));
        let text = error.to_string();
        assert!(text.contains("`npm` is missing"), "{text}");
        assert!(text.contains("apt-get install nodejs npm"), "{text}");
    }

    #[test]
    fn a_failing_command_is_shown_with_its_arguments() {
        let error = run(Command::new("false").arg("--really")).unwrap_err();
        assert!(error.to_string().contains("`false --really` failed"));
    }

    #[test]
    fn a_command_over_its_limit_is_ended() {
        let error = run_within(Duration::ZERO, Command::new("sleep").arg("30")).unwrap_err();
        assert!(error.to_string().contains("`sleep 30` was ended"));
    }
}
