//! The machines of a whole organization, counted by app: one request for all rows of a list.

use super::is_reserved;
use super::wire::Config;
use crate::decode::listed::Listed;
use crate::graphql::lenient;
use model::RegionCode;
use model::app::InstanceCounts;
use model::state::InstanceState;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};

/// One page of the list.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    pub(crate) machines: Option<Listed>,
    pub(crate) next_cursor: Option<String>,
    #[serde(default)]
    pub(crate) error_regions: lenient::Option<lenient::Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct OrgMachine {
    app_name: String,
    state: String,
    region: String,
    config: Option<Config>,
}

/// The same as an instance's health where its state is all that is known of it: a machine that is
/// stopped may be at rest.
fn count(state: &InstanceState, counts: &mut InstanceCounts) {
    use InstanceState as S;
    counts.total += 1;
    match state {
        S::Started | S::Running => counts.up += 1,
        S::Failed | S::LaunchFailed | S::Lost | S::Unknown => counts.unhealthy += 1,
        S::Stopped | S::Suspended => {}
        _ => counts.pending += 1,
    }
}

/// What one app has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) counts: InstanceCounts,
    pub(crate) regions: BTreeSet<RegionCode>,
}

/// What all apps of an organization have.
#[derive(Debug, Default)]
pub(crate) struct OrgTally {
    pub(crate) apps: HashMap<String, Tally>,
    /// Regions that did not answer: what is there is not counted.
    pub(crate) silent_regions: BTreeSet<String>,
    /// Machines that could not be read.
    pub(crate) unreadable: usize,
}

impl OrgTally {
    /// Counts a page.
    pub(crate) fn add(&mut self, page: Page) {
        self.silent_regions.extend(page.error_regions.into_elements().0);
        let machines = page.machines.unwrap_or_default();
        let mut known = 0;
        for raw in machines.elements() {
            if let Ok(machine) = serde_json::from_str::<OrgMachine>(raw.get()) {
                self.add_machine(machine);
                known += 1;
            }
        }
        self.unreadable += machines.count() - known;
    }

    fn add_machine(&mut self, machine: OrgMachine) {
        let state = InstanceState::from(machine.state);
        let reserved = machine.config.is_some_and(|config| is_reserved(config.process_group()));
        if state.is_gone() || reserved {
            return;
        }
        let tally = self.apps.entry(machine.app_name).or_default();
        count(&state, &mut tally.counts);
        tally.regions.extend(RegionCode::new(machine.region));
    }
}
