//! The release that worked, and the command that goes back to it (Fly's documentation, "Rollback
//! guide").

use super::case::Case;
use crate::id::{AppName, ReleaseVersion};
use crate::json::FromJson;
use crate::release::Release;
use serde::{Deserialize, Serialize};

/// The release to go back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct GoBack {
    /// Its number.
    pub version: ReleaseVersion,
    /// The command that deploys its image again, ready to paste.
    pub command: String,
}

/// Why there is no command that goes back to a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// It is the newest.
    Newest,
    /// Its deployment is under way.
    UnderWay,
    /// It was not deployed well.
    NotDeployed,
    /// Fly does not tell its image.
    NoImage,
    /// It has the image of the newest release.
    SameImage,
}

impl WhyNot {
    /// The reason as a sentence about the release of this number.
    pub fn sentence(self, version: ReleaseVersion) -> String {
        match self {
            Self::Newest => format!("{version} is the newest release: there is nothing to go back from."),
            Self::UnderWay => format!("{version} is being deployed."),
            Self::NotDeployed => {
                format!("{version} was not deployed well, so going back to it is not advised.")
            }
            Self::NoImage => {
                format!("Fly does not tell the image of {version}, so it cannot be deployed again.")
            }
            Self::SameImage => {
                format!(
                    "The newest release has the image of {version}: deploying it again would change no code."
                )
            }
        }
    }
}

/// The command that goes back to `release`, ready to paste, while `newest` is the newest release.
/// Only one that was deployed well, and whose image is another than that of the newest, is worth it.
pub fn to(app: &AppName, release: &Release, newest: Option<&Release>) -> Result<String, WhyNot> {
    if release.status.is_under_way() {
        return Err(WhyNot::UnderWay);
    }
    if !release.status.is_good() {
        return Err(WhyNot::NotDeployed);
    }
    if newest.is_some_and(|newest| newest.version <= release.version) {
        return Err(WhyNot::Newest);
    }
    let image = release.image.as_deref().filter(|image| is_reference(image)).ok_or(WhyNot::NoImage)?;
    if newest.and_then(|newest| newest.image.as_deref()) == Some(image) {
        return Err(WhyNot::SameImage);
    }
    Ok(format!("fly deploy -a {app} --image {image}"))
}

/// The newest release before the last deployment that was deployed well, with its image. There is
/// none where it has the very image that failed.
pub(super) fn go_back(case: &Case<'_>) -> Option<GoBack> {
    let version = case.deployment?.version;
    let good = |release: &&Release| release.version < version && release.status.is_good();
    let last =
        case.facts.releases.iter().filter(good).max_by_key(|release| (release.stable, release.version))?;
    let command = to(&case.facts.app.name, last, case.release()).ok()?;
    Some(GoBack { version: last.version, command })
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
    fn only_a_good_release_with_another_image_than_the_newest_is_worth_going_back_to() {
        let app = AppName::new("a").unwrap();
        let with = |version, status, image: &str| Release {
            image: (!image.is_empty()).then(|| image.to_owned()),
            ..release(version, status)
        };
        let newest = with(14, "failed", "r/a:14");
        let asked = |one: &Release| to(&app, one, Some(&newest));
        assert_eq!(asked(&with(13, "complete", "r/a:13")).unwrap(), "fly deploy -a a --image r/a:13");
        assert_eq!(asked(&with(13, "succeeded", "r/a:14")), Err(WhyNot::SameImage));
        assert_eq!(asked(&with(13, "complete", "")), Err(WhyNot::NoImage));
        assert_eq!(asked(&with(13, "interrupted", "r/a:13")), Err(WhyNot::NotDeployed));
        assert_eq!(asked(&newest), Err(WhyNot::NotDeployed));
        let good = with(14, "complete", "r/a:14");
        assert_eq!(to(&app, &good, Some(&good)), Err(WhyNot::Newest));
        assert_eq!(asked(&with(15, "running", "r/a:15")), Err(WhyNot::UnderWay));
        assert!(to(&app, &with(13, "complete", "r/a:13"), None).is_ok(), "the newest is not known");
    }

    #[test]
    fn what_is_no_image_reference_does_not_become_part_of_a_command() {
        for hostile in ["a:b; rm -rf ~", "$(id)", "--build-only", "a b", "a`id`", ""] {
            let known = with_images(&[(14, "failed", None), (13, "complete", Some(hostile))]);
            assert_eq!(found(&known), None, "{hostile:?}");
        }
    }
}
