//! The machines of one app.

use super::events::History;
use super::wire::{Check, Config, Guest, Machine};
use super::{RELEASE_COMMAND, is_reserved};
use crate::decode::listed::Listed;
use crate::decode::text::{self, LONGEST_LINE};
use crate::decode::{config, time};
use model::config::{AppConfig, Service};
use model::state::{CheckStatus, HostStatus, InstanceState};
use model::{
    CheckCounts, CheckResult, Instance, InstanceFacts, InstanceId, RegionCode, ReleaseVersion, Timestamp,
};

/// Checks that flyctl adds for its own use while a blue-green deployment runs.
const HIDDEN_CHECKS: &str = "bg_deployments_compat";

/// A machine as the model has it, with the parts of its configuration that belong to the app.
pub(crate) struct Known {
    pub(crate) facts: InstanceFacts,
    pub(crate) guest: Option<Guest>,
    pub(crate) config: AppConfig,
}

/// The machines that serve the app, and how many could not be read.
pub(crate) fn machines(list: &Listed) -> (Vec<Known>, usize) {
    let mut known = Vec::new();
    let mut unreadable = list.count() - list.elements().count();
    for raw in list.elements() {
        match serde_json::from_str::<Machine>(raw.get()) {
            Ok(machine) if is_reserved(configured(&machine).process_group()) => {}
            Ok(machine) => match read(machine) {
                Some(one) => known.push(one),
                None => unreadable += 1,
            },
            Err(_) => unreadable += 1,
        }
    }
    (known, unreadable)
}

/// The machines that ran the app's release commands, as far as they are still there and can be
/// read. [`machines`] leaves them out.
pub(crate) fn release_commands(list: &Listed) -> Vec<InstanceFacts> {
    let named = list.elements().filter(|raw| raw.get().contains(RELEASE_COMMAND));
    named
        .filter_map(|raw| serde_json::from_str::<Machine>(raw.get()).ok())
        .filter(|machine| configured(machine).process_group() == RELEASE_COMMAND)
        .filter_map(|machine| Some(read(machine)?.facts))
        .collect()
}

fn configured(machine: &Machine) -> &Config {
    const NONE: &Config =
        &Config { env: None, guest: None, image: None, services: None, checks: None, metadata: None };
    machine.config.as_ref().or(machine.incomplete_config.as_ref()).unwrap_or(NONE)
}

/// A machine; none without an id, a region and the instant it was made.
pub(crate) fn read(mut machine: Machine) -> Option<Known> {
    let history = History::of(machine.events.take().into_elements().0);
    let checks: Vec<CheckResult> =
        machine.checks.take().into_elements().0.into_iter().filter_map(check).collect();
    let settings = configured(&machine);
    let state = InstanceState::from(text::word(&machine.state));
    let created_at = machine.created_at.as_deref().and_then(time::instant)?;
    let instance = Instance {
        id: InstanceId::new(machine.id.as_str()).ok()?,
        process_group: text::line(settings.process_group(), 100),
        version: release_version(settings),
        region: RegionCode::new(machine.region.as_str()).ok()?,
        desired: history.desired(&state),
        state,
        host: machine.host_status.as_deref().map_or(HostStatus::Unknown, |word| text::word(word).into()),
        checks: CheckCounts::of(checks.iter().map(|check| &check.status)),
        restarts: history.restarts(),
        created_at,
        updated_at: machine.updated_at.as_deref().and_then(time::instant).unwrap_or(created_at),
        judged: None,
    };
    Some(Known {
        guest: settings.guest.clone(),
        config: app_config(settings),
        facts: InstanceFacts {
            checks,
            events: history.told(),
            image: image(&machine),
            configured_checks: config::checks_of_machine(settings.services(), settings.checks.as_ref()),
            memory_mb: settings.guest.as_ref().and_then(|guest| guest.memory_mb),
            ..InstanceFacts::of(instance)
        },
    })
}

/// The image of the configuration, which is what was asked for; the resolved one where that is not
/// told.
fn image(machine: &Machine) -> Option<String> {
    let written = configured(machine).image.clone().filter(|image| !image.is_empty());
    let image = written.or_else(|| machine.image_ref.as_ref()?.written())?;
    Some(text::line(&image, LONGEST_LINE))
}

/// The release that flyctl wrote down in the metadata.
pub(crate) fn release_version(settings: &Config) -> Option<ReleaseVersion> {
    settings.metadata("fly_release_version")?.parse().ok().map(ReleaseVersion)
}

fn check(check: Check) -> Option<CheckResult> {
    let name = text::line(&check.name?, 200);
    (!name.starts_with(HIDDEN_CHECKS)).then(|| CheckResult {
        name,
        status: CheckStatus::from(text::word(&check.status.unwrap_or_default())),
        output: text::said_in_lines(&check.output.unwrap_or_default(), LONGEST_LINE),
        updated_at: check.updated_at.as_deref().and_then(time::instant).filter(|at| *at > Timestamp(0)),
    })
}

/// A machine's services are its own: they lead to its process group.
fn services_of(settings: &Config) -> Vec<Service> {
    let groups = vec![text::line(settings.process_group(), 100)];
    let services = config::services(settings.services()).into_iter();
    services.map(|service| Service { groups: groups.clone(), ..service }).collect()
}

fn app_config(settings: &Config) -> AppConfig {
    AppConfig {
        services: services_of(settings),
        env_port: config::env_port(settings.env.as_ref()),
        ..AppConfig::default()
    }
}
