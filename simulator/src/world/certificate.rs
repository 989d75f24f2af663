//! Certificates for host names of an app.

use serde::{Deserialize, Serialize};

use crate::StoryTime;

/// A certificate, or the wish for one: as long as DNS does not lead to the app there is none yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The host name.
    pub hostname: String,
    /// `active`, `pending_validation`, `pending_ownership`, ...; a free string.
    pub status: String,
    /// Who serves the name's DNS.
    #[serde(default = "some_provider")]
    pub dns_provider: String,
    /// Whether the name leads to the app.
    #[serde(default)]
    pub dns_configured: bool,
    /// Whether it was brought along instead of asked for.
    #[serde(default)]
    pub custom: bool,
    /// When it ends; nothing as long as there is none.
    #[serde(default)]
    pub expires_at: Option<StoryTime>,
    /// What keeps it from being issued.
    #[serde(default)]
    pub errors: Vec<String>,
    /// When it was asked for.
    pub created_at: StoryTime,
    /// When it last changed; the time of creation where a story does not say.
    #[serde(default)]
    pub updated_at: Option<StoryTime>,
}

fn some_provider() -> String {
    "enom".to_owned()
}

impl Certificate {
    /// Whether it is issued and served.
    pub fn active(&self) -> bool {
        self.status == "active"
    }

    /// When it last changed.
    pub fn updated_at(&self) -> StoryTime {
        self.updated_at.unwrap_or(self.created_at)
    }
}
