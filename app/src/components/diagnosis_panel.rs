//! The region "Diagnosis": there only while something is wrong.

use super::copy_button::command;
use super::evidence::evidence_list;
use super::log_lines::log_tail;
use leptos::prelude::*;
use model::Diagnosis;
use model::diagnosis::Finding;

/// The region, or nothing.
pub(crate) fn diagnosis_panel(diagnosis: Signal<Option<Diagnosis>>) -> AnyView {
    (move || diagnosis.with(|diagnosis| diagnosis.as_ref().map(region))).into_any()
}

fn region(diagnosis: &Diagnosis) -> AnyView {
    let heading = heading(diagnosis);
    let findings: Vec<AnyView> = diagnosis.findings.iter().map(finding).collect();
    let unknown = diagnosis.findings.is_empty().then(|| unknown(diagnosis));
    let tail = diagnosis.log_tail.as_ref().map(|tail| log_tail(tail, diagnosis.findings.is_empty()));
    view! {
        <section class="panel diagnosis" aria-label="Diagnosis">
            <h2>{heading}</h2>
            {findings}
            {unknown}
            {tail}
        </section>
    }
    .into_any()
}

/// `Why v14 failed · proven`: how sure the first finding is belongs to the heading.
fn heading(diagnosis: &Diagnosis) -> String {
    let subject = diagnosis.subject.heading();
    match diagnosis.findings.first() {
        Some(first) => format!("{subject} · {}", first.certainty.word()),
        None => subject,
    }
}

fn finding(finding: &Finding) -> AnyView {
    let command = finding.command.clone().map(command);
    let reference = finding.reference.clone().map(|href| view! { <a href=href>"Fly's page on this"</a> });
    view! {
        <div class="finding">
            <h3 class="headline">{finding.headline.clone()}</h3>
            {evidence_list(&finding.evidence)}
            <div class="advice"><span>{finding.advice.clone()}</span>{command}{reference}</div>
        </div>
    }
    .into_any()
}

fn unknown(diagnosis: &Diagnosis) -> AnyView {
    let next = match &diagnosis.log_tail {
        Some(tail) => format!(" These are the last lines of {}.", tail.instance),
        None => " There are no log lines either.".to_owned(),
    };
    view! { <p>"None of the known causes matches what was seen."{next}</p> }.into_any()
}
