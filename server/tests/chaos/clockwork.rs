//! The time of a lap. On a stopped clock it passes in small steps, and each step waits until nothing
//! is under way any more: how fast the machine is makes no difference. Over real sockets it is real.

use simulator::clock::RealTime;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Timers that are due within one step fire together at its end.
const STEP: Duration = Duration::from_millis(25);
/// How often others get their turn after the last thing that happened, before a step ends.
const QUIET_TURNS: u32 = 6;
/// The same while a question to Fly is open that a fault holds up: its answer waits for time to pass.
const HELD_UP_TURNS: u32 = 40;
/// The same while one is open that nothing holds up, unless it is what a fault that is over has begun.
const OPEN_TURNS: u32 = 120;

pub struct Clockwork {
    began: Instant,
    stopped: bool,
    happened: AtomicU64,
    open_questions: AtomicUsize,
    held_up: AtomicBool,
    /// As long as somebody holds the other end, tokio does not move the stopped clock by itself.
    hold: Mutex<Option<std::sync::mpsc::Sender<()>>>,
}

impl Clockwork {
    /// Must be made inside of the runtime of the lap: one of one thread whose clock is paused, unless
    /// the time is to be real.
    pub fn new(stopped: bool) -> Self {
        let hold = stopped.then(|| {
            let (sender, receiver) = std::sync::mpsc::channel::<()>();
            // A blocking task keeps tokio from moving on to the next timer while sockets are busy.
            tokio::task::spawn_blocking(move || receiver.recv());
            sender
        });
        Self {
            began: Instant::now(),
            stopped,
            happened: AtomicU64::new(0),
            open_questions: AtomicUsize::new(0),
            held_up: AtomicBool::new(false),
            hold: Mutex::new(hold),
        }
    }

    /// Whether time only passes when somebody calls [`Clockwork::pass`].
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Milliseconds since the lap began.
    pub fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap()
    }

    /// When the clock shows so many milliseconds since the lap began.
    pub fn when(&self, ms: u64) -> Instant {
        self.began + Duration::from_millis(ms)
    }

    /// Something happened: whoever waits for it gets a turn within the same step.
    pub fn note(&self) {
        self.happened.fetch_add(1, Ordering::Relaxed);
    }

    /// A question to Fly is open until the guard is dropped.
    pub fn question(&self) -> OpenQuestion<'_> {
        self.note();
        self.open_questions.fetch_add(1, Ordering::Relaxed);
        OpenQuestion(self)
    }

    /// Whether there are faults that make answers wait for time to pass.
    pub fn set_held_up(&self, held_up: bool) {
        self.held_up.store(held_up, Ordering::Relaxed);
    }

    /// Lets time pass, and what is due happen.
    pub async fn pass(&self, time: Duration) {
        if !self.stopped {
            return tokio::time::sleep(time).await;
        }
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(STEP);
            tokio::time::advance(step).await;
            self.settle().await;
            left -= step;
        }
    }

    /// Gives turns until nothing happens any more.
    pub async fn settle(&self) {
        let (mut quiet, mut seen) = (0, u64::MAX);
        loop {
            let now = self.happened.load(Ordering::Relaxed);
            quiet = if now == seen { quiet + 1 } else { 0 };
            seen = now;
            let open = self.open_questions.load(Ordering::Relaxed) > 0;
            let enough = match (open, self.held_up.load(Ordering::Relaxed)) {
                (false, _) => QUIET_TURNS,
                (true, true) => HELD_UP_TURNS,
                (true, false) => OPEN_TURNS,
            };
            if quiet >= enough {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Clockwork {
    fn drop(&mut self) {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl RealTime for Clockwork {
    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

pub struct OpenQuestion<'a>(&'a Clockwork);

impl Drop for OpenQuestion<'_> {
    fn drop(&mut self) {
        self.0.open_questions.fetch_sub(1, Ordering::Relaxed);
        self.0.note();
    }
}
