//! What Fly and flyctl report of a deployment that could not be placed: the error that was written
//! down, events, and lines of Fly's own.

use crate::diagnosis::{Case, Evidence, Source, quote};
use crate::state::DeploymentState;

/// The first report since the deployment began that has one of `words` (in lower case), quoted. None
/// where the deployment went well: then it was overcome.
pub(super) fn report(case: &Case<'_>, words: &[&str]) -> Option<Evidence> {
    let deployment = case.deployment?;
    if deployment.status == DeploymentState::Successful {
        return None;
    }
    written(case, words).or_else(|| of_instances(case, words))
}

fn written(case: &Case<'_>, words: &[&str]) -> Option<Evidence> {
    let release = case.release()?;
    let error = case.failure()?;
    let at = find(error, words)?;
    Some(quote::supports(Source::Release(release.version), Some(release.updated_at), error, &[at]))
}

/// Also of instances that are gone: what could not be launched is destroyed soon.
fn of_instances(case: &Case<'_>, words: &[&str]) -> Option<Evidence> {
    let since = case.deployment?.started_at;
    case.facts.instances.iter().chain(&case.facts.release_commands).find_map(|one| {
        let id = &one.instance.id;
        let event = one.events.iter().rev().filter(|event| event.at >= since).find_map(|event| {
            let error = event.exit.as_ref().and_then(|exit| exit.error.as_deref()).unwrap_or_default();
            let marked = find(&event.message, words).or_else(|| find(error, words))?;
            let text = if event.message.contains(marked) { event.message.clone() } else { error.to_owned() };
            let text = format!("{}: {text}", event.kind);
            Some(quote::supports(Source::Event(id.clone()), Some(event.at), &text, &[marked]))
        });
        event.or_else(|| {
            let errors = one.logs.iter().rev().filter(|line| line.at >= since && line.level == "error");
            errors.map(|line| (line.at, line.plain())).find_map(|(at, text)| {
                let marked = find(&text, words)?;
                Some(quote::supports(Source::Log(id.clone()), Some(at), &text, &[marked]))
            })
        })
    })
}

/// The first of `words` in a text, as it stands there.
fn find<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    words.iter().find_map(|word| lower.find(word).map(|at| &text[at..at + word.len()]))
}
