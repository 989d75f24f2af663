//! Where a connection stands, and how long each thing may take.

use super::super::link::Link;

/// The server gives a sign of life every 15 s: after two missed ones the stream is dead.
pub(super) const SILENCE_MS: u64 = 35_000;
/// A silence that is suspect when somebody returns to the tab, or the network comes and goes.
pub(super) const SUSPECT_MS: u64 = 20_000;
/// How long the first word of a stream may take.
pub(super) const GREETING_MS: u64 = 20_000;
/// How long it may take once the response has begun: the server says it in the same breath, so
/// something in between holds it back.
pub(super) const HELD_BACK_MS: u64 = 5_000;
/// How long the answer to a poll may take: the server waits for news for 25 s at most.
pub(super) const POLL_MS: u64 = 40_000;
/// The pause between two polls.
pub(super) const POLL_PAUSE_MS: u64 = 2_000;
/// When a stream is tried again in place of polls. Proxies change rarely, and a try costs the
/// seconds in which it may be held back.
pub(super) const POLLING_MS: u64 = 5 * 60 * 1_000;
/// A stream that lived this long was a success: failures are counted anew.
pub(super) const PROVEN_MS: u64 = 5_000;
/// How long a tab may be hidden before its stream is closed.
pub(super) const HIDDEN_MS: u64 = 30_000;
/// The same for one that cannot share its stream with other tabs.
pub(super) const ALONE_HIDDEN_MS: u64 = 1_000;
/// How long a stream may carry more than is followed: between two pages nothing is followed.
pub(super) const LINGER_MS: u64 = 2_000;
/// How long a change of topics may take before the link says so.
pub(super) const SWITCH_MS: u64 = 2_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing is followed.
    Idle,
    /// Asked for a stream; its first word has not come. `answered`: the response has begun.
    Connecting { began: u64, answered: Option<u64> },
    /// Asked for news in place of a stream.
    Polling { began: u64 },
    /// Another tab makes the requests. What it said of its stream, if that carries this tab.
    Following(Option<Link>),
    /// The stream lives.
    Open { began: u64 },
    /// Between two attempts. `asked_until`: not earlier, because the server asked for it.
    Waiting { until: u64, asked_until: u64 },
    /// Closed because the tab is hidden.
    Paused,
    /// Closed because the page was left; the back button may bring it back.
    Left,
    /// Refused for good.
    Refused(Link),
}

impl Phase {
    /// Whether there is a stream, or something that may still become one.
    pub(super) fn has_stream(&self) -> bool {
        matches!(self, Self::Connecting { .. } | Self::Open { .. } | Self::Polling { .. })
    }

    /// Whether there is a stream or will be one.
    pub(super) fn is_active(&self) -> bool {
        self.has_stream() || matches!(self, Self::Waiting { .. } | Self::Following(_))
    }

    /// Whether the stream lived long enough to count as a success.
    pub(super) fn is_proven(&self, now: u64) -> bool {
        matches!(self, Self::Open { began } if now >= began + PROVEN_MS)
    }
}
