//! What the palette offers for what was typed.

use super::matching::{Fit, fit};
use crate::error::AppError;
use crate::regions::city;
use crate::routes;
use model::state::word;
use model::{AppName, AppSummary, AppView, Instance, Release, Tone};

/// How many apps, instances and releases are offered at most.
const MOST: usize = 8;

/// What somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What was typed.
    pub typed: String,
    /// The path of the page that they are on; empty where that is not known.
    pub at: String,
}

impl Asked {
    /// The app that the page is about, if its path names one.
    pub fn app(&self) -> Option<AppName> {
        AppName::new(routes::app_in(&self.at)).ok()
    }
}

/// What is known of what can be found.
pub struct Known {
    /// The apps, in the order of the list, or why there are none.
    pub apps: Result<Vec<AppSummary>, AppError>,
    /// The app that the page is about, where it is about one that could be read.
    pub app: Option<AppView>,
    /// Whether there is something to sign out of.
    pub can_sign_out: bool,
}

/// Entries of one kind.
pub(super) struct Group {
    pub(super) heading: String,
    pub(super) entries: Vec<Entry>,
    /// What is said below them.
    pub(super) note: Option<Note>,
}

/// What is said below the entries of a group.
pub(super) enum Note {
    /// Why there are none.
    Failed(String),
    /// How many more would fit.
    More(usize),
}

/// One thing to choose.
pub(super) struct Entry {
    pub(super) label: String,
    pub(super) detail: String,
    pub(super) status: Option<(Tone, String)>,
    pub(super) does: Does,
}

/// What choosing it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Action {
    /// Clicks what this CSS selector finds.
    Press(&'static str),
    /// Uses the theme of this name.
    Theme(&'static str),
    /// Puts the address of the page on the clipboard.
    CopyLink,
    /// Opens the help.
    Help,
}

/// What choosing an entry does.
pub(super) enum Does {
    /// Opens a path of the console.
    Open(String),
    /// Something that needs script.
    Act(Action),
}

/// All groups that have something to say. `actions`: those need script.
pub(super) fn groups(asked: &Asked, known: &Known, actions: bool) -> Vec<Group> {
    let here = known.app.as_ref().map(|view| [instances(asked, view), releases(asked, view)]);
    let mut groups: Vec<Group> = here.into_iter().flatten().collect();
    groups.push(apps(asked, &known.apps));
    if actions {
        groups.push(Group {
            heading: "Actions".to_owned(),
            entries: best(asked, all_actions(known.can_sign_out), usize::MAX).0,
            note: None,
        });
    }
    groups.retain(|group| !group.entries.is_empty() || group.note.is_some());
    groups
}

/// The instances of the app that one is at.
fn instances(asked: &Asked, view: &AppView) -> Group {
    let name = &view.app.name;
    let running = view.instances.iter().filter(|one| !one.state.is_gone());
    let (entries, more) = best(asked, running.map(|one| instance(name, one)).collect(), MOST);
    Group { heading: format!("Instances of {name}"), entries, note: more_than(more) }
}

fn instance(app: &AppName, one: &Instance) -> Entry {
    let region = one.region.as_str();
    let place = city(region).map_or_else(|| region.to_owned(), |city| format!("{region} ({city})"));
    Entry {
        label: one.id.to_string(),
        detail: format!("{} in {place}", one.process_group),
        status: Some((one.tone(), word(one.state.as_str()))),
        does: Does::Open(routes::instance(app, &one.id)),
    }
}

/// The releases of the app that one is at: all of them behind one entry, and each by its number.
fn releases(asked: &Asked, view: &AppView) -> Group {
    let name = &view.app.name;
    let all = Entry {
        label: "All releases".to_owned(),
        detail: String::new(),
        status: None,
        does: Does::Open(routes::releases(name, None)),
    };
    let each = view.releases.iter().filter(|_| !asked.typed.trim().is_empty()).map(|one| release(name, one));
    let (entries, more) = best(asked, each.chain([all]).collect(), MOST);
    Group { heading: format!("Releases of {name}"), entries, note: more_than(more) }
}

fn release(app: &AppName, one: &Release) -> Entry {
    Entry {
        label: one.version.to_string(),
        detail: one.description.clone(),
        status: Some((one.status.tone(), word(one.status.as_str()))),
        does: Does::Open(routes::release(app, one.version)),
    }
}

fn apps(asked: &Asked, apps: &Result<Vec<AppSummary>, AppError>) -> Group {
    let (mut entries, note) = match apps {
        Ok(apps) => {
            let (entries, more) = best(asked, apps.iter().map(app).collect(), MOST);
            (entries, more_than(more))
        }
        // An app that no list tells of can be opened all the same.
        Err(error) => (by_name(asked), Some(Note::Failed(error.to_string()))),
    };
    let list = Entry {
        label: "All apps".to_owned(),
        detail: String::new(),
        status: None,
        does: Does::Open(routes::apps()),
    };
    entries.extend(best(asked, vec![list], 1).0);
    Group { heading: "Apps".to_owned(), entries, note }
}

fn app(one: &AppSummary) -> Entry {
    Entry {
        label: one.name.to_string(),
        detail: one.organization.name.clone(),
        status: Some((one.health().tone(), one.health().word().to_owned())),
        does: Does::Open(routes::app(&one.name)),
    }
}

fn by_name(asked: &Asked) -> Vec<Entry> {
    let name = AppName::new(asked.typed.trim()).ok();
    let entry = name.map(|name| Entry {
        label: format!("Open {name}"),
        detail: String::new(),
        status: None,
        does: Does::Open(routes::app(&name)),
    });
    entry.into_iter().collect()
}

fn all_actions(can_sign_out: bool) -> Vec<Entry> {
    let mut actions = vec![
        ("Copy the link to this page", Action::CopyLink),
        ("Theme: light", Action::Theme("light")),
        ("Theme: dark", Action::Theme("dark")),
        ("Theme: as the system has it", Action::Theme("system")),
        ("Keyboard shortcuts", Action::Help),
    ];
    if can_sign_out {
        actions.push(("Sign out", Action::Press("form[action='/sign-out'] button")));
    }
    let entry = |(label, action): (&str, Action)| Entry {
        label: label.to_owned(),
        detail: String::new(),
        status: None,
        does: Does::Act(action),
    };
    actions.into_iter().map(entry).collect()
}

/// The entries that fit, best first and otherwise as they came, and how many more there are.
fn best(asked: &Asked, entries: Vec<Entry>, most: usize) -> (Vec<Entry>, usize) {
    let fits = |entry: Entry| Some((rank(asked, &entry)?, entry));
    let mut fitting: Vec<(Fit, Entry)> = entries.into_iter().filter_map(fits).collect();
    fitting.sort_by_key(|(fit, _)| *fit);
    let more = fitting.len().saturating_sub(most);
    fitting.truncate(most);
    (fitting.into_iter().map(|(_, entry)| entry).collect(), more)
}

/// The label counts for more than what stands beside it.
fn rank(asked: &Asked, entry: &Entry) -> Option<Fit> {
    let beside = || fit(&asked.typed, &format!("{} {}", entry.label, entry.detail)).map(|_| Fit::Somewhere);
    fit(&asked.typed, &entry.label).or_else(beside)
}

fn more_than(more: usize) -> Option<Note> {
    (more > 0).then_some(Note::More(more))
}
