//! The faults that are on at present.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde::Serialize;
use tokio::sync::watch;

use super::{
    asked::Asked,
    fault::Fault,
    rule::{Count, FaultRule},
};
use crate::clock::RealTime;

/// How a fault that was added is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct FaultId(pub u64);

/// A fault that was added.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StandingFault {
    /// How it is spoken of.
    pub id: FaultId,
    /// What was added.
    pub rule: FaultRule,
    /// Requests it happened to.
    pub hits: u64,
}

struct Placed {
    id: FaultId,
    rule: FaultRule,
    since: Duration,
    count: Count,
    /// Whether it came by the switches of `/_story/outage`, which are listed on their own.
    outage: bool,
}

/// What is to happen to one request.
pub(crate) struct Verdict {
    pub(super) id: FaultId,
    pub(super) fault: Fault,
    pub(super) wait: Duration,
    /// Whether it is an outage.
    pub(super) outage: bool,
}

/// All faults that were added.
pub(crate) struct Faults {
    real: Arc<dyn RealTime>,
    placed: Mutex<Vec<Placed>>,
    last: Mutex<u64>,
    any: AtomicBool,
    changed: watch::Sender<()>,
}

impl Faults {
    pub(crate) fn new(real: Arc<dyn RealTime>) -> Self {
        Self {
            real,
            placed: Mutex::default(),
            last: Mutex::default(),
            any: AtomicBool::new(false),
            changed: watch::Sender::new(()),
        }
    }

    /// Whether there is any; most requests meet none and need not be read.
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    pub(crate) fn add(&self, rule: FaultRule) -> FaultId {
        self.place(rule, false)
    }

    pub(crate) fn list(&self) -> Vec<StandingFault> {
        let placed = self.placed();
        let added = placed.iter().filter(|one| !one.outage);
        added.map(|one| StandingFault { id: one.id, rule: one.rule.clone(), hits: one.count.hit }).collect()
    }

    /// Takes one away. False where there is none of this id.
    pub(crate) fn remove(&self, id: FaultId) -> bool {
        self.retain(|one| one.id != id || one.outage)
    }

    /// Takes away all but the outages.
    pub(crate) fn clear(&self) {
        self.retain(|one| one.outage);
    }

    /// Takes away the outages of this route and adds another.
    pub(crate) fn set_outage(&self, rule: Option<FaultRule>, route: &super::Route) {
        self.retain(|one| !one.outage || one.rule.route != *route);
        if let Some(rule) = rule {
            self.place(rule, true);
        }
    }

    /// What is to happen to this request, in the order in which the faults were added, outages first.
    pub(crate) fn verdicts(&self, asked: &Asked) -> Vec<Verdict> {
        let now = self.real.elapsed();
        let mut verdicts = Vec::new();
        for one in self.placed().iter_mut() {
            if one.is_on(now) && one.rule.takes(asked) && one.rule.happens(&mut one.count) {
                let wait = one.rule.wait(one.count.hit);
                verdicts.push(Verdict {
                    id: one.id,
                    fault: one.rule.fault.clone(),
                    wait,
                    outage: one.outage,
                });
            }
        }
        verdicts.sort_by_key(|verdict| !verdict.outage);
        verdicts
    }

    /// Resolves when the fault is taken away or its time is over.
    pub(crate) async fn over(&self, id: FaultId) {
        let mut changed = self.changed.subscribe();
        while self.is_on(id) {
            // The time of a window may be moved by a test, so it is looked at again and again.
            let _ = tokio::time::timeout(Duration::from_millis(50), changed.changed()).await;
        }
    }

    fn is_on(&self, id: FaultId) -> bool {
        let now = self.real.elapsed();
        self.placed().iter().any(|one| one.id == id && one.is_on(now))
    }

    fn place(&self, rule: FaultRule, outage: bool) -> FaultId {
        let id = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last += 1;
            FaultId(*last)
        };
        let since = self.real.elapsed();
        let mut placed = self.placed();
        placed.push(Placed { id, rule, since, count: Count::default(), outage });
        self.any.store(true, Ordering::Release);
        id
    }

    fn retain(&self, keep: impl Fn(&Placed) -> bool) -> bool {
        let mut placed = self.placed();
        let before = placed.len();
        placed.retain(keep);
        self.any.store(!placed.is_empty(), Ordering::Release);
        let fewer = placed.len() < before;
        drop(placed);
        self.changed.send_replace(());
        fewer
    }

    fn placed(&self) -> MutexGuard<'_, Vec<Placed>> {
        self.placed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Placed {
    fn is_on(&self, now: Duration) -> bool {
        self.rule.is_on(now.saturating_sub(self.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::fake::FakeTime, faults::Route};

    fn book() -> (Arc<FakeTime>, Faults) {
        let real = Arc::new(FakeTime::default());
        (Arc::clone(&real), Faults::new(real))
    }

    fn asked() -> Asked {
        Asked::of(true, "GET", "/v1/apps/one/machines", None, b"")
    }

    fn rule(route: &str, fault: Fault) -> FaultRule {
        FaultRule::on(route.parse().unwrap(), fault)
    }

    #[test]
    fn times_count_from_when_a_rule_was_added() {
        let (real, faults) = book();
        real.pass(Duration::from_secs(100));
        faults.add(FaultRule { for_ms: Some(1_000), ..rule("all", Fault::Close) });
        assert_eq!(faults.verdicts(&asked()).len(), 1);
        real.pass(Duration::from_secs(1));
        assert!(faults.verdicts(&asked()).is_empty());
    }

    #[test]
    fn only_the_requests_that_are_meant_are_counted() {
        let (_, faults) = book();
        let id = faults.add(FaultRule { next: Some(1), ..rule("get-machine", Fault::Close) });
        assert!(faults.verdicts(&asked()).is_empty());
        let one = Asked::of(true, "GET", "/v1/apps/one/machines/e1", None, b"");
        assert_eq!(faults.verdicts(&one).len(), 1);
        assert!(faults.verdicts(&one).is_empty());
        assert_eq!(faults.list()[0].hits, 1);
        assert!(faults.remove(id) && !faults.remove(id) && !faults.any());
    }

    #[test]
    fn clearing_leaves_outages_to_their_own_switch() {
        let (_, faults) = book();
        faults.set_outage(Some(rule("machines", Fault::Close)), &"machines".parse().unwrap());
        faults.add(rule("all", Fault::Hang));
        faults.clear();
        assert!(faults.list().is_empty());
        assert_eq!(faults.verdicts(&asked()).len(), 1);
        faults.set_outage(None, &Route::Api(crate::faults::Api::Machines));
        assert!(!faults.any());
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_is_over_when_it_is_taken_away_and_when_its_time_is() {
        let (real, faults) = book();
        let faults = Arc::new(faults);
        let first = faults.add(rule("all", Fault::Hang));
        let waiting = tokio::spawn({
            let faults = Arc::clone(&faults);
            async move { faults.over(first).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        faults.clear();
        waiting.await.unwrap();
        let second = faults.add(FaultRule { for_ms: Some(10), ..rule("all", Fault::Hang) });
        real.pass(Duration::from_millis(10));
        faults.over(second).await;
    }
}
