//! Secrets, as far as an API tells them: never the value.

use serde::{Deserialize, Serialize};

use crate::StoryTime;

/// A secret of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Name of the environment variable.
    pub name: String,
    /// 16 hexadecimal characters that change with the value.
    pub digest: String,
    /// When it was set first.
    pub created_at: StoryTime,
    /// When it was set last; the time of creation where a story does not say.
    #[serde(default)]
    pub updated_at: Option<StoryTime>,
}

impl Secret {
    /// When it was set last.
    pub fn updated_at(&self) -> StoryTime {
        self.updated_at.unwrap_or(self.created_at)
    }
}
