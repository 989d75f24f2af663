//! `cargo xtask dev`: the demo, built and started again whenever a source file changes.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitCode};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::server::{self, Profile};
use crate::workspace::Workspace;
use crate::{process, signals};

/// Everything that ends up in the binary.
const WATCHED: [&str; 9] =
    ["Cargo.toml", "Cargo.lock", "model", "fly", "app", "frontend", "server", "simulator", "style"];
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Longer than the server needs to end its streams.
const STOP_WITHIN: Duration = Duration::from_secs(6);

/// Runs until a signal ends it. The old demo goes on while the new one is built, and when that
/// fails.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let mut running: Option<Child> = None;
    loop {
        let seen = newest_change(workspace.root());
        match server::build_everything(workspace, Profile::Dev) {
            Ok(binary) => {
                if let Some(old) = running.take() {
                    stop(old)?;
                }
                let mut command = Command::new(binary);
                running = Some(process::spawn(command.arg("demo").args(arguments))?);
            }
            Err(error) => eprintln!("error: {error:#}"),
        }
        while newest_change(workspace.root()) == seen {
            signals::hold_when_ending();
            thread::sleep(LOOK_EVERY);
        }
        println!("a source file changed");
    }
}

fn stop(mut child: Child) -> Result<()> {
    signals::terminate(child.id());
    if process::wait_within(STOP_WITHIN, &mut child)?.is_none() {
        child.kill()?;
        child.wait()?;
    }
    Ok(())
}

/// The time of the newest change and the number of files: removing one is a change as well.
fn newest_change(root: &Path) -> (Option<SystemTime>, usize) {
    let mut newest = None;
    let mut count = 0;
    let mut left: Vec<_> = WATCHED.iter().map(|name| root.join(name)).collect();
    while let Some(path) = left.pop() {
        let Ok(facts) = fs::metadata(&path) else {
            continue;
        };
        if facts.is_dir() {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            left.extend(entries.map(|entry| entry.path()));
        } else {
            count += 1;
            newest = newest.max(facts.modified().ok());
        }
    }
    (newest, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_a_removed_and_an_edited_file_are_changes() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("app/src");
        fs::create_dir_all(&folder).unwrap();
        let empty = newest_change(root.path());
        let file = fs::File::create(folder.join("a.rs")).unwrap();
        let one = newest_change(root.path());
        assert_ne!(empty, one);
        file.set_modified(SystemTime::now() + Duration::from_secs(9)).unwrap();
        let edited = newest_change(root.path());
        assert_ne!(one, edited);
        fs::remove_file(folder.join("a.rs")).unwrap();
        assert_ne!(edited, newest_change(root.path()));
    }
}
