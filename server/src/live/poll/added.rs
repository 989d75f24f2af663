//! What is added to the state of one machine once it is shown: its log, what runs in it, and who holds a
//! lease on it. Each is asked for at its own pace, and one that fails takes nothing with it.

use super::Asking;
use super::log::{self, Log, News};
use crate::live::asked::{Asked, MACHINE, in_time};
use fly::FlyError;
use model::instance_view::LogTail;
use model::state::InstanceState;
use model::{AppName, InstanceId, Lease, LogLine, NotLoaded, Process};
use tokio::time::Instant;

/// The log, the processes and the lease of one instance.
pub(super) struct Added {
    app: AppName,
    id: InstanceId,
    log: Log,
    processes: Asked<Vec<Process>>,
    lease: Asked<Lease>,
}

/// The answers of one round; none to what was not asked.
struct Answers {
    lines: Option<News>,
    processes: Option<Result<Vec<Process>, FlyError>>,
    lease: Option<Result<Option<Lease>, FlyError>>,
}

impl Added {
    /// Nothing was asked yet.
    pub(super) fn of(app: AppName, id: InstanceId) -> Self {
        Self { app, id, log: Log::default(), processes: Asked::default(), lease: Asked::default() }
    }

    /// Asks what is due, all at once and not for long; true where something was asked. Only a machine
    /// that is up tells what runs in it.
    pub(super) async fn gather(&mut self, asking: Asking<'_>, state: &InstanceState, moving: bool) -> bool {
        let now = Instant::now();
        let is_up = state.is_up();
        if !is_up {
            self.processes = Asked::default();
        }
        let lines = self.log.is_due(state.is_at_rest(), now);
        let (processes, lease) = (is_up && self.processes.is_due(now), self.lease.is_due(now));
        if !(lines || processes || lease) {
            return false;
        }
        let answers = self.ask(asking, lines, processes, lease).await;
        self.learn(answers, moving, Instant::now());
        true
    }

    async fn ask(&self, asking: Asking<'_>, lines: bool, processes: bool, lease: bool) -> Answers {
        let Asking { shared, token, .. } = asking;
        let (lines, processes, lease) = futures::join!(
            when(lines, log::read(asking, &self.app, &self.id, self.log.place())),
            when(processes, in_time(shared.upstream.processes(token, &self.app, &self.id))),
            when(lease, in_time(shared.upstream.lease(token, &self.app, &self.id))),
        );
        Answers { lines, processes, lease }
    }

    fn learn(&mut self, answers: Answers, moving: bool, now: Instant) {
        let Answers { lines, processes, lease } = answers;
        if let Some(news) = lines {
            self.log.learn(news, moving, now);
        }
        if let Some(answer) = processes {
            self.processes.learn(answer.map(Some), MACHINE, now);
        }
        if let Some(answer) = lease {
            self.lease.learn(answer, MACHINE, now);
        }
    }

    /// Takes in the newest lines of an allocation, which come with its app.
    pub(super) fn learn_lines(&mut self, newest: &[LogLine]) {
        self.log.learn_newest(newest);
    }

    /// Everything may be asked at once.
    pub(super) fn hurry(&mut self) {
        self.log.hurry();
        self.processes.hurry();
        self.lease.hurry();
    }

    /// The last lines of the log.
    pub(super) fn log(&self) -> &LogTail {
        self.log.tail()
    }

    /// What runs in it, as far as that was told.
    pub(super) fn processes(&self) -> &[Process] {
        self.processes.told().map(Vec::as_slice).unwrap_or_default()
    }

    /// Who holds a lease on it, as far as that was told.
    pub(super) fn lease(&self) -> Option<&Lease> {
        self.lease.told()
    }

    /// The parts of a machine that were asked for and never told. An allocation has no such parts.
    pub(super) fn not_loaded(&self) -> NotLoaded {
        let mut not_loaded = NotLoaded::default();
        if self.id.is_machine() {
            for (part, unknown) in [
                (NotLoaded::LOG, self.log.is_unknown()),
                (NotLoaded::PROCESSES, self.processes.is_unknown()),
                (NotLoaded::LEASE, self.lease.is_unknown()),
            ] {
                if unknown {
                    not_loaded.add(part);
                }
            }
        }
        not_loaded
    }

    /// The parts whose last answer was an error, as a person calls them.
    pub(super) fn failing(&self) -> impl Iterator<Item = String> {
        [
            (NotLoaded::LOG, self.log.has_failed()),
            (NotLoaded::PROCESSES, self.processes.has_failed()),
            (NotLoaded::LEASE, self.lease.has_failed()),
        ]
        .into_iter()
        .filter(|(_, failed)| *failed)
        .map(|(part, _)| part.to_owned())
    }
}

async fn when<T>(wanted: bool, asking: impl Future<Output = T>) -> Option<T> {
    if wanted { Some(asking.await) } else { None }
}
