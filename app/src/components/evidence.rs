//! What a finding rests on, quoted. Everything here came from elsewhere: it is shown as text, and its
//! writing direction cannot reach beyond its own line.

use super::relative_time::clock_time;
use crate::erase::Erase;
use crate::prelude::*;
use crate::routes;
use model::AppName;
use model::diagnosis::{Evidence, Segment, Source, Stance};

/// The list of evidence; what seems to speak against the finding comes last and set apart.
pub(crate) fn evidence_list(evidence: &[Evidence], app: &AppName) -> AnyView {
    let (supports, contradicts): (Vec<&Evidence>, Vec<&Evidence>) =
        evidence.iter().partition(|one| one.stance == Stance::Supports);
    let items: Vec<AnyView> = supports.into_iter().chain(contradicts).map(|one| item(one, app)).collect();
    view! { <ul class="evidence" aria-label="Evidence">{items}</ul> }.erase()
}

fn item(one: &Evidence, app: &AppName) -> AnyView {
    let contradicts = one.stance == Stance::Contradicts;
    let at = match one.at {
        Some(at) => clock_time(at),
        None => view! { <span class="at"></span> }.erase(),
    };
    let quote: Vec<AnyView> = one.text.iter().map(segment).collect();
    let against = contradicts.then_some("Seems to speak against it. ");
    let note = [against.unwrap_or_default(), one.note.as_deref().unwrap_or_default()].concat();
    let note = (!note.is_empty()).then(|| view! { <span class="note">{note}</span> });
    view! {
        <li class:contradicts=contradicts>
            {at}
            <span class="source">{source(&one.source, app)}</span>
            <span class="text"><bdi class="quote">{quote}</bdi>{note}</span>
        </li>
    }
    .erase()
}

/// What it is called, and the way to where it stands.
fn source(source: &Source, app: &AppName) -> AnyView {
    let label = source.label();
    match routes::evidence(app, source) {
        Some(href) => view! { <a href=href>{label}</a> }.erase(),
        None => label.erase(),
    }
}

fn segment(segment: &Segment) -> AnyView {
    let text = segment.text.clone();
    if segment.marked { view! { <mark>{text}</mark> }.erase() } else { text.erase() }
}
