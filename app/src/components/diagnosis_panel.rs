//! The region "Diagnosis": there only while something is wrong. Each part follows its own value, so
//! that a new log line neither closes the log nor takes the selection from a quotation.

use super::copy_button::{command, copy_text_at};
use super::evidence::evidence_list;
use super::log_lines::log_tail;
use crate::erase::{Erase, dynamic, memo};
use crate::prelude::*;
use crate::routes;
use model::diagnosis::{Finding, GoBack, LogTail};
use model::{App, AppName, Diagnosis};

/// The region, or nothing.
pub(crate) fn diagnosis_panel(diagnosis: Signal<Option<Diagnosis>>, app: RwSignal<App>) -> AnyView {
    let present = memo(move || diagnosis.with(Option::is_some));
    dynamic(move || present.get().then(|| region(diagnosis, app.with_untracked(|app| app.name.clone()))))
        .erase()
}

fn region(diagnosis: Signal<Option<Diagnosis>>, app: AppName) -> AnyView {
    let heading = part(diagnosis, heading);
    let findings = part(diagnosis, |diagnosis| diagnosis.findings.clone());
    let unknown = part(diagnosis, unknown);
    let tail = part(diagnosis, |diagnosis| diagnosis.log_tail.clone());
    let back = part(diagnosis, |diagnosis| diagnosis.go_back.clone());
    let back = dynamic(move || back.get().map(go_back));
    let not_loaded = part(diagnosis, |diagnosis| diagnosis.not_loaded.join(" "));
    let not_loaded = dynamic(move || Some(not_loaded.get()).filter(|text| !text.is_empty()).map(note));
    let copy = as_text(&app);
    let open = diagnosis.with_untracked(|one| one.as_ref().is_some_and(Diagnosis::is_unexplained));
    let findings = dynamic(move || {
        findings.with(|findings| findings.iter().map(|one| finding(one, &app)).collect::<Vec<AnyView>>())
    });
    let unknown = dynamic(move || Some(unknown.get()).filter(|text| !text.is_empty()).map(note));
    view! {
        <section class="panel diagnosis" aria-label="Diagnosis">
            <h2>{heading}</h2>
            {unknown}
            {findings}
            {back}
            {not_loaded}
            <div class="folded">{log(tail, open)}{copy}</div>
        </section>
    }
    .erase()
}

fn part<T: Default + PartialEq + Send + Sync + 'static>(
    diagnosis: Signal<Option<Diagnosis>>,
    pick: fn(&Diagnosis) -> T,
) -> Memo<T> {
    memo(move || diagnosis.with(|diagnosis| diagnosis.as_ref().map(pick).unwrap_or_default()))
}

/// `Why v14 failed · proven`: how sure the first finding is belongs to the heading.
fn heading(diagnosis: &Diagnosis) -> String {
    let subject = diagnosis.subject.heading();
    match diagnosis.findings.first().filter(|_| !diagnosis.is_unexplained()) {
        Some(first) => format!("{subject} · {}", first.certainty.word()),
        None => subject,
    }
}

fn finding(finding: &Finding, app: &AppName) -> AnyView {
    let command = finding.command.clone().map(command);
    let reference = finding.reference.clone().map(|href| view! { <a href=href>"Fly's page on this"</a> });
    view! {
        <div class="finding">
            <h3 class="headline">{finding.headline.clone()}</h3>
            {evidence_list(&finding.evidence, app)}
            <div class="advice"><span>{finding.advice.clone()}</span>{command}{reference}</div>
        </div>
    }
    .erase()
}

/// The release that worked, and how to go back to it.
fn go_back(back: GoBack) -> AnyView {
    let text = format!("The last release that worked is {}. To go back to it:", back.version);
    view! { <div class="advice"><span>{text}</span>{command(back.command)}</div> }.erase()
}

/// All of it, to pass on: copied, or to look at where nothing can copy.
fn as_text(app: &AppName) -> AnyView {
    let url = routes::diagnosis_text(app);
    let at_fly = routes::at_fly(app);
    view! {
        <div class="as-text">
            {copy_text_at(url.clone(), "all of it as text".to_owned())}
            <a href=url rel="external">"Show it as text"</a>
            <a href=at_fly rel="external">"The app at Fly"</a>
        </div>
    }
    .erase()
}

fn note(text: String) -> AnyView {
    view! { <p>{text}</p> }.erase()
}

/// What is said where no rule knows the cause; nothing where one does.
fn unknown(diagnosis: &Diagnosis) -> String {
    if !diagnosis.is_unexplained() {
        return String::new();
    }
    let next = match &diagnosis.log_tail {
        Some(tail) => format!("These are the last lines of {}.", tail.instance),
        None => "There are no log lines either.".to_owned(),
    };
    format!("None of the known causes matches what was seen. {next}")
}

fn log(tail: Memo<Option<LogTail>>, open: bool) -> AnyView {
    let present = memo(move || tail.with(Option::is_some));
    dynamic(move || present.get().then(|| log_tail(tail, open))).erase()
}
