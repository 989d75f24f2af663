//! What the server wrote to whom, before anything on the way could change it.

use crate::clockwork::Clockwork;
use axum::body::Bytes;
use simulator::StoryClock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Something that was written to a viewer.
#[derive(Clone, Debug)]
pub struct Written {
    /// In milliseconds of the story.
    pub at: i64,
    pub who: usize,
    /// Which of the server's answers it belongs to.
    pub answer: u64,
    /// Nothing where the answer ended.
    pub bytes: Option<Bytes>,
}

impl Written {
    /// The text; empty where the answer ended.
    pub fn text(&self) -> &str {
        self.bytes.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// Whether it tells anything of a topic.
    pub fn tells(&self) -> bool {
        let names = ["snapshot", "change", "source"];
        names.iter().any(|name| {
            self.text().contains(&format!("event: {name}\n"))
                || self.text().contains(&format!("{{\"event\":\"{name}\""))
        })
    }
}

pub struct Tap {
    story: StoryClock,
    clockwork: Arc<Clockwork>,
    answers: AtomicU64,
    written: Mutex<Vec<Written>>,
}

impl Tap {
    pub fn new(story: StoryClock, clockwork: Arc<Clockwork>) -> Self {
        Self { story, clockwork, answers: AtomicU64::new(0), written: Mutex::default() }
    }

    /// An answer to somebody begins.
    pub fn answer(self: &Arc<Self>, who: usize) -> Answering {
        Answering { tap: self.clone(), who, answer: self.answers.fetch_add(1, Ordering::Relaxed) }
    }

    /// The last that was written to a viewer, one a line.
    pub fn last_to(&self, who: usize, count: usize) -> String {
        let written = self.written.lock().unwrap();
        let mine: Vec<&Written> = written.iter().filter(|one| one.who == who).collect();
        let line = |one: &&Written| {
            let text: String = one.text().chars().take(260).collect();
            format!("  {} answer {}: {text:?}\n", one.at, one.answer)
        };
        mine[mine.len().saturating_sub(count)..].iter().map(line).collect()
    }

    /// All that was written.
    pub fn written(&self) -> Vec<Written> {
        self.written.lock().unwrap().clone()
    }
}

/// An answer, until it ends or its reader is gone.
pub struct Answering {
    tap: Arc<Tap>,
    who: usize,
    answer: u64,
}

impl Answering {
    pub fn wrote(&self, bytes: &Bytes) {
        self.put(Some(bytes.clone()));
    }

    fn put(&self, bytes: Option<Bytes>) {
        self.tap.clockwork.note();
        let (at, who, answer) = (self.tap.story.now_ms(), self.who, self.answer);
        self.tap.written.lock().unwrap().push(Written { at, who, answer, bytes });
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.put(None);
    }
}
