//! What all connections share: the conditions of the moment, and the ways to end what is under way.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use crate::{
    conditions::{Conditions, How, StatusWindow},
    line::Silence,
};

/// The switches of a proxy.
pub(crate) struct Switches {
    set: Mutex<Set>,
    pub(crate) silence: Arc<Silence>,
    /// Tells connections to end; how, and for which time.
    ends: watch::Sender<(u64, How)>,
    healed: watch::Sender<()>,
    pub(crate) connections: AtomicU64,
    pub(crate) requests: AtomicU64,
}

struct Set {
    conditions: Conditions,
    since: Instant,
    /// Answers the status window has given.
    given: u64,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            set: Mutex::new(Set { conditions: Conditions::default(), since: Instant::now(), given: 0 }),
            silence: Arc::default(),
            ends: watch::Sender::new((0, How::Close)),
            healed: watch::Sender::new(()),
            connections: AtomicU64::new(0),
            requests: AtomicU64::new(0),
        }
    }
}

impl Switches {
    pub(crate) fn conditions(&self) -> Conditions {
        self.set().conditions.clone()
    }

    /// As if the proxy were not there, for what is under way as well.
    pub(crate) fn heal(&self) {
        self.change(Conditions::default());
        self.healed.send_replace(());
    }

    /// Wakes when all is to be well.
    pub(crate) fn heals(&self) -> watch::Receiver<()> {
        self.healed.subscribe()
    }

    pub(crate) fn change(&self, conditions: Conditions) {
        self.silence.set(conditions.silent);
        *self.set() = Set { conditions, since: Instant::now(), given: 0 };
    }

    /// The conditions of one request, and the status that the proxy gives it itself.
    pub(crate) fn of_request(&self, path: &str) -> (Conditions, Option<StatusWindow>) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut set = self.set();
        let conditions = set.conditions.for_path(path);
        let passed = set.since.elapsed();
        let given = set.given;
        let open = conditions.status.filter(|window| {
            window.for_ms.is_none_or(|length| passed < Duration::from_millis(length))
                && window.next.is_none_or(|most| given < most)
        });
        set.given += u64::from(open.is_some());
        (conditions, open)
    }

    /// Ends every connection that is open.
    pub(crate) fn end_all(&self, how: How) {
        self.ends.send_modify(|(times, latest)| {
            *times += 1;
            *latest = how;
        });
    }

    pub(crate) fn ends(&self) -> watch::Receiver<(u64, How)> {
        self.ends.subscribe()
    }

    fn set(&self) -> MutexGuard<'_, Set> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
