//! One row of the instances table. Each cell follows its own value: a change of one touches no other.

use super::changed::changed;
use super::copy_button::copy_button;
use super::regions::region;
use super::relative_time::relative_time;
use super::status_word::{live_status_word, tone_class};
use leptos::prelude::*;
use model::health::InstanceHealth;
use model::state::{HostStatus, word};
use model::{Instance, ReleaseVersion, Timestamp, Tone};

/// What the rows share.
#[derive(Clone, Copy)]
pub(crate) struct RowContext {
    /// The newest release, for the mark of older versions.
    pub(crate) newest: Signal<Option<ReleaseVersion>>,
    /// The time that ages are told at.
    pub(crate) now: Signal<Timestamp>,
}

/// The row.
pub(crate) fn instance_row(row: &ArcRwSignal<Instance>, context: RowContext) -> AnyView {
    let id = row.with_untracked(|instance| instance.id.to_string());
    let health = column(row, Instance::health);
    let hot = move || health.get() == InstanceHealth::Unhealthy;
    view! {
        <tr data-instance=id.clone() class:hot=hot>
            <td data-cell="id" data-label="ID" class="whole">{id_cell(&id)}</td>
            {text_cell("process", "Process", column(row, |one| one.process_group.clone()))}
            {version_cell(column(row, |one| one.version), context.newest)}
            {region_cell(row)}
            {text_cell("desired", "Desired", column(row, |one| one.desired.to_string()))}
            {state_cell(row)}
            {checks_cell(row)}
            {text_cell("restarts", "Restarts", column(row, |one| one.restarts.to_string()))}
            {time_cell("created", "Created", column(row, |one| one.created_at), context.now)}
            {time_cell("updated", "Updated", column(row, |one| one.updated_at), context.now)}
        </tr>
    }
    .into_any()
}

fn column<T: PartialEq + Send + Sync + 'static>(
    row: &ArcRwSignal<Instance>,
    pick: fn(&Instance) -> T,
) -> Memo<T> {
    let row = row.clone();
    Memo::new(move |_| row.with(pick))
}

fn cell(name: &'static str, label: &'static str, changed: Signal<bool>, content: AnyView) -> AnyView {
    view! { <td data-cell=name data-label=label class:changed=changed>{content}</td> }.into_any()
}

fn id_cell(id: &str) -> AnyView {
    view! { <span class="id"><code>{id.to_owned()}</code>{copy_button(id.to_owned(), format!("the id {id}"))}</span> }.into_any()
}

fn text_cell(name: &'static str, label: &'static str, value: Memo<String>) -> AnyView {
    cell(name, label, changed(value), value.into_any())
}

fn version_cell(version: Memo<Option<ReleaseVersion>>, newest: Signal<Option<ReleaseVersion>>) -> AnyView {
    let text = move || version.get().map_or_else(|| "unknown".to_owned(), |version| version.0.to_string());
    let older =
        Memo::new(move |_| version.get().is_some_and(|version| newest.get().is_some_and(|n| version < n)));
    let mark = move || older.get().then(older_mark);
    cell("version", "Version", changed(version), view! { {text}{mark} }.into_any())
}

fn older_mark() -> AnyView {
    view! {
        <span class="warning" title="older than the newest release" aria-hidden="true">" ⇡"</span>
        <span class="visually-hidden">" older than the newest release"</span>
    }
    .into_any()
}

fn region_cell(row: &ArcRwSignal<Instance>) -> AnyView {
    let code = column(row, |one| one.region.clone());
    cell("region", "Region", changed(code), (move || region(&code.get())).into_any())
}

fn state_cell(row: &ArcRwSignal<Instance>) -> AnyView {
    let status = column(row, |one| (one.tone(), word(one.state.as_str())));
    let unreachable = column(row, |one| one.host == HostStatus::Unreachable);
    let note = move || unreachable.get().then(|| view! { <span class="bad">" host unreachable"</span> });
    let content = view! { {live_status_word(status)}{note} }.into_any();
    cell("state", "State", changed(Memo::new(move |_| (status.get(), unreachable.get()))), content)
}

fn checks_cell(row: &ArcRwSignal<Instance>) -> AnyView {
    let checks = column(row, |one| one.checks);
    let class = move || match checks.get().tone() {
        Tone::Idle => "",
        tone => tone_class(tone),
    };
    let content = view! { <span class=class>{move || checks.get().sentence()}</span> }.into_any();
    cell("checks", "Health checks", changed(checks), content)
}

fn time_cell(
    name: &'static str,
    label: &'static str,
    at: Memo<Timestamp>,
    now: Signal<Timestamp>,
) -> AnyView {
    cell(name, label, changed(at), relative_time(at.into(), now))
}
