//! The release that worked, and the command that goes back to it (Fly's documentation, "Rollback
//! guide").

use super::case::Case;
use crate::id::ReleaseVersion;
use crate::release::Release;
use serde::{Deserialize, Serialize};

/// The release to go back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoBack {
    /// Its number.
    pub version: ReleaseVersion,
    /// The command that deploys its image again, ready to paste.
    pub command: String,
}

/// The newest release before the last deployment that was deployed well, with its image. There is
/// none where it has the very image that failed.
pub(super) fn go_back(case: &Case<'_>) -> Option<GoBack> {
    let version = case.deployment?.version;
    let failed = case.release().and_then(|release| release.image.as_deref());
    let good = |release: &&Release| release.version < version && release.status.is_good();
    let last =
        case.facts.releases.iter().filter(good).max_by_key(|release| (release.stable, release.version))?;
    let image = last.image.as_deref().filter(|image| is_reference(image) && Some(*image) != failed)?;
    Some(GoBack {
        version: last.version,
        command: format!("fly deploy -a {} --image {image}", case.facts.app.name),
    })
}

/// Whether a text is an image reference and nothing else: it becomes part of a command that people
/// paste into a shell.
pub(super) fn is_reference(image: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b':' | b'@' | b'-' | b'_');
    !image.is_empty() && image.len() <= 500 && !image.starts_with('-') && image.bytes().all(known)
}
