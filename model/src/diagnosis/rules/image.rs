//! The image cannot be found or pulled.
//!
//! Proven by what Fly or the registry answered.

use super::reports::report;
use crate::diagnosis::{Case, Cause, Certainty, Finding, Source, quote};

const WORDS: &[&str] = &[
    "manifest unknown",
    "manifest_unknown",
    "manifest for",
    "failed to get manifest",
    "failed to pull image",
    "failed to pull",
    "pull access denied",
    "image not found",
    "could not find image",
    "unable to fetch image",
    "failed to fetch image",
    "no such image",
    "error getting image",
    "failed to resolve reference",
    "unpacking image failed",
    "unauthorized: authentication required",
    "name unknown: app repository not found",
    "no matching manifest",
];

/// See the module.
pub(super) fn image(case: &Case<'_>) -> Option<Finding> {
    let mut evidence = vec![report(case, WORDS)?];
    let release = case.release();
    evidence.extend(release.and_then(|release| {
        let image = release.image.as_deref()?;
        Some(quote::supports(Source::Release(release.version), None, &format!("image = {image}"), &[image]))
    }));
    Some(
        Finding::new(
            Cause::Image,
            Certainty::Proven,
            "The image cannot be pulled: it is not in the registry, or Fly may not read it.",
            evidence,
            "See that the image's name and tag exist and can be read, then build and deploy again:",
        )
        .command(format!("fly deploy -a {}", case.facts.app.name))
        .reference("launch/deploy/"),
    )
}
