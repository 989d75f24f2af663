//! The names of what did not come.

use crate::error::FlyError;
use crate::graphql::lenient;
use model::Release;

/// Why a part failed, for a person: the first sentence of the error, for when to ask again is told
/// apart from it.
pub(super) fn why(api: &str, error: &FlyError) -> String {
    let said = error.person();
    let first = said.split_once(". ").map_or(said.trim_end_matches('.'), |(first, _)| first);
    format!("{api} failed: {first}.")
}

/// Names a part, once.
pub(super) fn tell(missing: &mut Vec<String>, part: &str) {
    if !missing.iter().any(|known| known == part) {
        missing.push(part.to_owned());
    }
}

/// The elements of a list, with `part` named where it is none and the odd ones counted.
pub(super) fn elements<T>(
    list: lenient::Option<lenient::Vec<T>>,
    part: &str,
    what: &str,
    missing: &mut Vec<String>,
) -> Vec<T> {
    if list.is_unreadable() {
        tell(missing, part);
        return Vec::new();
    }
    let (readable, unreadable) = list.into_elements();
    tell_unreadable(missing, unreadable, what);
    readable
}

/// Counts objects that could not be read.
pub(super) fn tell_unreadable(missing: &mut Vec<String>, count: usize, what: &str) {
    match count {
        0 => {}
        1 => tell(missing, &format!("1 {what} that could not be read")),
        many => tell(missing, &format!("{many} {}s that could not be read", plural_stem(what))),
    }
}

/// The reason of a release that failed.
pub(super) fn tell_reason(missing: &mut Vec<String>, release: &Release) {
    tell(missing, &format!("reason why {} failed", release.version));
}

/// "address" becomes "addresses".
fn plural_stem(what: &str) -> String {
    if what.ends_with('s') { format!("{what}e") } else { what.to_owned() }
}
