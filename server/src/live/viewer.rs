//! Who wants to see a topic.

use fly::FlyToken;
use std::fmt;
use tokio_util::sync::CancellationToken;

/// SHA-256 of a token: names it without telling it.
pub type Fingerprint = [u8; 32];

/// Who wants to see a topic.
#[derive(Clone)]
pub struct Viewer {
    /// The token that proves it.
    pub token: FlyToken,
    /// Cancelled when the viewer's session ends: nothing is asked with the token from then on.
    pub ended: CancellationToken,
    /// Whether the page is hidden: it follows, but nobody looks at it.
    pub hidden: bool,
    fingerprint: Fingerprint,
}

impl Viewer {
    /// A viewer who looks.
    pub fn new(token: FlyToken, ended: CancellationToken) -> Self {
        Self { fingerprint: token.fingerprint(), token, ended, hidden: false }
    }

    /// The same viewer, who does not look at the page now if `hidden`.
    #[must_use]
    pub fn hidden(self, hidden: bool) -> Self {
        Self { hidden, ..self }
    }

    /// Names the viewer's token.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Whether the session is over.
    pub fn has_ended(&self) -> bool {
        self.ended.is_cancelled()
    }
}

impl fmt::Debug for Viewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Viewer")
            .field("ended", &self.has_ended())
            .field("hidden", &self.hidden)
            .finish_non_exhaustive()
    }
}
