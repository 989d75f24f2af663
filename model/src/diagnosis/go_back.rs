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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::Deployment;
    use crate::facts::AppFacts;
    use crate::time::Timestamp;
    use crate::view::tests::{facts, release};

    fn with_images(releases: &[(u32, &str, Option<&str>)]) -> AppFacts {
        let releases = releases.iter().map(|(version, status, image)| Release {
            image: image.map(str::to_owned),
            ..release(*version, status)
        });
        facts(releases.collect(), vec![])
    }

    fn found(facts: &AppFacts) -> Option<GoBack> {
        let deployment = Deployment::of(facts, Timestamp(1));
        go_back(&Case::of(facts, deployment.as_ref(), Timestamp(1)))
    }

    #[test]
    fn the_newest_release_before_that_worked_is_named_with_the_command() {
        let known = with_images(&[
            (14, "failed", Some("registry.fly.io/a:14")),
            (13, "failed", Some("registry.fly.io/a:13")),
            (12, "complete", Some("registry.fly.io/a:12@sha256:0a")),
            (11, "complete", Some("registry.fly.io/a:11")),
        ]);
        let back = found(&known).unwrap();
        assert_eq!(back.version, ReleaseVersion(12));
        assert_eq!(
            back.command,
            "fly deploy -a crimson-wildflower-1711 --image registry.fly.io/a:12@sha256:0a"
        );
    }

    #[test]
    fn going_back_to_the_very_image_that_failed_is_not_offered() {
        let same = Some("registry.fly.io/a:13");
        assert_eq!(found(&with_images(&[(14, "failed", same), (13, "complete", same)])), None);
        assert_eq!(found(&with_images(&[(14, "failed", None), (13, "complete", None)])), None);
        assert_eq!(found(&with_images(&[(1, "failed", same)])), None);
    }

    #[test]
    fn what_is_no_image_reference_does_not_become_part_of_a_command() {
        for hostile in ["a:b; rm -rf ~", "$(id)", "--build-only", "a b", "a`id`", ""] {
            let known = with_images(&[(14, "failed", None), (13, "complete", Some(hostile))]);
            assert_eq!(found(&known), None, "{hostile:?}");
        }
    }
}
