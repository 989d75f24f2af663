//! The parts of the page of one release.

use super::copy_button::command;
use super::relative_time::age_of;
use super::status_word::status_word;
use super::table::table;
use crate::erase::Erase;
use crate::prelude::*;
use crate::routes;
use model::releases::Difference;
use model::state::{ReleaseStatus, word};
use model::time::duration;
use model::{Release, ReleaseReport, ReleaseView, Timestamp};
use std::sync::Arc;

/// A part of the page of a release.
pub(crate) struct Part {
    /// All that it shows and that may change, as one text: while that is the same it is not drawn again.
    pub(crate) says: fn(&ReleaseView, &ReleaseReport) -> String,
    /// Draws it; none where there is nothing to say.
    pub(crate) draw: fn(&ReleaseView, &ReleaseReport, Signal<Timestamp>) -> Option<AnyView>,
}

/// How it ended.
pub(crate) const STATUS: Part = Part {
    says: |_, report| report.release.status.to_string(),
    draw: |_, report, _| Some(result(&report.release)),
};

/// What is known of it in one word or two each.
pub(crate) const FACTS: Part = Part {
    says: |_, report| {
        let Release { status, stable, updated_at, .. } = &report.release;
        let (stable, updated) = (if *stable { "stable" } else { "" }, updated_at.rfc3339());
        joined([status.as_str(), stable, &updated, &report.running, &report.secrets])
    },
    draw: |_, report, now| Some(facts(report, now)),
};

/// Why it failed; nothing where it did not.
pub(crate) const REASON: Part = Part {
    says: |view, report| {
        let failure = report.release.failure.as_ref().map(|failure| failure.error.as_str());
        let text = failure.or(report.no_reason.as_deref()).unwrap_or_default();
        let diagnosed = if is_newest(view) { "diagnosed" } else { "" };
        joined([text, report.release.status.as_str(), diagnosed])
    },
    draw: |view, report, _| reason(view, report),
};

/// What changed against the release before.
pub(crate) const CHANGES: Part = Part {
    says: |_, report| {
        let cells = report.differences.iter().flat_map(|Difference { what, before, after }| {
            [what.as_str(), before.as_deref().unwrap_or(NOT_SET), after.as_deref().unwrap_or(NOT_SET)]
        });
        joined(cells.chain(report.notes.iter().map(String::as_str)))
    },
    draw: |_, report, _| Some(changes(report)),
};

/// The way back to this release.
pub(crate) const GO_BACK: Part = Part {
    says: |_, report| joined([report.go_back.as_deref().unwrap_or_default(), &report.go_back_note]),
    draw: |_, report, _| Some(go_back(report)),
};

/// The texts, apart from each other.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
        text.push('\n');
    }
    text
}

/// The status of a release as a word.
fn result(release: &Release) -> AnyView {
    status_word(release.status.tone(), word(release.status.as_str()))
}

fn facts(report: &ReleaseReport, now: Signal<Timestamp>) -> AnyView {
    let release = &report.release;
    let or = |text: Option<String>, otherwise: &str| text.unwrap_or_else(|| otherwise.to_owned()).erase();
    let strategy = release.strategy.as_ref().map(ToString::to_string);
    let image = release.image.clone().map(|image| view! { <code>{image}</code> }.erase());
    let stable = if release.stable { "yes" } else { "no" };
    view! {
        <section class="panel" aria-labelledby="release">
            <h2 id="release">"Release"</h2>
            <dl class="release-facts">
                {fact("What", what(release).erase())}
                {fact("By", or(release.user.clone(), "not told by Fly"))}
                {fact("Made", age_of(release.created_at, now))}
                {fact("Took", took(release).erase())}
                {fact("Strategy", or(strategy, "not told by Fly"))}
                {fact("Stable", stable.erase())}
                {fact("Runs now on", report.running.clone().erase())}
                {fact("Secrets set before it", report.secrets.clone().erase())}
                {fact("Image", image.unwrap_or_else(|| "not told by Fly".erase()))}
            </dl>
        </section>
    }
    .erase()
}

fn fact(term: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.erase()
}

