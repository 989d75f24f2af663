//! One machine, its events and its versions.

use super::events::History;
use super::groups;
use super::list;
use super::settings;
use super::wire::{Config, Event, Machine};
use crate::decode::json;
use crate::decode::listed::{Listed, Raw};
use crate::decode::text::{self, LONGEST_LINE};
use model::InstanceEvent;
use model::instance_view::Section;
use model::machine::{ConfigurationGiven, MachineDetail, MachineVersion};
use serde::Deserialize;
use serde_json::value::RawValue;

/// No more events of one machine are read. Fly gives 50 at the most.
const MOST_EVENTS: usize = 1_000;

/// A machine as it came; none where it cannot be read.
pub(crate) fn machine(answer: &RawValue) -> Option<MachineDetail> {
    let configured = serde_json::from_str::<Configured>(answer.get()).unwrap_or_default();
    let configured = configured.config.or(configured.incomplete_config);
    let configured = configured.as_deref().and_then(json::as_written);
    let settings = configured.as_ref().map(settings::sections).unwrap_or_default();
    read(serde_json::from_str(answer.get()).ok()?, settings)
}

/// All of a configuration, of which most machines are read only in part.
#[derive(Default, Deserialize)]
struct Configured {
    config: Option<Raw>,
    incomplete_config: Option<Raw>,
}

fn read(machine: Machine, settings: Vec<Section>) -> Option<MachineDetail> {
    let described = |field: &Option<String>| {
        field.as_deref().map(|field| text::line(field, 200)).filter(|field| !field.is_empty())
    };
    let name = described(&machine.name).unwrap_or_default();
    let instance_version = described(&machine.instance_id);
    let private_ip = described(&machine.private_ip);
    let cordoned = machine.cordoned;
    let configuration = match (&machine.config, &machine.incomplete_config) {
        (Some(_), _) => ConfigurationGiven::Whole,
        (None, Some(_)) => ConfigurationGiven::Incomplete,
        (None, None) => ConfigurationGiven::Nothing,
    };
    let known = list::read(machine)?;
    let size = known.guest.as_ref().and_then(groups::size);
    Some(MachineDetail {
        facts: known.facts,
        name,
        instance_version,
        private_ip,
        cordoned,
        size,
        configuration,
        settings,
    })
}

/// The events oldest first, and how many could not be read.
pub(crate) fn events(list: &Listed) -> (Vec<InstanceEvent>, usize) {
    let newest = list.elements().take(MOST_EVENTS);
    let read: Vec<Event> = newest.filter_map(|raw| serde_json::from_str(raw.get()).ok()).collect();
    let told = History::of(read).told();
    let unreadable = list.count() - told.len();
    (told, unreadable)
}

#[derive(Deserialize)]
struct Version {
    version: Option<String>,
    user_config: Option<Config>,
}

/// The versions in Fly's order, and how many could not be read.
pub(crate) fn versions(list: &Listed) -> (Vec<MachineVersion>, usize) {
    list.read(version)
}

fn version(one: Version) -> Option<MachineVersion> {
    let settings = one.user_config.unwrap_or_default();
    Some(MachineVersion {
        id: one.version.map(|id| text::line(&id, 100)).filter(|id| !id.is_empty())?,
        release: list::release_version(&settings),
        image: settings.image.map(|image| text::line(&image, LONGEST_LINE)),
    })
}
