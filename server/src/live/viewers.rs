//! Who looks at a watch, and whose token it polls with.

use fly::FlyToken;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// How long a watch goes on after its last viewer left, so that a reload finds it warm.
const GRACE: Duration = Duration::from_secs(30);

/// The viewers of a watch. The first in order owns it: its token is used.
pub(super) struct Viewers {
    next_id: u64,
    present: BTreeMap<u64, FlyToken>,
    /// Used during the grace time only, while nobody is present.
    last_left: FlyToken,
    empty_since: Option<Instant>,
    closed: bool,
}

impl Viewers {
    /// Nobody yet; `expected` is about to join.
    pub(super) fn new(expected: FlyToken) -> Self {
        Self {
            next_id: 0,
            present: BTreeMap::new(),
            last_left: expected,
            empty_since: Some(Instant::now()),
            closed: false,
        }
    }

    /// Adds a viewer; none where the watch has ended.
    pub(super) fn join(&mut self, token: &FlyToken) -> Option<u64> {
        if self.closed {
            return None;
        }
        let id = self.next_id;
        self.next_id += 1;
        self.present.insert(id, token.clone());
        self.empty_since = None;
        Some(id)
    }

    /// Removes a viewer. The last one's token serves the grace time, and no token any longer.
    pub(super) fn leave(&mut self, id: u64) {
        if let Some(token) = self.present.remove(&id)
            && self.present.is_empty()
        {
            self.last_left = token;
            self.empty_since = Some(Instant::now());
        }
    }

    /// Whose token is used, whether denied or not.
    pub(super) fn first(&self) -> &FlyToken {
        self.present.values().next().unwrap_or(&self.last_left)
    }

    /// The token to poll with. Where every one is denied there is none, and nobody can join any
    /// more: the next viewer begins a watch of their own.
    pub(super) fn owner(&mut self, is_denied: impl Fn(&FlyToken) -> bool) -> Option<FlyToken> {
        let nobody = self.present.is_empty();
        let candidates = self.present.values().chain(nobody.then_some(&self.last_left));
        let owner = candidates.into_iter().find(|token| !is_denied(token)).cloned();
        self.closed |= owner.is_none();
        owner
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

    /// Whether the watch has ended.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }
}
