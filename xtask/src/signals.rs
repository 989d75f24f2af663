//! Ctrl-C and SIGTERM: everything that was started ends before we do.
//!
//! Children stay in our process group, so that Ctrl-C in a terminal, or a signal to the group,
//! reaches them without us. A signal to us alone is handed on, down to grandchildren that left the
//! group (Playwright starts its browser in one of its own).

use std::process;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use self::tree::Process;

mod tree;

/// How long children may take to end by themselves after Ctrl-C, which they got as well.
const AFTER_CTRL_C: Duration = Duration::from_secs(2);
/// How long they may take after SIGTERM; the server promises 5 s.
const AFTER_TERMINATE: Duration = Duration::from_secs(7);
const POLL: Duration = Duration::from_millis(50);

static ENDING: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Takes over SIGINT, SIGTERM and SIGHUP for the rest of this process.
pub(crate) fn install() -> Result<()> {
    let ending = ENDING.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(ending)).context("cannot take over the signals")?;
    }
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end_descendants(signal);
            process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Stops the calling thread for good when a signal is ending this process, so that the step that
/// was cut off neither reports a failure nor goes on.
pub(crate) fn hold_when_ending() {
    while ENDING.get().is_some_and(|flag| flag.load(Ordering::SeqCst)) {
        thread::sleep(AFTER_TERMINATE);
    }
}

/// Asks one process to end.
pub(crate) fn terminate(id: u32) {
    send(id, Signal::TERM);
}

fn end_descendants(signal: i32) {
    let started = tree::descendants_of(process::id());
    if signal == SIGINT && all_gone_within(AFTER_CTRL_C, &started) {
        return;
    }
    // The direct children know best how to end theirs.
    let (children, others): (Vec<Process>, Vec<Process>) =
        started.iter().cloned().partition(|one| one.parent == process::id());
    for child in &children {
        send_to(child, Signal::TERM);
    }
    all_gone_within(AFTER_TERMINATE, &children);
    for left in &others {
        send_to(left, Signal::TERM);
    }
    if all_gone_within(AFTER_CTRL_C, &started) {
        return;
    }
    for left in &started {
        send_to(left, Signal::KILL);
    }
    all_gone_within(AFTER_CTRL_C, &started);
}

fn all_gone_within(limit: Duration, started: &[Process]) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        let now = tree::all();
        if !started.iter().any(|one| one.is_among(&now)) {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(POLL);
    }
}

/// Sends to a process only while it is still the one that was seen: numbers are used again.
fn send_to(process: &Process, signal: Signal) {
    if process.is_among(&tree::all()) {
        send(process.id, signal);
    }
}

fn send(id: u32, signal: Signal) {
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // It may have ended by itself meanwhile.
        kill_process(pid, signal).ok();
    }
}
