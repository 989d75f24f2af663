//! One row of the instances table. Each cell follows its own value: a change of one touches no other.

use super::changed::{changed, changed_when};
use super::copy_button::copy_button;
use super::regions::region;
use super::relative_time::relative_time;
use super::status_word::{live_status_word, tone_class};
use crate::erase::{Erase, dynamic, memo};
use crate::prelude::*;
use crate::routes;
use model::health::InstanceHealth;
use model::state::{DesiredState, HostStatus, word};
use model::{App, Instance, InstanceId, RegionCode, ReleaseVersion, Timestamp, Tone};

/// What the rows share.
#[derive(Clone, Copy)]
pub(crate) struct RowContext {
    /// The app, for the links to the pages of its instances.
    pub(crate) app: RwSignal<App>,
    /// The newest release, for the mark of older versions.
    pub(crate) newest: Signal<Option<ReleaseVersion>>,
    /// The time that ages are told at.
    pub(crate) now: Signal<Timestamp>,
}

/// The row.
pub(crate) fn instance_row(row: &ArcRwSignal<Instance>, context: RowContext) -> AnyView {
    let id = row.with_untracked(|instance| instance.id.to_string());
    let hot = column(row, |one| one.health() == InstanceHealth::Unhealthy);
    let rare = column(row, Rare::of);
    view! {
        <tr data-instance=id.clone() class:hot=hot>
            <td data-cell="id" data-label="ID" class="whole">{id_cell(&id, context.app)}</td>
            {text_cell("process", "Process", rare_column(rare, |one| one.process_group.clone()))}
            {version_cell(rare, context.newest)}
            {region_cell(rare)}
            {text_cell("desired", "Desired", rare_column(rare, |one| one.desired.to_string()))}
            {state_cell(row, rare)}
            {checks_cell(row)}
            {text_cell("restarts", "Restarts", rare_column(rare, |one| one.restarts.to_string()))}
            {time_cell("created", "Created", rare_column(rare, |one| one.created_at), context.now)}
            {time_cell("updated", "Updated", column(row, |one| one.updated_at), context.now)}
        </tr>
    }
    .erase()
}

/// What seldom changes of an instance, apart: when something else of it does, the cells of all this are
/// not asked one by one.
#[derive(PartialEq)]
struct Rare {
    process_group: String,
    version: Option<ReleaseVersion>,
    region: RegionCode,
    desired: DesiredState,
    host: HostStatus,
    restarts: u32,
    created_at: Timestamp,
}

impl Rare {
    fn of(instance: &Instance) -> Self {
        Self {
            process_group: instance.process_group.clone(),
            version: instance.version,
            region: instance.region.clone(),
            desired: instance.desired.clone(),
            host: instance.host.clone(),
            restarts: instance.restarts,
            created_at: instance.created_at,
        }
    }
}

fn column<T: PartialEq + Send + Sync + 'static>(
    row: &ArcRwSignal<Instance>,
    pick: fn(&Instance) -> T,
) -> Memo<T> {
    let row = row.clone();
    memo(move || row.with(pick))
}

fn rare_column<T: PartialEq + Send + Sync + 'static>(rare: Memo<Rare>, pick: fn(&Rare) -> T) -> Memo<T> {
    memo(move || rare.with(pick))
}

fn cell(name: &'static str, label: &'static str, changed: Signal<bool>, content: AnyView) -> AnyView {
    view! { <td data-cell=name data-label=label class:changed=changed>{content}</td> }.erase()
}

fn id_cell(id: &str, app: RwSignal<App>) -> AnyView {
    let page = InstanceId::new(id).map(|id| app.with_untracked(|app| routes::instance(&app.name, &id)));
    let href = page.unwrap_or_default();
    view! { <span class="id"><a href=href><code>{id.to_owned()}</code></a>{copy_button(id.to_owned(), format!("the id {id}"))}</span> }.erase()
}

fn text_cell(name: &'static str, label: &'static str, value: Memo<String>) -> AnyView {
    cell(name, label, changed(value), value.erase())
}

fn version_cell(rare: Memo<Rare>, newest: Signal<Option<ReleaseVersion>>) -> AnyView {
    let text = rare_column(rare, |one| one.version.map_or_else(|| "unknown".to_owned(), |v| v.0.to_string()));
    let older =
        memo(move || rare.with(|one| one.version.is_some_and(|v| newest.get().is_some_and(|n| v < n))));
    let mark = dynamic(move || older.get().then(older_mark));
    cell("version", "Version", changed(text), view! { {text}{mark} }.erase())
}

fn older_mark() -> AnyView {
    view! {
        <span class="warning" title="older than the newest release" aria-hidden="true">" ⇡"</span>
        <span class="visually-hidden">" older than the newest release"</span>
    }
    .erase()
}

fn region_cell(rare: Memo<Rare>) -> AnyView {
    let code = rare_column(rare, |one| one.region.to_string());
    cell("region", "Region", changed(code), dynamic(move || region(&code.get())).erase())
}

fn state_cell(row: &ArcRwSignal<Instance>, rare: Memo<Rare>) -> AnyView {
    let status = column(row, |one| (one.tone(), word(one.state.as_str())));
    let unreachable = rare_column(rare, |one| one.host == HostStatus::Unreachable);
    let note = dynamic(move || unreachable.get().then(unreachable_note));
    let content = view! { {live_status_word(status)}{note} }.erase();
    let either = move || {
        status.track();
        unreachable.track();
    };
    cell("state", "State", changed_when(Box::new(either)), content)
}

fn unreachable_note() -> AnyView {
    view! { <span class="bad" data-part="host">" host unreachable"</span> }.erase()
}

fn checks_cell(row: &ArcRwSignal<Instance>) -> AnyView {
    let checks = column(row, |one| (one.checks.tone(), one.checks.sentence()));
    let class = dynamic(move || match checks.get().0 {
        Tone::Idle => "",
        tone => tone_class(tone),
    });
    let sentence = dynamic(move || checks.get().1);
    let content = view! { <span class=class>{sentence}</span> }.erase();
    cell("checks", "Health checks", changed(checks), content)
}

fn time_cell(
    name: &'static str,
    label: &'static str,
    at: Memo<Timestamp>,
    now: Signal<Timestamp>,
) -> AnyView {
    cell(name, label, changed(at), relative_time(at, now))
}
