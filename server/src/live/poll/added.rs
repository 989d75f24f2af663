//! What is added to the state of one machine once it is shown: its log, what runs in it, and who holds a
//! lease on it. Each is asked for at its own pace, and one that fails takes nothing with it.

use super::Asking;
use crate::live::asked::{Asked, LOGS, LOGS_WHILE_MOVING, MACHINE, in_time};
use fly::{FlyError, LogPage, LogQuery};
use model::instance_view::LogTail;
use model::{AppName, InstanceId, Lease, LogLine, NotLoaded, Process};
use std::time::Duration;
use tokio::time::Instant;

/// The log, the processes and the lease of one instance.
pub(super) struct Added {
    app: AppName,
    id: InstanceId,
    log: LogTail,
    /// Where the next page of the log begins.
    page: Asked<String>,
    processes: Asked<Vec<Process>>,
    lease: Asked<Lease>,
}

/// The answers of one round; none to what was not asked.
struct Answers {
    lines: Option<Result<LogPage, FlyError>>,
    processes: Option<Result<Vec<Process>, FlyError>>,
    lease: Option<Result<Option<Lease>, FlyError>>,
}

impl Added {
    /// Nothing was asked yet.
    pub(super) fn of(app: AppName, id: InstanceId) -> Self {
        Self {
            app,
            id,
            log: LogTail::default(),
            page: Asked::default(),
            processes: Asked::default(),
            lease: Asked::default(),
        }
    }

    /// Asks what is due, all at once and not for long; true where something was asked. Only a machine
    /// that is up tells what runs in it.
    pub(super) async fn gather(&mut self, asking: Asking<'_>, is_up: bool, moving: bool) -> bool {
        let now = Instant::now();
        if !is_up {
            self.processes = Asked::default();
        }
        let (lines, processes, lease) =
            (self.page.is_due(now), is_up && self.processes.is_due(now), self.lease.is_due(now));
        if !(lines || processes || lease) {
            return false;
        }
        let answers = self.ask(asking, lines, processes, lease).await;
        self.learn(answers, if moving { LOGS_WHILE_MOVING } else { LOGS }, Instant::now());
        true
    }

    async fn ask(&self, asking: Asking<'_>, lines: bool, processes: bool, lease: bool) -> Answers {
        let Asking { shared, token, .. } = asking;
        let query = LogQuery {
            after: self.page.told().cloned(),
            instance: Some(self.id.clone()),
            ..LogQuery::default()
        };
        let (lines, processes, lease) = futures::join!(
            when(lines, in_time(shared.upstream.logs(token, &self.app, &query))),
            when(processes, in_time(shared.upstream.processes(token, &self.app, &self.id))),
            when(lease, in_time(shared.upstream.lease(token, &self.app, &self.id))),
        );
        Answers { lines, processes, lease }
    }

    fn learn(&mut self, answers: Answers, pace: Duration, now: Instant) {
        let Answers { lines, processes, lease } = answers;
        if let Some(answer) = lines {
            let next = answer.map(|page| {
                self.log.extend(page.lines.into_iter().map(|one| one.line));
                page.next
            });
            self.page.learn(next, pace, now);
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
        self.log.extend_with_newest(newest);
    }

    /// Everything may be asked at once.
    pub(super) fn hurry(&mut self) {
        self.page.hurry();
        self.processes.hurry();
        self.lease.hurry();
    }

    /// The last lines of the log.
    pub(super) fn log(&self) -> &LogTail {
        &self.log
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
                (NotLoaded::LOG, self.page.is_unknown()),
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
            (NotLoaded::LOG, self.page.has_failed()),
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
