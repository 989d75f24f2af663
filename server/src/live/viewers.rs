//! Who looks at a watch, and whose token it polls with.

use super::viewer::{Fingerprint, Viewer};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a watch goes on after its last viewer left, so that a reload finds it warm.
const GRACE: Duration = Duration::from_secs(30);

/// The viewers of a watch. The first in order whose session goes on owns it: its token is used.
pub(super) struct Viewers {
    next_id: u64,
    present: BTreeMap<u64, Arc<Viewer>>,
    /// Used during the grace time only, while nobody is present.
    last_left: Arc<Viewer>,
    empty_since: Option<Instant>,
    closed: bool,
}

impl Viewers {
    /// Nobody yet; `expected` is about to join.
    pub(super) fn new(expected: Arc<Viewer>) -> Self {
        Self {
            next_id: 0,
            present: BTreeMap::new(),
            last_left: expected,
            empty_since: Some(Instant::now()),
            closed: false,
        }
    }

    /// Adds a viewer; none where the watch has ended.
    pub(super) fn join(&mut self, viewer: &Arc<Viewer>) -> Option<u64> {
        if self.closed {
            return None;
        }
        let id = self.next_id;
        self.next_id += 1;
        self.present.insert(id, viewer.clone());
        self.empty_since = None;
        Some(id)
    }

    /// Removes a viewer. The last one's token serves the grace time, and no token any longer.
    pub(super) fn leave(&mut self, id: u64) {
        if let Some(viewer) = self.present.remove(&id)
            && self.present.is_empty()
        {
            self.last_left = viewer;
            self.empty_since = Some(Instant::now());
        }
    }

    /// Whose token is used, whether denied or not.
    pub(super) fn first(&self) -> &Fingerprint {
        self.candidates().next().unwrap_or(&self.last_left).fingerprint()
    }

    /// The viewer to poll for. Where every one is denied or gone there is none, and nobody can join
    /// any more: the next viewer begins a watch of their own.
    pub(super) fn owner(&mut self, is_denied: impl Fn(&Viewer) -> bool) -> Option<Arc<Viewer>> {
        let owner = self.candidates().find(|viewer| !is_denied(viewer)).cloned();
        self.closed |= owner.is_none();
        owner
    }

    /// Whose token may be used: nobody's whose session is over, though their stream may still hang
    /// at a reader who takes nothing.
    fn candidates(&self) -> impl Iterator<Item = &Arc<Viewer>> {
        let nobody = self.present.is_empty();
        let candidates = self.present.values().chain(nobody.then_some(&self.last_left));
        candidates.filter(|viewer| !viewer.has_ended())
    }

    /// Whether all who follow have their page hidden. Somebody who has just left may be loading the
    /// page anew: they look.
    pub(super) fn all_hidden(&self) -> bool {
        !self.present.is_empty() && self.present.values().all(|viewer| viewer.hidden)
    }

    /// Ends a watch at which nobody has looked for the grace time.
    pub(super) fn close_when_idle(&mut self) -> bool {
        self.closed |= self.empty_since.is_some_and(|since| since.elapsed() >= GRACE);
        self.closed
    }

    /// Ends the watch.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fly::FlyToken;
    use tokio_util::sync::CancellationToken;

    fn viewer(name: &str) -> Arc<Viewer> {
        Arc::new(Viewer::new(FlyToken::parse(name).unwrap(), CancellationToken::new()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_whose_session_is_over_is_not_used_though_its_stream_still_hangs() {
        let (gone, other) = (viewer("fo1_a"), viewer("fo1_b"));
        let mut viewers = Viewers::new(gone.clone());
        viewers.join(&gone).unwrap();
        viewers.join(&other).unwrap();
        assert_eq!(viewers.owner(|_| false).unwrap().fingerprint(), gone.fingerprint());
        gone.ended.cancel();
        assert_eq!(viewers.owner(|_| false).unwrap().fingerprint(), other.fingerprint());
        assert_eq!(viewers.first(), other.fingerprint());
    }

    #[tokio::test(start_paused = true)]
    async fn the_grace_time_is_not_spent_with_the_token_of_a_session_that_is_over() {
        let gone = viewer("fo1_a");
        let mut viewers = Viewers::new(gone.clone());
        let id = viewers.join(&gone).unwrap();
        viewers.leave(id);
        assert!(viewers.owner(|_| false).is_some());
        gone.ended.cancel();
        assert!(viewers.owner(|_| false).is_none());
        assert_eq!(viewers.join(&gone), None, "somebody joined a watch that has ended");
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_is_looked_at_unless_all_who_follow_say_otherwise() {
        let hidden = Arc::new(Viewer::clone(&viewer("fo1_a")).hidden(true));
        let mut viewers = Viewers::new(hidden.clone());
        assert!(!viewers.all_hidden());
        viewers.join(&hidden).unwrap();
        assert!(viewers.all_hidden());
        let id = viewers.join(&viewer("fo1_b")).unwrap();
        assert!(!viewers.all_hidden());
        viewers.leave(id);
        assert!(viewers.all_hidden());
    }
}
