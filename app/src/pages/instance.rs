//! `/apps/:name/machines/:id`: one instance of an app.

use super::{first_state, page_of, plain_heading, topic_of_the_address};
use crate::components::error_panel::error_panel;
use crate::components::instance::header::instance_header;
use crate::components::instance::{part, part_tabs};
use crate::components::link_state::show_freshness;
use crate::components::source_notice::source_notice;
use crate::erase::{Erase, dynamic};
use crate::error::AppError;
use crate::handed::Answer;
use crate::live::{InstanceStore, Live, use_live};
use crate::location;
use crate::prelude::*;
use crate::routes::{self, Page};
use crate::title::title;
use model::InstanceView;
use model::instance_view::PartKind;
use model::live::{Snapshot, Topic};

/// How many of the parts stand in the wide column.
const WIDE: usize = 5;

/// The page.
pub(crate) fn instance_page() -> AnyView {
    let live = use_live();
    let draw = move |topic: &str, answer| page(topic, answer, live);
    page_of(topic_of_the_address(Page::Instance), Box::new(draw))
}

fn page(topic: &str, answer: Answer, live: Live) -> AnyView {
    let path = location::path().get_untracked();
    title(&match topic.parse() {
        Ok(Topic::Instance(app, id)) => [id.as_str(), " · ", app.as_str(), " · Windsock"].concat(),
        _ => "No such instance · Windsock".to_owned(),
    });
    match answer.and_then(|state| state.into_instance().ok_or(AppError::Internal)) {
        Ok(snapshot) => loaded(&snapshot, path, live),
        Err(error) => failed(topic, path, error, live),
    }
}

fn loaded(snapshot: &Snapshot<InstanceView>, path: String, live: Live) -> AnyView {
    let store = InstanceStore::new(snapshot);
    live.follow_on(snapshot, Box::new(move |event| store.receive(event)));
    show_freshness(store.freshness);
    let (view, now) = (store.view, live.now.into());
    let column =
        |kinds: &[PartKind]| -> Vec<AnyView> { kinds.iter().map(|kind| part(view, *kind, now)).collect() };
    let (wide, narrow) = PartKind::ALL.split_at(WIDE);
    view! {
        {instance_header(view, path, snapshot.checked_at)}
        {source_notice(store.freshness)}
        {part_tabs()}
        <div class="columns instance-columns">
            <div class="column">{column(wide)}</div>
            <div class="column">{column(narrow)}</div>
        </div>
    }
    .erase()
}

/// No data. Where Fly is the reason the page fills itself later.
fn failed(topic: &str, path: String, error: AppError, live: Live) -> AnyView {
    let none = matches!(error, AppError::Absent { .. } | AppError::Invalid { .. });
    let heading = if none { "No such instance" } else { routes::part_in(&path) }.to_owned();
    let (AppError::Upstream { .. }, Ok(topic)) = (&error, topic.parse::<Topic>()) else {
        return nothing(&heading, &path, &error);
    };
    let first = first_state(topic, live);
    let content = dynamic(move || match first.get().and_then(Snapshot::into_instance) {
        Some(snapshot) => loaded(&snapshot, path.clone(), live),
        None => nothing(&heading, &path, &error),
    });
    content.erase()
}

fn nothing(heading: &str, path: &str, error: &AppError) -> AnyView {
    view! { {plain_heading(heading.to_owned(), path.to_owned())}{error_panel(error, path)} }.erase()
}