/// What it was made for, in Fly's words.
pub(crate) fn what(release: &Release) -> String {
    let (reason, description) = (release.reason.as_str(), release.description.as_str());
    match (reason, description) {
        ("", "") => "not told by Fly".to_owned(),
        ("", text) | (text, "") => text.to_owned(),
        _ => {
            let mut text = word(reason);
            text.push_str(" · ");
            text.push_str(description);
            text
        }
    }
}

/// How long its deployment took, as far as that is known.
pub(crate) fn took(release: &Release) -> String {
    if release.status.is_under_way() {
        return "not over yet".to_owned();
    }
    release.took().map_or_else(|| "not told by Fly".to_owned(), duration)
}

/// The diagnosis of the app's page is that of the newest release.
fn is_newest(view: &ReleaseView) -> bool {
    view.newest == Some(view.version)
}

fn reason(view: &ReleaseView, report: &ReleaseReport) -> Option<AnyView> {
    let release = &report.release;
    let (text, by) = match (&release.failure, &report.no_reason) {
        (Some(failure), _) => {
            let by = failure.flyctl_version.as_ref().map(|version| {
                let mut by = "Written down by flyctl ".to_owned();
                by.push_str(version);
                view! { <p class="dim">{by}</p> }.erase()
            });
            (view! { <bdi class="quote">{failure.error.clone()}</bdi> }.erase(), by)
        }
        (None, Some(none)) => (none.clone().erase(), None),
        (None, None) => return None,
    };
    let mut heading = "Why ".to_owned();
    heading.push_str(&release.version.to_string());
    heading.push(' ');
    heading.push_str(if release.status == ReleaseStatus::Interrupted { "was interrupted" } else { "failed" });
    let diagnosed = is_newest(view).then(|| {
        let href = routes::app(&view.app);
        view! { <p><a href=href>"What Windsock found out about it"</a></p> }.erase()
    });
    let section = view! {
        <section class="panel why" aria-labelledby="why">
            <h2 id="why">{heading}</h2>
            <p>{text}</p>
            {by}
            {diagnosed}
        </section>
    };
    Some(section.erase())
}

/// Where a place of the configuration held nothing.
const NOT_SET: &str = "not set";

fn changes(report: &ReleaseReport) -> AnyView {
    let mut heading = "What changed".to_owned();
    if let Some(before) = report.before {
        heading.push_str(" against ");
        heading.push_str(&before.to_string());
    }
    let table = (!report.differences.is_empty()).then(|| differences(report.differences.clone()));
    let notes: Vec<AnyView> =
        report.notes.iter().map(|note| view! { <p class="dim">{note.clone()}</p> }.erase()).collect();
    view! {
        <section class="panel" aria-labelledby="changes">
            <h2 id="changes">{heading}</h2>
            {table}
            {notes}
        </section>
    }
    .erase()
}

fn differences(lines: Vec<Difference>) -> AnyView {
    let keys: Vec<String> = (0..lines.len()).map(|at| at.to_string()).collect();
    let row = move |key: String| {
        let Difference { what, before, after } = lines.get(key.parse::<usize>().ok()?)?.clone();
        let row = view! {
            <tr>
                {cell("What", what)}
                {value("Before", before)}
                {value("After", after)}
            </tr>
        };
        Some(row.erase())
    };
    table(
        "changes-table",
        "What changed",
        &["What", "Before", "After"],
        Box::new(move || keys.clone()),
        Arc::new(row),
    )
}

fn value(label: &'static str, text: Option<String>) -> AnyView {
    match text {
        Some(text) => cell(label, text),
        None => view! { <td data-label=label class="dim">{NOT_SET}</td> }.erase(),
    }
}

fn cell(label: &'static str, text: String) -> AnyView {
    view! { <td data-label=label><code>{text}</code></td> }.erase()
}

fn go_back(report: &ReleaseReport) -> AnyView {
    let mut heading = "Go back to ".to_owned();
    heading.push_str(&report.release.version.to_string());
    let command = report.go_back.clone().map(|text| view! { <p>{command(text)}</p> }.erase());
    view! {
        <section class="panel" aria-labelledby="go-back">
            <h2 id="go-back">{heading}</h2>
            {command}
            <p class="dim">{report.go_back_note.clone()}</p>
        </section>
    }
    .erase()
}
